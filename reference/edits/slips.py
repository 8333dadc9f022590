"""Slips of the pen that Python takes without a word, or stumbles over far from where they are."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterator

from reference.edits.edit import Edit
from reference.edits.ground import Ground
from reference.edits.piece import Piece, binary
from reference.edits.scope import Scope


def edits(ground: Ground) -> Iterator[Edit]:
    """All edits that mend a slip."""
    for scope in ground.shared.scopes:
        for statement in ground.statements(scope):
            yield from _compared_for_set(ground, statement)
            yield from _uncalled(ground, statement)
            yield from _in_other_order(ground, statement)
            yield from _added_for_listed(ground, scope, statement)
        for body in _bodies(scope.function):
            yield from _two_returns(ground, body)
        yield from _returned_too_early(ground, scope)
        yield from _added_up(ground, scope)
    for place in ground.places:
        if isinstance(place.node, ast.BinOp):
            yield from _beside_the_logarithm(ground, place.node)


def _bodies(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(function):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            yield body


def _compared_for_set(ground: Ground, statement: ast.stmt) -> Iterator[Edit]:
    """`self.out == 1 / (1 + z)` as a line of its own."""
    match statement:
        case ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            start, end = ground.layout.outer(left)[1], ground.layout.outer(right)[0]
            yield Edit(start, end, " = ", "assignment", 0.3)


def _uncalled(ground: Ground, statement: ast.stmt) -> Iterator[Edit]:
    """`x = layer` in a loop over layers, for `x = layer.forward(x)`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=layer) as value):
            pass
        case _:
            return
    loops = [at for at in ground.layout.ancestors(statement) if isinstance(at, ast.For)]
    if any(isinstance(loop.target, ast.Name) and loop.target.id == layer for loop in loops):
        for method in ("forward", "backward"):
            piece = Piece(f"{layer}.{method}({name})")
            yield ground.replaced(value, piece, "call added", 0.6)


def _in_other_order(ground: Ground, statement: ast.stmt) -> Iterator[Edit]:
    """Two neighbours of `cache = (x, w, b)` or `x, w, b = cache` swapped."""
    match statement:
        case ast.Assign(value=ast.Tuple(elts=elements)):
            cost = 1.1
        case ast.Assign(targets=[ast.Tuple(elts=elements)]):
            cost = 1.0
        case _:
            return
    for one, other in itertools.pairwise(elements):
        (start, middle), (after, end) = ground.layout.outer(one), ground.layout.outer(other)
        text = ground.text
        swapped = text[after:end] + text[middle:after] + text[start:middle]
        yield Edit(start, end, swapped, "results swapped", cost)


def _two_returns(ground: Ground, body: list[ast.stmt]) -> Iterator[Edit]:
    """`return dx` with `return dy` behind it."""
    for one, other in itertools.pairwise(body):
        match one, other:
            case ast.Return(value=ast.expr() as first), ast.Return(value=ast.expr() as second):
                start, end = ground.layout.span(one)[0], ground.layout.span(other)[1]
                both = f"return {ground.layout.whole(first)}, {ground.layout.whole(second)}"
                yield Edit(start, end, both, "returns joined", 0.3)


def _added_for_listed(ground: Ground, scope: Scope, statement: ast.stmt) -> Iterator[Edit]:
    """`return dx + dy` for `return dx, dy`."""
    match statement:
        case ast.Return(
            value=ast.BinOp(left=ast.Name(id=one), op=ast.Add(), right=ast.Name(id=other)) as node
        ) if {one, other} <= set(scope.locals):
            yield Edit(*ground.layout.span(node), f"{one}, {other}", "operator", 1.2)


def _returned_too_early(ground: Ground, scope: Scope) -> Iterator[Edit]:
    """A `return` at the end of a loop's body, for one behind the loop."""
    layout = ground.layout
    for loop in scope.function.body:
        if not isinstance(loop, ast.For | ast.While) or not isinstance(loop.body[-1], ast.Return):
            continue
        last = loop.body[-1]
        indent = layout.indentation(loop)
        if len(loop.body) < 2 or indent is None or not layout.owns_lines(last):
            continue
        start, end = layout.lines(last, last)
        line = textwrap.indent(textwrap.dedent(ground.text[start:end]), indent)
        yield Edit(start, end, line, "indented less", 0.8)


def _added_up(ground: Ground, scope: Scope) -> Iterator[Edit]:
    """Every `+=` of a method as `=`: gradients that are added up from call to call."""
    found = [
        statement
        for statement in ground.statements(scope)
        if isinstance(statement, ast.AugAssign)
        and isinstance(statement.op, ast.Add)
        and isinstance(statement.target, ast.Attribute)
    ]
    if len(found) < 2:
        return
    text, at = "", ground.layout.outer(found[0].target)[1]
    first = at
    for statement in found:
        start, end = (
            ground.layout.outer(statement.target)[1],
            ground.layout.outer(statement.value)[0],
        )
        text += ground.text[at:start] + ground.text[start:end].replace("+=", "=", 1)
        at = end
    yield Edit(first, at, text, "assignment", 1.0)


def _beside_the_logarithm(ground: Ground, node: ast.BinOp) -> Iterator[Edit]:
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
                piece = binary(ground.piece(argument), "+", Piece(ground.layout.source(node.right)))
                low, high = ground.layout.outer(argument)
                (start, end), (first, last) = ground.layout.outer(left), ground.layout.span(node)
                text = ground.text[start:low] + piece.text + ground.text[high:end]
                yield Edit(first, last, text, "brackets", 0.6)
