"""Factors, divisors and terms added: `* dout`, `/ batch_size`, `+ self.b`, `* (1 - y)`, `> 0`."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import COMPARE, Fragment, binary
from trigrad.repair.edits.numpy_forms import REDUCTIONS, of_numpy
from trigrad.repair.edits.scope import NameKind


def edits(context: Context) -> Iterator[Edit]:
    """All edits that add something to an expression."""
    for place in context.places:
        if not can_grow(context, place):
            continue
        yield from _factors(context, place)
        yield from _divisors(context, place)
        yield from _terms(context, place)
        yield from _masks(context, place)


def can_grow(context: Context, place: Place) -> bool:
    """Whether something may be added to an expression there."""
    node, statement = place.node, place.statement
    if context.composes or context.constructs(place) or not context.is_operand(place):
        return False
    if isinstance(node, ast.Tuple | ast.List | ast.Compare):
        return False
    if isinstance(node, ast.Constant) and not isinstance(node.value, int | float):
        return False
    if isinstance(statement, ast.Expr | ast.If | ast.While | ast.For | ast.With):
        return False
    parent = context.parent(node)
    # `np.log(y).sum(axis=1)`: something may be missing in what is summed.
    summed = isinstance(parent, ast.Attribute) and parent.attr in REDUCTIONS
    if isinstance(parent, ast.Attribute) and not (
        summed and isinstance(node, ast.BinOp | ast.Call)
    ):
        return False
    text = ast.unparse(node)
    return "shape" not in text and "None" not in text


def outermost(context: Context, place: Place) -> bool:
    """Whether an expression is all that is assigned or returned (or one of several)."""
    parent = context.parent(place.node)
    return isinstance(parent, ast.stmt) or (
        isinstance(parent, ast.Tuple) and isinstance(context.parent(parent), ast.stmt)
    )


def _depth(context: Context, place: Place) -> float:
    """What an addition in the midst of an expression costs more than one at its outside."""
    if outermost(context, place):
        # What is returned by name was calculated in a line above, and is mended there.
        local = isinstance(place.node, ast.Name) and place.node.id in place.scope.locals
        return 0.12 if local and isinstance(place.statement, ast.Return) else 0.0
    return 0.5 if isinstance(context.parent(place.node), ast.BinOp | ast.Call) else 0.8


def _factors(context: Context, place: Place) -> Iterator[Edit]:
    node, more = place.node, _depth(context, place)
    spaced, piece = context.spaced(node), context.piece(node)
    parent = context.parent(node)
    in_product = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult | ast.Div)
    if in_product and isinstance(parent, ast.BinOp) and parent.right is not node:
        return  # the whole product takes the factor as well
    keeps = isinstance(place.statement, ast.Assign) and any(
        isinstance(each, ast.Attribute) for each in place.statement.targets
    )
    for name in context.calculable(place):
        upstream = name in place.scope.arguments
        if not (upstream or not _reads(context, place, name) or _beside(context, place, name)):
            continue
        cost = (1.0 if upstream and not keeps else 1.5) + more
        if isinstance(node, ast.Constant):
            product = Fragment(name) if node.value == 1 else binary(piece, "*", Fragment(name))
            yield context.replaced(node, product, "factor", cost)
            continue
        factor = Fragment(name)
        product = binary(factor, "*", piece, spaced=spaced)
        yield context.replaced(node, product, "factor", cost)
        if not (outermost(context, place) or in_product) or (upstream and len(piece.text) < 3):
            continue
        rest = binary(Fragment(context.one), "-", factor, spaced=spaced)
        product = binary(piece, "*", rest, spaced=spaced)
        yield context.replaced(node, product, "factor", 1.6 + more)
    for one, other in itertools.permutations(_unread(context, place), 2) if not more else ():
        difference = binary(Fragment(one), "-", Fragment(other), spaced=spaced)
        product = binary(piece, "*", difference, spaced=spaced)
        yield context.replaced(node, product, "factor", 1.6)
    if isinstance(node, ast.BinOp | ast.Call):
        quotient = binary(Fragment(context.one), "/", piece, spaced=spaced)
        yield context.replaced(node, quotient, "reciprocal", 1.6)
    if not isinstance(node, ast.Constant) and (not more or in_product):
        two = binary(Fragment("2"), "*", piece, spaced=spaced)
        yield context.replaced(node, two, "factor", 1.8 + more * 0.5)
        rest = binary(Fragment(context.one), "-", piece, spaced=spaced)
        yield context.replaced(node, rest, "one minus", 1.5 + (0.0 if more else 0.3))


def _beside(context: Context, place: Place, name: str) -> bool:
    """Whether the same statement calculates with a name."""
    return any(
        isinstance(node, ast.Name | ast.Attribute) and context.layout.source(node) == name
        for node in ast.walk(place.statement)
        if isinstance(getattr(node, "ctx", None), ast.Load)
    )


def _unread(context: Context, place: Place) -> list[str]:
    """Two or three attributes that another method sets and nothing reads here."""
    me = place.scope.me
    names = [name for name in context.calculable(place) if name.startswith(f"{me}.") and me]
    unread = [name for name in names if not _reads(context, place, name)]
    return unread if len(unread) < 4 else []


def _divisors(context: Context, place: Place) -> Iterator[Edit]:
    node, more = place.node, _depth(context, place)
    if more > 0.2 and not isinstance(context.parent(node), ast.BinOp | ast.UnaryOp):
        return
    if isinstance(node, ast.Constant) or _is_kept(place):
        return
    spaced, piece = context.spaced(node), context.piece(node)
    counts = context.value_names(place, NameKind.COUNT)
    for name in counts:
        quotient = binary(piece, "/", Fragment(name), spaced=spaced)
        yield context.replaced(node, quotient, "divisor", 1.0 + more)
    if not counts:
        source = context.layout.source(node)
        for number, name in enumerate(_arrays(context, place)):
            cost = 1.2 + 0.05 * number + more - (0.1 if name in source else 0.0)
            quotient = binary(piece, "/", Fragment(f"{name}.shape[0]"), spaced=spaced)
            yield context.replaced(node, quotient, "divisor", cost)


def _is_kept(place: Place) -> bool:
    """Whether it is an argument that is kept as it is, `self.x = x`: no place for a division."""
    match place.statement:
        case ast.Assign(targets=[ast.Attribute()], value=ast.Name(id=name)):
            return name in place.scope.arguments
        case _:
            return False


def _arrays(context: Context, place: Place) -> list[str]:
    """Values that have a batch: not parameters, which a constructor is given."""
    names = context.value_names(place)
    given = {
        name
        for scope in context.shared.scopes
        if scope.function.name == "__init__"
        for name in scope.stored
        if name in scope.arguments or name[:1] in "Wb"
    }
    me = place.scope.me
    kept = [
        name
        for name in names
        if name.removeprefix(f"{me}.") not in given | {"loss", "dW", "db", "mask"}
        and name not in place.scope.locals
    ]
    return sorted(kept, key=lambda name: not name.endswith("t"))[:4]


def _terms(context: Context, place: Place) -> Iterator[Edit]:
    node, more = place.node, _depth(context, place)
    parent = context.parent(node)
    spaced, piece = context.spaced(node), context.piece(node)
    in_sum = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    if in_sum and isinstance(parent, ast.BinOp) and parent.left is node:
        return
    names = context.calculable(place)
    for name in context.value_names(place):
        unread = not _reads(context, place, name)
        given = name not in names and unread
        if given or (name in names and unread):
            joined = binary(piece, "+", Fragment(name), spaced=spaced)
            yield context.replaced(node, joined, "term", (1.2 if given else 1.9) + more)
        if name not in names or not unread:
            continue
        joined = binary(piece, "-", Fragment(name), spaced=spaced)
        yield context.replaced(node, joined, "term", 1.4 + more * 0.4)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            joined = binary(Fragment(name), "-", context.piece(node.operand), spaced=spaced)
            yield context.replaced(node, joined, "term", 1.3)
        if isinstance(node, ast.Constant | ast.Name | ast.Attribute):
            joined = binary(Fragment(name), "-", piece, spaced=spaced)
            yield context.replaced(node, joined, "term", 1.8 + more * 0.5)
    if _is_step(place):
        here = place.scope.at(place.statement.lineno)
        for name in (name for name, kind in here.items() if kind is NameKind.VALUE):
            for sign in "+-":
                size = context.piece(node.operand) if isinstance(node, ast.UnaryOp) else piece
                joined = binary(Fragment(name), sign, size, spaced=spaced)
                cost = 0.9 if name in _kept_before(context, place) else 1.5
                yield context.replaced(node, joined, "term", cost)
    divided = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)
    if divided and isinstance(node, ast.Call | ast.Name | ast.Attribute | ast.BinOp):
        joined = binary(Fragment(context.one), "+", piece, spaced=spaced)
        yield context.replaced(node, joined, "term", 1.6 + more * 0.6)
    if isinstance(parent, ast.Call) and "log" in ast.unparse(parent.func):
        joined = binary(piece, "+", Fragment("1e-7"), spaced=spaced)
        yield context.replaced(node, joined, "term", 1.5)
        for name in names if isinstance(node, ast.Constant | ast.Name) else ():
            if name in place.scope.arguments and name != piece.text:
                joined = binary(Fragment(name), "+", piece, spaced=spaced)
                yield context.replaced(node, joined, "term", 1.6)


def _is_step(place: Place) -> bool:
    """Whether it is all that an entry is set to, `x[i] = h`: what the step starts from may lack."""
    match place.statement:
        case ast.Assign(targets=[ast.Subscript()], value=ast.Name() | ast.UnaryOp() as value):
            return value is place.node
        case _:
            return False


def _kept_before(context: Context, place: Place) -> set[str]:
    """The locals that are set to the entry which the statement changes, `old = x[i]`."""
    assert isinstance(place.statement, ast.Assign), "a step is taken in one"
    entry = context.layout.source(place.statement.targets[0])
    return {
        target.id
        for each in context.statements(place.scope)
        if isinstance(each, ast.Assign) and context.layout.source(each.value) == entry
        for target in each.targets
        if isinstance(target, ast.Name)
    }


def _reads(context: Context, place: Place, name: str) -> bool:
    """Whether the function calculates with a name somewhere; to ask for its size is not that."""
    return any(
        isinstance(other.node, ast.Name | ast.Attribute)
        and isinstance(other.node.ctx, ast.Load)
        and other.scope is place.scope
        and context.layout.source(other.node) == name
        and not _is_measured(context.parent(other.node))
        for other in context.places
    )


def _is_measured(parent: ast.AST | None) -> bool:
    match parent:
        case ast.Attribute(attr="shape" | "size" | "ndim"):
            return True
        case ast.Call(func=ast.Name(id="len")):
            return True
        case _:
            return False


def _masks(context: Context, place: Place) -> Iterator[Edit]:
    """A value used as a mask compared with 0."""
    node = place.node
    parent = context.parent(node)
    if not isinstance(node, ast.Name | ast.Attribute) or not context.has_masks:
        return
    spaced = context.spaced(node)
    gap = " " if spaced else ""
    chooses = isinstance(parent, ast.Call) and parent.args[:1] == [node]
    chooses = chooses and isinstance(parent, ast.Call) and of_numpy(parent.func) == "where"
    multiplied = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult)
    if multiplied or chooses or isinstance(parent, ast.Assign):
        for sign, cost in ((">", 1.35), ("<=", 1.8)):
            piece = Fragment(f"{ast.unparse(node)}{gap}{sign}{gap}0", COMPARE)
            more = 0.6 if isinstance(parent, ast.Assign) else 0.0
            yield context.replaced(node, piece, "mask", cost + more)
