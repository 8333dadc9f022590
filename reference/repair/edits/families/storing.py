"""Statements inserted: a value kept for another method, a call that another method makes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.identifiers import nearness
from trigrad.repair.edits.scope import NameKind, Scope
from trigrad.repair.edits.statements import body_of


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    backward = "\n\n    def backward(self, dout):\n        return dout * self.{}"
    return (
        (
            "class A:\n    def __init__(self, W, b):\n        self.W = W\n\n"
            "    def forward(self, x):\n        return x * self.W + self.b",
            "class A:\n    def __init__(self, W, b):\n        self.W = W\n        self.b = b\n\n"
            "    def forward(self, x):\n        return x * self.W + self.b",
        ),
        (
            "class A:\n    def forward(self, x):\n        return x * 2" + backward.format("x"),
            "class A:\n    def forward(self, x):\n        self.x = x\n        return x * 2"
            + backward.format("x"),
        ),
        (
            "class A:\n    def forward(self, x):\n        out = x * 2\n        return out"
            + backward.format("out"),
            "class A:\n    def forward(self, x):\n        out = x * 2\n        self.out = out\n"
            "        return out" + backward.format("out"),
        ),
        (
            "class A:\n    def forward(self, x):\n        return x * 2" + backward.format("y"),
            "class A:\n    def forward(self, x):\n        self.y = x * 2\n        return self.y"
            + backward.format("y"),
        ),
        (
            "class N:\n    def loss(self, x, t):\n        return x - t\n\n"
            "    def gradient(self, x, t):\n        return x",
            "class N:\n    def loss(self, x, t):\n        return x - t\n\n"
            "    def gradient(self, x, t):\n        self.loss(x, t)\n        return x",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that insert such a statement."""
    for scope in context.scopes:
        if scope.constructs:
            yield from _taken(context, scope)
        elif scope.me:
            yield from _kept(context, scope)
            yield from _called(context, scope)


def _taken(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.b = b` in a constructor that is given b, where other methods read self.b."""
    body = [each for each in body_of(scope) if context.owns_lines(each)]
    for number, name in enumerate(scope.arguments):
        if name in context.loaded - context.stored - context.class_names and body:
            line = f"{scope.me}.{name} = {name}"
            yield from _behind_earlier(context, body, scope.arguments[:number], line, "kept")


def _behind_earlier(
    context: Context, body: list[ast.stmt], earlier: list[str], line: str, kind: str
) -> Iterator[Edit]:
    """A line behind those that keep the arguments which come earlier, or at the beginning."""
    keeping = [each for each in body if _kept_name(each) in earlier]
    if keeping:
        yield from context.line_after(keeping[-1], line, kind)
    else:
        yield from context.line_before(body[0], line, kind)


def _kept_name(statement: ast.stmt) -> str:
    """The `x` of `self.x = x`; empty for anything else."""
    match statement:
        case ast.Assign(value=ast.Name(id=name)):
            return name
    return ""


def _kept(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.x = x`, where another method reads self.x and this one has an x."""
    wanted = {
        name
        for other in context.scopes
        if other is not scope
        for name in other.loaded - other.stored - scope.stored
        if context.attributes.get(name) is not NameKind.THING
    }
    given = {n for each in context.scopes if each.constructs for n in each.stored}
    given &= {name for each in context.scopes if each.constructs for name in each.arguments}
    body = [each for each in body_of(scope) if context.owns_lines(each)]
    for name in sorted(wanted - given) if body else ():
        target = f"{scope.me}.{name}"
        for argument in sorted(scope.arguments, key=lambda each: -nearness(each, name)):
            earlier = scope.arguments[: scope.arguments.index(argument)]
            for value, kind in _values(context, argument, name):
                yield from _behind_earlier(context, body, earlier, f"{target} = {value}", kind)
        for statement in body:
            yield from _kept_after(context, target, statement)


def _values(context: Context, argument: str, name: str) -> Iterator[tuple[str, str]]:
    """What may be kept of an argument under a name, each with the kind of the edit."""
    yield argument, "kept" if argument == name else "kept otherwise"
    if context.attributes.get(name) is NameKind.SHAPE:
        yield context.shape_of(argument), "kept"
    for function in context.functions:
        yield f"{function}({argument})", "kept otherwise"
    for sign in (">", "<="):
        yield f"{argument} {sign} 0", "kept otherwise"


def _kept_after(context: Context, target: str, statement: ast.stmt) -> Iterator[Edit]:
    """A local kept as an attribute right after it is set, or what is returned before it is."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=local), *_]):
            kind = "kept" if local == target.split(".")[-1] else "kept otherwise"
            yield from context.line_after(statement, f"{target} = {local}", kind)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Name):
            indent = context.indentation(statement)
            if "\n" not in context.source(value):
                text = f"{target} = {context.source(value)}\n{indent}return {target}"
                yield Edit(*context.span(statement), text, "kept otherwise")


def _called(context: Context, scope: Scope) -> Iterator[Edit]:
    """A call of the forward pass with the same arguments, in front of everything."""
    for other in context.scopes:
        name = other.function.name
        if other is scope or not other.me or not ("loss" in name or "forward" in name):
            continue
        if other.arguments and set(other.arguments) <= set(scope.arguments):
            call = f"{scope.me}.{name}({', '.join(other.arguments)})"
            if call not in context.source(scope.function):
                yield from context.line_before(body_of(scope)[0], call, "forward called")
