"""Functions exchanged, their axes and keywords, expressions wrapped in a call or unwrapped."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, with_suffix
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy

_ALIKE: tuple[tuple[str, ...], ...] = (
    ("sum", "mean", "max", "min"),
    ("exp", "log"),
    ("zeros_like", "ones_like"),
    ("zeros", "ones"),
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
)
_TO_LOG = {"log10", "log2", "log1p"}
_AXES = ("0", "1", "-1")


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern calls."""
    for place in context.places:
        node = place.node
        if isinstance(node, ast.Call):
            yield from _renamed(context, node)
            yield from _axes(context, node)
            yield from _keywords(context, node)
            yield from _unwrapped(context, place, node)
            yield from _arguments(context, node)
        yield from _wrapped(context, place)
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"copy", "sum", "mean", "flatten", "ravel"}
            and not _is_called(context, node)
            and not of_numpy(node)
        ):
            yield context.replaced(node, with_suffix(context.piece(node), "()"), "call added", 0.3)
        if _holds_layers(context, place):
            values = with_suffix(context.piece(node), ".values()")
            yield context.replaced(node, values, "values added", 1.0)


def _is_called(context: Context, node: ast.expr) -> bool:
    parent = context.parent(node)
    return isinstance(parent, ast.Call) and parent.func is node


def _holds_layers(context: Context, place: Place) -> bool:
    """Whether it is listed or gone through, and may be a dictionary."""
    node, parent = place.node, context.parent(place.node)
    if not isinstance(node, ast.Name | ast.Attribute):
        return False
    match parent:
        case ast.Call(func=ast.Name(id="list" | "reversed"), args=[only]) if only is node:
            return True
    return isinstance(place.statement, ast.For) and place.statement.iter is node


def _renamed(context: Context, node: ast.Call) -> Iterator[Edit]:
    function = node.func
    end = context.layout.span(function)[1]
    if isinstance(function, ast.Attribute):
        name = function.attr
    elif isinstance(function, ast.Name):
        name = function.id
    else:
        return
    others: dict[str, float] = {"log": 0.6} if name in _TO_LOG else {}
    if isinstance(function, ast.Name):
        others = {
            # `sigmoid` for `sigmoid_grad`: one begins with the other.
            each: 0.9 if each.startswith(f"{name}_") or name.startswith(f"{each}_") else 1.8
            for each in context.functions
            if name in context.functions and each != name
        }
    else:
        for row in _ALIKE:
            if name in row:
                for each in row:
                    cost = 1.1 if {name, each} <= {*row[:2]} else 1.5
                    # Where the extreme stands in a layer, a sum was meant sooner than the other.
                    others.setdefault(each, cost + 0.1 * ({name, each} == {"max", "min"}))
    if of_numpy(function) == "reshape" and len(node.args) == 1:
        others["shape"] = 0.8
    for each, cost in others.items():
        if each != name:
            yield Edit(end - len(name), end, each, "function", cost)


