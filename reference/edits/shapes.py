"""Shapes: `reshape` for `shape`, a shape restored, sizes and numbers of dimensions exchanged."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from reference.edits.edit import Edit
from reference.edits.ground import Ground, Place
from reference.edits.numpy_forms import of_numpy
from reference.edits.piece import COMPARE, TERM, Piece, with_suffix
from reference.edits.scope import Kind, guessed

_OTHERS = {
    "shape": ("size", "ndim", "T.shape"),
    "size": ("ndim", "shape[0]"),
    "ndim": ("size", "shape[0]", "shape[1]"),
}


def edits(ground: Ground) -> Iterator[Edit]:
    """All edits that concern shapes."""
    for place in ground.places:
        match place.node:
            case ast.Attribute(attr="shape" | "size" | "ndim", ctx=ast.Load()):
                yield from _asked(ground, place, place.node)
            case ast.Call(func=ast.Attribute(attr="reshape"), args=arguments) if arguments:
                yield from _rearranged(ground, place, place.node)
            case ast.Compare() as compared if ground.indexes(compared):
                for name in ground.value_names(place):
                    cost = 1.1 if "mask" in name else 1.9
                    yield ground.replaced(compared, Piece(name), "mask", cost)
            case ast.Call(func=ast.Name(id="len"), args=[only]):
                for index in ("0", "1"):
                    piece = with_suffix(ground.piece(only), f".shape[{index}]")
                    yield ground.replaced(place.node, piece, "shape", 1.4)
        yield from _restored(ground, place)
        yield from _asked_of(ground, place)


def _asked(ground: Ground, place: Place, node: ast.Attribute) -> Iterator[Edit]:
    parent = ground.parent(node)
    end = ground.layout.span(node)[1]
    receiver = ground.layout.whole(node.value)
    if isinstance(parent, ast.Call) and parent.func is node:
        yield Edit(end - len(node.attr), end, "reshape", "reshape", 0.3)
        return
    if isinstance(place.statement, ast.If) and place.statement.test is node:
        compared = Piece(f"{ground.layout.source(node)} == 1", COMPARE)
        yield ground.replaced(node, compared, "comparison", 1.0)
    if node.attr == "shape":
        of_itself = isinstance(place.statement, ast.Assign) and any(
            ground.layout.source(target) == receiver for target in place.statement.targets
        )
        flat = Piece(f"{receiver}.reshape({receiver}.shape[0], -1)")
        if isinstance(place.statement, ast.Assign) and place.statement.value is node:
            yield ground.replaced(node, flat, "reshape", 0.4 if of_itself else 2.2)
            yield ground.replaced(node, ground.piece(node.value), "shape dropped", 2.0)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        yield ground.replaced(parent, Piece(f"{receiver}.size"), "shape", 1.8)
        cost = 2.0 if _is_compared_with_few(ground.parent(parent)) else 2.2
        yield ground.replaced(parent, Piece(f"{receiver}.ndim"), "shape", cost)
        return
    for other in _OTHERS[node.attr]:
        yield Edit(end - len(node.attr), end, other, "shape", 1.8)
    if isinstance(parent, ast.Compare) and node.attr == "size":
        counts = ground.value_names(place, Kind.COUNT)
        for side in parent.comparators:
            if ground.layout.source(side) in counts:
                for other in counts:
                    piece = Piece(f"{ground.layout.source(side)} * {other}", TERM)
                    yield ground.replaced(side, piece, "factor", 1.3)
    if node.attr != "shape" and isinstance(parent, ast.Compare) and "shape" in ast.unparse(parent):
        yield Edit(end - len(node.attr), end, "shape", "shape", 1.2)
    if node.attr == "shape" and isinstance(node.value, ast.Attribute) and node.value.attr == "T":
        plain = with_suffix(ground.piece(node.value.value), ".shape")
        yield ground.replaced(node, plain, "transpose dropped", 0.8)


def _is_compared_with_few(node: ast.AST | None) -> bool:
    """Whether it is a comparison with 1 or 2, as numbers of axes are compared."""
    match node:
        case ast.Compare(comparators=[ast.Constant(value=1 | 2)]):
            return True
        case _:
            return False


def _asked_of(ground: Ground, place: Place) -> Iterator[Edit]:
    """`self.x_shape = x`, or something else of x, → `self.x_shape = x.shape`."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value) if (
            value is place.node and guessed(name) is Kind.SHAPE and not ground.constructs(place)
        ):
            array = _array_in(value)
            if ast.unparse(array) in ground.value_names(place):
                piece = with_suffix(ground.piece(array), ".shape")
                if "np.shape(" in ground.layout.source(ground.definition):
                    piece = Piece(f"np.shape({ground.layout.source(array)})")
                yield ground.replaced(value, piece, "shape", 0.8)


