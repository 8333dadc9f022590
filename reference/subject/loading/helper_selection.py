"""Which of the chapter's helpers are supplied to a module: those that it does not define itself."""

from __future__ import annotations

import ast
from types import FunctionType
from typing import Any

from trigrad.subject.loading.helpers import HELPERS, UNMENTIONED
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.source.contract_names import match_name
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Module
from trigrad.subject.source.walking import walk


def helpers_for(module: Module) -> dict[str, Any]:
    """The supplied helpers by name."""
    own = _own_helpers(module)
    return {name: helper for name, helper in HELPERS.items() if name not in own}


def _own_helpers(module: Module) -> frozenset[str]:
    """Helpers that a module defines itself, as a method or under a misspelled name.

    Calling one of them by its plain name is a mistake, which must be reported and not hidden.
    """
    found: set[str] = set()
    for chunk in module.chunks:
        tree = parsed(chunk.text)
        for node in walk(tree) if tree else ():
            match node:
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    return frozenset()  # the star import may have brought any helper
                case ast.ClassDef():
                    found |= set(methods(node))
        for statement in tree.body if tree else ():
            if isinstance(statement, ast.FunctionDef):
                match = match_name(statement.name, function=True)
                if match is not None and match.misspelled:
                    found.add(match.contract.name)
    return frozenset(found)


def helpers_used_by(definition: Definition) -> list[str]:
    """The supplied helpers that a definition's text uses."""
    scope = getattr(definition.value, "__globals__", None)
    if scope is None:
        functions = (f for f in vars(definition.value).values() if isinstance(f, FunctionType))
        scope = next((f.__globals__ for f in functions), None)
    if scope is None or definition.node is None:
        return []
    supplied = scope.get("__builtins__")
    if not isinstance(supplied, dict) or supplied.get("np") is not HELPERS["np"]:
        return []  # its module was not run by the loader, which supplies helpers
    nodes = list(walk(definition.node))
    names = [n for n in nodes if isinstance(n, ast.Name)]
    inner = {n.name for n in nodes if isinstance(n, ast.FunctionDef) and n.col_offset > 4}
    own = inner | {n.id for n in names if isinstance(n.ctx, ast.Store)}
    read = {n.id for n in names} - own
    return [
        name
        for name, helper in HELPERS.items()
        if name in read
        and name not in UNMENTIONED
        and scope.get(name, helper) is helper
        and (name in scope or name in supplied)
    ]
