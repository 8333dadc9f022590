"""What a text settles beforehand: switches, and what forward keeps under its own name.

A mistake in the branch that runs is mended there: with the switch turned round it would still be
there. What is kept under its own name is what is meant to be kept.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import Scope
from trigrad.subject.source.walking import walk

_SWITCH = (bool, int, str)
"""Types of the values that a switch has."""


class Settled:
    """The switches of a definition, and the statements that keep an argument as it is."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._switched = list(_switched(context))
        self._keeping = [
            context.span(place.statement)
            for place in context.places
            if place.is_kept_argument and _keeps_own_name(place.statement)
        ]

    def turns_switch(self, edit: Edit) -> bool:
        """Whether another branch would run after an edit, or the condition goes."""
        return any(
            edit.start < end and start < edit.end and text not in edit.replacement
            for start, end, text in self._switched
        )

    def keeps_another(self, edit: Edit) -> bool:
        """Whether it changes a statement `self.x = x`."""
        return any(edit.start < end and start < edit.end for start, end in self._keeping)


def _switched(context: Context) -> Iterator[tuple[int, int, str]]:
    """Where switches are asked, and where a constructor sets them, with the text there."""
    for scope in context.scopes:
        asked: set[str] = set()
        for node in walk(scope.function):
            if isinstance(node, ast.If | ast.IfExp) and _is_switch(context, scope, node.test):
                start, end = context.span(node.test)
                before = "if " if isinstance(node, ast.If) else ""
                yield start, end, before + context.text[start:end]
                asked |= {n.attr for n in walk(node.test) if isinstance(n, ast.Attribute)}
        for other in context.scopes if asked else ():
            for statement in other.function.body if other.constructs else ():
                match statement:
                    case ast.Assign(targets=[ast.Attribute(attr=name)]) if name in asked:
                        yield (*context.span(statement), context.source(statement))


def _is_switch(context: Context, scope: Scope, test: ast.expr) -> bool:
    """Whether a condition is made of switches alone, so that it does not depend on the data."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_switch(context, scope, operand)
        case ast.BoolOp(values=values):
            return all(_is_switch(context, scope, each) for each in values)
        case ast.Compare(
            left=left, ops=[ast.Eq() | ast.NotEq() | ast.Is()], comparators=[ast.Constant(value=v)]
        ):
            return isinstance(v, _SWITCH) and _is_switch(context, scope, left)
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == scope.me:
            return name in _switches(context)
        case ast.Name(id=name):
            there = {*scope.arguments, *scope.locals}
            default = _defaults(scope).get(name)
            if name in scope.arguments:
                return isinstance(default, bool | str)
            return name not in there and name in context.known and name.isupper()
    return False


def _switches(context: Context) -> set[str]:
    """Attributes that only a constructor sets, to a constant or to an argument with a default."""
    found: set[str] = set()
    elsewhere: set[str] = set()
    for scope in context.scopes:
        if not scope.constructs:
            elsewhere |= scope.stored
            continue
        defaults = _defaults(scope)
        for statement in scope.function.body:
            match statement:
                case ast.Assign(
                    targets=[ast.Attribute(attr=name)], value=ast.Constant(value=value)
                ) if isinstance(value, bool | str):
                    found.add(name)
                case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=given)) if (
                    isinstance(defaults.get(given), bool | str)
                ):
                    found.add(name)
    return found - elsewhere


def _defaults(scope: Scope) -> dict[str, object]:
    """The arguments that have a constant as their default, each with it."""
    given = scope.function.args
    named = [*given.posonlyargs, *given.args]
    pairs = list(zip(named[len(named) - len(given.defaults) :], given.defaults, strict=True))
    pairs += [
        (name, value)
        for name, value in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if value is not None
    ]
    return {name.arg: value.value for name, value in pairs if isinstance(value, ast.Constant)}


def _keeps_own_name(statement: ast.stmt) -> bool:
    """Whether it is `self.x = x`, or `self.inputs = x` or `self.x = inputs`."""
    match statement:
        case ast.Assign(targets=[ast.Attribute(attr=name)], value=ast.Name(id=given)):
            return name.strip("_") == given or {name, given} <= _INPUTS
    return False


_INPUTS = frozenset(("x", "X", "input", "inputs", "inp", "z", "Z"))
"""Names for what forward is given."""
