"""Functions exchanged, their axes and keywords, expressions wrapped in a call or unwrapped."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Iterator

import numpy as np

from trigrad.contracts.schema import Sign
from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import with_suffix
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import Scope
from trigrad.subject.source.signs import signs_of_text

_ALIKE: tuple[tuple[str, ...], ...] = (
    ("sum", "mean", "max", "min"),
    ("exp", "log"),
    ("zeros_like", "ones_like"),
    ("zeros", "ones"),
    ("zeros", "zeros_like"),
    ("ones", "ones_like"),
    ("dot", "multiply"),
    ("matmul", "multiply"),
    ("maximum", "minimum"),
    ("argmax", "argmin", "max"),
    ("randn", "rand"),
    ("sqrt", "square"),
    ("add", "multiply", "subtract"),
    ("forward", "backward"),
    ("reshape", "transpose"),
    ("loss", "predict"),
    ("values", "keys"),
    ("log", "log10", "log2", "log1p"),
)
"""Functions that are taken for each other."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("return np.log10(dout)", "return np.log(dout)"),
        ("return dout.sum(1)", "return dout.sum(0)"),
        ("dx = np.zeros(dout)\nreturn dx", "dx = np.zeros_like(dout)\nreturn dx"),
        (
            "return np.sum(dout, axis=1)",
            "return np.sum(dout, axis=-1, keepdims=True)",
        ),
        ("return dout.copy()", "return dout"),
        ("return np.zero(dout.shape)", "return np.zeros(dout.shape)"),
        (
            "e = dout - dout.max(axis=0)\nreturn e / e.sum(axis=0)",
            "e = dout - dout.max(axis=1)\nreturn e / e.sum(axis=1)",
        ),
        (
            "dW = np.dot(self.W, dout)\nreturn dW.sum(axis=0)",
            "dW = np.dot(self.W, dout)\nreturn dW.sum(axis=1, keepdims=True)",
        ),
        ("return np.dot(dout, self.W)", "return np.dot(self.W, dout)"),
        ("self.db = dout", "self.db = np.sum(dout, axis=0)"),
        ("dx = dout\nreturn dx", "dx = dout.copy()\nreturn dx"),
        ("out = dout.copy\nreturn out", "out = dout.copy()\nreturn out"),
        (
            "for layer in self.layers:\n    dout = layer.backward(dout)",
            "for layer in self.layers.values():\n    dout = layer.backward(dout)",
        ),
        (
            "def f(e, axis=-1):\n    return np.sum(e, axis=1)",
            "def f(e, axis=-1):\n    return np.sum(e, axis=axis)",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern calls."""
    for scope in context.scopes:
        yield from _axes_together(context, scope)
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Call):
            yield from _renamed(context, node)
            yield from _axes(context, node)
            yield from _unwrapped(context, place, node)
            for one, other in itertools.pairwise(node.args):
                if not isinstance(one, ast.Starred) and not isinstance(other, ast.Starred):
                    yield context.swapped(one, other, "arguments swapped")
        yield from _wrapped(context, place)
        match node:
            case ast.Attribute(attr="copy" | "sum" | "mean" | "flatten" | "ravel") if (
                not context.is_called(node) and not of_numpy(node)
            ):
                yield context.replaced(node, with_suffix(context.fragment(node), "()"), "slip")
        if _may_hold_layers(context, place):
            values = with_suffix(context.fragment(node), ".values()")
            yield context.replaced(node, values, "slip")


def _axes_together(context: Context, scope: Scope) -> Iterator[Edit]:
    """Every axis of a function's sums and maxima at once: each sample is a row, or a column."""
    reduced = [
        (place.node, axis)
        for place in context.places
        if place.scope is scope and isinstance(place.node, ast.Call)
        if ast.unparse(place.node.func).split(".")[-1] in REDUCTIONS
        for axis in [
            *place.node.args[1:],
            *(each.value for each in place.node.keywords if each.arg == "axis"),
        ][:1]
    ]
    kept = [axis for node, axis in reduced if any(k.arg == "keepdims" for k in node.keywords)]
    together = [[axis for _, axis in reduced], kept]
    for found in together if kept and len(kept) < len(reduced) else together[:1]:
        yield from _turned(context, found)


def _turned(context: Context, found: list[ast.expr]) -> Iterator[Edit]:
    """The other axis wherever one stands, if it is the same everywhere."""
    axes = {context.source(each) for each in found}
    if len(found) < 2 or len(axes) > 1 or not axes <= {"0", "1", "-1"}:
        return
    new = "1" if axes == {"0"} else "0"
    first, last = context.span(found[0])[0], context.span(found[-1])[1]
    text, at = "", first
    for each in found:
        start, end = context.span(each)
        text += context.text[at:start] + new
        at = end
    yield Edit(first, last, text, "axes together")


def _may_hold_layers(context: Context, place: Place) -> bool:
    """Whether a name is listed or looped over, and may be a dictionary."""
    if not isinstance(place.node, ast.Name | ast.Attribute):
        return False
    match context.parent(place.node):
        case ast.Call(func=ast.Name(id="list" | "reversed"), args=[_]):
            return not context.is_called(place.node)
    return isinstance(place.statement, ast.For) and place.statement.iter is place.node


def _renamed(context: Context, node: ast.Call) -> Iterator[Edit]:
    function = node.func
    match function:
        case ast.Name(id=name):
            rows = [tuple(context.functions)] if name in context.functions else []
        case ast.Attribute(attr=name):
            rows = [row for row in _ALIKE if name in row]
            if _misspelt(function):
                rows = [tuple(difflib.get_close_matches(name, dir(np)))]
        case _:
            return
    others = dict.fromkeys(itertools.chain(*rows))
    # `sigmoid_grad` for `sigmoid` first: one begins with the other.
    for other in sorted(others, key=lambda other: not _begin_alike(name, other)):
        if other != name:
            yield context.renamed(function, name, other, "function")
    if of_numpy(function) == "reshape" and len(node.args) == 1:
        yield context.renamed(function, name, "shape", "shape")


def _begin_alike(one: str, other: str) -> bool:
    return one.startswith(f"{other}_") or other.startswith(f"{one}_")


def _axes(context: Context, node: ast.Call) -> Iterator[Edit]:
    """The axis and `keepdims` of a sum, a mean, a maximum: each alone, and both."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in REDUCTIONS:
        return
    receiver = [context.whole(each) for each in node.args[:1]] if of_numpy(function) else []
    positional = node.args[len(receiver) :]
    keywords = {each.arg: each.value for each in node.keywords}
    starred = any(isinstance(each, ast.Starred) for each in node.args)
    if len(positional) > 1 or starred or set(keywords) - {"axis", "keepdims"}:
        return
    axis_node = keywords.get("axis") or next(iter(positional), None)
    axis = context.source(axis_node) if axis_node else ""
    keep = context.source(keywords["keepdims"]) if "keepdims" in keywords else ""
    last = ("-1", "1") if "axis=-1" in context.own_text else ("1", "-1")
    names = ["axis"] if _has_axis(context, node) else []
    for new_axis in dict.fromkeys((axis, *names, "0", *last, "")):
        for new_keep in dict.fromkeys((keep, "True", "")):
            if (new_axis, new_keep) == (axis, keep):
                continue
            if function.attr.startswith("arg") and new_keep:
                continue
            plain = "" if positional else "axis="
            arguments = [*receiver, *([plain + new_axis] if new_axis else [])]
            if new_keep:
                arguments.append(f"keepdims={new_keep}")
            call = f"{context.whole(function)}({', '.join(arguments)})"
            kind = "axis argument" if new_axis in names else "axis"
            if new_axis == "1" and new_keep == "True" and _is_of_columns(context):
                kind = "axis kept"
            yield context.replaced(node, call, kind)


def _is_of_columns(context: Context) -> bool:
    """Whether samples are columns, so that a bias is a column too: `W @ x`, not `x @ W`."""
    signs = signs_of_text(context.text)
    return Sign.COLUMNS in signs and Sign.ROWS not in signs


def _has_axis(context: Context, node: ast.Call) -> bool:
    """Whether a function around a call has an argument `axis`."""
    functions = [at for at in context.ancestors(node) if isinstance(at, ast.FunctionDef)]
    return any("axis" in ast.unparse(each.args) for each in functions)


def _misspelt(function: ast.expr) -> bool:
    """Whether it is called as a function of NumPy that there is not: another name is meant."""
    name = of_numpy(function)
    return bool(name) and not hasattr(np, name)


_NOT_DROPPED = frozenset(
    {
        *("dot", "matmul", "random"),
        # A new array: without the call, what is written into it goes into the argument.
        *("zeros", "ones", "empty", "full"),
    }
)


def _unwrapped(context: Context, place: Place, node: ast.Call) -> Iterator[Edit]:
    """`f(x)` → `x`, `x.copy()` → `x`."""
    if isinstance(place.statement, ast.Expr):
        return
    function = node.func
    arguments = [each for each in node.args if not isinstance(each, ast.Starred)]
    if isinstance(function, ast.Attribute) and not of_numpy(function):
        if isinstance(function.value, ast.Name) and function.value.id == place.scope.me:
            return
        same = function.attr in {"copy", "flatten", "ravel", "reshape"}
        kind = "method dropped" if same else "call dropped"
        yield context.replaced(node, context.fragment(function.value), kind)
        if function.attr in {"forward", "backward"}:
            for each in arguments[:1]:
                yield context.replaced(node, context.fragment(each), "call dropped")
    elif of_numpy(function) not in _NOT_DROPPED and not _misspelt(function):
        chooses = of_numpy(function) in {"where", "maximum", "minimum"}
        for each in arguments if chooses else arguments[:1]:
            yield context.replaced(node, context.fragment(each), "call dropped")


def _wrapped(context: Context, place: Place) -> Iterator[Edit]:
    """An expression put into a call."""
    node, statement, parent = place.node, place.statement, context.parent(place.node)
    if not context.is_operand(place) or context.composes or place.scope.constructs:
        return
    if isinstance(node, ast.Constant | ast.Compare | ast.Tuple | ast.List):
        return
    if isinstance(statement, ast.Expr | ast.If | ast.While | ast.For):
        return
    outermost, backwards = context.is_outermost(place), place.scope.takes_gradient
    simple = isinstance(node, ast.Name | ast.Attribute)
    upstream = backwards and isinstance(node, ast.Name) and node.id in place.scope.arguments
    inside = isinstance(node, ast.BinOp | ast.Call) and not isinstance(parent, ast.Attribute)
    reduces = isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in REDUCTIONS
    if not reduces and (outermost or inside or upstream):
        yield from _summed(context, place)
    if not backwards and (outermost or isinstance(parent, ast.BinOp | ast.Call)):
        for name in (f"{context.prefix}exp", f"{context.prefix}log"):
            if name in context.text and f"{name}(" not in context.source(statement):
                yield context.replaced(node, f"{name}({context.source(node)})", "function added")
    if "var" in context.source(node) and "sqrt(" not in context.source(statement):
        root = f"{context.prefix}sqrt({context.source(node)})"
        yield context.replaced(node, root, "root")
    if simple and isinstance(statement, ast.Assign) and outermost:
        # An array that is set to another is the same array: the one case for a copy.
        yield context.replaced(node, with_suffix(context.fragment(node), ".copy()"), "copy")
        if any("grad" in ast.unparse(each) for each in statement.targets):
            zeros = f"{context.prefix}zeros_like({context.source(node)})"
            yield context.replaced(node, zeros, "function added")


def _summed(context: Context, place: Place) -> Iterator[Edit]:
    node = place.node
    # A method is how the lines around say it where one of them has a sum so written.
    as_method = ".sum(" in context.text and f"{context.prefix}sum(" not in context.text
    last = "axis=-1" if "axis=-1" in context.text else "axis=1"
    for axis in ("axis=0", "", last):
        if as_method:
            summed = with_suffix(context.fragment(node), f".sum({axis})").text
        else:
            inner = ", ".join(filter(None, (context.source(node), axis)))
            summed = f"{context.prefix}sum({inner})"
        yield context.replaced(node, summed, "sum added")
