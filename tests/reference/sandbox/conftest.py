"""Learners' files, written for one test, and the sandbox that they run in."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trigrad.api import open_target
from trigrad.sandbox.host import available
from trigrad.sandbox.limits import Limits
from trigrad.subject.face import Face

Opened = Callable[..., Face]


@pytest.fixture(autouse=True)
def _sandbox_is_there() -> None:
    if not available():
        pytest.skip("this system has no sandbox")


@pytest.fixture
def relu(tmp_path: Path) -> Iterator[Opened]:
    """The face of a Relu whose forward has this body; ended when the test is over."""
    faces: list[Face] = []

    def opened(body: str, timeout: float = 1.0) -> Face:
        text = (
            "import numpy as np\nimport os, sys, time\n\nclass Relu:\n    def forward(self, x):\n"
            f"{textwrap.indent(textwrap.dedent(body), ' ' * 8)}\n"
            "    def backward(self, dout):\n        return dout\n"
        )
        path = tmp_path / "a.py"
        path.write_text(text, "utf-8")
        (candidate,) = open_target(path, limits=Limits(timeout=timeout)).candidates
        candidate.face.start_clock(1.0)
        faces.append(candidate.face)
        return candidate.face

    yield opened
    for face in faces:
        face.close()
