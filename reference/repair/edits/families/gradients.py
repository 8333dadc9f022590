"""Gradients of parameters calculated as they usually are, where nothing sets them, or wrongly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk

_FRAME = (
    "class Affine:\n    def __init__(self, W, b):\n        self.W = W\n        self.b = b\n"
    "        self.dW = None\n        self.db = None\n\n    def forward(self, x):\n"
    "        self.x = x\n        return np.dot(x, self.W) + self.b\n\n"
    "    def backward(self, dout):\n"
)


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    right = "        self.dW = np.dot(self.x.T, dout)\n        self.db = np.sum(dout, axis=0)"
    operator = _FRAME.replace("np.dot(x, self.W)", "x @ self.W")
    return (
        (
            operator + right.split("\n")[1],
            operator + right.split("\n")[1] + "\n        self.dW = self.x.T @ dout",
        ),
        (_FRAME + right.split("\n")[0], _FRAME + right),
        (_FRAME + right.split("\n")[1], _FRAME + "\n".join(right.split("\n")[::-1])),
        (_FRAME + right.replace("self.dW", "self.W"), _FRAME + right),
        (_FRAME + right.replace("np.dot(self.x.T, dout)", "dout"), _FRAME + right),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that write a gradient."""
    for scope in context.scopes:
        backward = side_of(scope.function.name) == "backward" or scope.takes_gradient
        if scope.me and not scope.constructs and len(scope.arguments) == 1 and backward:
            yield from _of_parameters(context, scope)


def _of_parameters(context: Context, scope: Scope) -> Iterator[Edit]:
    """A gradient that the constructor promises, or a sibling suggests, and that nothing sets."""
    elsewhere = {name for each in context.scopes if not each.constructs for name in each.stored}
    given = {
        name
        for each in context.scopes
        if each.constructs
        for name in each.stored
        if name in each.arguments or (len(name) == 1 and name not in elsewhere)
    }
    gradients = {f"d{name}" for name in given}
    promised = gradients & (context.stored | context.loaded)
    models = [
        (target, at.attr)
        for each in walk(scope.function)
        if isinstance(each, ast.Assign)
        for target in each.targets
        for at in walk(target)
        if is_attribute_of(at, scope.me) and at.attr in gradients
    ]
    set_here = {name for _, name in models}
    body = [each for each in scope.function.body if context.owns_lines(each)]
    if not promised or not body:
        return
    upstream, me, dot = scope.arguments[0], scope.me, f"{context.prefix}dot"
    kept = sorted(context.stored - given - promised)
    as_method = re.search(r"(?<!np)\.(sum|mean)\(", context.own_text)
    usual = [f"{upstream}.sum(axis=0)" if as_method else f"{context.prefix}sum({upstream}, axis=0)"]
    usual += [context.spelt(f"{dot}({me}.{each}.T, {upstream})") for each in kept]
    inputs = [context.spelt(f"{dot}({upstream}, {me}.{each}.T)") for each in sorted(given)]
    for statement in body:
        match statement:
            case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name in gradients:
                offers = usual
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[:1] == "d":
                offers = inputs
            case _:
                continue
        for offer in offers:
            yield context.replaced(value, offer, "gradient rewritten")
    for name in sorted(gradients - set_here):
        for statement in body:
            yield from _meant(context, scope, statement, name)
        target = f"{me}.{name}"
        if models:
            target = re.sub(r"\bd\w+", name, context.source(models[0][0]))
        for offer in usual:
            yield from context.line_after(body[-1], f"{target} = {offer}", "gradient added")


def _meant(context: Context, scope: Scope, statement: ast.stmt, name: str) -> Iterator[Edit]:
    """`self.W = …`, or another attribute, in backward → `self.dW = …`."""
    for each in walk(statement):
        match each:
            case ast.Assign(targets=[ast.Attribute(attr=other) as target]) if (
                is_attribute_of(target, scope.me) and other != name
            ):
                kind = "missing target" if f"d{other}" == name else "target"
                yield context.renamed(target, other, name, kind)
