"""A loop through the layers of a network, where forward or backward has none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.siblings import entries_of
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk

_NETWORK = (
    "class Net:\n    def __init__(self, W):\n        self.layers = [Affine(W), Relu()]\n\n"
    "    def predict(self, x):\n{}        return x\n\n"
    "    def gradient(self, dout):\n        dout = self.last.backward(dout)\n{}        return dout"
)


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    forward = "        for layer in self.layers:\n            x = layer.forward(x)\n"
    backward = (
        "        for layer in reversed(self.layers):\n            dout = layer.backward(dout)\n"
    )
    return (
        (_NETWORK.format("", backward), _NETWORK.format(forward, backward)),
        (_NETWORK.format(forward, ""), _NETWORK.format(forward, backward)),
    )


@dataclass(frozen=True)
class _Layers:
    """What holds the layers of a network."""

    name: str
    """As a method says it: `self.layers`."""
    named: bool
    """Whether they are entries of a dictionary."""

    @property
    def forwards(self) -> str:
        """What a loop from the first to the last goes through."""
        return f"{self.name}.values()" if self.named else self.name

    @property
    def backwards(self) -> str:
        """What a loop from the last to the first goes through."""
        return f"reversed(list({self.forwards}))" if self.named else f"reversed({self.name})"


def edits(context: Context) -> Iterator[Edit]:
    """A loop inserted wherever one pass goes through the layers, and none is there."""
    held = list(dict.fromkeys(_holding(context)))
    for scope in context.scopes:
        loops = any(isinstance(each, ast.For | ast.While) for each in walk(scope.function))
        if scope.me and not loops and not scope.constructs:
            for layers in held:
                yield from _forward(context, scope, layers)
                yield from _backward(context, scope, layers)


def _holding(context: Context) -> Iterator[_Layers]:
    """Dictionaries and lists of objects that a method fills."""
    for scope in context.scopes:
        owners: dict[str, list[ast.expr]] = {}
        for entry in entries_of(context, scope):
            owners.setdefault(entry.owner, []).append(entry.value)
        for owner, values in owners.items():
            if owner.startswith(f"{scope.me}.") and all(map(_is_object, values)):
                yield _Layers(owner, named=True)
        for statement in context.statements(scope):
            match statement:
                case ast.Assign(targets=[target], value=ast.List(elts=values)):
                    if (
                        values
                        and is_attribute_of(target, scope.me)
                        and all(map(_is_object, values))
                    ):
                        yield _Layers(context.source(target), named=False)


def _is_object(node: ast.expr) -> bool:
    """Whether it is `Affine(…)`: something made of a class."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1][:1].isupper()


def _forward(context: Context, scope: Scope, layers: _Layers) -> Iterator[Edit]:
    """`for layer in self.layers: x = layer.forward(x)` in front of `return x`."""
    match scope.function.body[-1]:
        case ast.Return(value=ast.Name(id=name)) as last if name in scope.arguments[:1]:
            line = f"{name} = layer.forward({name})"
            yield from _loop_before(context, last, layers.forwards, line)


def _backward(context: Context, scope: Scope, layers: _Layers) -> Iterator[Edit]:
    """The same backwards, behind the line that goes back through the last layer."""
    local = [
        target.id
        for each in context.statements(scope)
        if isinstance(each, ast.Assign) and layers.name in context.source(each.value)
        for target in each.targets
        if isinstance(target, ast.Name)
    ]
    body = scope.function.body
    for number, statement in enumerate(body[:-1]):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Call(func=ast.Attribute(attr=called))
            ) if side_of(called) == "backward":
                line = f"{name} = layer.backward({name})"
            case _:
                continue
        # Behind whatever reverses a list of them, too: where a line of it is the last.
        reverses = [each for each in body if ".reverse()" in context.source(each)]
        through = [*local, *(f"reversed({each})" for each in local)]
        through = (through if reverses else through[::-1]) or [layers.backwards]
        later = [each for each in body[number + 1 :] if each not in reverses]
        for each in through:
            for before in later:
                yield from _loop_before(context, before, each, line)
        return


def _loop_before(context: Context, before: ast.stmt, through: str, line: str) -> Iterator[Edit]:
    """A loop with one line in front of a statement."""
    indent = context.indentation(before) or ""
    outer = context.indentation(context.statement(next(context.ancestors(before)))) or ""
    step = indent.removeprefix(outer) or "    "
    yield from context.line_before(before, f"for layer in {through}:\n{step}{line}", "loop added")
