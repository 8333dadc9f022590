"""Shapes: `reshape` for `shape`, a shape restored, sizes and numbers of dimensions exchanged."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, TERM, Fragment, with_suffix
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import NameKind, guessed

_OTHERS = {
    "shape": ("size", "ndim", "T.shape"),
    "size": ("ndim", "shape[0]"),
    "ndim": ("size", "shape[0]", "shape[1]"),
}


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern shapes."""
    for place in context.places:
        match place.node:
            case ast.Attribute(attr="shape" | "size" | "ndim", ctx=ast.Load()):
                yield from _asked(context, place, place.node)
            case ast.Call(func=ast.Attribute(attr="reshape"), args=arguments) if arguments:
                yield from _rearranged(context, place, place.node)
            case ast.Compare() as compared if context.indexes(compared):
                for name in context.value_names(place):
                    cost = 1.1 if "mask" in name else 1.9
                    yield context.replaced(compared, Fragment(name), "mask", cost)
            case ast.Call(func=ast.Name(id="len"), args=[only]):
                for index in ("0", "1"):
                    piece = with_suffix(context.piece(only), f".shape[{index}]")
                    yield context.replaced(place.node, piece, "shape", 1.4)
        yield from _restored(context, place)
        yield from _asked_of(context, place)


def _asked(context: Context, place: Place, node: ast.Attribute) -> Iterator[Edit]:
    parent = context.parent(node)
    end = context.layout.span(node)[1]
    receiver = context.layout.whole(node.value)
    if isinstance(parent, ast.Call) and parent.func is node:
        yield Edit(end - len(node.attr), end, "reshape", "reshape", 0.3)
        return
    if isinstance(place.statement, ast.If) and place.statement.test is node:
        compared = Fragment(f"{context.layout.source(node)} == 1", COMPARE)
        yield context.replaced(node, compared, "comparison", 1.0)
    if node.attr == "shape":
        of_itself = isinstance(place.statement, ast.Assign) and any(
            context.layout.source(target) == receiver for target in place.statement.targets
        )
        flat = Fragment(f"{receiver}.reshape({receiver}.shape[0], -1)")
        if isinstance(place.statement, ast.Assign) and place.statement.value is node:
            yield context.replaced(node, flat, "reshape", 0.4 if of_itself else 2.2)
            yield context.replaced(node, context.piece(node.value), "shape dropped", 2.0)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        yield context.replaced(parent, Fragment(f"{receiver}.size"), "shape", 1.8)
        cost = 2.0 if _is_compared_with_few(context.parent(parent)) else 2.2
        yield context.replaced(parent, Fragment(f"{receiver}.ndim"), "shape", cost)
        return
    for other in _OTHERS[node.attr]:
        yield Edit(end - len(node.attr), end, other, "shape", 1.8)
    if isinstance(parent, ast.Compare) and node.attr == "size":
        counts = context.value_names(place, NameKind.COUNT)
        for side in parent.comparators:
            if context.layout.source(side) in counts:
                for other in counts:
                    piece = Fragment(f"{context.layout.source(side)} * {other}", TERM)
                    yield context.replaced(side, piece, "factor", 1.3)
    if node.attr != "shape" and isinstance(parent, ast.Compare) and "shape" in ast.unparse(parent):
        yield Edit(end - len(node.attr), end, "shape", "shape", 1.2)
    if node.attr == "shape" and isinstance(node.value, ast.Attribute) and node.value.attr == "T":
        plain = with_suffix(context.piece(node.value.value), ".shape")
        yield context.replaced(node, plain, "transpose dropped", 0.8)


def _is_compared_with_few(node: ast.AST | None) -> bool:
    """Whether it is a comparison with 1 or 2, as numbers of axes are compared."""
    match node:
        case ast.Compare(comparators=[ast.Constant(value=1 | 2)]):
            return True
        case _:
            return False


