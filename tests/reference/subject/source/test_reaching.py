"""What a definition reaches: what it names, and nothing else."""

from __future__ import annotations

import pytest

from trigrad.subject.source.reaching import Reach, reach_of
from trigrad.subject.source.text import Chunk, Module

TEXT = """\
import numpy as np

SCALE = 2.0
OTHER = 3.0

def helper(x):
    return x * SCALE

# trigrad: x: N D; build: made()
class A:
    def forward(self, x):
        return helper(x)

def made():
    return A()

class B:
    def forward(self, x):
        return x * OTHER

for step in range(3):
    OTHER += 1.0
"""


def reach(text: str, name: str = "A", *others: Module) -> Reach | None:
    line = next(n for n, t in enumerate(text.split("\n"), 1) if t.startswith(f"class {name}"))
    chunk = Chunk(text, "a.py")
    modules = [Module("a", "/a.py", (chunk,)), *others]
    return reach_of(modules, chunk.label, [(chunk.label, line)])


def digest(text: str, name: str = "A") -> str:
    found = reach(text, name)
    assert found is not None
    return found.digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return helper(x)", "return helper(x) + 1"),
        ("x * SCALE", "x / SCALE"),
        ("SCALE = 2.0", "SCALE = 4.0"),
        ("import numpy as np", "import cupy as np"),
        ("N D; build", "N; build"),
        ("return A()", "return A(1)"),
        ("class B:", "A.forward = helper\n\nclass B:"),
        ("class B:", "setattr(eval('A'), 'forward', 3)\n\nclass B:"),
        ("class B:", "def helper(x):\n    return 3\n\nclass B:"),
    ],
)
def test_what_may_change_it(before: str, after: str) -> None:
    assert before in TEXT
    assert digest(TEXT.replace(before, after)) != digest(TEXT)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return x * OTHER", "return x"),
        ("OTHER = 3.0", "OTHER = 4.0"),
        ("OTHER += 1.0", "OTHER += 2.0"),
        ("import numpy as np\n", "import numpy as np\n\n\n"),
        ("class B:", "print('B')\n\nclass B:"),
    ],
)
def test_what_cannot_change_it(before: str, after: str) -> None:
    assert before in TEXT
    assert digest(TEXT.replace(before, after)) == digest(TEXT)
    assert digest(TEXT, "B") != digest(TEXT)


def test_where_it_is() -> None:
    found, lower = reach(TEXT), reach(TEXT.replace("import numpy", "\n\nimport numpy"))
    assert found is not None
    assert lower is not None
    assert [piece.first + 2 for piece in found.pieces] == [piece.first for piece in lower.pieces]
    assert (9, 12) in [(piece.first, piece.last) for piece in found.pieces]


def test_of_an_imported_module_all_is_reached() -> None:
    one, other = (Module("b", "/b.py", (Chunk(t, "b.py"),)) for t in ("x = 1", "x = 2"))
    first, second = reach(TEXT, "A", one), reach(TEXT, "A", other)
    assert first is not None
    assert second is not None
    assert first.digest != second.digest


def test_what_is_not_there_is_not_known() -> None:
    chunk = Chunk(TEXT, "a.py")
    modules = [Module("a", "/a.py", (chunk,))]
    assert reach_of(modules, chunk.label, []) is None
    assert reach_of(modules, chunk.label, [(chunk.label, 999)]) is None
    assert reach_of(modules, "another", [("another", 1)]) is None
