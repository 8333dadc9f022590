"""Transposes added, dropped and moved; the operands of a matrix product exchanged."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary, with_suffix
from trigrad.repair.edits.numpy_forms import as_operator, of_numpy


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern `.T` and products of matrices."""
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield context.replaced(node, context.piece(node.value), "transpose dropped", 1.0)
        else:
            yield from _transposed(context, place)
        yield from _multiplied(context, place)
        form = as_operator(node)
        if isinstance(form, ast.BinOp) and isinstance(form.op, ast.MatMult):
            yield from _exchanged(context, node, form)


def _transposed(context: Context, place: Place) -> Iterator[Edit]:
    node = place.node
    if isinstance(node, ast.Constant | ast.Compare | ast.UnaryOp | ast.Tuple | ast.List):
        return
    receiver = _is_dot_receiver(context, node)
    if not context.is_operand(place) and not receiver:
        return
    if context.constructs(place) or isinstance(
        place.statement, ast.Expr | ast.If | ast.While | ast.For
    ):
        return
    parent = context.parent(node)
    if isinstance(parent, ast.Attribute) and parent.attr == "T":
        return
    simple = isinstance(node, ast.Name | ast.Attribute)
    in_product = receiver or (
        isinstance(parent, ast.expr)
        and isinstance(form := as_operator(parent), ast.BinOp)
        and isinstance(form.op, ast.MatMult)
    )
    if not simple and not in_product and not isinstance(node, ast.Call | ast.BinOp):
        return
    if not in_product and isinstance(node, ast.Name) and isinstance(parent, ast.Return):
        yield context.replaced(node, Fragment(f"{node.id}.T"), "transpose added", 1.3)
    if not in_product and simple:
        return
    cost = (1.0 if in_product else 2.0) + (0.0 if simple else 0.7)
    yield context.replaced(node, with_suffix(context.piece(node), ".T"), "transpose added", cost)


def _multiplied(context: Context, place: Place) -> Iterator[Edit]:
    """A matrix multiplied by another one, where the layer multiplies matrices."""
    node = place.node
    turned = isinstance(node, ast.Attribute) and node.attr == "T"
    if not (turned or isinstance(node, ast.Name | ast.Attribute)) or not context.is_operand(place):
        return
    parent = context.parent(node)
    if not context.multiplies_matrices or not isinstance(
        parent, ast.Assign | ast.Return | ast.Tuple | ast.BinOp
    ):
        return
    if isinstance(parent, ast.BinOp) and not isinstance(parent.op, ast.Add | ast.Sub):
        return
    local = isinstance(node, ast.Name) and node.id in place.scope.locals
    if local or context.constructs(place) or _has_product(place.statement):
        return  # a product that is there is not the one that is missing
    piece = context.piece(node)
    dotted = "dot(" in context.layout.source(context.definition)
    for name in context.value_names(place):
        if name == piece.text.removesuffix(".T"):
            continue
        for other in (name, f"{name}.T"):
            for left, right in ((piece.text, other), (other, piece.text)):
                text = f"np.dot({left}, {right})" if dotted else f"{left} @ {right}"
                product = Fragment(text) if dotted else binary(Fragment(left), "@", Fragment(right))
                yield context.replaced(node, product, "product added", 1.8)


def _has_product(statement: ast.stmt) -> bool:
    return any(
        isinstance(form := as_operator(node), ast.BinOp) and isinstance(form.op, ast.MatMult)
        for node in ast.walk(statement)
        if isinstance(node, ast.expr)
    )


def _is_dot_receiver(context: Context, node: ast.expr) -> bool:
    parent = context.parent(node)
    if not isinstance(parent, ast.Attribute) or parent.attr != "dot" or of_numpy(parent):
        return False
    return isinstance(context.parent(parent), ast.Call)


def _exchanged(context: Context, node: ast.expr, form: ast.BinOp) -> Iterator[Edit]:
    """The operands' places and their transposes, each way that they can be put together."""
    left, left_turned = _without(form.left)
    right, right_turned = _without(form.right)
    one, other = context.piece(left), context.piece(right)

    def turned(piece: Fragment, yes: bool) -> Fragment:
        return with_suffix(piece, ".T") if yes else piece

    for swapped in (False, True):
        first, second = (other, one) if swapped else (one, other)
        for on_first in (False, True):
            for on_second in (False, True):
                now = (on_first, on_second)
                changes = (on_first != left_turned) + (on_second != right_turned)
                if not swapped and (not changes or changes == 1):
                    continue  # the same, or one `.T` added or dropped: elsewhere
                if on_first and on_second:
                    continue
                carried = swapped and now == (right_turned, left_turned)
                cost = 1.2 if not changes or carried else 1.6
                if not swapped:
                    cost = 1.3
                piece = _product(context, node, turned(first, on_first), turned(second, on_second))
                yield context.replaced(node, piece, "product", cost)


def _without(node: ast.expr) -> tuple[ast.expr, bool]:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value, True
    return node, False


def _product(context: Context, node: ast.expr, left: Fragment, right: Fragment) -> Fragment:
    """A product of two pieces, spelt as the one that is there."""
    if isinstance(node, ast.BinOp):
        return binary(left, "@", right, spaced=context.spaced(node))
    assert isinstance(node, ast.Call)
    name = node.func
    if of_numpy(name):
        between = context.text[
            context.layout.outer(node.args[0])[1] : context.layout.outer(node.args[1])[0]
        ]
        return Fragment(f"{context.layout.whole(name)}({left.text}{between}{right.text})")
    return with_suffix(left, f".dot({right.text})")
