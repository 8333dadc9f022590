"""Expressions as text to be put together: brackets where precedence demands, and only there."""

from __future__ import annotations

import ast
from dataclasses import dataclass

TUPLE, TEST, OR, AND, NOT, COMPARE, BIT_OR, BIT_XOR, BIT_AND, SHIFT = range(10)
SUM, TERM, SIGN, POWER, AWAIT, ATOM = range(10, 16)

OPERATORS: dict[type[ast.operator], tuple[str, int]] = {
    ast.Add: ("+", SUM),
    ast.Sub: ("-", SUM),
    ast.Mult: ("*", TERM),
    ast.Div: ("/", TERM),
    ast.FloorDiv: ("//", TERM),
    ast.Mod: ("%", TERM),
    ast.MatMult: ("@", TERM),
    ast.Pow: ("**", POWER),
    ast.LShift: ("<<", SHIFT),
    ast.RShift: (">>", SHIFT),
    ast.BitOr: ("|", BIT_OR),
    ast.BitXor: ("^", BIT_XOR),
    ast.BitAnd: ("&", BIT_AND),
}
RANKS = dict(OPERATORS.values())


@dataclass(frozen=True)
class Fragment:
    """A piece of text that is an expression, and how strongly its outermost operator binds."""

    text: str
    rank: int = ATOM

    def at_least(self, rank: int) -> str:
        """The text as it stands where something that binds so strongly is wanted."""
        return self.text if self.rank >= rank else f"({self.text})"


def binary(left: Fragment, sign: str, right: Fragment, *, spaced: bool = True) -> Fragment:
    """Two pieces with an operator between them."""
    rank = RANKS[sign]
    low, high = (AWAIT, SIGN) if sign == "**" else (rank, rank + 1)
    space = " " if spaced else ""
    text = f"{left.at_least(low)}{space}{sign}{space}{right.at_least(high)}"
    return Fragment(text, rank)


def minus(operand: Fragment) -> Fragment:
    """A piece with a minus sign."""
    return Fragment("-" + operand.at_least(SIGN), SIGN)


def with_suffix(value: Fragment, suffix: str) -> Fragment:
    """A piece with `.T`, `[0]`, `.copy()` after it."""
    return Fragment(value.at_least(ATOM) + suffix)


def rank_of(node: ast.expr) -> int:
    """How strongly the outermost operator of an expression binds."""
    match node:
        case ast.BinOp(op=operator):
            return OPERATORS[type(operator)][1]
        case ast.UnaryOp(op=ast.Not()):
            return NOT
        case ast.UnaryOp():
            return SIGN
        case ast.Compare():
            return COMPARE
        case ast.BoolOp(op=ast.Or()):
            return OR
        case ast.BoolOp():
            return AND
        case ast.IfExp() | ast.Lambda():
            return TEST
        case ast.NamedExpr() | ast.Yield() | ast.YieldFrom() | ast.Starred():
            return TUPLE
        case ast.Await():
            return AWAIT
        case _:
            return ATOM


def demanded(parent: ast.AST | None, child: ast.expr) -> int:
    """How strongly an expression must bind to stand, without brackets, where the child stands."""
    match parent:
        case ast.BinOp(op=ast.Pow(), left=left):
            return AWAIT if left is child else SIGN
        case ast.BinOp(op=operator, left=left):
            rank = OPERATORS[type(operator)][1]
            return rank if left is child else rank + 1
        case ast.UnaryOp(op=ast.Not()):
            return NOT
        case ast.UnaryOp():
            return SIGN
        case ast.Compare() | ast.Starred():
            return COMPARE + 1
        case ast.BoolOp(op=operator):
            return (OR if isinstance(operator, ast.Or) else AND) + 1
        case ast.Attribute():
            return ATOM
        case ast.Subscript(value=value) | ast.Call(func=value):
            return ATOM if value is child else TEST
        case ast.IfExp(orelse=other):
            return TEST if other is child else OR
        case ast.Assign() | ast.Return() | ast.Expr() | ast.AugAssign():
            return TUPLE
        case _:
            return TEST
