"""Which of the chapter's helpers a module is lent: those that it counts on and has not itself."""

from __future__ import annotations

import ast
from typing import Any

from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.contract_names import read_name
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Module


def lent(module: Module) -> dict[str, Any]:
    """The helpers by the names under which a module finds them."""
    own = _meant(module)
    return {name: helper for name, helper in HELPERS.items() if name not in own}


def _meant(module: Module) -> frozenset[str]:
    """Helpers that a module has under another name: a method, or a function whose name slipped.

    A learner who calls them by the plain name is to hear of it, not to be helped out.
    """
    found: set[str] = set()
    for chunk in module.chunks:
        tree = parsed(chunk.text)
        for node in ast.walk(tree) if tree else ():
            match node:
                case ast.ImportFrom(names=[ast.alias(name="*")]):
                    return frozenset()  # it may have come from there
                case ast.ClassDef():
                    found |= set(methods(node))
        for statement in tree.body if tree else ():
            if isinstance(statement, ast.FunctionDef):
                reading = read_name(statement.name, function=True)
                if reading is not None and reading.near:
                    found.add(reading.contract.name)
    return frozenset(found)
