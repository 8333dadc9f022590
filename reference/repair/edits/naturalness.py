"""How odd a definition becomes by an edit: names left unused or unset, unlike the lines around."""

from __future__ import annotations

import ast
import itertools
from collections import Counter

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.oddities import built, oddity
from trigrad.repair.edits.ordering import out_of_turn
from trigrad.repair.edits.scope import Scope, is_attribute_of, paired

_JUDGED = ast.expr | ast.Assign | ast.AugAssign | ast.If
_UNUSED = 1.2
_UNSET = 2.0
_STALE = 0.8
_ALIKE = 0.35
_MISNAMED = 1.0
_IN_VAIN = 0.8
_CHANGED = 0.5


class Oddness:
    """Compares a statement or function of a definition with what it would become."""

    def __init__(self, context: Context) -> None:
        self._ground = context
        self._alike: dict[ast.stmt, bool] = {}
        self._before: dict[ast.stmt, float] = {}
        self._expressions: dict[ast.stmt, float] = {}
        self._elsewhere: dict[ast.stmt, tuple[set[str], set[str]]] = {}
        self._later: dict[ast.stmt, set[str]] = {}
        self._built: dict[ast.stmt, str] = {}
        self._shapes: dict[ast.FunctionDef, Counter[str]] = {}

    def of(self, tree: ast.Module, unit: ast.stmt) -> float:
        """How much odder (less, where negative) a unit becomes."""
        more = self._total(tree, unit) - self._of(unit)
        # To leave what other lines are like costs nothing: they may be wrong in the same way.
        if not self._alike[unit] and self._is_like_others(tree, unit):
            more -= _ALIKE
        return more

    def at_most(self, unit: ast.stmt, *, moved: bool = False) -> float:
        """How much less odd a unit can become; `moved`: where its statements stay what they are."""
        odd = self._of(unit)
        return odd - self._expressions[unit] * moved + _ALIKE

    def _of(self, unit: ast.stmt) -> float:
        if unit not in self._before:
            self._before[unit] = self._total(unit, unit)
            self._expressions[unit] = _of_expressions(list(ast.walk(unit)))
            self._alike[unit] = self._is_like_others(unit, unit)
        return self._before[unit]

    def _total(self, tree: ast.AST, unit: ast.stmt) -> float:
        nodes = list(ast.walk(tree))
        total = _of_expressions(nodes)
        scope = self._scope(unit)
        if scope is not None:
            total += self._names(nodes, unit, scope) + _MISNAMED * _misnamed(nodes, scope)
            total += _CHANGED * (_changes_argument(nodes, scope) and bool(scope.me))
            if unit is scope.function:
                total += out_of_turn(nodes, scope)
                total += _IN_VAIN * sum(map(_in_vain, nodes))
            else:
                total += self._stale(nodes, unit, scope)
        return total

    def _scope(self, unit: ast.stmt) -> Scope | None:
        around = {unit, *self._ground.layout.ancestors(unit)}
        for scope in self._ground.shared.scopes:
            if scope.function in around:
                return scope
        return None

    def _names(self, nodes: list[ast.AST], unit: ast.stmt, scope: Scope) -> float:
        """Arguments and locals that nothing reads; names that are read and nowhere set."""
        if unit not in self._elsewhere:
            inside = set(map(id, ast.walk(unit)))
            others = [] if unit is scope.function else list(ast.walk(scope.function))
            self._elsewhere[unit] = _read_and_set(
                [node for node in others if id(node) not in inside]
            )
        read, is_set = _read_and_set(nodes)
        read |= self._elsewhere[unit][0]
        is_set |= self._elsewhere[unit][1]
        unused = [name for name in {*scope.arguments, *is_set} if name not in read]
        unset = [
            name
            for name in read & set(scope.locals) - is_set
            if name not in scope.arguments and name not in self._ground.known
        ]
        return _UNUSED * len(unused) + _UNSET * len(unset)

    def _stale(self, nodes: list[ast.AST], unit: ast.stmt, scope: Scope) -> float:
        """Attributes that are read before the same call sets them."""
        if unit not in self._later:
            self._later[unit] = self._set_later(unit, scope)
        later = self._later[unit]
        read = {
            node.attr
            for node in nodes
            if is_attribute_of(node, scope.me) and isinstance(node.ctx, ast.Load)
        }
        return _STALE * len(read & later)

    def _set_later(self, unit: ast.stmt, scope: Scope) -> set[str]:
        lines: dict[str, list[int]] = {}
        for each in self._ground.statements(scope):
            for target in each.targets if isinstance(each, ast.Assign) else ():
                if is_attribute_of(target, scope.me):
                    lines.setdefault(target.attr, []).append(each.lineno)
        return {name for name, at in lines.items() if min(at) > unit.lineno}

    def _is_like_others(self, tree: ast.AST, unit: ast.stmt) -> bool:
        """Whether another statement of the function is built the same way."""
        scope = self._scope(unit)
        if scope is None or unit is scope.function:
            return False
        if scope.function not in self._shapes:
            self._shapes[scope.function] = Counter(
                built(each) for each in self._ground.statements(scope)
            )
        shapes = self._shapes[scope.function]
        now = built(tree.body[0] if isinstance(tree, ast.Module) and tree.body else tree)
        if unit not in self._built:
            self._built[unit] = built(unit)
        if now.count("(") < 2:
            return False  # `a = b` is like too much
        others = shapes[now] - (1 if now == self._built[unit] else 0)
        return others > 0


def _of_expressions(nodes: list[ast.AST]) -> float:
    return sum(oddity(node) for node in nodes if isinstance(node, _JUDGED))


def _changes_argument(nodes: list[ast.AST], scope: Scope) -> bool:
    """Whether entries of an argument are set: the caller's array."""
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id in scope.arguments
        for node in nodes
    )


def _misnamed(nodes: list[ast.AST], scope: Scope) -> int:
    """How often an argument is kept under the name of another one."""
    pairs = [
        pair
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        for pair in paired(target, node.value)
    ]
    return sum(
        isinstance(value, ast.Name)
        and value.id in scope.arguments
        and is_attribute_of(target, scope.me)
        and target.attr in scope.arguments
        and target.attr != value.id
        for target, value in pairs
    )


def _in_vain(node: ast.AST) -> int:
    """How many lines of a block set what the next line sets again, and does not read."""
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        return 0
    return sum(
        isinstance(one, ast.Assign)
        and isinstance(other, ast.Assign)
        and (target := ast.unparse(one.targets[0])) == ast.unparse(other.targets[0])
        and target not in ast.unparse(other.value)
        for one, other in itertools.pairwise(body)
    )


def _read_and_set(nodes: list[ast.AST]) -> tuple[set[str], set[str]]:
    names = [node for node in nodes if isinstance(node, ast.Name)]
    # `out[mask] = 0` changes an array, and reads nothing of it.
    changed = {
        id(node.value)
        for node in nodes
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    read = {node.id for node in names if isinstance(node.ctx, ast.Load) and id(node) not in changed}
    return read, {node.id for node in names if isinstance(node.ctx, ast.Store)}
