"""What a constructor left out: a dictionary that is filled and never made, a bias of zeros."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from reference.edits.edit import Edit
from reference.edits.ground import Ground
from reference.edits.piece import Piece
from reference.edits.scope import Scope, is_attribute_of


def edits(ground: Ground) -> Iterator[Edit]:
    """All edits of constructors."""
    for scope in ground.shared.scopes:
        if scope.me and scope.function.name == "__init__":
            yield from _dictionaries(ground, scope)
    for place in ground.places:
        node = place.node
        match place.statement:
            case ast.Assign(value=ast.Name(id=name)) if (
                place.statement.value is node
                and ground.constructs(place)
                and name in place.scope.arguments
                and "np.zeros(" in ground.text
            ):
                yield ground.replaced(node, Piece(f"np.zeros({name})"), "call added", 1.1)


def _dictionaries(ground: Ground, scope: Scope) -> Iterator[Edit]:
    """`self.params = {}` in front of the lines that fill it."""
    layout, shared = ground.layout, ground.shared
    stored = {name for each in shared.scopes for name in each.stored} | shared.class_names
    filled = {
        target.value.attr
        for statement in ground.statements(scope)
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Subscript) and is_attribute_of(target.value, scope.me)
    }
    first = next((each for each in scope.function.body if layout.owns_lines(each)), None)
    indent = layout.indentation(first) if first else None
    if first is None or indent is None:
        return
    start = layout.lines(first, first)[0]
    for name in sorted(filled - stored):
        for value, cost in (("{}", 0.8), ("OrderedDict()", 0.7)):
            if value == "{}" or "OrderedDict" in ground.known:
                line = f"{indent}{scope.me}.{name} = {value}\n"
                yield Edit(start, start, line, "made", cost)
