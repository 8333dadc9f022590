"""A square that is missing or superfluous: `1 - h` for `1 - h ** 2`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import SIGN, Fragment, binary


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("dt = dh * (1 - self.h)", "dt = dh * (1 - self.h ** 2)"),
        ("da = 1 - np.tanh(z)", "da = 1 - np.tanh(z) ** 2"),
        ("dw = dy * x ** 2", "dw = dy * x"),
        ("dv = dy * std ** -2", "dv = dy * std ** -3"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """The derivative of tanh with its square; a square without it."""
    for place in context.places:
        match place.node:
            case ast.BinOp(
                left=ast.Constant(value=1),
                op=ast.Sub(),
                right=(ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call()) as right,
            ):
                square = binary(context.fragment(right), "**", Fragment("2"))
                yield context.replaced(right, square, "square")
            case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)) as power:
                yield context.replaced(power, context.fragment(left), "square")
            case (
                ast.BinOp(
                    op=ast.Pow(),
                    right=ast.UnaryOp(
                        op=ast.USub(), operand=ast.Constant(value=int() | float() as n)
                    ),
                ) as power
            ):
                # Each derivative lowers the power by one.
                for other in (n + 1, n - 1):
                    if other:
                        lowered = Fragment(f"{-other}", SIGN)
                        yield context.replaced(power.right, lowered, "square")
