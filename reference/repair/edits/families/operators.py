"""Operators exchanged, operands swapped or dropped, neighbouring operators regrouped, signs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import (
    AND,
    NOT,
    OPERATORS,
    RANKS,
    SIGN,
    Fragment,
    binary,
    minus,
)
from trigrad.repair.edits.roles import Place

_EXCHANGED = {
    "+": "-*/",
    "-": "+*/",
    "*": "/+-@",
    "/": "*-+",
    "//": "/*",
    "@": "*",
    "**": "*",
    "&": "|",
    "|": "&",
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
    ast.BitAnd: ("|=", "="),
    ast.BitOr: ("&=", "="),
}


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        ("return dout + self.y", "return dout * self.y"),
        ("return self.y - dout", "return dout - self.y"),
        ("return self.a * (self.y - dout)", "return self.a * self.y"),
        ("return (dout + self.y) / 2", "return dout + self.y / 2"),
        ("return dout + self.y / 2", "return (dout + self.y) / 2"),
        ("return np.exp(dout / 2)", "return np.exp(dout) / 2"),
        ("return -dout", "return dout"),
        ("return dout", "return -dout"),
        ("return dout * (-self.y)", "return dout * (1 - self.y)"),
        ("return dout * (self.x >= 1)", "return dout * (self.x < 1)"),
        ("dx = dout\ndx[self.mask] = 0", "dx = dout\ndx[~self.mask] = 0"),
        ("self.db += dout", "self.db = dout"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that concern operators."""
    for place in context.places:
        node = place.node
        match node:
            case ast.BinOp():
                yield from _binary(context, node)
            case ast.UnaryOp():
                yield from _unary(context, node)
            case ast.Call(func=function, args=[ast.BinOp() as inner], keywords=[]):
                called = f"{context.whole(function)}({context.source(inner.left)})"
                moved = _joined(context, inner, Fragment(called), context.fragment(inner.right))
                yield context.replaced(node, moved, "brackets")
            case ast.Compare(ops=[operator], comparators=[right]):
                yield from _compared(context, node, operator, right)
            case ast.BoolOp(values=values):
                for value in values:
                    yield context.replaced(node, context.fragment(value), "condition")
                sign = "and" if isinstance(node.op, ast.Or) else "or"
                parts = [context.fragment(each).at_least(NOT) for each in values]
                yield context.replaced(
                    node, Fragment(f" {sign} ".join(parts), AND - 1), "condition"
                )
        yield from _signed(context, place)
    for scope in context.scopes:
        for statement in context.statements(scope):
            yield from _augmented(context, statement)


def _joined(context: Context, node: ast.BinOp, left: Fragment, right: Fragment) -> Fragment:
    """Two fragments with a node's operator between them."""
    return binary(left, OPERATORS[type(node.op)][0], right, spaced=context.spaced(node))


def _binary(context: Context, node: ast.BinOp) -> Iterator[Edit]:
    sign = OPERATORS[type(node.op)][0]
    spaced = context.spaced(node)
    left, right = context.fragment(node.left), context.fragment(node.right)
    for other in _EXCHANGED.get(sign, ""):
        # Only the sign is touched where that is enough.
        alike = RANKS[other] == RANKS[sign]
        edit = context.between(node.left, node.right, sign, other, "operator") if alike else None
        piece = binary(left, other, right, spaced=spaced)
        yield edit or context.replaced(node, piece, "operator")
    if sign in {"-", "/", "@", "**", "//"}:
        swapped = binary(right, sign, left, spaced=spaced)
        yield context.replaced(node, swapped, "operands swapped")
    # A superfluous factor was mostly put around the whole, not into the midst of it.
    inner = isinstance(context.parent(node), ast.BinOp | ast.UnaryOp)
    kind = "inner operand dropped" if inner else "operand dropped"
    yield context.replaced(node, left, kind)
    yield context.replaced(node, right, kind)
    if sign == "-":
        yield context.replaced(node, minus(right), "inner operand dropped")
    yield from _regrouped(context, node)


