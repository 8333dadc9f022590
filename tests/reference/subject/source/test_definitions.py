"""Which statements define, and which definition of a name counts. Nothing is run."""

from __future__ import annotations

import ast
import textwrap

import pytest

from trigrad.subject.source.definitions import (
    Statement,
    defines,
    definitions_of,
    is_stub,
    methods,
    without_superseded,
)
from trigrad.subject.source.sources import Chunk


def statement(text: str) -> ast.stmt:
    """The one statement of a text."""
    (only,) = ast.parse(textwrap.dedent(text)).body
    return only


def statements(*cells: str) -> list[Statement]:
    """The statements of a notebook with these cells."""
    chunks = [Chunk(textwrap.dedent(text), "n.ipynb", i) for i, text in enumerate(cells, 1)]
    return [(chunk, node) for chunk in chunks for node in ast.parse(chunk.text).body]


def kept(*cells: str) -> list[tuple[str, int | None]]:
    """Name and cell of the classes and functions that are left."""
    return [
        (node.name, chunk.cell)
        for chunk, node in without_superseded(statements(*cells))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]


DEFINES = [
    "import numpy as np",
    "import a.b.c",
    "from common.functions import *",
    "from . import layers",
    "def f(x):\n    return x",
    "async def f(x):\n    return x",
    "@decorated\ndef f(x):\n    return x",
    "class Relu:\n    pass",
    "H = 1e-4",
    "NAME, SIZE = 'net', -50",
    "a = b = 2",
    "KEYS = ['W1', 'b1']",
    "TABLE = {'x': (1, 2), 'y': {3}}",
    "RATE = 0.1 * 2 ** -3",
    "alias = Affine",
    "sqrt = np.sqrt",
    "first = KEYS[0]",
    "rest = KEYS[1:]",
    "title = f'net {SIZE}'",
    "relu = lambda x: np.maximum(x, 0)",
    "H: float = 1e-4",
    "size: int",
]

DOES = [
    "print('hello')",
    "'a string'",
    "x = np.random.randn(3)",
    "x = [load(i) for i in (1, 2)]",
    "x = (await fetch())",
    "net.params = {}",
    "x[0] = 1",
    "x += 1",
    "del x",
    "assert x",
    "raise SystemExit",
    "pass",
    "for i in range(3):\n    pass",
    "while True:\n    pass",
    "if __name__ == '__main__':\n    main()",
    "if True:\n    class Relu: pass",
    "with open('x') as f:\n    pass",
    "(x := 3)",
    "x: int = load()",
    "net.x: int = 3",
    "f = lambda x: x\nf(1)",
    "match x:\n    case 1:\n        pass",
    "global x",
]


class TestDefines:
    @pytest.mark.parametrize("text", DEFINES)
    def test_what_only_defines(self, text: str) -> None:
        assert defines(statement(text))

    @pytest.mark.parametrize("text", DOES)
    def test_what_does_something(self, text: str) -> None:
        assert not defines(ast.parse(text).body[-1])


STUBS = [
    "pass",
    "...",
    "'''To do.'''",
    "'''To do.'''\n    pass",
    "raise NotImplementedError",
    "raise NotImplementedError('exercise 5.1')",
    "'''To do.'''\n    raise NotImplementedError()",
    "# your code here\n    pass",
]

WRITTEN = [
    "return None",
    "return x",
    "x + 1",
    "out = x",
    "raise ValueError('to do')",
    "raise",
    "print('to do')",
    "pass\n    return x",
    "if x:\n        pass",
]


class TestStubs:
    @pytest.mark.parametrize("body", STUBS)
    def test_an_empty_body(self, body: str) -> None:
        node = statement(f"def f(x):\n    {body}")
        assert isinstance(node, ast.FunctionDef)
        assert is_stub(node)

    @pytest.mark.parametrize("body", WRITTEN)
    def test_a_body_that_does_something(self, body: str) -> None:
        node = statement(f"def f(x):\n    {body}")
        assert isinstance(node, ast.FunctionDef)
        assert not is_stub(node)


FULL = "class Relu:\n    def forward(self, x): return x\n    def backward(self, d): return d\n"
FORWARD = "class Relu:\n    def forward(self, x): return x\n"
STUB = "class Relu:\n    def forward(self, x): pass\n    def backward(self, d): return d\n"


class TestSuperseded:
    def test_the_last_of_several_complete_ones_is_there_to_judge(self) -> None:
        assert kept(FULL, FULL)[-1] == ("Relu", 2)

    def test_half_a_class_after_a_whole_one_is_dropped(self) -> None:
        assert kept(FULL, FORWARD) == [("Relu", 1)]

    def test_half_a_class_before_a_whole_one_does_not_come_last(self) -> None:
        assert kept(FORWARD, FULL)[-1] == ("Relu", 2)

    def test_a_stub_after_a_whole_class_is_dropped(self) -> None:
        assert kept(FULL, STUB) == [("Relu", 1)]

    def test_a_stub_filled_in_later(self) -> None:
        assert kept(STUB, FULL)[-1] == ("Relu", 2)

    def test_two_halves_are_both_kept(self) -> None:
        """Neither is complete: Python's own rule holds, the last one counts."""
        backward = "class Relu:\n    def backward(self, d): return d\n"
        assert kept(FORWARD, backward) == [("Relu", 1), ("Relu", 2)]

    def test_an_extension_of_itself_is_kept(self) -> None:
        extension = "class Affine(Affine):\n    def backward(self, d): return d\n"
        assert kept(FULL.replace("Relu", "Affine"), extension) == [("Affine", 1), ("Affine", 2)]

    def test_an_extension_by_a_stub_is_dropped(self) -> None:
        extension = "class Relu(Relu):\n    def backward(self, d): pass\n"
        assert kept(FULL, extension) == [("Relu", 1)]

    def test_an_empty_function_after_a_whole_one_is_dropped(self) -> None:
        assert kept("def f(x): return x", "def f(x): ...") == [("f", 1)]

    def test_names_do_not_mix(self) -> None:
        assert kept(FULL, "def f(x): pass", FORWARD.replace("Relu", "Other")) == [
            ("Relu", 1),
            ("f", 2),
            ("Other", 3),
        ]

    def test_other_statements_stay(self) -> None:
        left = list(without_superseded(statements(FULL, "x = 1", FORWARD, "y = 2")))
        assert [chunk.cell for chunk, _ in left] == [1, 2, 4]

    def test_all_definitions_are_listed_in_order(self) -> None:
        found = definitions_of(statements(FULL, "def f(x): return x", FORWARD))
        assert {name: [c.cell for c, _ in nodes] for name, nodes in found.items()} == {
            "Relu": [1, 3],
            "f": [2],
        }


def test_methods_are_those_of_the_body_itself() -> None:
    node = statement("""
        class Relu(Base):
            size = 3
            def forward(self, x):
                def inner(): pass
            if True:
                def hidden(self): pass
            @staticmethod
            def backward(d): pass
    """)
    assert isinstance(node, ast.ClassDef)
    assert list(methods(node)) == ["forward", "backward"]
