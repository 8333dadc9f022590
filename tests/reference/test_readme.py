"""The README shows what the commands print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trigrad import check

ROOT = Path(__file__).parents[2]


def test_screen_is_what_the_command_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    screen = str(check("tests/learners/wrong/mul_backward_adds.ipynb"))
    assert screen in (ROOT / "README.md").read_text("utf-8")


def test_gradcheck_prints_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    found = re.search(
        r"```python\n(import numpy.*?)```\n\n```\n(gradcheck: .*?)```", readme, re.DOTALL
    )
    assert found is not None
    exec(compile(found[1], "README.md", "exec"), {})
    assert _without_measurements(capsys.readouterr().out) == _without_measurements(found[2])


def _without_measurements(screen: str) -> str:
    """The screen without the numbers that depend on how a machine rounds."""
    return re.sub(r"± [\d.e-]+|[\d,]+ evaluations|more than [\d.e-]+", "…", screen)
