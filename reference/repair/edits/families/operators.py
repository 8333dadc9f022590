"""Operators exchanged, operands swapped or dropped, neighbouring operators regrouped, signs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context, Place
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import OPERATORS, RANKS, Fragment, binary, minus

_EXCHANGED: dict[str, dict[str, float]] = {
    "+": {"-": 1.0, "*": 1.1, "/": 1.6},
    "-": {"+": 1.0, "*": 1.3, "/": 1.6},
    "*": {"/": 1.1, "+": 1.2, "-": 1.5, "@": 1.6, "**": 2.4},
    "/": {"*": 1.0, "-": 1.6, "+": 1.6, "//": 2.6},
    "//": {"/": 1.0, "*": 1.6},
    "%": {"*": 2.0, "//": 2.0},
    "@": {"*": 1.2},
    "**": {"*": 1.2},
    "&": {"|": 1.0},
    "|": {"&": 1.0},
}
_COMPARED: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: (">=", ">", "<=", "=="),
    ast.LtE: (">", ">=", "<", "=="),
    ast.Gt: ("<=", "<", ">=", "=="),
    ast.GtE: ("<", "<=", ">", "=="),
    ast.Eq: ("!=", "<", ">"),
    ast.NotEq: ("==",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}
_AUGMENTED: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Add: ("-=", "="),
    ast.Sub: ("+=", "=", "*="),
    ast.Mult: ("/=", "=", "+="),
    ast.Div: ("*=", "=", "-="),
    ast.MatMult: ("*=", "="),
    ast.BitAnd: ("|=", "="),
    ast.BitOr: ("&=", "="),
}


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern operators."""
    for place in context.places:
        match place.node:
            case ast.BinOp():
                yield from _binary(context, place, place.node)
            case ast.UnaryOp():
                yield from _unary(context, place.node)
            case ast.Call():
                yield from _outside(context, place.node)
            case ast.Compare(ops=[operator], comparators=[right]):
                yield from _compared(context, place.node, operator, right)
            case ast.BoolOp(values=values):
                for value in values:
                    yield context.replaced(
                        place.node, context.piece(value), "condition dropped", 2.0
                    )
                sign = "and" if isinstance(place.node.op, ast.Or) else "or"
                joined = f" {sign} ".join(context.piece(each).at_least(4) for each in values)
                yield context.replaced(place.node, Fragment(joined, 2), "operator", 1.5)
        yield from _signed(context, place)
    for scope in context.shared.scopes:
        for statement in context.statements(scope):
            yield from _augmented(context, statement)


def _binary(context: Context, place: Place, node: ast.BinOp) -> Iterator[Edit]:
    sign = OPERATORS[type(node.op)][0]
    spaced = context.spaced(node)
    left, right = context.piece(node.left), context.piece(node.right)
    for other, cost in _EXCHANGED.get(sign, {}).items():
        yield _exchanged(context, node, sign, other, cost)
    if sign in {"-", "/", "@", "**", "//"}:
        swapped = binary(right, sign, left, spaced=spaced)
        yield context.replaced(node, swapped, "operands swapped", 0.95 if sign in "-@" else 1.5)
    returned = isinstance(place.statement, ast.Return)
    locals_ = place.scope.locals if returned else {}
    # What is superfluous was mostly put around the whole, not into the midst of it.
    inner = 0.0 if isinstance(context.parent(node), ast.stmt | ast.Tuple) else 0.08
    for piece, cost in ((left, 1.2), (right, 1.24)):
        kept = piece.text in locals_
        yield context.replaced(node, piece, "operand dropped", cost + inner - 0.1 * kept)
    if sign == "-":
        yield context.replaced(node, minus(right), "operand dropped", 2.0)
    yield from _regrouped(context, node, sign, spaced)


def _exchanged(context: Context, node: ast.BinOp, sign: str, other: str, cost: float) -> Edit:
    """Another operator in the place of one: only the sign is touched where that is enough."""
    layout = context.layout
    left_end, right_start = layout.outer(node.left)[1], layout.outer(node.right)[0]
    between = layout.text[left_end:right_start]
    tree_same = RANKS[other] == RANKS[sign] and other != "**"
    if tree_same and between.count(sign) == 1 and "#" not in between:
        at = left_end + between.index(sign)
        return Edit(at, at + len(sign), other, "operator", cost)
    piece = binary(
        context.piece(node.left), other, context.piece(node.right), spaced=context.spaced(node)
    )
    return context.replaced(node, piece, "operator", cost)


def _regrouped(context: Context, node: ast.BinOp, sign: str, spaced: bool) -> Iterator[Edit]:
    """`(a + b) * c` as `a + b * c`, and the other way round, brackets or none."""
    right = context.piece(node.right)
    left = node.left
    if isinstance(left, ast.BinOp):
        inner = OPERATORS[type(left.op)][0]
        end = binary(context.piece(left.right), sign, right, spaced=spaced)
        whole = binary(context.piece(left.left), inner, end, spaced=spaced)
        yield context.replaced(node, whole, "brackets", 1.2)
    if isinstance(node.right, ast.BinOp):
        inner = OPERATORS[type(node.right.op)][0]
        start = binary(context.piece(left), sign, context.piece(node.right.left), spaced=spaced)
        whole = binary(start, inner, context.piece(node.right.right), spaced=spaced)
        yield context.replaced(node, whole, "brackets", 1.2)
    match left:
        case ast.Call(args=[only], keywords=[]) if not isinstance(only, ast.Starred):
            name = context.layout.whole(left.func)
            moved = binary(context.piece(only), sign, right, spaced=spaced)
            yield context.replaced(node, Fragment(f"{name}({moved.text})"), "brackets", 1.6)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inside = binary(context.piece(operand), sign, right, spaced=spaced)
            yield context.replaced(node, minus(inside), "brackets", 1.5)


