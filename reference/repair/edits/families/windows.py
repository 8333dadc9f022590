"""Windows that move over an array: the border that padding adds, and the stride."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.repair.edits.scope import Scope, bindings
from trigrad.subject.source.walking import walk

Borders = Mapping[int, tuple[str, str]]
"""By axis: how wide the border is, and the size without it; empty where no name has it."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    zeros = "dx = np.zeros((N, H + 2 * pad, W + 2 * pad))\n"
    padded = "p = np.pad(dout, ((0, 0), (pad, pad)), 'constant')\ndx = np.zeros_like(p)\n"
    loop = "for i in range(OH):\n    dx[:, {0}:{0} + FH] += dout[:, i]\nreturn dx * self.stride"
    corner = (
        "for i in range(OH):\n    a = {}\n    dx[:, a:a + FH] += dout[:, i]\nreturn self.stride"
    )
    return (
        (f"{zeros}return dx", f"{zeros}return dx[:, pad:H + pad, pad:W + pad]"),
        (f"{padded}return dx", f"{padded}return dx[:, pad:dx.shape[1] - pad]"),
        (loop.format("i"), loop.format("i * self.stride")),
        (corner.format("i"), corner.format("i * self.stride")),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that cut a border off, or multiply the places of windows by a stride."""
    for scope in context.scopes:
        bordered = _bordered(context, scope)
        for place in context.places if bordered else ():
            name = context.source(place.node)
            handed_on = context.is_outermost(place) and not isinstance(place.node, ast.Tuple)
            if place.scope is scope and name in bordered and handed_on:
                yield context.replaced(place.node, _cut(name, bordered[name]), "border cut")
        yield from _strides(context, scope)


def _cut(name: str, borders: Borders) -> str:
    slices = []
    for axis in range(max(borders) + 1):
        width, size = borders.get(axis, ("", ""))
        stop = f"{size} + {width}" if size else f"{name}.shape[{axis}] - {width}"
        slices.append(f"{width}:{stop}" if width else ":")
    return f"{name}[{', '.join(slices)}]"


def _bordered(context: Context, scope: Scope) -> dict[str, Borders]:
    """The arrays of a function that have a border, by their names."""
    found: dict[str, Borders] = {}
    for target, value in bindings(scope.function):
        name = context.source(target)
        match value:
            case ast.Call(func=function, args=[ast.Tuple(elts=sizes), *_]) if of_numpy(
                function
            ) in ("zeros", "empty"):
                found |= {name: borders} if (borders := _of_sizes(context, sizes)) else {}
            case ast.Call(func=function, args=[_, ast.Tuple() | ast.List() as widths, *_]) if (
                of_numpy(function) == "pad"
            ):
                found |= {name: borders} if (borders := _of_widths(context, widths)) else {}
            case ast.Call(func=function, args=[like, *_]) if of_numpy(function) == "zeros_like":
                of_other = context.source(like)
                found |= {name: found[of_other]} if of_other in found else {}
    return found


def _of_sizes(context: Context, sizes: list[ast.expr]) -> Borders:
    """The borders of `(N, C, H + 2 * pad, W + 2 * pad)`; what else is added does not matter."""
    found = {}
    for axis, size in enumerate(sizes):
        first, *others = _summands(size)
        for each in others:
            match each:
                case (
                    ast.BinOp(left=ast.Constant(value=2), op=ast.Mult(), right=width)
                    | ast.BinOp(left=width, op=ast.Mult(), right=ast.Constant(value=2))
                ):
                    found[axis] = context.source(width), context.source(first)
    return found


def _summands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            return [*_summands(left), right]
    return [node]


def _of_widths(context: Context, widths: ast.Tuple | ast.List) -> Borders:
    """The borders of `((0, 0), (pad, pad))`."""
    found = {}
    for axis, each in enumerate(widths.elts):
        match each:
            case ast.Tuple(elts=[width, _]) | ast.List(elts=[width, _]):
                if not isinstance(width, ast.Constant):
                    found[axis] = context.source(width), ""
    return found


def _strides(context: Context, scope: Scope) -> Iterator[Edit]:
    """The numbers of windows times the stride, wherever they say where windows begin and end."""
    there = {*scope.arguments, *scope.locals, *(f"{scope.me}.{n}" for n in context.attributes)}
    strides = [name for name in sorted(there) if "stride" in name.lower()]
    loops = [
        each.target.id
        for each in context.statements(scope)
        if isinstance(each, ast.For) and isinstance(each.target, ast.Name)
    ]
    places = [
        node
        for each in context.statements(scope)
        for node in _window_places(each)
        if node.id in loops
    ]
    places.sort(key=context.span)
    for stride in strides if places else ():
        start = at = context.span(places[0])[0]
        text = ""
        for node in places:
            begin, end = context.span(node)
            text += context.text[at:begin] + f"{node.id} * {stride}"
            at = end
        yield Edit(start, at, text, "stride")


def _window_places(statement: ast.stmt) -> Iterator[ast.Name]:
    """The names that say, as they are, where a window begins: `i` in `[i:i + 3]`, or `a = i`."""
    match statement:
        case ast.Assign(value=ast.Name() as name):
            yield name
    if isinstance(statement, ast.For | ast.While | ast.If | ast.With):
        return
    for node in walk(statement):
        match node:
            case ast.Slice(lower=ast.Name() as lower, upper=upper):
                yield lower
                match upper:
                    case ast.BinOp(left=ast.Name() as left, op=ast.Add()) if left.id == lower.id:
                        yield left
