"""Factors, divisors and terms added: `* dout`, `/ batch_size`, `+ self.b`, `* (1 - y)`, `> 0`."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment, binary
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy
from trigrad.repair.edits.scope import NameKind


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("return self.y+self.t", "return dout*(self.y+self.t)"),
        ("return self.y - self.t", "return (self.y - self.t) / self.t.shape[0]"),
        ("n = len(dout)\nreturn dout * 2", "n = len(dout)\nreturn dout * 2 / n"),
        (
            "class Affine:\n    def __init__(self, W, b):\n        self.W, self.b = W, b\n\n"
            "    def forward(self, x):\n        return x @ self.W",
            "class Affine:\n    def __init__(self, W, b):\n        self.W, self.b = W, b\n\n"
            "    def forward(self, x):\n        return x @ self.W + self.b",
        ),
        ("return dout * self.y", "return 1 - dout * self.y"),
        (
            "return dout * self.out * (self.mask > 1)",
            "return dout * (self.out > 0) * (self.mask > 1)",
        ),
        ("def f(x):\n    return 1 / np.exp(-x)", "def f(x):\n    return 1 / (1 + np.exp(-x))"),
        ("def f(x):\n    return np.log(x)", "def f(x):\n    return np.log(x + 1e-7)"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that add something to an expression."""
    for place in context.places:
        if not can_grow(context, place):
            continue
        yield from _factors(context, place)
        yield from _divisors(context, place)
        yield from _terms(context, place)
        yield from _masks(context, place)


def can_grow(context: Context, place: Place) -> bool:
    """Whether something may be added to an expression there."""
    node, parent = place.node, context.parent(place.node)
    if context.composes or place.scope.constructs or not context.is_operand(place):
        return False
    if isinstance(node, ast.Tuple | ast.List | ast.Compare):
        return False
    if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
        return False
    if isinstance(place.statement, ast.Expr | ast.If | ast.While | ast.For | ast.With):
        return False
    if isinstance(parent, ast.Attribute):
        # `np.log(y).sum(axis=1)`: something may be missing in what is summed.
        return parent.attr in REDUCTIONS and isinstance(node, ast.BinOp | ast.Call)
    return not any(word in ast.unparse(node) for word in ("shape", "None"))


def _factors(context: Context, place: Place) -> Iterator[Edit]:
    node, parent, outermost = place.node, context.parent(place.node), context.is_main(place)
    spaced, whole = context.spaced(node), context.fragment(node)
    one = Fragment(context.one)
    in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
    if in_product and isinstance(parent, ast.BinOp) and parent.right is not node:
        return  # the whole product takes the factor as well
    for name in context.calculable(place):
        upstream = name in place.scope.arguments
        read = context.reads(place.scope, name)
        if not upstream and read and not context.reads(place.scope, name, place.statement):
            continue
        if upstream and not read:
            kind = "unread argument"
        else:
            kind = "factor" if outermost else "inner factor"
        if isinstance(node, ast.Constant):
            scaled = binary(whole, "*", Fragment(name))
            yield context.replaced(node, Fragment(name) if node.value == 1 else scaled, kind)
            continue
        yield context.replaced(node, binary(Fragment(name), "*", whole, spaced=spaced), kind)
        if (outermost or in_product) and not (upstream and len(whole.text) < 3):
            rest = binary(one, "-", Fragment(name), spaced=spaced)
            kind = "one minus" if outermost else "inner factor"
            yield context.replaced(node, binary(whole, "*", rest, spaced=spaced), kind)
    for first, other in itertools.permutations(_unread(context, place), 2) if outermost else ():
        difference = binary(Fragment(first), "-", Fragment(other), spaced=spaced)
        yield context.replaced(node, binary(whole, "*", difference, spaced=spaced), "one minus")
    if isinstance(node, ast.BinOp | ast.Call):
        yield context.replaced(node, binary(one, "/", whole, spaced=spaced), "scaled")
    if not isinstance(node, ast.Constant) and (outermost or in_product):
        yield context.replaced(node, binary(Fragment("2"), "*", whole, spaced=spaced), "scaled")
        yield context.replaced(node, binary(one, "-", whole, spaced=spaced), "one minus")


