"""A fix uses no name that the file lacks and only trigrad supplies."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check

TANH = """
    class Tanh:
        def forward(self, x):
            self.out = x
            return x

        def backward(self, dout):
            return dout * (1 - self.out**2)
"""


@pytest.mark.parametrize(
    ("line", "fix"),
    [
        ("", ""),
        ("import math\n", ""),
        ("import numpy as np\n", "self.out = np.tanh(x)"),
        ("from numpy import tanh\nimport numpy as np\n", "self.out = np.tanh(x)"),
    ],
)
def test_numpy_is_used_where_the_file_has_it(tmp_path: Path, line: str, fix: str) -> None:
    path = tmp_path / "layers.py"
    path.write_text(line + textwrap.dedent(TANH))
    shown = str(check(path, examples=3, in_process=True))
    assert ("verified fix" in shown) is bool(fix)
    assert ("np." in shown) is bool(fix)
    assert fix in shown


def test_other_fixes_are_found_without_it(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(
        textwrap.dedent(
            """
            class Relu:
                def forward(self, x):
                    self.mask = x > 0
                    return x * self.mask

                def backward(self, dout):
                    return dout + self.mask
            """
        )
    )
    assert "return dout * self.mask" in str(check(path, examples=3, in_process=True))
