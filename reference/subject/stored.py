"""What a class's text stores on `self`, and what its backward reads that forward never stores."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reference.subject.definitions import ClassOrFunction, methods
from reference.subject.passes import passes_among


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
    unset = read - _set(node, there) - set(there) if alone else set()
    return Stored(frozenset(unset), frozenset(read & _odd_shapes(forward)))


def _attributes(node: ast.AST, name: str) -> Iterable[ast.Attribute]:
    """`self.x`, and `Relu.x` of the class itself."""
    for inner in ast.walk(node):
        match inner:
            case ast.Attribute(value=ast.Name(id="self")):
                yield inner
            case ast.Attribute(value=ast.Name(id=owner)) if owner == name:
                yield inner


def _set(node: ast.ClassDef, there: Mapping[str, ast.FunctionDef]) -> set[str]:
    """Attributes that more than a constant is stored in, somewhere in the class."""
    found = set()
    for name, method in there.items():
        placeholders = {
            target.attr
            for statement in ast.walk(method)
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
            for target in statement.targets
            if isinstance(target, ast.Attribute)
        }
        stores = [a for a in _attributes(method, node.name) if not isinstance(a.ctx, ast.Load)]
        found |= {a.attr for a in stores if name != "__init__" or a.attr not in placeholders}
        if any(isinstance(n, ast.Name) and n.id == "setattr" for n in ast.walk(method)):
            found |= {a.attr for m in there.values() for a in _attributes(m, node.name)}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Constant):
            found |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return found


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
