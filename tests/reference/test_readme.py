"""The README shows what the commands print."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference import check

ROOT = Path(__file__).parents[2]


def test_screen_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    screen = str(check("tests/learners/wrong/mul_backward_adds.ipynb"))
    assert screen in (ROOT / "README.md").read_text("utf-8")
