"""Paths of a gradient that go through a mean, a norm, a softmax's sum, or a mixture."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import SUM, Fragment, binary
from trigrad.repair.edits.families.derivatives import goes_back
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk

_AXES = 2
"""So many ways to sum are tried, those that the text has most often."""

_SUMMED = REDUCTIONS - {"argmax", "argmin", "any", "all", "prod"}

_CENTRING = re.compile(r"mean|\bmu\b|std|var\b|sqrt")
"""What a text has that takes a mean off."""

_NORMALIZED = re.compile(r"^(x_?n(orm)?(alized)?|x_?hat|norm(alized)?|out(put)?|y|probs?|[asp])$")
"""Names of what is divided by a deviation, a length or a sum."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    start = "std = dout.std(axis=0)\nxn = dout / std\n"
    softmax = "s = np.exp(self.y)\nout = s / s.sum(axis=-1, keepdims=True)\ndx = dout * out\n"
    gates = "a, b, z = dout\nh = (1 - z) * a + z * b\ndz = dout * {}\nreturn dz"
    return (
        (f"{start}dx = xn\nreturn dx", f"{start}dx = xn - np.mean(xn, axis=0)\nreturn dx"),
        (
            f"{start}dx = dout\nreturn dx",
            f"{start}dx = dout - xn * np.mean(dout * xn, axis=0)\nreturn dx",
        ),
        (
            f"{softmax}da = dx\nreturn da",
            f"{softmax}da = dx - out * np.sum(dx, axis=-1, keepdims=True)\nreturn da",
        ),
        (
            f"{softmax}da = dout * out * (1 - out)\nreturn da",
            f"{softmax}da = out * (dout - np.sum(dout * out, axis=-1, keepdims=True))\nreturn da",
        ),
        (gates.format("b"), gates.format("(b - a)")),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that subtract what goes through a mean or a sum, or the other part of a mixture."""
    tree = parsed(context.text)
    if tree is None:
        return
    axes = _axes(tree)
    quotients = _quotients(tree)
    mixtures = list(_mixtures(tree))
    for place in context.places:
        if not goes_back(place.scope):
            continue
        if axes and context.is_main(place) and isinstance(place.statement, ast.Assign | ast.Return):
            yield from _subtracted(context, place, axes, quotients)
        if axes and isinstance(place.node, ast.BinOp):
            yield from _jacobian(context, place.node, axes)
        if isinstance(place.node, ast.Name) and mixtures and context.is_operand(place):
            yield from _parts(context, place, place.node, mixtures)


def _axes(tree: ast.Module) -> list[str]:
    """How sums and means are taken, as `axis=0` or `axis=1, keepdims=True`."""
    found: Counter[str] = Counter()
    for node in walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=name) as function, args=arguments) if (
                name in _SUMMED
            ):
                words = [f"{k.arg}={ast.unparse(k.value)}" for k in node.keywords if k.arg]
                place = 1 if of_numpy(function) else 0
                words = [f"axis={ast.unparse(a)}" for a in arguments[place : place + 1]] + words
                if words and words[0].startswith("axis="):
                    found[", ".join(words)] += 1
    return [axis for axis, _ in found.most_common(_AXES)]


def _quotients(tree: ast.Module) -> set[str]:
    """The names, without `self.`, of what is divided by something."""
    found = set()
    for node in walk(tree):
        match node:
            case ast.Assign(targets=[target], value=ast.BinOp(op=ast.Div())):
                found.add(ast.unparse(target).split(".")[-1])
    return found


def _subtracted(
    context: Context, place: Place, axes: list[str], quotients: set[str]
) -> Iterator[Edit]:
    node = place.node
    if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Dict):
        return
    if isinstance(node, ast.Call) and not of_numpy(node.func):
        return  # what another function gives is put right there
    whole, np = context.fragment(node), context.prefix
    values = [
        name
        for name in context.readable(place)
        if (bare := name.split(".")[-1]) in quotients or _NORMALIZED.match(bare)
        if not bare.startswith("d")
    ]
    for axis in axes:
        if _CENTRING.search(context.text):
            mean = Fragment(f"{np}mean({whole.text}, {axis})")
            yield context.replaced(node, binary(whole, "-", mean), "centred")
        for value in values:
            if value == whole.text:
                continue
            times = binary(whole, "*", Fragment(value)).text
            for inner in _through(context, whole.text, times):
                through = Fragment(f"{value} * {np}{inner}, {axis})", SUM + 1)
                yield context.replaced(node, binary(whole, "-", through), "projected")


def _through(context: Context, whole: str, times: str) -> Iterator[str]:
    """What goes through a deviation, a length, and the sum of a softmax, where there is one."""
    if re.search(r"sqrt|std|var|norm", context.text):
        yield f"mean({times}"
        yield f"sum({times}"
    if re.search(r"softmax|exp\b", context.text, re.IGNORECASE):
        yield f"sum({whole}"


def _jacobian(context: Context, node: ast.BinOp, axes: list[str]) -> Iterator[Edit]:
    """`dout * y * (1 - y)`, which is a sigmoid's, as that of a softmax."""
    if not re.search(r"softmax|exp\b", context.text, re.IGNORECASE):
        return
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=one, op=ast.Mult(), right=other),
            op=ast.Mult(),
            right=ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=rest),
        ):
            pass
        case _:
            return
    for upstream, output in ((one, other), (other, one)):
        if ast.unparse(output) == ast.unparse(rest):
            d, y = context.fragment(upstream), context.fragment(output)
            for axis in axes:
                times = binary(d, "*", y).text
                through = Fragment(f"{context.prefix}sum({times}, {axis})")
                yield context.replaced(node, binary(y, "*", binary(d, "-", through)), "projected")


def _mixtures(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The two parts of `(1 - z) * a + z * b`, by their names."""
    for node in walk(tree):
        match node:
            case ast.BinOp(
                left=ast.BinOp(op=ast.Mult()) as one, op=ast.Add(), right=ast.BinOp() as other
            ):
                pass
            case _:
                continue
        for first, second in ((one, other), (other, one)):
            for share, part in ((first.left, first.right), (first.right, first.left)):
                match share:
                    case ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=rest):
                        texts = ast.unparse(second.left), ast.unparse(second.right)
                        if ast.unparse(rest) in texts:
                            rest_first = texts[0] == ast.unparse(rest)
                            yield ast.unparse(part), texts[1] if rest_first else texts[0]


def _parts(
    context: Context, place: Place, node: ast.Name, mixtures: list[tuple[str, str]]
) -> Iterator[Edit]:
    """One part less the other: what the share of a mixture is multiplied by."""
    there = context.value_names(place)
    for one, other in mixtures:
        for mine, its in ((one, other), (other, one)):
            if node.id == mine and its in there:
                less = binary(context.fragment(node), "-", Fragment(its))
                yield context.replaced(node, less, "mixture")