def _asked_of(context: Context, place: Place) -> Iterator[Edit]:
    """`self.x_shape = x`, or something else of x, → `self.x_shape = x.shape`."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value) if (
            value is place.node and guessed(name) is NameKind.SHAPE and not context.constructs(place)
        ):
            array = _array_in(value)
            if ast.unparse(array) in context.value_names(place):
                piece = with_suffix(context.piece(array), ".shape")
                if "np.shape(" in context.layout.source(context.definition):
                    piece = Fragment(f"np.shape({context.layout.source(array)})")
                yield context.replaced(value, piece, "shape", 0.8)


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


def _shapes(context: Context, place: Place) -> list[str]:
    """The shapes that are there to reshape to, written as they would be in the brackets."""
    names = context.value_names(place, NameKind.SHAPE)
    here = place.scope.at(place.statement.lineno)
    values = [
        name
        for name in context.value_names(place, NameKind.VALUE)
        if name.split(".")[-1] in {"x", "X", "W", "a", "t", "y"} or name in here
    ]
    return [*names, *(f"{name}.shape" for name in values)]


def _rearranged(context: Context, place: Place, node: ast.Call) -> Iterator[Edit]:
    """Another shape as the argument of a reshape."""
    assert isinstance(node.func, ast.Attribute)
    receiver = context.layout.whole(node.func)
    whole = context.layout.source(node)
    for shape in _shapes(context, place):
        if shape not in whole:
            yield context.replaced(node, Fragment(f"{receiver}({shape})"), "reshape", 1.6)
    here = place.scope.at(place.statement.lineno)
    counts = [name for name, kind in here.items() if kind is NameKind.COUNT]
    for one, other in itertools.permutations(counts[:3], 2):
        piece = Fragment(f"{receiver}({one}, {other})")
        yield context.replaced(node, piece, "reshape", 1.6)
    owner = context.layout.whole(node.func.value)
    for text in (f"1, {owner}.size", f"{owner}.shape[0], -1", "-1", "-1, 1", "1, -1"):
        yield context.replaced(node, Fragment(f"{receiver}({text})"), "reshape", 2.2)
    yield context.replaced(node, with_suffix(context.piece(node.func.value), ".T"), "reshape", 2.2)


def _restored(context: Context, place: Place) -> Iterator[Edit]:
    """A returned or assigned value given the shape that is kept, or made flat."""
    node = place.node
    parent = context.parent(node)
    method = bool(place.scope.me)
    if isinstance(parent, ast.Return):
        known = context.value_names(place, NameKind.SHAPE)
        if isinstance(node, ast.Tuple | ast.Constant) or not method:
            return
        turned = isinstance(node, ast.Attribute) and node.attr == "T"
        array = node.value if isinstance(node, ast.Attribute) and turned else node
        for name in known:
            starred = f"*{name}" if "." in name else name
            piece = with_suffix(context.piece(array), f".reshape({starred})")
            yield context.replaced(node, piece, "reshape", 1.1)
        for name in _shapes(context, place):
            if name.startswith(place.scope.me + ".") and name not in known:
                piece = with_suffix(context.piece(node), f".reshape({name})")
                yield context.replaced(node, piece, "reshape", 2.0)
    elif isinstance(parent, ast.Assign) and isinstance(node, ast.Attribute) and node.attr == "T":
        here = place.scope.at(place.statement.lineno)
        counts = [name for name, kind in here.items() if kind is NameKind.COUNT]
        for one, other in itertools.permutations(counts[:3], 2):
            piece = with_suffix(context.piece(node.value), f".reshape({one}, {other})")
            yield context.replaced(node, piece, "reshape", 1.6)
    elif (
        isinstance(parent, ast.Assign)
        and isinstance(node, ast.Name)
        and parent.value is node
        and node.id in place.scope.arguments
    ):
        flat = with_suffix(context.piece(node), f".reshape({node.id}.shape[0], -1)")
        yield context.replaced(node, flat, "reshape", 1.6)