def _regrouped(context: Context, node: ast.BinOp) -> Iterator[Edit]:
    """`(a + b) * c` as `a + b * c`, and the other way round, brackets or none."""
    left, right = node.left, context.fragment(node.right)
    if isinstance(left, ast.BinOp):
        end = _joined(context, node, context.fragment(left.right), right)
        whole = _joined(context, left, context.fragment(left.left), end)
        yield context.replaced(node, whole, "brackets")
    if isinstance(node.right, ast.BinOp):
        start = _joined(context, node, context.fragment(left), context.fragment(node.right.left))
        whole = _joined(context, node.right, start, context.fragment(node.right.right))
        yield context.replaced(node, whole, "brackets")
    match left:
        case ast.Call(func=function, args=[only], keywords=[]) if not isinstance(only, ast.Starred):
            moved = _joined(context, node, context.fragment(only), right)
            called = Fragment(f"{context.whole(function)}({moved.text})")
            yield context.replaced(node, called, "brackets")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inside = _joined(context, node, context.fragment(operand), right)
            yield context.replaced(node, minus(inside), "brackets")


def _unary(context: Context, node: ast.UnaryOp) -> Iterator[Edit]:
    inner = node.operand
    if isinstance(inner, ast.Constant):
        return
    operand = context.fragment(inner)
    yield context.replaced(node, operand, "sign dropped")
    one = binary(Fragment(context.one), "-", operand, spaced=context.spaced(node))
    yield context.replaced(node, one, "one minus")
    if isinstance(node.op, ast.USub) and isinstance(inner, ast.BinOp):
        start = minus(context.fragment(inner.left))
        piece = _joined(context, inner, start, context.fragment(inner.right))
        yield context.replaced(node, piece, "brackets")


def _signed(context: Context, place: Place) -> Iterator[Edit]:
    """A minus sign added; `not` or `~` added to a mask or condition."""
    node, statement, parent = place.node, place.statement, context.parent(place.node)
    whole = context.fragment(node)
    tested = isinstance(statement, ast.If | ast.While)
    if isinstance(statement, ast.If | ast.While) and statement.test is node:
        yield context.replaced(node, Fragment(f"not {whole.at_least(NOT + 1)}", NOT), "condition")
    if isinstance(node, ast.Constant | ast.UnaryOp | ast.Tuple | ast.List | ast.Compare):
        return
    indexes = isinstance(parent, ast.Subscript) and parent.slice is node
    if indexes and isinstance(node, ast.Name | ast.Attribute) and "mask" in context.source(node):
        yield context.replaced(node, Fragment("~" + whole.at_least(SIGN), SIGN), "condition")
    if not context.is_operand(place) or tested or isinstance(statement, ast.For):
        return
    if context.composes or place.is_kept_argument:
        return
    outer = isinstance(parent, ast.stmt | ast.Tuple | ast.Call)
    first = isinstance(parent, ast.BinOp) and parent.left is node
    if outer or first or isinstance(node, ast.BinOp | ast.Call):
        yield context.replaced(node, minus(whole), "sign added")


def _compared(
    context: Context, node: ast.Compare, operator: ast.cmpop, right: ast.expr
) -> Iterator[Edit]:
    start, end = context.outer(node.left)[1], context.outer(right)[0]
    sign = context.text[start:end].strip()
    for other in _COMPARED.get(type(operator), ()) if "#" not in sign else ():
        edit = context.between(node.left, right, sign, other, "comparison")
        if edit is not None:
            yield edit
    yield context.replaced(node, context.fragment(node.left), "comparison dropped")


def _augmented(context: Context, statement: ast.stmt) -> Iterator[Edit]:
    """`=` and `+=` exchanged, and the like."""
    others: tuple[str, ...]
    match statement:
        case ast.AugAssign(target=target, op=operator, value=value):
            old, others = OPERATORS[type(operator)][0] + "=", _AUGMENTED.get(type(operator), ("=",))
            entry = isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute)
            if entry and isinstance(context.parent(statement), ast.For):
                # A step of all parameters: if it were set instead, they would be lost.
                others = tuple(other for other in others if other != "=")
        case ast.Assign(targets=[target], value=value) if not isinstance(target, ast.Tuple):
            old, others = "=", ("+=", "*=")
            if isinstance(value, ast.Constant | ast.Compare) or "shape" in ast.unparse(value):
                return
        case _:
            return
    for other in others:
        kind = "set instead" if other == "=" else "assignment"
        edit = context.between(target, value, old, other, kind)
        if edit is not None:
            yield edit
