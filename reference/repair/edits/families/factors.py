"""Factors, divisors and terms added: `* dout`, `/ batch_size`, `+ self.b`, `* (1 - y)`, `> 0`."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment, binary
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import NameKind

_ALL = re.compile(r"mean\([^(),]*(\([^()]*\)[^(),]*)?\)|\.size\b")
"""What a text has that takes a mean of all entries: `np.mean(x)`, `np.mean((x - t) ** 2)`."""


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
        ("return dout / self.h", "return dout / (2 * self.h)"),
        (
            "def f(dh, dc, o):\n    ds = dh * o\n    return ds",
            "def f(dh, dc, o):\n    ds = dh * o + dc\n    return ds",
        ),
        (
            "return dout * self.out * (self.mask > 1)",
            "return dout * (self.out > 0) * (self.mask > 1)",
        ),
        ("def f(x):\n    return 1 / np.exp(-x)", "def f(x):\n    return 1 / (1 + np.exp(-x))"),
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
    if isinstance(node, ast.Tuple | ast.List | ast.Compare) or isinstance(parent, ast.Subscript):
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
    node, parent = place.node, context.parent(place.node)
    spaced, whole = context.spaced(node), context.fragment(node)
    main = context.is_main(place)
    match parent:
        case ast.BinOp(op=ast.Div(), right=divisor):
            main = divisor is node
    for name in context.calculable(place):
        upstream, read = name in place.scope.arguments, context.reads(place.scope, name)
        beside = upstream or not read or context.reads(place.scope, name, place.statement)
        returned = context.is_outermost(place) and not context.is_main(place)
        if upstream and not read and not returned:
            kind = "unread argument"
        elif beside and (main or returned):
            kind = "factor"
        else:
            continue
        scaled = binary(Fragment(name), "*", whole, spaced=spaced)
        is_one = isinstance(node, ast.Constant) and node.value == 1
        yield context.replaced(node, Fragment(name) if is_one else scaled, kind)
    one = Fragment(context.one)
    if isinstance(node, ast.BinOp | ast.Call):
        yield context.replaced(node, binary(one, "/", whole, spaced=spaced), "scaled")
    if main and not isinstance(node, ast.Constant):
        yield context.replaced(node, binary(Fragment("2"), "*", whole, spaced=spaced), "scaled")


def _divisors(context: Context, place: Place) -> Iterator[Edit]:
    node = place.node
    if isinstance(node, ast.Constant) or place.is_kept_argument or not context.is_main(place):
        return
    counts = context.value_names(place, NameKind.COUNT)
    # Where samples are columns, the usual expressions count them along axis 1.
    axis = 1 if any("shape[1]" in usual for usual in context.usual) else 0
    arrays = _arrays(context, place)
    sizes = [Fragment(name) for name in counts or [f"{name}.shape[{axis}]" for name in arrays]]
    sizes += [
        binary(Fragment(one), "*", Fragment(other))
        for one, other in itertools.combinations(counts[:3], 2)
    ]
    if _ALL.search(context.text):
        sizes += [Fragment(f"{name}.size") for name in arrays]
    for size in sizes:
        quotient = binary(context.fragment(node), "/", size, spaced=context.spaced(node))
        yield context.replaced(node, quotient, "divisor")


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
        # A gradient that comes in, or was found, and that nothing takes on.
        lost = name.startswith("d") and place.scope.takes_gradient and context.is_main(place)
        yield joined(whole, "+", term, "gradient lost" if lost else "term")
        yield joined(whole, "-", term, "term")
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            yield joined(term, "-", context.fragment(node.operand), "term")
        if isinstance(node, ast.Constant | ast.Name | ast.Attribute):
            yield joined(term, "-", whole, "term")
    divided = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)
    if divided and not isinstance(node, ast.Constant | ast.UnaryOp):
        yield joined(Fragment(context.one), "+", whole, "term")


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
