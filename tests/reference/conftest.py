"""Learners' files written for one test, and judged."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.repair.repairer import Repairer


@pytest.fixture
def no_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    """The evidence alone: repairs take time, and their words are tested beside this."""
    monkeypatch.setattr(Repairer, "repair", lambda *_: None)


@pytest.fixture
def judge(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    no_repair: None,  # noqa: ARG001
) -> Callable[..., Report]:
    """The report on a file with this text, called `layers.py` unless it has another name."""
    monkeypatch.chdir(tmp_path)

    def judge_text(text: str, name: str = "layers.py", examples: int = 3) -> Report:
        Path(name).write_text(textwrap.dedent(text).strip("\n") + "\n", encoding="utf-8")
        return check(name, examples=examples)

    return judge_text
