"""Gradients of parameters calculated as they usually are, where nothing sets them, or wrongly."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment
from trigrad.repair.edits.families.analogy import after
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.subject.source.passes import side_of


def edits(context: Context) -> Iterator[Edit]:
    """All edits that write a gradient."""
    for scope in context.shared.scopes:
        if scope.me and scope.function.name != "__init__":
            yield from _of_parameters(context, scope)


def _of_parameters(context: Context, scope: Scope) -> Iterator[Edit]:
    """A gradient that the constructor promises, or a sibling suggests, and that nothing sets."""
    later = {
        name
        for other in context.shared.scopes
        if other.function.name != "__init__"
        for name in other.stored
    }
    given = {
        name
        for other in context.shared.scopes
        if other.function.name == "__init__"
        for name in other.stored
        if name in other.arguments or (len(name) == 1 and name not in later)
    }
    if len(scope.arguments) != 1:
        return
    upstream = scope.arguments[0]
    set_here = {
        at.attr
        for each in ast.walk(scope.function)
        if isinstance(each, ast.Assign)
        for target in each.targets
        for at in ast.walk(target)
        if is_attribute_of(at, scope.me) and at.attr[:1] == "d" and at.attr[1:] in given
    }
    promised = {
        name
        for other in context.shared.scopes
        for name in other.stored | other.loaded
        if name[:1] == "d" and name[1:] in given
    }
    if not (set_here or promised):
        return
    if not upstream.startswith("d") and side_of(scope.function.name) != "backward":
        return
    body = [each for each in scope.function.body if context.layout.owns_lines(each)]
    model = next(
        (
            target
            for each in body
            if isinstance(each, ast.Assign)
            for target in each.targets
            if any(is_attribute_of(at, scope.me) and at.attr in set_here for at in ast.walk(target))
        ),
        None,
    )
    kept = sorted(
        {name for other in context.shared.scopes for name in other.stored}
        - given
        - promised
        - set_here
    )
    for statement in body:
        yield from _anew(context, scope, statement, upstream, kept, given)
    for name in sorted({f"d{each}" for each in given} - set_here):
        for each in body:
            yield from _meant(context, scope, each, name)
        target = f"{scope.me}.{name}"
        if model is not None:
            target = re.sub(r"\bd\w+", name, context.layout.source(model))
        more = 0.0 if name in promised else 0.3
        for each in body[-1:]:
            line = f"{target} = np.sum({upstream}, axis=0)"
            yield from after(context, each, line, "gradient added", 1.2 + more)
            for stored in kept:
                line = f"{target} = np.dot({scope.me}.{stored}.T, {upstream})"
                yield from after(context, each, line, "gradient added", 1.3 + more)


def _meant(context: Context, scope: Scope, statement: ast.stmt, name: str) -> Iterator[Edit]:
    """`self.W = …`, or another attribute, in backward → `self.dW = …`."""
    for each in ast.walk(statement):
        match each:
            case ast.Assign(targets=[ast.Attribute() as target]) if (
                is_attribute_of(target, scope.me) and target.attr != name
            ):
                end = context.layout.span(target)[1]
                cost = 0.6 if f"d{target.attr}" == name else 1.2
                yield Edit(end - len(target.attr), end, name, "target", cost)


def _anew(
    context: Context,
    scope: Scope,
    statement: ast.stmt,
    upstream: str,
    kept: list[str],
    given: set[str],
) -> Iterator[Edit]:
    """A gradient calculated as it usually is, whatever stands there."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=value) if name[1:] in given:
            offers = [f"np.sum({upstream}, axis=0)"]
            offers += [f"np.dot({scope.me}.{each}.T, {upstream})" for each in kept]
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name[:1] == "d":
            offers = [f"np.dot({upstream}, {scope.me}.{each}.T)" for each in sorted(given)]
        case _:
            return
    for offer in offers:
        yield context.replaced(value, Fragment(offer), "gradient", 2.0)
