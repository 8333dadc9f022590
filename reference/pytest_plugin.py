"""The options of trigrad's own test suite, registered wherever trigrad is installed.

A conftest.py comes too late to announce `--impl PATH`: pytest would take a PATH outside of this
checkout for a test folder and look for its configuration there.
"""

from __future__ import annotations

import pytest

from reference.hints import Hints


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the subject, the seed of its cases and how much is given away."""
    group = parser.getgroup("trigrad")
    group.addoption(
        "--impl",
        metavar="PATH",
        help="in trigrad's checkout: judge this file, notebook, folder or module three ways, "
        "and run nothing else",
    )
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
        help="how much the failures of --impl give away: the law, also the line, or also the fix "
        "(the default)",
    )