def _axes(context: Context, node: ast.Call) -> Iterator[Edit]:
    """The axis and `keepdims` of a sum, a mean, a maximum: each alone, and both."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in REDUCTIONS:
        return
    given = len(node.args) - (1 if of_numpy(function) else 0)
    if given not in {0, 1} or any(isinstance(each, ast.Starred) for each in node.args):
        return
    keywords = {each.arg: each.value for each in node.keywords if each.arg}
    axis_node = keywords.get("axis") or (node.args[-1] if given else None)
    axis = context.layout.source(axis_node) if axis_node else ""
    keep = "keepdims" in keywords
    kept = context.layout.source(keywords["keepdims"]) if keep else ""
    if set(keywords) - {"axis", "keepdims"}:
        return
    receiver = [] if not of_numpy(function) else [context.layout.whole(node.args[0])]
    name = context.layout.whole(function)
    asked = any(
        isinstance(at, ast.FunctionDef)
        and any(each.arg == "axis" for each in (*at.args.args, *at.args.kwonlyargs))
        for at in context.layout.ancestors(node)
    )
    for new_axis in dict.fromkeys((axis, *(["axis"] * asked), *_AXES, "")):
        for new_keep in dict.fromkeys((kept, "True", "")):
            if (new_axis, new_keep) == (axis, kept):
                continue
            if function.attr.startswith("arg") and new_keep:
                continue
            plain = bool(given) and new_axis == axis
            arguments = [*receiver, *([axis] if plain else [])]
            if new_axis and not plain:
                arguments.append(new_axis if given else f"axis={new_axis}")
            if new_keep:
                arguments.append(f"keepdims={new_keep}")
            both = new_axis != axis and new_keep != kept
            last = "axis=-1" in context.layout.source(context.definition)
            cost = 1.0 + 0.12 * both + (0.0 if last else 0.05) * (new_axis == "-1")
            cost += 0.05 * (last and new_axis == "1")
            cost -= 0.1 * (new_axis == "axis")  # an argument is there to be read
            if new_axis == "" and axis:
                cost += 0.3
            if new_keep and not kept:
                cost += 0.05 if both else 0.12
            piece = Fragment(f"{name}({', '.join(arguments)})")
            yield context.replaced(node, piece, "keywords" if both else "axis", cost)


def _keywords(context: Context, node: ast.Call) -> Iterator[Edit]:
    """A keyword left out."""
    for number, keyword in enumerate(node.keywords):
        before = node.keywords[number - 1] if number else (node.args[-1] if node.args else None)
        if keyword.arg in {None, "axis", "keepdims"} or before is None:
            continue
        start = (
            context.layout.outer(before)[1]
            if isinstance(before, ast.expr)
            else context.layout.span(before)[1]
        )
        yield Edit(start, context.layout.span(keyword)[1], "", "keyword dropped", 2.4)


def _unwrapped(context: Context, place: Place, node: ast.Call) -> Iterator[Edit]:
    """`f(x)` → `x`, `x.copy()` → `x`."""
    if isinstance(place.statement, ast.Expr):
        return
    function = node.func
    positional = [each for each in node.args if not isinstance(each, ast.Starred)]
    if isinstance(function, ast.Attribute) and not of_numpy(function):
        if isinstance(function.value, ast.Name) and function.value.id == place.scope.me:
            return
        cost = {"copy": 1.0, "flatten": 1.0, "ravel": 1.0, "reshape": 1.25}.get(function.attr, 1.5)
        yield context.replaced(node, context.piece(function.value), "call dropped", cost)
        if function.attr in {"forward", "backward"} and positional:
            yield context.replaced(node, context.piece(positional[0]), "call dropped", 2.2)
    elif positional and (of_numpy(function) not in {"dot", "matmul", "random"}):
        cost = 1.4 if len(node.args) == 1 else 1.8
        if of_numpy(function) in {"where", "maximum", "minimum"}:
            for each in positional:
                yield context.replaced(node, context.piece(each), "call dropped", 2.2)
            return
        yield context.replaced(node, context.piece(positional[0]), "call dropped", cost)


def _arguments(context: Context, node: ast.Call) -> Iterator[Edit]:
    """Two neighbouring arguments swapped."""
    for one, other in zip(node.args, node.args[1:], strict=False):
        if isinstance(one, ast.Starred) or isinstance(other, ast.Starred):
            continue
        (start, middle), (after, end) = context.layout.outer(one), context.layout.outer(other)
        text = context.text
        swapped = text[after:end] + text[middle:after] + text[start:middle]
        reshaped = isinstance(node.func, ast.Attribute) and node.func.attr == "reshape"
        yield Edit(start, end, swapped, "arguments swapped", 1.6 if reshaped else 1.2)


def _wrapped(context: Context, place: Place) -> Iterator[Edit]:
    """An expression put into a call."""
    node = place.node
    if not context.is_operand(place) or isinstance(node, ast.Constant | ast.Compare):
        return
    if context.composes or context.constructs(place):
        return
    if isinstance(place.statement, ast.Expr | ast.If | ast.While | ast.For):
        return
    if isinstance(node, ast.Tuple | ast.List):
        return
    parent = context.parent(node)
    outermost = isinstance(parent, ast.stmt | ast.Tuple)
    text = context.bare(node)
    prefix = _numpy_name(context)
    simple = isinstance(node, ast.Name | ast.Attribute)
    upstream = simple and isinstance(node, ast.Name) and node.id in place.scope.arguments
    more = 0.0 if outermost else 0.5
    backwards = _is_backwards(place)
    inner = node.func if isinstance(node, ast.Call) else None
    if not (isinstance(inner, ast.Attribute) and inner.attr in REDUCTIONS):
        # A method is how the lines around say it where one of them has a sum so written.
        as_method = ".sum(" in context.text and f"{prefix}sum(" not in context.text
        last = "axis=-1" if "axis=-1" in context.text else "axis=1"
        for suffix, cost in (("axis=0", 1.1), ("", 1.6), (last, 1.7)):
            summed = (
                with_suffix(context.piece(node), f".sum({suffix})")
                if as_method
                else Fragment(f"{prefix}sum({text.text}{', ' if suffix else ''}{suffix})")
            )
            inside = isinstance(node, ast.BinOp | ast.Call) and not isinstance(
                parent, ast.Attribute
            )
            if outermost or inside or (upstream and backwards):
                yield context.replaced(node, summed, "sum added", cost + more)
    if not backwards and (outermost or isinstance(parent, ast.BinOp | ast.Call)):
        yield from _calculated(context, place, prefix, more)
    if simple and isinstance(place.statement, ast.Assign) and outermost:
        # An array that is set to another is the same array: the one case for a copy.
        copied = with_suffix(context.piece(node), ".copy()")
        yield context.replaced(node, copied, "copy", 1.3)
        if any("grad" in ast.unparse(each) for each in place.statement.targets):
            zeros = Fragment(f"{prefix}zeros_like({text.text})")
            yield context.replaced(node, zeros, "call added", 0.9)


def _calculated(context: Context, place: Place, prefix: str, more: float) -> Iterator[Edit]:
    """An expression put into a function of one array that its definition is about."""
    node = place.node
    if isinstance(node, ast.Call) and of_numpy(node.func).startswith(("zeros", "ones", "empty")):
        return
    text = context.bare(node)
    there = context.layout.source(place.statement)
    around = context.layout.source(context.definition)
    offers: dict[str, float] = {}
    if "exp" in around or "log" in around or not context.shared.attributes:
        offers |= {f"{prefix}exp": 1.6 + more, f"{prefix}log": 1.7 + more}
    if not more:
        offers |= {f"{prefix}mean": 2.0}
        offers |= dict.fromkeys(context.functions, 1.6)
    for name, cost in offers.items():
        if f"{name}(" not in there:
            yield context.replaced(node, Fragment(f"{name}({text.text})"), "call added", cost)


def _is_backwards(place: Place) -> bool:
    """Whether a method takes a gradient, and calculates no exponentials any more."""
    return any(name[:1] == "d" and len(name) > 1 for name in place.scope.arguments)


def _numpy_name(context: Context) -> str:
    return "numpy." if "numpy." in context.text and "np." not in context.text else "np."
