"""Statements inserted because others suggest them: a value put back, a layer left out, a mask."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import blocks


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    chain = (
        "class N:\n    def predict(self, x):\n        x = self.one.forward(x)\n"
        "        return self.two.forward(x)\n\n    def gradient(self, dout):\n"
    )
    masked = (
        "class Relu:\n    def forward(self, x):\n        self.mask = x <= 0\n"
        "        out = x.copy()\n        out[self.mask] = 0\n        return out\n\n"
        "    def backward(self, dout):\n        dx = dout.copy()\n"
    )
    return (
        (
            "def f(g, x, i):\n    old = x[i]\n    x[i] = old + 1\n    y = g(x)\n    return y",
            "def f(g, x, i):\n    old = x[i]\n    x[i] = old + 1\n    y = g(x)\n"
            "    x[i] = old\n    return y",
        ),
        (
            chain + "        dout = self.one.backward(dout)\n        return dout",
            chain + "        dout = self.two.backward(dout)\n"
            "        dout = self.one.backward(dout)\n        return dout",
        ),
        (masked + "        return dx", masked + "        dx[self.mask] = 0\n        return dx"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that insert a statement like others."""
    for scope in context.scopes:
        for body in blocks(scope.function):
            yield from _put_back(context, body)
        if scope.me and not scope.constructs:
            yield from _left_out(context, scope)
            yield from _masked(context, scope)


def _put_back(context: Context, body: list[ast.stmt]) -> Iterator[Edit]:
    """`x[i] = old` at the end of a block that has `old = x[i]` and then changes `x[i]`."""
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=old)], value=ast.Subscript() as entry):
                written = context.source(entry)
            case _:
                continue
        changed = [
            each
            for each in body
            if isinstance(each, ast.Assign | ast.AugAssign)
            and written in {context.source(target) for target in _targets(each)}
        ]
        if not changed:
            continue
        last = changed[-1]
        if isinstance(last.value, ast.Name) and last.value.id != old:
            # Something is put back, and it is not what was there.
            yield Edit(*context.span(last.value), old, "put back")
        for each in dict.fromkeys((body[-1], body[-2])):
            yield from context.line_after(each, f"{written} = {old}", "put back")


def _targets(statement: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    return statement.targets if isinstance(statement, ast.Assign) else [statement.target]


def _left_out(context: Context, scope: Scope) -> Iterator[Edit]:
    """A layer that a chain `d = self.one.backward(d)`, or a loop over layers, leaves out."""
    link = re.compile(rf"(?:(\w+) = )?{re.escape(scope.me)}\.\w+\.(\w+)\((\w+)\)")
    loop = re.compile(r"for (\w+) in [^\n]*:\s+(\w+) = \1\.(\w+)\(\w+\)\s*")
    for statement in context.statements(scope):
        text = context.source(statement)
        if match := link.fullmatch(text):
            name, method, argument = match.groups()
        elif match := loop.fullmatch(text):
            _, name, method = match.groups()
            argument = name if name in scope.at(statement.lineno) else context.one
        else:
            continue
        for other in context.attributes:
            owner = rf"{scope.me}.{other}."
            if f"{owner}{method}(" in context.source(scope.function):
                continue
            if re.search(rf"{re.escape(owner)}\w+\(", context.own_text):
                line = f"{name or argument} = {owner}{method}({argument})"
                yield from context.line_before(statement, line, "layer added")


def _masked(context: Context, scope: Scope) -> Iterator[Edit]:
    """`dx[self.mask] = 0` where another method has `out[self.mask] = 0`, and this one nothing."""
    for other in context.scopes:
        for statement in other.function.body if other is not scope else ():
            match statement:
                case ast.Assign(targets=[ast.Subscript(value=ast.Name(), slice=index)]):
                    mask, value = context.source(index), context.source(statement.value)
                case _:
                    continue
            if f"{scope.me}." not in mask or f"[{mask}]" in context.source(scope.function):
                continue
            for each in scope.function.body:
                if isinstance(each, ast.Assign | ast.Return):
                    for name in scope.at(each.lineno + 1):
                        yield from context.line_after(each, f"{name}[{mask}] = {value}", "mask")
