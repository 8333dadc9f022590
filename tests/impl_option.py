"""`--impl PATH`: the subject of the three test files. An option of this checkout alone.

conftest.py registers it. tox does so earlier, with `-p tests.impl_option`: pytest would else take a
PATH outside of this checkout for a folder of tests, and never look at our conftest.py.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the subject."""
    parser.getgroup("trigrad").addoption(
        "--impl",
        metavar="PATH",
        help="in trigrad's checkout: judge this file, notebook, folder or module three ways, "
        "and run nothing else",
    )
