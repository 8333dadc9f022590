"""The options that pytest has wherever trigrad is installed: all of them begin with --trigrad."""

from __future__ import annotations

import pytest

from trigrad.hints import Hints


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the subject, the seed of its cases and how much is given away."""
    group = parser.getgroup("trigrad")
    group.addoption(
        "--trigrad-seed",
        type=int,
        metavar="N",
        help="seed of the drawn cases (default 0; with Hypothesis' profile thorough a new one)",
    )
    group.addoption(
        "--trigrad-hints",
        choices=[level.value for level in Hints],
        default=Hints.FIX.value,
        help="how much the failures reveal: the law, also the line, or also the fix (the default)",
    )
