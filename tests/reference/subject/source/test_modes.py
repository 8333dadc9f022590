"""Arguments that choose what a function does."""

from __future__ import annotations

import ast

import pytest

from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.modes import modes_of


def definition(text: str) -> ClassOrFunction:
    node = ast.parse(text).body[0]
    assert isinstance(node, ClassOrFunction)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "def f(x, kind):\n if kind == 'a':\n  return x\n elif 'b' == kind:\n  return -x\n",
        "def f(x, kind):\n if kind.lower() in ('a', 'b'):\n  return x\n",
        "def f(x, kind):\n match kind:\n  case 'a':\n   return x\n  case 'b':\n   return -x\n",
        "class F:\n def __init__(self, kind):\n  self.kind = kind\n def forward(self, x):\n"
        "  return x if self.kind == 'a' else -x if self.kind == 'b' else 0\n",
    ],
)
def test_each_string_is_a_mode(text: str) -> None:
    assert modes_of(definition(text)) == [{"kind": "a"}, {"kind": "b"}]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x, n):\n return x if n == 1 else -x\n",
        "def f(x, mode):\n return x if mode == 'train' else -x\n",
        "class F:\n def forward(self, x):\n  return x\n",
    ],
)
def test_other_arguments_are_none(text: str) -> None:
    assert modes_of(definition(text)) == [{}]


def test_a_default_is_one_of_them() -> None:
    text = "def f(x, padding='valid', *, kind='a'):\n    return x if padding == 'same' else -x"
    assert modes_of(definition(text)) == [{"padding": "valid"}, {"padding": "same"}]
    text = "def f(x, *, kind='a'):\n    return x if kind == 'b' or kind == 'a' else -x"
    assert modes_of(definition(text)) == [{"kind": "a"}, {"kind": "b"}]
