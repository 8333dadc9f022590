"""How odd code is: what nobody writes, names that are nowhere set, arguments left unused."""

from __future__ import annotations

import ast
from collections import Counter

from reference.edits.ground import Ground
from reference.edits.numpy_forms import as_operator
from reference.edits.scope import Scope
from reference.edits.simplify import simplified


class Oddness:
    """Compares a statement or function of a definition with what it would become."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._before: dict[ast.stmt, float] = {}
        self._shapes: dict[ast.FunctionDef, Counter[str]] = {}

    def of(self, tree: ast.Module, unit: ast.stmt) -> float | None:
        """How much odder (less, where negative) a unit becomes; None where it cannot be meant."""
        if unit not in self._before:
            self._before[unit] = self._total(unit, unit)
        return self._total(tree, unit) - self._before[unit]

    def _total(self, tree: ast.AST, unit: ast.stmt) -> float:
        total = sum(_odd(node) for node in ast.walk(tree) if isinstance(node, ast.expr))
        scope = self._scope(unit)
        if scope is not None:
            total += self._unused(tree, unit, scope)
            if not isinstance(unit, ast.FunctionDef | ast.ClassDef):
                total -= self._like_others(tree, unit, scope)
        return total

    def _scope(self, unit: ast.stmt) -> Scope | None:
        layout = self._ground.layout
        around = {unit, *layout.ancestors(unit)}
        for scope in self._ground.shared.scopes:
            if scope.function in around:
                return scope
        return None

    def _unused(self, tree: ast.AST, unit: ast.stmt, scope: Scope) -> float:
        """Arguments that nothing reads; names that are read and nowhere set."""
        inside = {id(node) for node in ast.walk(unit)}
        read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if unit is not scope.function:
            read |= {
                node.id
                for node in ast.walk(scope.function)
                if isinstance(node, ast.Name) and id(node) not in inside
            }
        unused = [name for name in scope.arguments if name not in read]
        return 1.2 * len(unused)

    def _like_others(self, tree: ast.AST, unit: ast.stmt, scope: Scope) -> float:
        """Whether another statement of the function is built the same way."""
        if scope.function not in self._shapes:
            self._shapes[scope.function] = Counter(
                built(each) for each in self._ground.statements(scope)
            )
        shapes = self._shapes[scope.function]
        now = built(tree.body[0] if isinstance(tree, ast.Module) and tree.body else tree)
        others = shapes[now] - (1 if now == built(unit) else 0)
        return 0.35 if others > 0 else 0.0


def built(node: ast.AST) -> str:
    """How a statement is built: its operators and calls, names left out."""
    if isinstance(node, ast.Name):
        return "a"
    if isinstance(node, ast.Attribute):
        inner = built(node.value)
        return inner if inner == "a" and node.attr != "T" else f"{inner}.{node.attr}"
    if isinstance(node, ast.Constant):
        return "c"
    fields = (
        "".join(
            built(each)
            for each in (value if isinstance(value, list) else [value])
            if isinstance(each, ast.AST)
        )
        for name, value in ast.iter_fields(node)
        if name != "ctx"
    )
    return f"{type(node).__name__}({','.join(fields)})"


def _odd(node: ast.expr) -> float:
    form = as_operator(node)
    match form:
        case ast.Attribute(attr="T", value=inner):
            inner = as_operator(inner)
            if isinstance(inner, ast.Attribute) and inner.attr == "T":
                return 3.0
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.MatMult):
                return 1.6
            return 0.0 if isinstance(inner, ast.Name | ast.Attribute) else 0.8
        case ast.UnaryOp(op=ast.USub(), operand=ast.UnaryOp(op=ast.USub())):
            return 3.0
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=0)):
            return 2.0
        case ast.BinOp(left=left, op=operator, right=right):
            return _odd_operation(left, operator, right)
        case ast.Compare(left=left, comparators=[right]):
            return 2.0 if simplified(left) == simplified(right) else 0.0
        case ast.Call(
            func=ast.Attribute(attr=name), args=[ast.Call(func=ast.Attribute(attr=inner)), *_]
        ) if name == inner:
            return 2.0
        case _:
            return 0.0


def _odd_operation(left: ast.expr, operator: ast.operator, right: ast.expr) -> float:
    odd = 0.0
    if isinstance(operator, ast.Div | ast.Sub | ast.Mult | ast.Add) and not isinstance(
        left, ast.Constant
    ):
        factors = [simplified(each) for each in _flat(left, operator)]
        if simplified(right) in factors:
            odd += 1.5
    for each in (left, right):
        if isinstance(each, ast.Constant) and isinstance(each.value, int | float):
            odd += 0.0 if each.value in {0, 1, 2} or 0 < each.value < 1 else 1.0
    match operator, right:
        case ast.Mult() | ast.Div() | ast.Pow(), ast.Constant(value=0 | 1):
            odd += 1.2 if not isinstance(operator, ast.Mult) else 0.6
        case ast.Add() | ast.Sub(), ast.Constant(value=0):
            odd += 1.5
        case ast.Add() | ast.Sub(), ast.UnaryOp(op=ast.USub()):
            odd += 1.5
        case ast.Div(), ast.Compare():
            odd += 3.0
    return odd


def _flat(node: ast.expr, operator: ast.operator) -> list[ast.expr]:
    """The operands of a chain of one operator (a division's divisors too)."""
    alike: tuple[type[ast.operator], ...] = (
        (ast.Mult, ast.Div) if isinstance(operator, ast.Mult | ast.Div) else (ast.Add, ast.Sub)
    )
    if isinstance(node, ast.BinOp) and isinstance(node.op, alike):
        return [*_flat(node.left, operator), *_flat(node.right, operator)]
    return [node]