def _array_in(node: ast.expr) -> ast.expr:
    """The array that something is asked of, or done to."""
    match node:
        case ast.Attribute(attr="shape" | "size" | "ndim" | "T", value=inner):
            return _array_in(inner)
        case ast.Subscript(value=inner):
            return _array_in(inner)
        case ast.Call(func=ast.Attribute(value=inner) as function) if not of_numpy(function):
            return _array_in(inner)
        case ast.Call(args=[inner, *_]):
            return _array_in(inner)
        case _:
            return node


def _shapes(ground: Ground, place: Place) -> list[str]:
    """The shapes that are there to reshape to, written as they would be in the brackets."""
    names = ground.value_names(place, Kind.SHAPE)
    here = place.scope.at(place.statement.lineno)
    values = [
        name
        for name in ground.value_names(place, Kind.VALUE)
        if name.split(".")[-1] in {"x", "X", "W", "a", "t", "y"} or name in here
    ]
    return [*names, *(f"{name}.shape" for name in values)]


def _rearranged(ground: Ground, place: Place, node: ast.Call) -> Iterator[Edit]:
    """Another shape as the argument of a reshape."""
    assert isinstance(node.func, ast.Attribute)
    receiver = ground.layout.whole(node.func)
    whole = ground.layout.source(node)
    for shape in _shapes(ground, place):
        if shape not in whole:
            yield ground.replaced(node, Piece(f"{receiver}({shape})"), "reshape", 1.6)
    here = place.scope.at(place.statement.lineno)
    counts = [name for name, kind in here.items() if kind is Kind.COUNT]
    for one, other in itertools.permutations(counts[:3], 2):
        piece = Piece(f"{receiver}({one}, {other})")
        yield ground.replaced(node, piece, "reshape", 1.6)
    owner = ground.layout.whole(node.func.value)
    for text in (f"1, {owner}.size", f"{owner}.shape[0], -1", "-1", "-1, 1", "1, -1"):
        yield ground.replaced(node, Piece(f"{receiver}({text})"), "reshape", 2.2)
    yield ground.replaced(node, with_suffix(ground.piece(node.func.value), ".T"), "reshape", 2.2)


def _restored(ground: Ground, place: Place) -> Iterator[Edit]:
    """A returned or assigned value given the shape that is kept, or made flat."""
    node = place.node
    parent = ground.parent(node)
    method = bool(place.scope.me)
    if isinstance(parent, ast.Return):
        known = ground.value_names(place, Kind.SHAPE)
        if isinstance(node, ast.Tuple | ast.Constant) or not method:
            return
        turned = isinstance(node, ast.Attribute) and node.attr == "T"
        array = node.value if isinstance(node, ast.Attribute) and turned else node
        for name in known:
            starred = f"*{name}" if "." in name else name
            piece = with_suffix(ground.piece(array), f".reshape({starred})")
            yield ground.replaced(node, piece, "reshape", 1.1)
        for name in _shapes(ground, place):
            if name.startswith(place.scope.me + ".") and name not in known:
                piece = with_suffix(ground.piece(node), f".reshape({name})")
                yield ground.replaced(node, piece, "reshape", 2.0)
    elif isinstance(parent, ast.Assign) and isinstance(node, ast.Attribute) and node.attr == "T":
        here = place.scope.at(place.statement.lineno)
        counts = [name for name, kind in here.items() if kind is Kind.COUNT]
        for one, other in itertools.permutations(counts[:3], 2):
            piece = with_suffix(ground.piece(node.value), f".reshape({one}, {other})")
            yield ground.replaced(node, piece, "reshape", 1.6)
    elif (
        isinstance(parent, ast.Assign)
        and isinstance(node, ast.Name)
        and parent.value is node
        and node.id in place.scope.arguments
    ):
        flat = with_suffix(ground.piece(node), f".reshape({node.id}.shape[0], -1)")
        yield ground.replaced(node, flat, "reshape", 1.6)
