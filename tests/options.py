"""`--impl PATH` and `--whole`: the options of this checkout alone.

conftest.py registers them. tox does so earlier, with `-p tests.options`: pytest would else take a
PATH outside of this checkout for a folder of tests, and never look at our conftest.py.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the subject; run all."""
    group = parser.getgroup("trigrad")
    group.addoption(
        "--impl",
        metavar="PATH",
        help="in trigrad's checkout: judge this file, notebook, folder or module three ways, "
        "and run nothing else",
    )
    group.addoption(
        "--whole",
        action="store_true",
        help="in trigrad's checkout: run the tests that take long, too, and all cases of those "
        "that have many",
    )
