"""Which statements compute a gradient: products and sums that are assigned to the name of one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from trigrad.subject.source.gradient_names import is_gradient_variable
from trigrad.subject.source.walking import walk

_PRODUCTS = frozenset(("dot", "matmul", "outer", "einsum", "tensordot", "vdot", "inner"))
_SUMS = frozenset(("sum", "mean", "average"))


def returned_count(node: ast.FunctionDef) -> int:
    """How many results a function returns: the most that one of its returns names."""
    counts = [
        len(n.value.elts) if isinstance(n.value, ast.Tuple | ast.List) else 1
        for n in walk(node)
        if isinstance(n, ast.Return) and n.value is not None
    ]
    return max(counts, default=0)


def gradient_lines(statements: Sequence[ast.stmt]) -> list[int]:
    """The lines of a text at which gradients are computed outside of any class or function.

    A single product may be an example; several, or one in a loop, are training.
    """
    run = [s for top in statements for s in _statements(top)]
    found = [s for s in run if _is_product(s, set())]
    loops = [s for s in run if isinstance(s, ast.For | ast.While)]
    looped = {id(s) for loop in loops for s in walk(loop)}
    names = {name for s in found for name in _targets(s)}
    if len(names) > 1 or any(id(s) in looped for s in found):
        return [s.lineno for s in found]
    return []


def _statements(top: ast.stmt) -> Iterator[ast.stmt]:
    """A statement and those in it, without the bodies of classes and functions."""
    if isinstance(top, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return
    yield top
    for child in ast.iter_child_nodes(top):
        for inner in [child] if isinstance(child, ast.stmt) else _within(child):
            yield from _statements(inner)


def _within(node: ast.AST) -> Iterator[ast.stmt]:
    """The statements of an exception's handler or of a case."""
    if not isinstance(node, ast.expr):
        yield from (s for s in ast.iter_child_nodes(node) if isinstance(s, ast.stmt))


def _names(node: ast.AST) -> set[str]:
    """The names that a text uses, arguments included."""
    nodes = list(walk(node))
    arguments = {n.arg for n in nodes if isinstance(n, ast.arg)}
    return arguments | {n.id for n in nodes if isinstance(n, ast.Name)}


def _returned(node: ast.FunctionDef) -> Iterator[ast.expr]:
    """What is returned after the first of several results."""
    for inner in walk(node):
        if isinstance(inner, ast.Return) and isinstance(inner.value, ast.Tuple):
            yield from inner.value.elts[1:]


def returns_both(node: ast.FunctionDef) -> bool:
    """Whether a function returns a gradient after another result."""
    known = _names(node)
    returned = {n.id for each in _returned(node) for n in walk(each) if isinstance(n, ast.Name)}
    return any(is_gradient_variable(name, known) for name in returned)


_OF_LOSS = frozenset(("loss", "losses", "cost", "criterion", "objective", "error", "mse", "nll"))


def returns_loss_and_slope(node: ast.FunctionDef) -> bool:
    """Whether a function with the name of a loss returns a gradient after it, or an expression.

    As in `return loss, (p - t) / n`, where the gradient has no name.
    """
    words = set(re.findall(r"[a-z]+", re.sub(r"([A-Z])", r"_\1", node.name).lower()))
    if not words & _OF_LOSS or len(node.args.args) < 2:
        return False
    slope = any(isinstance(each, ast.BinOp | ast.UnaryOp) for each in _returned(node))
    return slope or returns_both(node)


def assigns_gradient(node: ast.FunctionDef) -> bool:
    """Whether an entry of a gradient is set, or it is multiplied or divided."""
    known = _names(node)
    for inner in walk(node):
        match inner:
            case ast.AugAssign() | ast.Assign(targets=[ast.Subscript()]) if any(
                is_gradient_variable(name, known) for name in _targets(inner)
            ):
                return True
            case ast.Assign(value=ast.BinOp()) if any(
                is_gradient_variable(name, known) for name in _targets(inner)
            ):
                return True
    return False


def computes_gradient(node: ast.AST) -> bool:
    """Whether a gradient is computed somewhere in it, as a product or a sum of products."""
    known = _names(node)
    return any(isinstance(n, ast.stmt) and _is_product(n, known) for n in walk(node))


def _targets(statement: ast.stmt) -> list[str]:
    """The names that a statement assigns to: `dW` of dW, self.dW, grads["W"] and dW[0]."""
    match statement:
        case ast.Assign(targets=targets):
            pass
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            targets = [target]
        case _:
            return []
    return [name for target in targets for name in _target_name(target)]


def _target_name(target: ast.expr) -> list[str]:
    match target:
        case ast.Subscript(value=inner):
            return _target_name(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return [name]
    return []


def _is_product(statement: ast.stmt, known: set[str]) -> bool:
    """Whether a gradient is assigned a product of matrices, or a sum of products."""
    value = getattr(statement, "value", None)
    if value is None:
        return False
    nodes = list(walk(value))
    called = {_called(n) for n in nodes if isinstance(n, ast.Call)}
    operators = {type(n.op) for n in nodes if isinstance(n, ast.BinOp)}
    product = bool(called & _PRODUCTS) or ast.MatMult in operators
    if not any(is_gradient_variable(n, known) for n in _targets(statement)):
        # `W += rate * x.T @ delta`: a step along a gradient that has no name
        turned = any(isinstance(n, ast.Attribute) and n.attr == "T" for n in nodes)
        step = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add | ast.Sub)
        return step and product and (turned or "outer" in called)
    if product:
        return True
    multiplies = bool(operators & {ast.Mult, ast.Sub}) or "multiply" in called
    return multiplies and (bool(called & _SUMS) or isinstance(statement, ast.AugAssign))


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
