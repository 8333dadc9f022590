"""Code that nobody means to write: an edit that makes more of it is no repair worth a trial."""

from __future__ import annotations

import ast

from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.numpy_forms import as_operator
from trigrad.subject.source.walking import walk


def oddities(tree: ast.AST) -> int:
    """How many such expressions and statements there are in a tree."""
    return sum(map(_is_odd, walk(tree)))


def _is_odd(node: ast.AST) -> bool:
    """Whether a node is a double transpose, `x / x`, `1 * x`, `x + (y > 0)`, `x = x`, `m = 1`…"""
    match as_operator(node) if isinstance(node, ast.expr) else node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in _BATCH_SIZES:
            return isinstance(value, ast.Constant) or _measures_a_parameter(value)
        case ast.Assign(targets=[target], value=value):
            return ast.unparse(target) == ast.unparse(value)
        case ast.AugAssign(op=ast.Add() | ast.Sub(), value=value):
            return _has_a_minus(value)  # `W += -lr * dW` is `W -= lr * dW`
        case ast.Return(value=ast.Tuple(elts=[ast.Name(id=one), ast.Name(id=other)])):
            # `return dy, dx`: by their names, they are in the other order.
            return one[:1] == other[:1] == "d" and one > other
        case ast.Slice(step=ast.Constant(value=1)):
            return True
        case ast.Attribute(attr="T", value=inner):
            inner = as_operator(inner)
            product = isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.MatMult)
            return product or (isinstance(inner, ast.Attribute) and inner.attr == "T")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            if _is_rate(operand):
                return True  # a step goes down by its operator, not by a learning rate below 0
            return _is_count(operand) or _is_number(operand, 0) or isinstance(operand, ast.UnaryOp)
        case ast.BinOp(left=left, op=operator, right=right):
            return _is_odd_operation(left, operator, right)
        case ast.Compare(left=left, comparators=[right]):
            negative = _is_count(left) and (isinstance(right, ast.UnaryOp) or _is_number(right, 0))
            return negative or simplified(left) == simplified(right)
        case ast.Call(func=ast.Attribute(attr=outer) | ast.Name(id=outer), args=[inner, *_]):
            match inner:
                case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
                    return name == outer and name not in {"forward", "backward"}
        case ast.Subscript(slice=index):
            return any(isinstance(n, ast.Constant) and _is_fraction(n) for n in walk(index))
    return False


def _is_odd_operation(left: ast.expr, operator: ast.operator, right: ast.expr) -> bool:
    neutral: tuple[int, ...] = ()
    if isinstance(operator, ast.Mult | ast.Div | ast.Pow | ast.Add | ast.Sub):
        neutral = (0,) if isinstance(operator, ast.Add | ast.Sub) else (0, 1)
        if _operands(left, operator) & _operands(right, operator):
            return True
    if any(_is_number(right, number) for number in neutral):
        return True
    if isinstance(operator, ast.Mult) and _is_number(left, 1):
        return True
    if isinstance(operator, ast.Add | ast.Sub | ast.Div) and isinstance(right, ast.Compare):
        return True
    return isinstance(operator, ast.Add | ast.Sub) and isinstance(right, ast.UnaryOp)


_BATCH_SIZES = frozenset(("m", "n", "N", "batch_size", "num_samples", "n_samples"))
"""Names for the number of samples."""

_PARAMETERS = frozenset(("w", "b", "weight", "weights", "bias", "biases"))


def _measures_a_parameter(node: ast.expr) -> bool:
    """Whether it is a size of a parameter: the batch is no axis of it, and that of b may be 1."""
    match node:
        case ast.Subscript(value=ast.Attribute(value=array, attr="shape")):
            pass
        case ast.Call(func=ast.Name(id="len"), args=[array]) | ast.Attribute(value=array):
            pass
        case _:
            return False
    match array:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower() in _PARAMETERS
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name.lower().rstrip("0123456789") in _PARAMETERS
    return False


def _operands(node: ast.expr, operator: ast.operator) -> set[str]:
    """The operands of a chain of products and quotients, or of sums and differences."""
    product = isinstance(operator, ast.Mult | ast.Div)
    chained = ast.Mult | ast.Div if product else ast.Add | ast.Sub
    if isinstance(node, ast.BinOp) and isinstance(node.op, chained):
        return _operands(node.left, operator) | _operands(node.right, operator)
    return set() if isinstance(node, ast.Constant) else {simplified(node)}


def _is_number(node: ast.expr, value: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _has_a_minus(node: ast.expr) -> bool:
    """Whether a factor of a product has a minus in front of it."""
    match node:
        case ast.UnaryOp(op=ast.USub()):
            return True
        case ast.BinOp(left=left, op=ast.Mult() | ast.MatMult() | ast.Div(), right=right):
            return _has_a_minus(left) or _has_a_minus(right)
        case ast.Call(args=arguments):
            return any(map(_has_a_minus, arguments))
    return False


_RATES = frozenset(("lr", "eta", "learningrate", "rate", "stepsize"))
"""Names of a learning rate, without underscores."""


def _is_rate(node: ast.expr) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower().replace("_", "") in _RATES
    return False


def _is_fraction(node: ast.Constant) -> bool:
    return isinstance(node.value, float)


def _is_count(node: ast.expr) -> bool:
    """Whether it is a number of entries or axes."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="shape")) | ast.Attribute(attr="size" | "ndim"):
            return True
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False
