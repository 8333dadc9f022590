"""Transposes added, dropped and moved; the operands of a matrix product exchanged."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary, with_suffix
from trigrad.repair.edits.numpy_forms import REDUCTIONS, as_operator, is_product, of_numpy
from trigrad.repair.edits.roles import Place


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("return dout @ self.y", "return dout @ self.y.T"),
        ("return dout.dot(self.y)", "return dout.dot(self.y.T)"),
        ("return dout @ self.y.T", "return dout @ self.y"),
        ("return np.dot(dout.T, self.y)", "return np.dot(self.y.T, dout)"),
        ("return np.sum(np.dot(dout, self.y.T), axis=0)", "return np.sum(dout, axis=0)"),
        ("return self.y.T.dot(dout)", "return self.y.dot(dout.T)"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern `.T` and products of matrices."""
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield context.replaced(node, context.fragment(node.value), "transpose dropped")
        else:
            yield from _transposed(context, place)
        form = as_operator(node)
        if isinstance(form, ast.BinOp) and is_product(form):
            yield from _exchanged(context, node, form)
            if isinstance(node, ast.Call) and _is_summed(context, node):
                for each in (form.left, form.right):
                    yield context.replaced(node, context.fragment(each), "operand dropped")


def _is_summed(context: Context, node: ast.expr) -> bool:
    """Whether a product is (a factor of) what a sum or mean is taken of."""
    calls = [at for at in context.ancestors(node) if isinstance(at, ast.Call)]
    return bool(calls) and ast.unparse(calls[0].func).split(".")[-1] in REDUCTIONS


def _transposed(context: Context, place: Place) -> Iterator[Edit]:
    node, parent, statement = place.node, context.parent(place.node), place.statement
    receiver = _is_dot_receiver(context, node)
    if not (context.is_operand(place) or receiver) or place.scope.constructs:
        return
    if not isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.BinOp):
        return
    if isinstance(statement, ast.Expr | ast.If | ast.While | ast.For):
        return
    if isinstance(parent, ast.Attribute) and parent.attr == "T":
        return
    simple = isinstance(node, ast.Name | ast.Attribute)
    turned = with_suffix(context.fragment(node), ".T")
    if receiver or (parent is not None and is_product(parent)):
        kind = "transpose added" if simple else "result transposed"
        yield context.replaced(node, turned, kind)
    elif not simple or (isinstance(node, ast.Name) and isinstance(parent, ast.Return)):
        yield context.replaced(node, turned, "result transposed")


def _is_dot_receiver(context: Context, node: ast.expr) -> bool:
    match context.parent(node):
        case ast.Attribute(attr="dot") as function:
            return not of_numpy(function) and context.is_called(function)
    return False


def _exchanged(context: Context, node: ast.expr, form: ast.BinOp) -> Iterator[Edit]:
    """The operands' places and their transposes, each way that they can be put together."""
    left, left_turned = _without_transpose(form.left)
    right, right_turned = _without_transpose(form.right)
    one, other = context.fragment(left), context.fragment(right)
    ways = ((False, False), (False, True), (True, False))
    for swapped, now in itertools.product((False, True), ways):
        before = (right_turned, left_turned) if swapped else (left_turned, right_turned)
        changes = sum(is_ != was for is_, was in zip(now, before, strict=True))
        if not swapped and changes < 2:
            continue  # the same, or one `.T` added or dropped: see above
        pair = (other, one) if swapped else (one, other)
        first, second = (
            with_suffix(each, ".T") if turned else each
            for each, turned in zip(pair, now, strict=True)
        )
        yield context.replaced(node, _product(context, node, first, second), "product turned")


def _without_transpose(node: ast.expr) -> tuple[ast.expr, bool]:
    turned = isinstance(node, ast.Attribute) and node.attr == "T"
    return (node.value, True) if isinstance(node, ast.Attribute) and turned else (node, False)


def _product(context: Context, node: ast.expr, left: Fragment, right: Fragment) -> Fragment:
    """A product of two fragments, spelt as the one that is there."""
    if isinstance(node, ast.BinOp):
        return binary(left, "@", right, spaced=context.spaced(node))
    assert isinstance(node, ast.Call), "a product is an operator or a call"
    if not of_numpy(node.func):
        return with_suffix(left, f".dot({right.text})")
    comma = context.text[context.outer(node.args[0])[1] : context.outer(node.args[1])[0]]
    return Fragment(f"{context.whole(node.func)}({left.text}{comma}{right.text})")
