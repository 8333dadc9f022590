"""Axes moved: a `transpose` before or behind a `reshape`, or with another order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import with_suffix
from trigrad.repair.edits.numpy_forms import REDUCTIONS, as_operator, is_product, of_numpy
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import body_of
from trigrad.subject.source.walking import walk

_ORDER = re.compile(r"transpose\((?:[A-Za-z_][\w.]*, *)?\(?((?:\d, *)+\d)\)?\)")
"""An order of axes, as it is written in a call of `transpose`."""

_MANY = re.compile(
    r"(reshape|zeros|empty)\(\(?[^(),]+,[^(),]+,|\w+, *\w+, *\w+ *= *[\w.]+\.shape\b"
)
"""What a text has in which arrays have more than two axes."""

_USUAL = ((0, 2, 3, 1), (0, 3, 1, 2), (0, 2, 1, 3), (0, 2, 1))
"""Channels last, channels second, heads before positions, matrices transposed."""

Order = tuple[int, ...]


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        (
            "N, H, W, F = dout.shape\nd = dout.reshape(-1, F)\nreturn d",
            "N, H, W, F = dout.shape\nd = dout.transpose(0, 2, 3, 1).reshape(-1, F)\nreturn d",
        ),
        (
            "return dout.reshape(N, C, H, W)",
            "return dout.reshape(N, H, W, C).transpose(0, 3, 1, 2)",
        ),
        ("return dout.transpose(0, 2, 3, 1)", "return dout.transpose(0, 3, 1, 2)"),
        (
            "x = dout.reshape(2, 3, 4)\nreturn x @ self.y",
            "x = dout.reshape(2, 3, 4)\nreturn x @ self.y.transpose(0, 2, 1)",
        ),
        (
            "d = dout.reshape(2, 3, 4)\nreturn d",
            "dout = dout.transpose(0, 2, 3, 1)\nd = dout.reshape(2, 3, 4)\nreturn d",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that move axes, where there are arrays of more than two."""
    orders = _orders(context)
    # Products of more than two axes are there where some array has its matrices transposed.
    stacked = re.search(
        r"swapaxes|transpose\(0, ?2, ?1\)|matmul|reshape\([^()]*,[^()]*,", context.text
    )
    transposing = [order for order in orders if order[-2:] == (len(order) - 1, len(order) - 2)]
    for scope in context.scopes if orders else ():
        if scope.takes_gradient and not context.composes:
            yield from _at_first(context, scope, orders)
    for place in context.places if orders else ():
        node = place.node
        match node:
            case ast.Call(func=ast.Attribute(value=array, attr="reshape"), args=sizes):
                yield from _around_reshape(context, node, array, sizes, orders)
            case ast.Call(func=ast.Attribute(value=array, attr="flatten" | "ravel")):
                for order in orders:
                    yield _moved(context, array, order)
            case ast.Call(func=ast.Attribute(attr="transpose")):
                yield from _ordered_otherwise(context, node, orders)
        form = as_operator(node)
        if isinstance(form, ast.BinOp) and is_product(form) and stacked:
            for operand in (form.left, form.right):
                yield from (_moved(context, operand, order) for order in transposing)
        elif context.is_main(place) and isinstance(node, ast.Call) and not of_numpy(node.func):
            for order in orders:
                yield from [_moved(context, node, order)] if _rank(node) in (0, len(order)) else []


def _rank(node: ast.Call) -> int:
    """The number of axes of what a call gives, where its text shows it; else 0."""
    match node:
        case ast.Call(func=ast.Attribute(attr="reshape"), args=[_, _, *_] as sizes):
            return len(sizes)
        case ast.Call(func=ast.Attribute(attr=name)) if name == "dot" or name in REDUCTIONS:
            return 1
    return 0


def _orders(context: Context) -> list[Order]:
    """The orders that the text has, those that undo them, and the usual ones."""
    if "reshape" not in context.own_text and "transpose" not in context.own_text:
        return []
    written = [
        tuple(int(digit) for digit in found.split(",")) for found in _ORDER.findall(context.text)
    ]
    written = [order for order in written if sorted(order) == list(range(len(order)))]
    both = [each for order in written for each in (_undone(order), order)]
    moving = [order for order in both if len(order) > 2 and order != tuple(range(len(order)))]
    return list(dict.fromkeys((*moving, *_USUAL))) if moving or _MANY.search(context.text) else []


def _undone(order: Order) -> Order:
    return tuple(order.index(axis) for axis in range(len(order)))


def _text(order: Sequence[int]) -> str:
    return ", ".join(map(str, order))


def _moved(context: Context, array: ast.expr, order: Order) -> Edit:
    piece = with_suffix(context.fragment(array), f".transpose({_text(order)})")
    return context.replaced(array, piece, "axes moved")


def _at_first(context: Context, scope: Scope, orders: list[Order]) -> Iterator[Edit]:
    """`dout = dout.transpose(…)` as the first line."""
    for name in scope.arguments[:1]:
        for order in orders:
            line = f"{name} = {name}.transpose({_text(order)})"
            yield from context.line_before(body_of(scope)[0], line, "axes moved")


def _around_reshape(
    context: Context, node: ast.Call, array: ast.expr, sizes: list[ast.expr], orders: list[Order]
) -> Iterator[Edit]:
    match sizes:
        case [ast.Tuple(elts=elements)]:
            sizes = elements
    for order in orders:
        yield _moved(context, array, order)
        if len(sizes) == len(order):
            # Of the moved array, axis i is axis order[i] of the reshaped one.
            first = [context.source(sizes[order.index(axis)]) for axis in range(len(order))]
            owner = context.fragment(array)
            whole = with_suffix(owner, f".reshape({', '.join(first)}).transpose({_text(order)})")
            yield context.replaced(node, whole, "axes moved")


def _ordered_otherwise(context: Context, node: ast.Call, orders: list[Order]) -> Iterator[Edit]:
    """The same call with another order of as many axes."""
    inside = [each for each in walk(node) if isinstance(each, ast.Constant)]
    now = tuple(each.value for each in inside if isinstance(each.value, int))
    if len(now) < 3 or len(now) < len(inside) or sorted(now) != list(range(len(now))):
        return
    start, end = context.span(inside[0])[0], context.span(inside[-1])[1]
    for order in dict.fromkeys((*orders, *permutations(range(len(now))))):
        if len(order) == len(now) and order != now:
            kind = "axes moved" if order in orders else "axes exchanged"
            yield Edit(start, end, _text(order), kind)
