"""Shapes: `reshape` for `shape`, a shape restored, sizes and numbers of dimensions exchanged."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, TERM, Fragment, with_suffix
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import NameKind, guessed

_OTHERS = {
    "shape": ("size", "ndim", "T.shape"),
    "size": ("ndim", "shape[0]"),
    "ndim": ("size", "shape[0]", "shape[1]"),
}


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("x = dout.shape(2, -1)", "x = dout.reshape(2, -1)"),
        ("n = len(dout)\nreturn dout / n", "n = dout.shape[0]\nreturn dout / n"),
        ("self.x_shape = dout", "self.x_shape = dout.shape"),
        ("n = dout.shape[0]\nreturn dout / n", "n = dout.size\nreturn dout / n"),
        ("return dout.reshape(-1)", "return dout.reshape(1, -1)"),
        ("dx = dout.T.shape\nreturn dx", "dx = dout.shape\nreturn dx"),
        (
            "shape = dout.shape\nreturn dout * 2",
            "shape = dout.shape\nreturn (dout * 2).reshape(shape)",
        ),
        ("x = dout\nreturn x", "x = dout.reshape(dout.shape[0], -1)\nreturn x"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern shapes."""
    for place in context.places:
        node = place.node
        match node:
            case ast.Attribute(attr="shape" | "size" | "ndim", ctx=ast.Load()):
                yield from _asked(context, place, node)
            case ast.Call(func=ast.Attribute(attr="reshape"), args=arguments) if arguments:
                yield from _rearranged(context, place, node)
            case ast.Compare() if context.is_index(node):
                for name in context.value_names(place):
                    yield context.replaced(node, name, "mask")
            case ast.Call(func=ast.Name(id="len"), args=[only]):
                for index in ("0", "1"):
                    size = with_suffix(context.fragment(only), f".shape[{index}]")
                    yield context.replaced(node, size, "shape")
        yield from _restored(context, place)
        yield from _kept(context, place)


def _asked(context: Context, place: Place, node: ast.Attribute) -> Iterator[Edit]:
    parent, receiver, statement = context.parent(node), context.whole(node.value), place.statement
    if context.is_called(node):
        yield context.renamed(node, node.attr, "reshape", "reshape for shape")
        return
    if isinstance(statement, ast.If) and statement.test is node:
        compared = Fragment(f"{context.source(node)} == 1", COMPARE)
        yield context.replaced(node, compared, "comparison")
    if node.attr == "shape" and isinstance(statement, ast.Assign) and place.is_value:
        of_itself = receiver in map(context.source, statement.targets)
        flat = f"{receiver}.reshape({receiver}.shape[0], -1)"
        kind = "shape" if of_itself else "other shape"
        yield context.replaced(node, flat, kind)
        yield context.replaced(node, context.fragment(node.value), "shape restored")
    if isinstance(parent, ast.Subscript):
        for other in ("size", "ndim"):
            yield context.replaced(parent, f"{receiver}.{other}", "other shape")
        return
    for other in _OTHERS[node.attr]:
        yield context.renamed(node, node.attr, other, "other shape")
    if isinstance(parent, ast.Compare) and node.attr == "size":
        counts = context.value_names(place, NameKind.COUNT)
        for side in parent.comparators if context.source(parent.comparators[0]) in counts else ():
            for other in counts:
                size = Fragment(f"{context.source(side)} * {other}", TERM)
                yield context.replaced(side, size, "shape")
    if isinstance(parent, ast.Compare) and node.attr != "shape" and ".shape" in ast.unparse(parent):
        yield context.renamed(node, node.attr, "shape", "shape")
    match node:
        case ast.Attribute(attr="shape", value=ast.Attribute(attr="T", value=inner)):
            plain = with_suffix(context.fragment(inner), ".shape")
            yield context.replaced(node, plain, "transpose dropped")


def _kept(context: Context, place: Place) -> Iterator[Edit]:
    """`self.x_shape = x`, or something else of x, → `self.x_shape = x.shape`."""
    match place.statement:
        case ast.Assign(targets=[ast.Name(id=name) | ast.Attribute(attr=name)], value=value):
            pass
        case _:
            return
    if value is not place.node or guessed(name) is not NameKind.SHAPE or place.scope.constructs:
        return
    array = _array_in(value)
    if ast.unparse(array) in context.value_names(place):
        yield context.replaced(value, context.shape_of(context.source(array)), "shape")


def _array_in(node: ast.expr) -> ast.expr:
    """The array that something is asked of, or done to."""
    match node:
        case ast.Attribute(attr="shape" | "size" | "ndim" | "T", value=inner):
            return _array_in(inner)
        case ast.Subscript(value=inner) | ast.Call(func=ast.Attribute(value=inner)) if not (
            isinstance(node, ast.Call) and of_numpy(node.func)
        ):
            return _array_in(inner)
        case ast.Call(args=[inner, *_]):
            return _array_in(inner)
    return node


def _rearranged(context: Context, place: Place, node: ast.Call) -> Iterator[Edit]:
    """Another shape as the argument of a reshape."""
    assert isinstance(node.func, ast.Attribute), "it is the method reshape"
    function, owner = context.whole(node.func), context.whole(node.func.value)
    for shape in _shapes(context, place):
        if shape not in context.source(node):
            yield context.replaced(node, f"{function}({shape})", "other shape")
    counts = [f"{one}, {other}" for one, other in _pairs_of_counts(place)]
    for shape in (*counts, f"1, {owner}.size", f"{owner}.shape[0], -1", "-1", "-1, 1", "1, -1"):
        yield context.replaced(node, f"{function}({shape})", "other shape")
    turned = with_suffix(context.fragment(node.func.value), ".T")
    yield context.replaced(node, turned, "other shape")


def _shapes(context: Context, place: Place) -> list[str]:
    """The shapes that are there to reshape to, written as they would be in the brackets."""
    here = place.scope.at(place.statement.lineno)
    arrays = [
        name
        for name in context.value_names(place)
        if name.split(".")[-1] in {"x", "X", "W", "a", "t", "y"} or name in here
    ]
    return [*context.value_names(place, NameKind.SHAPE), *(f"{name}.shape" for name in arrays)]


def _pairs_of_counts(place: Place) -> Iterator[tuple[str, str]]:
    here = place.scope.at(place.statement.lineno)
    counts = [name for name, kind in here.items() if kind is NameKind.COUNT]
    return itertools.permutations(counts[:3], 2)


def _restored(context: Context, place: Place) -> Iterator[Edit]:
    """A returned or assigned value given the shape that is kept, or made flat."""
    node, parent = place.node, context.parent(place.node)
    array = node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node

    def reshaped(shape: str, kind: str) -> Edit:
        return context.replaced(
            node, with_suffix(context.fragment(array), f".reshape({shape})"), kind
        )

    if isinstance(parent, ast.Return) and place.scope.me:
        if isinstance(node, ast.Tuple | ast.Constant):
            return
        known = context.value_names(place, NameKind.SHAPE)
        for name in known:
            yield reshaped(f"*{name}" if "." in name else name, "shape restored")
        for name in _shapes(context, place):
            if name.startswith(f"{place.scope.me}.") and name not in known:
                yield reshaped(name, "other shape")
    elif isinstance(parent, ast.Assign) and array is not node:
        for one, other in _pairs_of_counts(place):
            yield reshaped(f"{one}, {other}", "other shape")
    elif isinstance(parent, ast.Assign) and isinstance(node, ast.Name) and place.is_value:
        for name in {node.id} & {*place.scope.arguments}:
            yield reshaped(f"{name}.shape[0], -1", "other shape")
