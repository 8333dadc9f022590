"""Find attributes that backward reads and that the text of the class never stores, or oddly."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trigrad.subject.source.definitions import ClassOrFunction, methods
from trigrad.subject.source.passes import passes_among
from trigrad.subject.source.walking import walk


@dataclass(frozen=True)
class StoredAttributes:
    """The attributes that backward reads and that look wrong in the text."""

    unset: frozenset[str] = frozenset()
    """Attributes that backward reads and in which nothing but a constant is ever stored."""
    reshaped: frozenset[str] = frozenset()
    """Attributes that backward reads and in which forward stores a shape that is no argument's."""


NOTHING_STORED = StoredAttributes()


def stored_attributes(node: ClassOrFunction | None) -> StoredAttributes:
    """What the text of a class shows; nothing for a function.

    `unset` is empty for a class that inherits from another one, which may store the attributes.
    """
    if not isinstance(node, ast.ClassDef):
        return StoredAttributes()
    there = methods(node)
    passes = passes_among(there)
    if passes is None or passes.forward not in there or passes.backward not in there:
        return StoredAttributes()
    forward, backward = there[passes.forward], there[passes.backward]
    read = {a.attr for a in _attributes(backward, node.name) if isinstance(a.ctx, ast.Load)}
    alone = all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
    unset = read - _set(node, there, passes.backward) - set(there) if alone else set()
    return StoredAttributes(frozenset(unset), frozenset(read & _odd_shapes(forward)))


def _attributes(node: ast.AST, name: str) -> Iterable[ast.Attribute]:
    """Attributes of `self`, and of the class itself by its name: `self.x`, `Relu.x`."""
    for inner in walk(node):
        match inner:
            case ast.Attribute(value=ast.Name(id="self")):
                yield inner
            case ast.Attribute(value=ast.Name(id=owner)) if owner == name:
                yield inner


_DYNAMIC = ("__dict__", "setattr", "vars", "__setattr__")
"""Names that store attributes without naming them: with one of these nothing is known."""


def _set(node: ast.ClassDef, there: Mapping[str, ast.FunctionDef], backward: str) -> set[str]:
    """Attributes in which something other than a constant may be stored, anywhere in the class."""
    words = {n.id for n in walk(node) if isinstance(n, ast.Name)}
    words |= {n.attr for n in walk(node) if isinstance(n, ast.Attribute)}
    if words & set(_DYNAMIC):
        return words
    found = set()
    for name, method in there.items():
        touched = list(_attributes(method, node.name))
        if name == "__init__":
            found |= {a.attr for a in touched} - _placeholders(method)
        elif name == backward:
            found |= {a.attr for a in touched if not isinstance(a.ctx, ast.Load)}
        else:  # forward may pass an attribute to a function that fills it: out=self.y
            found |= {a.attr for a in touched}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Constant):
            found |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return found


def _placeholders(method: ast.FunctionDef) -> set[str]:
    """Attributes in which a constant is stored: `self.mask = None`."""
    return {
        target.attr
        for statement in walk(method)
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Attribute)
    }


def _odd_shapes(forward: ast.FunctionDef) -> set[str]:
    """Attributes in which a shape is stored that is not that of a variable: `x.T.shape`."""
    found = set()
    for statement in walk(forward):
        match statement:
            case ast.Assign(
                targets=[ast.Attribute(attr=name)], value=ast.Attribute(attr="shape") as v
            ):
                if not isinstance(v.value, ast.Name):
                    found.add(name)
    return found