def _unread(context: Context, place: Place) -> list[str]:
    """Two or three attributes that another method sets and nothing reads here."""
    me = place.scope.me
    names = [name for name in context.calculable(place) if me and name.startswith(f"{me}.")]
    unread = [name for name in names if not context.reads(place.scope, name)]
    return unread if len(unread) < 4 else []


def _divisors(context: Context, place: Place) -> Iterator[Edit]:
    node, outermost = place.node, context.is_main(place)
    if not outermost and not isinstance(context.parent(node), ast.BinOp | ast.UnaryOp):
        return
    if isinstance(node, ast.Constant) or place.is_kept_argument:
        return
    counts = context.value_names(place, NameKind.COUNT)
    for name in counts or [f"{name}.shape[0]" for name in _arrays(context, place)]:
        quotient = binary(context.fragment(node), "/", Fragment(name), spaced=context.spaced(node))
        yield context.replaced(node, quotient, "divisor" if outermost else "inner divisor")


def _arrays(context: Context, place: Place) -> list[str]:
    """Values that have a batch: not parameters, which a constructor is given."""
    source, me = context.source(place.node), f"{place.scope.me}."
    names = [
        name
        for name in context.value_names(place)
        if name.removeprefix(me) not in context.given | {"loss", "dW", "db", "mask"}
        and name not in place.scope.locals
    ]
    # Targets first, then what the expression has.
    return sorted(names, key=lambda name: (not name.endswith("t"), name not in source))[:4]


def _terms(context: Context, place: Place) -> Iterator[Edit]:
    node, parent = place.node, context.parent(place.node)
    spaced, whole = context.spaced(node), context.fragment(node)
    match parent:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub()) if left is node:
            return  # the whole sum takes the term as well
    names = context.calculable(place)

    def joined(left: Fragment, sign: str, right: Fragment, kind: str) -> Edit:
        return context.replaced(node, binary(left, sign, right, spaced=spaced), kind)

    for name in context.value_names(place):
        if context.reads(place.scope, name):
            continue
        term = Fragment(name)
        if name not in names:
            yield joined(whole, "+", term, "term")
            continue
        yield joined(whole, "+", term, "term")
        yield joined(whole, "-", term, "term")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield joined(term, "-", context.fragment(node.operand), "term")
        if isinstance(node, ast.Constant | ast.Name | ast.Attribute):
            yield joined(term, "-", whole, "term")
    divided = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)
    if divided and not isinstance(node, ast.Constant | ast.UnaryOp):
        yield joined(Fragment(context.one), "+", whole, "term")
    if isinstance(parent, ast.Call) and "log" in ast.unparse(parent.func):
        yield joined(whole, "+", Fragment("1e-7"), "stabiliser")
        for name in names if isinstance(node, ast.Constant | ast.Name) else ():
            if name in place.scope.arguments and name != whole.text:
                yield joined(Fragment(name), "+", whole, "stabiliser")


def _masks(context: Context, place: Place) -> Iterator[Edit]:
    """A value used as a mask compared with 0."""
    node, parent = place.node, context.parent(place.node)
    about = ("mask", "maximum", "where", "> 0", ">0", "< 0", "<= 0")
    if not isinstance(node, ast.Name | ast.Attribute):
        return
    if not any(word in context.own_text for word in about):
        return
    chooses = isinstance(parent, ast.Call) and parent.args[:1] == [node]
    chooses = chooses and isinstance(parent, ast.Call) and of_numpy(parent.func) == "where"
    multiplied = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult)
    gap = " " if context.spaced(node) else ""
    named = isinstance(parent, ast.Assign) and "mask" in ast.unparse(parent.targets[0])
    for sign in (">", "<=") if multiplied or chooses or named else ():
        compared = Fragment(f"{context.source(node)}{gap}{sign}{gap}0", COMPARE)
        yield context.replaced(node, compared, "mask" if named else "compared with 0")
