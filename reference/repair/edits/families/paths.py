"""What goes forward through a product, and not back: its weight unread, its operand another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.derivatives import goes_back
from trigrad.repair.edits.numpy_forms import as_operator, is_product
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import BUILTINS, Scope
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    start = "Wz, Wr = self.W\ndh = dout @ Wz.T\ndr = dout * 2\n"
    product = "r = self.r\nout = (r * self.h) @ self.W\n"
    return (
        (f"{start}return dh, dr", f"{start}dh += dr @ Wr.T\nreturn dh, dr"),
        (
            f"{product}dW = self.h.T @ dout\nreturn dW, out",
            f"{product}dW = (r * self.h).T @ dout\nreturn dW, out",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that send a gradient back along a path of forward."""
    operands = list(_operands(context))
    for scope in context.scopes:
        if goes_back(scope):
            yield from _unread_weights(context, scope)
    for place in context.places if operands else ():
        match place.node:
            case ast.Attribute(attr="T", value=ast.Name() | ast.Attribute() as array) if goes_back(
                place.scope
            ):
                yield from _of_forward(context, place, array, operands)


def _unread_weights(context: Context, scope: Scope) -> Iterator[Edit]:
    """`dh += dr @ Wr.T` like `dh = dout @ Wz.T`, where nothing reads Wr."""
    body = scope.function.body
    names = [n for n in walk(scope.function) if isinstance(n, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    unread = sorted(n for n in scope.locals if n not in read and not n.startswith(("_", "d")))
    for model in body if unread else ():
        match model:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=value)
                | ast.AugAssign(target=ast.Name(id=target), op=ast.Add(), value=value)
            ) if is_product(value):
                yield from _like(context, scope, target, value, unread)


def _like(
    context: Context, scope: Scope, target: str, value: ast.expr, unread: list[str]
) -> Iterator[Edit]:
    """A line like a product behind every other, with an unread weight and what that line sets."""
    form = as_operator(value)
    assert isinstance(form, ast.BinOp), "it is a product"
    weights = [n.id for n in walk(form.right) if isinstance(n, ast.Name)]
    gradients = [n.id for n in walk(form.left) if isinstance(n, ast.Name)]
    if len(weights) != 1 or len(gradients) != 1:
        return
    begun = False
    for statement in scope.function.body[:-1]:
        begun = begun or target in _set_by(statement)
        for mine in _set_by(statement) if begun else ():
            if mine == target or not mine.startswith("d"):
                continue
            for weight in unread:
                text = re.sub(rf"\b{weights[0]}\b", weight, context.source(value))
                text = re.sub(rf"\b{gradients[0]}\b", mine, text)
                yield from context.line_after(statement, f"{target} += {text}", "path added")


def _set_by(statement: ast.stmt) -> list[str]:
    nodes = (node for node in walk(statement) if isinstance(node, ast.Name))
    return [node.id for node in nodes if isinstance(node.ctx, ast.Store)]


def _operands(context: Context) -> Iterator[ast.BinOp]:
    """What forward multiplies by matrices, where that is calculated in the same expression."""
    tree = parsed(context.text)
    for node in walk(tree) if tree is not None else ():
        form = as_operator(node) if isinstance(node, ast.expr) else None
        if isinstance(form, ast.BinOp) and is_product(form):
            match form.left:
                case ast.BinOp(op=ast.Mult()) as operand:
                    yield operand


def _of_forward(
    context: Context, place: Place, array: ast.expr, operands: list[ast.BinOp]
) -> Iterator[Edit]:
    """The whole operand where only a factor of it stands."""
    there = {*place.scope.at(place.statement.lineno), place.scope.me} | BUILTINS | context.known
    for operand in operands:
        factors = {ast.unparse(operand.left), ast.unparse(operand.right)}
        names = {node.id for node in walk(operand) if isinstance(node, ast.Name)}
        if ast.unparse(array) in factors and names <= there:
            yield context.replaced(array, f"({ast.unparse(operand)})", "operand of forward")
