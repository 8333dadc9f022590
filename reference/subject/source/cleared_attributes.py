"""Where a text sets attributes to zero, as an optimiser or a loop does with gradients.

A layer sets its own gradients to zero when it is made, which is not meant here: a constructor and
a pass do not count, nor does what another class does with attributes of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from trigrad.messages import Message
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.passes import is_pass
from trigrad.subject.source.text import Chunk
from trigrad.subject.source.walking import walk

_ZEROS = ("zeros", "zeros_like")
_FILLS = ("fill", "zero_", "zero", "clear")


def place_that_clears(
    chunks: Sequence[Chunk], names: Collection[str], classes: Collection[str]
) -> str:
    """The place of the first statement that sets attributes of these names to zero.

    "" if there is one of these names that no statement sets to zero. `classes` are the names of
    the classes whose `self` holds them: the layer's and its bases, or that of a parameter object.
    """
    places: dict[str, str] = {}
    for chunk in chunks:
        tree = parsed(chunk.text, chunk.label)
        for statement in statements_outside_passes(tree, classes) if tree is not None else ():
            for name in names:
                if name not in places and _clears(statement, {name}):
                    places[name] = str(
                        Message("place.line", place=chunk.place, line=statement.lineno)
                    )
    return next(iter(places.values()), "") if len(places) == len(set(names)) else ""


def statements_outside_passes(tree: ast.AST, classes: Collection[str]) -> Iterator[ast.stmt]:
    """The statements outside constructors and passes; in other classes, those about others."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            for method in node.body:
                name = getattr(method, "name", "")
                if name == "__init__" or is_pass(name):
                    continue
                own = node.name in classes
                yield from (s for s in _inner(method) if own or not _is_about_self(s))
        else:
            yield from _inner(node)


def _inner(node: ast.AST) -> Iterator[ast.stmt]:
    return (inner for inner in walk(node) if isinstance(inner, ast.stmt))


def set_to_zero(statement: ast.stmt) -> list[ast.expr]:
    """What a statement sets to zero."""
    match statement:
        case ast.Assign(targets=targets, value=value) if _is_zero(value):
            return targets
        case ast.AugAssign(target=target, op=ast.Mult(), value=value) if _is_zero(value):
            return [target]
        case ast.Expr(value=ast.Call(func=ast.Name(id="setattr"), args=[holder, key, value])):
            return [ast.Subscript(holder, key)] if _is_zero(value) else []
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder, attr=attr), args=args)):
            return [holder] if attr in _FILLS and all(map(_is_zero, args)) else []
    return []


def _is_zero(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=constant):
            return constant is None or constant == 0
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            return bool(elements) and all(map(_is_zero, elements))
        case ast.Dict(values=elements):
            return all(map(_is_zero, elements))
        case ast.ListComp(elt=element) | ast.DictComp(value=element):
            return _is_zero(element)
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Call(func=ast.Name(id=name)):
            return name in _ZEROS
    return False


def _is_about_self(statement: ast.stmt) -> bool:
    """Whether it sets attributes of `self` itself, not of an object that self holds."""
    for target in set_to_zero(statement):
        while isinstance(target, ast.Subscript):
            target = target.value
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            return target.value.id == "self"
    return False


def _clears(statement: ast.stmt, names: set[str]) -> bool:
    """Whether a statement, or a loop over what has one of these names, sets it to zero."""
    if isinstance(statement, ast.For) and mentioned(statement.iter) & names:
        items = mentioned(statement.target)
        return any(
            _clears(inner, names | items) for inner in _inner(statement) if inner is not statement
        )
    return any(mentioned(target) & names for target in set_to_zero(statement))


def mentioned(expression: ast.AST) -> set[str]:
    """The names, attributes and string keys in an expression."""
    found = set()
    for node in walk(expression):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
                found.add(name)
    return found
