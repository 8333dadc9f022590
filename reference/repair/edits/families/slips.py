"""Slips of the pen that Python takes without a word, or stumbles over far from where they are."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary
from trigrad.repair.edits.scope import Scope


def edits(context: Context) -> Iterator[Edit]:
    """All edits that mend a slip."""
    for scope in context.shared.scopes:
        for statement in context.statements(scope):
            yield from _compared_for_set(context, statement)
            yield from _uncalled(context, statement)
            yield from _in_other_order(context, statement)
            yield from _added_for_listed(context, scope, statement)
        for body in _bodies(scope.function):
            yield from _two_returns(context, body)
        yield from _returned_too_early(context, scope)
        yield from _added_up(context, scope)
    for place in context.places:
        if isinstance(place.node, ast.BinOp):
            yield from _beside_the_logarithm(context, place.node)


def _bodies(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield body


def _compared_for_set(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    """`self.out == 1 / (1 + z)` as a line of its own."""
    match statement:
        case ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            start, end = context.layout.outer(left)[1], context.layout.outer(right)[0]
            yield Edit(start, end, " = ", "assignment", 0.3)


def _uncalled(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    """`x = layer` in a loop over layers, for `x = layer.forward(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=layer) as value):
            pass
        case _:
            return
    loops = [at for at in context.layout.ancestors(statement) if isinstance(at, ast.For)]
    if any(isinstance(loop.target, ast.Name) and loop.target.id == layer for loop in loops):
        for method in ("forward", "backward"):
            piece = Fragment(f"{layer}.{method}({name})")
            yield context.replaced(value, piece, "call added", 0.6)


def _in_other_order(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    """Two neighbours of `cache = (x, w, b)` or `x, w, b = cache` swapped."""
    match statement:
        case ast.Assign(value=ast.Tuple(elts=elements)):
            cost = 1.1
        case ast.Assign(targets=[ast.Tuple(elts=elements)]):
            cost = 1.0
        case _:
            return
    for one, other in itertools.pairwise(elements):
        (start, middle), (after, end) = context.layout.outer(one), context.layout.outer(other)
        text = context.text
        swapped = text[after:end] + text[middle:after] + text[start:middle]
        yield Edit(start, end, swapped, "results swapped", cost)


def _two_returns(context: Context, body: list[ast.stmt]) -> Iterator[Edit]:
    """`return dx` with `return dy` behind it."""
    for one, other in itertools.pairwise(body):
        match one, other:
            case ast.Return(value=ast.expr() as first), ast.Return(value=ast.expr() as second):
                start, end = context.layout.span(one)[0], context.layout.span(other)[1]
                both = f"return {context.layout.whole(first)}, {context.layout.whole(second)}"
                yield Edit(start, end, both, "returns joined", 0.3)


def _added_for_listed(context: Context, scope: Scope, statement: ast.stmt) -> Iterator[Edit]:
    """`return dx + dy` for `return dx, dy`."""
    match statement:
        case ast.Return(
            value=ast.BinOp(left=ast.Name(id=one), op=ast.Add(), right=ast.Name(id=other)) as node
        ) if {one, other} <= set(scope.locals):
            yield Edit(*context.layout.span(node), f"{one}, {other}", "operator", 1.2)


def _returned_too_early(context: Context, scope: Scope) -> Iterator[Edit]:
    """A `return` at the end of a loop's body, for one behind the loop."""
    layout = context.layout
    for loop in scope.function.body:
        if not isinstance(loop, ast.For | ast.While) or not isinstance(loop.body[-1], ast.Return):
            continue
        last = loop.body[-1]
        indent = layout.indentation(loop)
        if len(loop.body) < 2 or indent is None or not layout.owns_lines(last):
            continue
        start, end = layout.lines(last, last)
        line = textwrap.indent(textwrap.dedent(context.text[start:end]), indent)
        yield Edit(start, end, line, "indented less", 0.8)


def _added_up(context: Context, scope: Scope) -> Iterator[Edit]:
    """Every `+=` of a method as `=`: gradients that are added up from call to call."""
    found = [
        statement
        for statement in context.statements(scope)
        if isinstance(statement, ast.AugAssign)
        and isinstance(statement.op, ast.Add)
        and isinstance(statement.target, ast.Attribute)
    ]
    if len(found) < 2:
        return
    text, at = "", context.layout.outer(found[0].target)[1]
    first = at
    for statement in found:
        start, end = (
            context.layout.outer(statement.target)[1],
            context.layout.outer(statement.value)[0],
        )
        text += context.text[at:start] + context.text[start:end].replace("+=", "=", 1)
        at = end
    yield Edit(first, at, text, "assignment", 1.0)


def _beside_the_logarithm(context: Context, node: ast.BinOp) -> Iterator[Edit]:
    """`np.log(y) + 1e-7`, or `t * np.log(y) + 1e-7`, for `np.log(y + 1e-7)`."""
    match node:
        case ast.BinOp(op=ast.Add(), left=left, right=ast.Constant(value=float() as small)) if (
            0 < small < 1e-2
        ):
            pass
        case _:
            return
    for inner in ast.walk(left):
        match inner:
            case ast.Call(func=ast.Attribute(attr="log"), args=[argument]):
                piece = binary(
                    context.piece(argument), "+", Fragment(context.layout.source(node.right))
                )
                low, high = context.layout.outer(argument)
                (start, end), (first, last) = context.layout.outer(left), context.layout.span(node)
                text = context.text[start:low] + piece.text + context.text[high:end]
                yield Edit(first, last, text, "brackets", 0.6)
