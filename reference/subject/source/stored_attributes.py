"""What a class's text stores on `self`, and what its backward reads that forward never stores."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trigrad.subject.source.definitions import ClassOrFunction, methods
from trigrad.subject.source.passes import passes_among


@dataclass(frozen=True)
class Stored:
    """What the text says of the state that backward reads."""

    unset: frozenset[str] = frozenset()
    """Attributes that backward reads and nothing but a constant was ever stored in."""
    reshaped: frozenset[str] = frozenset()
    """Attributes that backward reads and in which forward stores the shape of no argument."""


NOTHING_STORED = Stored()


def stored(node: ClassOrFunction | None) -> Stored:
    """What the text of a class says; nothing where it is not a class that stands alone."""
    if not isinstance(node, ast.ClassDef):
        return Stored()
    there = methods(node)
    passes = passes_among(there)
    if passes is None or passes.forward not in there or passes.backward not in there:
        return Stored()
    forward, backward = there[passes.forward], there[passes.backward]
    read = {a.attr for a in _attributes(backward, node.name) if isinstance(a.ctx, ast.Load)}
    alone = all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
    unset = read - _set(node, there, passes.backward) - set(there) if alone else set()
    return Stored(frozenset(unset), frozenset(read & _odd_shapes(forward)))


def _attributes(node: ast.AST, name: str) -> Iterable[ast.Attribute]:
    """`self.x`, and `Relu.x` of the class itself."""
    for inner in ast.walk(node):
        match inner:
            case ast.Attribute(value=ast.Name(id="self")):
                yield inner
            case ast.Attribute(value=ast.Name(id=owner)) if owner == name:
                yield inner


DICTS = ("__dict__", "setattr", "vars", "__setattr__")
"""What stores attributes without naming them: then nothing is known."""


def _set(node: ast.ClassDef, there: Mapping[str, ast.FunctionDef], backward: str) -> set[str]:
    """Attributes that more than a constant may be stored in, somewhere in the class."""
    words = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    words |= {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute)}
    if words & set(DICTS):
        return words
    found = set()
    for name, method in there.items():
        touched = list(_attributes(method, node.name))
        if name == "__init__":
            found |= {a.attr for a in touched} - _placeholders(method)
        elif name == backward:
            found |= {a.attr for a in touched if not isinstance(a.ctx, ast.Load)}
        else:  # what forward only reads it may hand to something that fills it: out=self.y
            found |= {a.attr for a in touched}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Constant):
            found |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return found


def _placeholders(method: ast.FunctionDef) -> set[str]:
    """Attributes that a constant is stored in: `self.mask = None`."""
    return {
        target.attr
        for statement in ast.walk(method)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Attribute)
    }


def _odd_shapes(forward: ast.FunctionDef) -> set[str]:
    """`self.shape = x.T.shape`: a shape that is not simply an argument's."""
    found = set()
    for statement in ast.walk(forward):
        match statement:
            case ast.Assign(
                targets=[ast.Attribute(attr=name)], value=ast.Attribute(attr="shape") as v
            ):
                if not isinstance(v.value, ast.Name):
                    found.add(name)
    return found
