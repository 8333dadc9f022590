"""Which methods and helpers have a part in what is judged. Pure syntax."""

from __future__ import annotations

import ast
import copy
import re

from trigrad.contracts.registry import CONTRACTS
from trigrad.subject.source.definitions import ClassOrFunction, methods
from trigrad.subject.source.passes import is_pass
from trigrad.subject.source.walking import walk

_ASKED = frozenset({"loss", "gradient", *(name for c in CONTRACTS for name in c.methods)})
"""What a network is asked, beside the passes of a layer."""


_STEPS = re.compile(
    r"(^|_)(sgd|adam\w*|momentum|nesterov|rmsprop|update|step|apply|optimi[sz]\w*)(_|\d|$)",
    re.IGNORECASE,
)
"""Names of what changes weights, of functions and methods."""


def is_step_name(name: str) -> bool:
    """Whether a function or method of that name changes weights."""
    return bool(_STEPS.search(name))


def steps_weights(node: ClassOrFunction) -> bool:
    """Whether it is an optimiser, or a function that takes its step: no part of any pass.

    A class with a pass, or with something else that a layer may be asked for, is none.
    """
    if not isinstance(node, ast.ClassDef):
        return is_step_name(node.name)
    there = methods(node)
    asked = any(is_pass(name) or name in _ASKED for name in there)
    return not asked and any(map(is_step_name, there))


def without_unused(node: ClassOrFunction) -> ClassOrFunction:
    """A class without the methods that nobody calls when it is judged, at their old places.

    A network's `numerical_gradient` or `update` cannot be what is wrong. Where nothing of a class
    is known to be asked for, all of it stays.
    """
    if not isinstance(node, ast.ClassDef):
        return node
    there = methods(node)
    reached = {name for name in there if is_pass(name) or name in _ASKED}
    if not reached:
        return node
    reached |= {name for name in there if name.startswith("_")}
    new = set(reached)
    while new:
        called = {
            # By its bare name, too: that is what a forgotten `self.` looks like.
            inner.attr if isinstance(inner, ast.Attribute) else inner.id
            for name in new
            for inner in walk(there[name])
            if isinstance(inner, ast.Attribute | ast.Name)
        }
        new = (called & set(there)) - reached
        reached |= new
    kept = copy.copy(node)
    kept.body = [s for s in node.body if getattr(s, "name", "") in reached or not _method(s)]
    return kept


def _method(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef)