def _outside(context: Context, node: ast.Call) -> Iterator[Edit]:
    """`np.exp(a / b)` as `np.exp(a) / b`."""
    match node:
        case ast.Call(args=[ast.BinOp() as inner], keywords=[]):
            sign = OPERATORS[type(inner.op)][0]
            called = f"{context.layout.whole(node.func)}({context.bare(inner.left).text})"
            moved = binary(
                Fragment(called), sign, context.piece(inner.right), spaced=context.spaced(inner)
            )
            yield context.replaced(node, moved, "brackets", 1.5)


def _unary(context: Context, node: ast.UnaryOp) -> Iterator[Edit]:
    if not isinstance(node.operand, ast.Constant):
        yield context.replaced(node, context.piece(node.operand), "sign dropped", 1.0)
        one = binary(
            Fragment(context.one), "-", context.piece(node.operand), spaced=context.spaced(node)
        )
        yield context.replaced(node, one, "one minus", 1.2)
    inner = node.operand
    if isinstance(node.op, ast.USub) and isinstance(inner, ast.BinOp):
        sign = OPERATORS[type(inner.op)][0]
        start = minus(context.piece(inner.left))
        piece = binary(start, sign, context.piece(inner.right), spaced=context.spaced(node))
        yield context.replaced(node, piece, "brackets", 1.5)


def _signed(context: Context, place: Place) -> Iterator[Edit]:
    """A minus sign added; `not` or `~` added to a mask or condition."""
    node = place.node
    statement = place.statement
    if isinstance(statement, ast.If | ast.While) and statement.test is node:
        yield context.replaced(node, Fragment(f"not {context.piece(node).at_least(4)}", 3), "not", 1.6)
    if isinstance(node, ast.Compare) and not isinstance(statement, ast.If | ast.While):
        return
    if isinstance(node, ast.Constant | ast.UnaryOp | ast.Tuple | ast.List | ast.Compare):
        return
    masked = context.parent(node)
    if isinstance(masked, ast.Subscript) and masked.slice is node and _maskish(node):
        yield context.replaced(node, Fragment("~" + context.piece(node).at_least(12), 12), "not", 1.5)
    if not context.is_operand(place) or isinstance(statement, ast.For | ast.If | ast.While):
        return
    if context.composes:
        return
    outermost = isinstance(masked, ast.stmt | ast.Tuple | ast.Call)
    if isinstance(node, ast.BinOp | ast.Call) or outermost or _divided(masked, node):
        cost = 1.0 if outermost or isinstance(node, ast.Call) else 1.4
        if isinstance(node, ast.Name) and isinstance(statement, ast.Return):
            cost = 1.6  # its sign is a matter of the line that sets it
        match statement:
            case ast.Assign(targets=[ast.Attribute()], value=value) if value is node:
                cost += 0.6 * isinstance(node, ast.Name)  # an argument is kept as it is
        yield context.replaced(node, minus(context.piece(node)), "sign added", cost)


def _maskish(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and "mask" in ast.unparse(node)


def _divided(parent: ast.AST | None, node: ast.expr) -> bool:
    return isinstance(parent, ast.BinOp) and parent.left is node


def _compared(
    context: Context, node: ast.Compare, operator: ast.cmpop, right: ast.expr
) -> Iterator[Edit]:
    layout = context.layout
    start, end = layout.outer(node.left)[1], layout.outer(right)[0]
    between = layout.text[start:end]
    sign = between.strip()
    for number, other in enumerate(_COMPARED.get(type(operator), ())):
        if sign and "#" not in sign:
            at = start + between.index(sign)
            cost = 1.0 + 0.15 * number
            if other == "==" and _counts(node.left):
                cost = 0.95  # a number of axes or entries is asked for, not compared in size
            yield Edit(at, at + len(sign), other, "comparison", cost)
    yield context.replaced(node, context.piece(node.left), "comparison dropped", 1.6)
    if isinstance(context.parent(node), ast.BinOp):
        yield context.replaced(node, context.piece(right), "comparison dropped", 2.6)


def _counts(node: ast.expr) -> bool:
    return any(
        isinstance(at, ast.Attribute) and at.attr in {"ndim", "shape", "size"}
        for at in ast.walk(node)
    )


def _augmented(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    """`=` and `+=` exchanged, and the like."""
    layout = context.layout
    match statement:
        case ast.AugAssign(target=target, op=operator, value=value):
            end, start = layout.outer(target)[1], layout.outer(value)[0]
            old, others = OPERATORS[type(operator)][0] + "=", _AUGMENTED.get(type(operator), ("=",))
            looped = isinstance(context.parent(statement), ast.For)
            kept = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute)
            if kept and looped:  # a step of all parameters: set instead, they would be lost
                others = tuple(other for other in others if other != "=")
        case ast.Assign(targets=[target], value=value) if not isinstance(target, ast.Tuple):
            end, start = layout.outer(target)[1], layout.outer(value)[0]
            old, others = "=", ("+=", "*=")
            if isinstance(value, ast.Constant | ast.Compare) or "shape" in ast.unparse(value):
                return
        case _:
            return
    between = layout.text[end:start]
    if between.count(old) == 1:
        at = end + between.index(old)
        for number, other in enumerate(others):
            cost = (1.0 if old != "=" or other == "+=" else 1.7) + 0.1 * number
            if old == "=" and isinstance(target, ast.Name):
                cost += 0.5
            yield Edit(at, at + len(old), other, "assignment", cost)
