"""What a neighbourhood has, what it leaves out, and what its edits leave alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from trigrad.repair.edits.costs import COSTS, UNREAD
from trigrad.repair.edits.edit import Edit, applied
from trigrad.repair.edits.neighbourhood import neighbourhood
from trigrad.repair.edits.normal_form import simplified
from trigrad.subject.source.parsing import parsed

ROOT = Path(__file__).parents[4]
KNOWN = frozenset({"np", "softmax", "sigmoid"})
AFFINE = '''import numpy as np


class Affine:
    """全結合層 x * y"""

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        """x + y"""
        self.x = x  # 入力 x * 2
        out = np.dot(x, self.W) + self.b
        return out

    def backward(self, dout=1):
        assert dout is not None, "é + è"
        dx = np.dot(dout,   self.W.T)   # é, per riga
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        print("dx", dx * 2)
        return dx
'''
PIECES = "class P:\n    def backward(self, dout):\n        {}\n"


def edits_of(text: str, known: frozenset[str] = KNOWN) -> list[Edit]:
    tree = parsed(text)
    assert tree is not None
    definition = tree.body[-1]
    assert isinstance(definition, ast.ClassDef | ast.FunctionDef)
    return list(neighbourhood(text, definition, known))


def texts_of(text: str) -> list[str]:
    return [applied(text, [edit]) for edit in edits_of(text)]


@pytest.mark.parametrize(
    "text",
    [AFFINE, AFFINE.replace("    ", "\t"), AFFINE.replace("    ", "  ").rstrip()],
    ids=["blanks", "tabs", "two blanks, no last line end"],
)
def test_every_edit_gives_python_that_computes_something_else(text: str) -> None:
    before = simplified(ast.parse(text))
    after = texts_of(text)
    assert len(after) > 100
    assert len(set(after)) == len(after)
    for each in after:
        assert simplified(ast.parse(each)) != before


def test_the_most_natural_come_first() -> None:
    costs = [edit.cost for edit in edits_of(AFFINE)]
    assert costs == sorted(costs)
    assert costs[0] > 0


def test_docstrings_signatures_messages_and_comments_stay() -> None:
    for after in texts_of(AFFINE):
        for kept in (
            '"""全結合層 x * y"""',
            '"""x + y"""',
            "def __init__(self, W, b):",
            "def forward(self, x):",
            "def backward(self, dout=1):",
            'assert dout is not None, "é + è"',
        ):
            assert kept in after
        if "out = np.dot(x, self.W)" in after:
            assert "# é, per riga" in after or "dx = np.dot(" not in after


def test_an_edit_touches_only_its_own_place() -> None:
    for edit in edits_of(AFFINE):
        after = applied(AFFINE, [edit])
        assert after.startswith(AFFINE[: edit.start])
        assert after.endswith(AFFINE[edit.end :])
        if edit.kind in {"operator", "axis", "name", "transpose dropped"}:
            assert "\n" not in AFFINE[edit.start : edit.end]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("return dout + self.y", "return dout * self.y"),
        ("return (dout + self.y) / 2", "return dout + self.y / 2"),
        ("return dout + self.y / 2", "return (dout + self.y) / 2"),
        ("return self.y - dout", "return dout - self.y"),
        ("return (self.y - dout) / 2", "return (dout - self.y) / 2"),
        ("return self.a * (self.y - dout)", "return self.a * self.y"),
        ("return dout @ self.y", "return dout @ self.y.T"),
        ("return dout.dot(self.y)", "return dout.dot(self.y.T)"),
        ("return np.dot(dout.T, self.y)", "return np.dot(self.y.T, dout)"),
        ("return self.y.T.dot(dout)", "return self.y.dot(dout.T)"),
        ("return self.y+self.t", "return dout*(self.y+self.t)"),
        ("return self.y - self.t", "return (self.y - self.t) / self.t.shape[0]"),
        ("return dout.sum(1)", "return dout.sum(0)"),
        ("return np.sum(dout, axis=1)", "return np.sum(dout, axis=-1, keepdims=True)"),
        ("return dout * (self.x >= 1)", "return dout * (self.x >= 0)"),
        ("return -dout", "return dout"),
        ("return dout", "return -dout"),
        ("return dout * (-self.y)", "return dout * (1 - self.y)"),
        ("return np.log10(dout)", "return np.log(dout)"),
        ("return dout if self.y else self.t", "return dout if self.t else self.t"),
        ("a = dout; return a", "a = dout; return -a"),
        ("dx = dout * 2", "dx = dout * 2\n        return dx"),
        ("dout * self.y", "return dout * self.y"),
    ],
)
def test_brackets_stand_where_precedence_demands_and_only_there(before: str, after: str) -> None:
    assert PIECES.format(after) in texts_of(PIECES.format(before))


def test_an_undefined_name_is_first_taken_for_the_nearest() -> None:
    text = AFFINE.replace("self.x.T, dout", "x.T, dout")
    assert any("np.dot(self.x.T, dout)" in applied(text, [edit]) for edit in edits_of(text)[:3])


def test_a_known_name_is_not_undefined() -> None:
    text = "def f(x):\n    return 2 * scale\n"
    missing = [e for e in edits_of(text, frozenset()) if e.kind == "undefined name"]
    assert missing
    assert not [e for e in edits_of(text, frozenset({"scale"})) if e.kind == "undefined name"]


def test_what_nobody_writes_is_left_out() -> None:
    after = texts_of(AFFINE)
    for odd in (".T.T", "dout * dout", "self.b + self.b", "self.x = self.x  #"):
        assert not any(odd in each for each in after)
    tree = parsed(AFFINE)
    assert tree is not None
    definition = tree.body[-1]
    assert isinstance(definition, ast.ClassDef)
    everything = neighbourhood(AFFINE, definition, KNOWN, plausible=False)
    assert len(list(everything)) > len(after)


def test_an_edit_that_leaves_an_argument_unread_costs_more() -> None:
    text = "def f(a, b):\n    return a * b\n"
    costs = {
        edit.replacement: edit.cost for edit in edits_of(text) if edit.kind == "operand dropped"
    }
    read = {
        edit.replacement: edit.cost
        for edit in edits_of(text.replace("    return", "    c = a - b\n    return c +"))
        if edit.kind == "inner operand dropped"
    }
    assert set(costs) == {"a", "b"}
    assert min(costs.values()) > COSTS["operand dropped"] + UNREAD
    assert read["a"] < COSTS["inner operand dropped"] + UNREAD


@pytest.mark.parametrize("path", ["impl/layers.py", "impl/functions.py", "impl/network.py"])
def test_whole_files_have_neighbourhoods_of_a_sensible_size(path: str) -> None:
    text = (ROOT / path).read_text()
    tree = parsed(text)
    assert tree is not None
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            edits = list(neighbourhood(text, node, KNOWN))
            assert 20 < len(edits) < 1500


def test_an_argument_called_axis_is_the_axis_first() -> None:
    text = "def softmax(e, axis=-1):\n    return e / np.sum(e, axis=1)\n"
    axes = [
        edit.replacement
        for edit in edits_of(text)
        if edit.replacement.startswith("np.sum(e") and edit.kind.startswith("axis")
    ]
    assert axes.index("np.sum(e, axis=axis, keepdims=True)") < axes.index(
        "np.sum(e, axis=-1, keepdims=True)"
    )
    assert "np.sum(e, axis=axis)" in axes
    assert any(
        "axis=axis" in e.replacement
        for e in edits_of(text.replace("(e, axis=-1", "(e, *, axis=-1"))
    )
    without = "def softmax(e):\n    return e / np.sum(e, axis=1)\n"
    assert not any("axis=axis" in edit.replacement for edit in edits_of(without))


@pytest.mark.parametrize("name", ["W", "b"])
def test_what_the_constructor_is_given_is_kept(name: str) -> None:
    line = f"        self.{name} = {name}\n"
    edits = edits_of(AFFINE.replace(line, ""))
    (place,) = (n for n, e in enumerate(edits) if applied(AFFINE.replace(line, ""), [e]) == AFFINE)
    assert place < 5
    assert not any(edit.kind == "kept" for edit in edits_of(AFFINE))


def test_names_of_one_layer_and_functions_that_begin_alike_come_first() -> None:
    text = (
        "class N:\n    def gradient(self, x):\n        a1 = x * 2\n        z1 = sigmoid(a1)\n"
        "        z2 = z1 * 3\n        return sigmoid(z1) * z2\n"
    )
    edits = edits_of(text, KNOWN | {"sigmoid_grad"})
    where = text.rindex("z1")
    names = [e.replacement for e in edits if "name" in e.kind and e.start == where]
    assert names.index("a1") < names.index("x")
    called = [e.replacement for e in edits if e.kind == "function" and e.start > where - 9]
    assert called.index("sigmoid_grad") < called.index("softmax")


def test_what_is_usual_is_said_with_the_counts_that_are_there() -> None:
    text = (
        "def cross_entropy_error(y, t):\n    n = y.shape[0]\n"
        "    return -np.sum(np.log(y[np.arange(n), t] + 1e-7)) / n\n"
    )
    tree = parsed(text)
    assert tree is not None
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    usual = ("-np.sum(t * np.log(y + 1e-7)) / y.shape[0]", "dy.shape[0] + y.shape[0]")
    offered = [e.replacement for e in neighbourhood(text, definition, KNOWN, usual)]
    assert "-np.sum(t * np.log(y + 1e-7)) / n" in offered
    assert not any("dn" in each for each in offered)
