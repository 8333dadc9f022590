"""A loop through the layers of a network, where forward or backward has none."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families.siblings import entries_of
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.passes import side_of

_COST = 0.8


@dataclass(frozen=True)
class _Layers:
    """What holds the layers of a network."""

    name: str
    """As a method says it: `self.layers`."""
    named: bool
    """Whether they are entries of a dictionary."""

    def forwards(self) -> str:
        """What a loop from the first to the last goes through."""
        return f"{self.name}.values()" if self.named else self.name

    def backwards(self) -> str:
        """What a loop from the last to the first goes through."""
        return f"reversed(list({self.forwards()}))" if self.named else f"reversed({self.name})"


def edits(context: Context) -> Iterator[Edit]:
    """A loop put in wherever one pass goes through the layers, and none is there."""
    held = list(dict.fromkeys(_holding(context)))
    for scope in context.shared.scopes:
        loops = any(isinstance(each, ast.For | ast.While) for each in ast.walk(scope.function))
        if not scope.me or loops or scope.function.name == "__init__":
            continue
        for layers in held:
            yield from _forward(context, scope, layers)
            yield from _backward(context, scope, layers)


def _holding(context: Context) -> Iterator[_Layers]:
    """Dictionaries and lists of objects that a method fills."""
    for scope in context.shared.scopes:
        owners: dict[str, list[ast.expr]] = {}
        for entry in entries_of(context, scope):
            owners.setdefault(entry.owner, []).append(entry.value)
        for owner, values in owners.items():
            if owner.startswith(f"{scope.me}.") and all(map(_is_object, values)):
                yield _Layers(owner, named=True)
        for statement in context.statements(scope):
            match statement:
                case ast.Assign(targets=[target], value=ast.List(elts=values)) if (
                    values and is_attribute_of(target, scope.me) and all(map(_is_object, values))
                ):
                    yield _Layers(context.layout.source(target), named=False)


def _is_object(node: ast.expr) -> bool:
    """Whether it is `Affine(…)`: something made of a class."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1][:1].isupper()


def _forward(context: Context, scope: Scope, layers: _Layers) -> Iterator[Edit]:
    """`for layer in self.layers: x = layer.forward(x)` in front of `return x`."""
    last = scope.function.body[-1]
    match last:
        case ast.Return(value=ast.Name(id=name)) if name in scope.arguments[:1]:
            yield from _put_in(context, last, layers.forwards(), f"{name} = layer.forward({name})")


def _backward(context: Context, scope: Scope, layers: _Layers) -> Iterator[Edit]:
    """The same backwards, behind the line that goes back through the last layer."""
    local = [
        target.id
        for each in context.statements(scope)
        if isinstance(each, ast.Assign) and layers.name in context.layout.source(each.value)
        for target in each.targets
        if isinstance(target, ast.Name)
    ]
    gone_through = [*(f"reversed({name})" for name in local), *local] or [layers.backwards()]
    body = scope.function.body
    for number, statement in enumerate(body[:-1]):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(attr=called)),
            ) if side_of(called) == "backward":
                line = f"{name} = layer.backward({name})"
                # Behind whatever reverses a list of them, too.
                for behind, each in enumerate(body[number + 1 :]):
                    reads = any(f"{one}." in context.layout.source(each) for one in local)
                    for way, through in enumerate(gone_through):
                        cost = 0.04 * (way + behind) + 0.1 * reads
                        yield from _put_in(context, each, through, line, cost)
                return


def _put_in(
    context: Context, before: ast.stmt, through: str, line: str, more: float = 0.0
) -> Iterator[Edit]:
    """A loop with one line in front of a statement."""
    layout = context.layout
    indent = layout.indentation(before)
    if indent is None or not layout.owns_lines(before):
        return
    outer = layout.indentation(layout.statement(next(iter(layout.ancestors(before))))) or ""
    step = indent.removeprefix(outer) or "    "
    start = layout.lines(before, before)[0]
    loop = textwrap.indent(f"for layer in {through}:\n{step}{line}\n", indent)
    yield Edit(start, start, loop, "loop added", _COST + more)
