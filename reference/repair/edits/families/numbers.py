"""Numbers exchanged for the usual other ones, truth values for each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import ATOM, SIGN, Fragment
from trigrad.subject.source.walking import walk

_USUAL = (0, 1, 2, -1, 0.5)
_STEPS = ("h", "eps", "epsilon", "delta")
"""What the step of a numerical gradient is called."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("return dout * (self.x >= 1)", "return dout * (self.x >= 0)"),
        ("return dout[0]", "return dout[-1]"),
        ("return dout.sum(keepdims=True)", "return dout.sum(keepdims=False)"),
        ("def f(x):\n    h = 0.1\n    return x * h", "def f(x):\n    h = 0.0001\n    return x * h"),
        (
            "class Sigmoid:\n    GAIN = 2.0\n\n    def forward(self, x):\n        return x",
            "class Sigmoid:\n    GAIN = 1.0\n\n    def forward(self, x):\n        return x",
        ),
        (
            "class ELU:\n    def __init__(self, alpha=1.0):\n        self.alpha = alpha\n\n"
            "    def backward(self, dout):\n        return dout * (self.out + 1)",
            "class ELU:\n    def __init__(self, alpha=1.0):\n        self.alpha = alpha\n\n"
            "    def backward(self, dout):\n        return dout * (self.out + self.alpha)",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern numbers and truth values."""
    of_class = [node for each in context.class_statements for node in walk(each.value)]
    nodes = [*(place.node for place in context.places), *of_class]
    signed = {node.operand for node in nodes if isinstance(node, ast.UnaryOp)}
    for node in nodes:
        match node:
            case ast.Constant(value=bool() as value):
                yield context.replaced(node, str(not value), "truth value")
            case ast.Constant(value=int() | float() as value) if node not in signed:
                yield from _numbers(context, node, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
                yield from _numbers(context, node, -value)
    for place in () if not context.settings else context.places:
        match place.node:
            case ast.Constant(value=int() | float() as value) if not place.scope.constructs:
                for name in context.settings.get(value, ()):
                    yield context.replaced(
                        place.node, Fragment(f"{place.scope.me}.{name}", ATOM), "setting"
                    )


def _numbers(context: Context, node: ast.expr, value: float) -> Iterator[Edit]:
    others: dict[float, str] = dict.fromkeys(_USUAL[:3], "number")
    others |= dict.fromkeys(_USUAL[3:], "unusual number")
    is_float = isinstance(value, float)
    # A tiny number, a step or what keeps a logarithm finite, is no 0, 1 or 2 mistyped.
    tiny = 0 < abs(value) < 1e-2
    if tiny:
        others = dict.fromkeys((1e-4, 1e-7, 0), "unusual number")
    elif not is_float:
        others = dict.fromkeys((value + 1, value - 1), "unusual number") | others
    match context.parent(node):
        case ast.Assign(targets=[ast.Name(id=name)]) if name in _STEPS:
            others[1e-4] = "number"
    for other, kind in others.items():
        if other == value or (other == 0.5 and _is_whole(context, node)):
            continue
        text = f"{float(other)}" if is_float and not tiny else f"{other}"
        yield context.replaced(node, Fragment(text, SIGN if other < 0 else ATOM), kind)


def _is_whole(context: Context, node: ast.expr) -> bool:
    """Whether a number is an index, an axis, or something that is counted: no half."""
    match context.parent(node):
        case ast.Subscript() | ast.keyword() | ast.Call(func=ast.Attribute(attr="reshape")):
            return True
        case ast.Compare() as compared:
            text = ast.unparse(compared)
            return any(word in text for word in (".shape", ".size", ".ndim"))
    return False
