"""Slips that Python accepts, or that it complains about far from where they are."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import blocks
from trigrad.subject.source.walking import walk


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    loop = "for layer in self.layers:\n    dout = {}"
    return (
        ("self.out == dout * 2", "self.out = dout * 2"),
        (loop.format("layer"), loop.format("layer.backward(dout)")),
        ("x, w, b = dout", "w, x, b = dout"),
        ("return dx\nreturn dy", "return dx, dy"),
        ("dx = dout\ndy = dout\nreturn dx + dy", "dx = dout\ndy = dout\nreturn dx, dy"),
        ("while dout:\n    a = 1\n    return a", "while dout:\n    a = 1\nreturn a"),
        ("self.dW += dout\nself.db += dout", "self.dW = dout\nself.db = dout"),
        ("return np.log(dout) + 1e-7", "return np.log(dout + 1e-7)"),
        ("for i in x:\n    self.dW = i", "for i in x:\n    self.dW += i"),
        ("dW[self.idx] = dout", "np.add.at(dW, self.idx, dout)"),
        ("dW[self.idx] += dout", "np.add.at(dW, self.idx, dout)"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that undo a slip."""
    for scope in context.scopes:
        for statement in context.statements(scope):
            yield from _of_statement(context, scope, statement)
        for body in blocks(scope.function):
            yield from _two_returns(context, body)
        yield from _returned_too_early(context, scope)
        yield from _accumulated(context, scope)
    for place in context.places:
        if isinstance(place.node, ast.BinOp):
            yield from _beside_the_logarithm(context, place.node)


def _of_statement(context: Context, scope: Scope, statement: ast.stmt) -> Iterator[Edit]:
    match statement:
        case ast.Expr(value=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
            yield Edit(context.outer(left)[1], context.outer(right)[0], " = ", "slip")
        case ast.Assign(
            targets=[ast.Subscript(slice=ast.Name() | ast.Attribute() as index) as target]
        ):
            # What stands at one index twice is to be added twice.
            parts = (target.value, index, statement.value)
            text = f"{context.prefix}add.at({', '.join(map(context.source, parts))})"
            yield Edit(*context.span(statement), text, "added up")
            yield from _added_in_loop(context, statement, target)
        case ast.AugAssign(
            target=ast.Subscript(slice=ast.Name() | ast.Attribute() as index) as target,
            op=ast.Add(),
        ):
            # So it is added once.
            parts = (target.value, index, statement.value)
            text = f"{context.prefix}add.at({', '.join(map(context.source, parts))})"
            yield Edit(*context.span(statement), text, "added up")
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript() as target]):
            yield from _added_in_loop(context, statement, target)
        case ast.Assign(targets=[ast.Tuple(elts=elements)]):
            for one, other in itertools.pairwise(elements):
                yield context.swapped(one, other, "results swapped")
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=layer) as value):
            # `x = layer` in a loop over layers, for `x = layer.forward(x)`.
            loops = [at for at in context.ancestors(statement) if isinstance(at, ast.For)]
            if layer in {context.source(loop.target) for loop in loops}:
                for method in ("forward", "backward"):
                    yield context.replaced(value, f"{layer}.{method}({name})", "slip")
        case ast.Return(
            value=ast.BinOp(left=ast.Name(id=one), op=ast.Add(), right=ast.Name(id=other)) as node
        ) if {one, other} <= set(scope.locals):
            yield Edit(*context.span(node), f"{one}, {other}", "slip")


def _added_in_loop(context: Context, statement: ast.Assign, target: ast.expr) -> Iterator[Edit]:
    """`self.dW = …` in a loop, where each pass overwrites what the last one gave, with `+=`."""
    if any(isinstance(at, ast.For | ast.While) for at in context.ancestors(statement)):
        start, end = context.outer(target)[1], context.outer(statement.value)[0]
        yield Edit(start, end, " += ", "added up")


def _two_returns(context: Context, body: list[ast.stmt]) -> Iterator[Edit]:
    """`return dx` with `return dy` behind it."""
    for one, other in itertools.pairwise(body):
        match one, other:
            case ast.Return(value=ast.expr() as first), ast.Return(value=ast.expr() as second):
                both = f"return {context.whole(first)}, {context.whole(second)}"
                yield Edit(context.span(one)[0], context.span(other)[1], both, "slip")


def _returned_too_early(context: Context, scope: Scope) -> Iterator[Edit]:
    """A `return` at the end of a loop's body, for one behind the loop."""
    for loop in scope.function.body:
        match loop:
            case (
                ast.For(body=[_, *_, ast.Return() as last])
                | ast.While(body=[_, *_, ast.Return() as last])
            ):
                indent = context.indentation(loop)
                if indent is not None and context.owns_lines(last):
                    start, end = context.lines(last, last)
                    line = textwrap.dedent(context.text[start:end])
                    yield Edit(start, end, textwrap.indent(line, indent), "slip")


def _accumulated(context: Context, scope: Scope) -> Iterator[Edit]:
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
    first = at = context.outer(found[0].target)[1]
    text = ""
    for statement in found:
        start, end = context.outer(statement.target)[1], context.outer(statement.value)[0]
        text += context.text[at:start] + context.text[start:end].replace("+=", "=", 1)
        at = end
    yield Edit(first, at, text, "set instead")


def _beside_the_logarithm(context: Context, node: ast.BinOp) -> Iterator[Edit]:
    """`np.log(y) + 1e-7`, or `t * np.log(y) + 1e-7`, for `np.log(y + 1e-7)`."""
    match node:
        case ast.BinOp(op=ast.Add(), left=left, right=ast.Constant(value=float() as small)) if (
            0 < small < 1e-2
        ):
            pass
        case _:
            return
    for inner in walk(left):
        match inner:
            case ast.Call(func=ast.Attribute(attr="log"), args=[argument]):
                term = Fragment(context.source(node.right))
                inside = binary(context.fragment(argument), "+", term)
                low, high = context.outer(argument)
                start, end = context.outer(left)
                text = context.text[start:low] + inside.text + context.text[high:end]
                yield Edit(*context.span(node), text, "constant moved")
