"""How a file calls its own layers: what objects are made of, and the shapes that passes get.

Read from the text, since training is not run: `x = np.random.randn(3, 4)` is an array of 3 × 4.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Shape = tuple[int, ...]

_FILLED = frozenset(
    ("zeros", "ones", "empty", "full", "random", "random_sample", "standard_normal")
)
_DRAWN = frozenset(("randn", "rand"))
_SIZED = frozenset(("normal", "uniform", "randint", "choice", "integers", "binomial"))
LARGEST = 64
"""Longer axes are not for trying."""


@dataclass(frozen=True)
class OwnCalls:
    """The calls of one file."""

    made: dict[str, list[str]] = field(default_factory=dict)
    """The arguments of constructors, as text, by the name of the class: literals only."""
    given: dict[str, list[tuple[Shape | None, ...]]] = field(default_factory=dict)
    """The shapes of the arguments of functions and methods (`Conv.forward`), as far as known."""


def own_calls(trees: Iterable[ast.AST]) -> OwnCalls:
    """The calls in the statements of a file."""
    found = OwnCalls()
    shapes: dict[str, Shape] = {}
    objects: dict[str, str] = {}
    for node in (each for tree in trees for each in _in_order(tree)):
        if isinstance(node, ast.Call):
            _note_call(node, found, shapes, objects)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                shape = shape_of_expression(value, shapes)
                if shape is not None:
                    shapes[name] = shape
                if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
                    objects[name] = value.func.id
    return found


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes, an assignment after what it assigns."""
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)
    yield node


def _note_call(
    node: ast.Call, found: OwnCalls, shapes: dict[str, Shape], objects: dict[str, str]
) -> None:
    name = ""
    match node.func:
        case ast.Name(id=own):
            name = f"{objects[own]}.__call__" if own in objects else own
            text = _literals(node)
            if text is not None:
                found.made.setdefault(own, []).append(text)
        case ast.Attribute(value=ast.Name(id=holder), attr=method) if holder in objects:
            name = f"{objects[holder]}.{method}"
    if name:
        given = tuple(shape_of_expression(each, shapes) for each in node.args)
        if any(given):
            found.given.setdefault(name, []).append(given)


def _literals(node: ast.Call) -> str | None:
    """The arguments of a call as text, if they are all literals."""
    values = [*node.args, *(k.value for k in node.keywords)]
    try:
        for value in values:
            ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return ast.unparse(ast.Call(ast.Name(""), node.args, node.keywords))[1:-1]


def shape_of_expression(node: ast.expr, known: dict[str, Shape]) -> Shape | None:
    """The shape of the array that an expression makes; None if the text does not show it."""
    match node:
        case ast.Name(id=name):
            return known.get(name)
        case ast.BinOp(left=left, right=right):
            sides = [shape_of_expression(side, known) for side in (left, right)]
            return max((s for s in sides if s is not None), key=len, default=None)
        case ast.Attribute(value=inner, attr="T"):
            shape = shape_of_expression(inner, known)
            return shape[::-1] if shape is not None else None
        case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args):
            return _of_call(name, inner, args, node.keywords, known)
    return None


def _of_call(
    name: str,
    holder: ast.expr,
    args: Sequence[ast.expr],
    keywords: Sequence[ast.keyword],
    known: dict[str, Shape],
) -> Shape | None:
    sized = next((k.value for k in keywords if k.arg in ("size", "shape")), None)
    if name == "reshape":
        return _numbers(_spread(args))
    if name in ("astype", "copy"):
        return shape_of_expression(holder, known)
    if name in _DRAWN:
        return _numbers(args)
    if name in _FILLED or name in _SIZED:
        given = sized if sized is not None else args[-1 if name in _SIZED else 0] if args else None
        if given is None:
            return None
        return _numbers(_spread([given]))
    if name in ("array", "asarray") and args:
        return _of_literal(args[0])
    return None


def _spread(args: Sequence[ast.expr]) -> Sequence[ast.expr]:
    """The sizes, which may come in one tuple or list."""
    match args:
        case [ast.Tuple(elts=elts) | ast.List(elts=elts)]:
            return elts
    return args


def _numbers(nodes: Sequence[ast.expr]) -> Shape | None:
    values = [n.value if isinstance(n, ast.Constant) else None for n in nodes]
    if not all(isinstance(v, int) and 0 < v <= LARGEST for v in values):
        return None
    return tuple(v for v in values if isinstance(v, int))


def _of_literal(node: ast.expr) -> Shape | None:
    shape: list[int] = []
    while isinstance(node, ast.List | ast.Tuple) and node.elts:
        shape.append(len(node.elts))
        node = node.elts[0]
    return tuple(shape) if shape and max(shape) <= LARGEST else None
