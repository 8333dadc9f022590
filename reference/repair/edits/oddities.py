"""What nobody writes: a transpose of a transpose, `x / x`, `* 1`, a number that means nothing."""

from __future__ import annotations

import ast

from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.numpy_forms import as_operator


def oddity(node: ast.expr | ast.Assign | ast.AugAssign | ast.If) -> float:
    """How odd an expression or a line is, its parts left out of account; 0 for what is usual."""
    if isinstance(node, ast.If):
        return _condition(node.test, raises=isinstance(node.body[0], ast.Raise))
    if isinstance(node, ast.IfExp):
        return _condition(node.test, raises=False)
    if isinstance(node, ast.AugAssign):
        return 2.0 * any(map(_is_nothing, ast.walk(node.value)))
    if isinstance(node, ast.Assign):
        return _assigned(node)
    form = as_operator(node)
    match form:
        case ast.Attribute(attr="T", value=inner):
            return _transposed(as_operator(inner))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _negative(operand)
        case ast.BinOp(left=left, op=operator, right=right):
            return _operation(left, operator, right)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            odd = 2.0 if simplified(left) == simplified(right) else 0.0
            if isinstance(left, ast.Subscript | ast.Attribute | ast.Call):
                odd += 1.6 * (_counts(left) and isinstance(right, ast.UnaryOp))
                below_one = isinstance(operator, ast.Lt) and _is_number_of(right, 1)
                odd += 1.6 * (_counts(left) and (_is_number_of(right, 0) or below_one))
            return odd + (1.0 if isinstance(left, ast.Compare | ast.Constant) else 0.0)
        case ast.Call(
            func=ast.Attribute(attr=name), args=[ast.Call(func=ast.Attribute(attr=inner)), *_]
        ) if name == inner and name not in {"forward", "backward"}:
            return 2.0
        case ast.Call(func=ast.Name(id=name), args=[ast.Call(func=ast.Name(id=inner)), *_]) if (
            name == inner
        ):
            return 2.0
        case ast.Call(
            func=ast.Attribute(attr="reshape", value=one),
            args=[ast.Attribute(attr="shape", value=other)],
        ):
            return 2.0 if simplified(one) == simplified(other) else 0.0
        case ast.Call(
            func=ast.Attribute(attr="reshape", value=ast.Call(func=ast.Attribute(attr="reshape")))
        ):
            return 1.2
        case ast.Call(func=ast.Attribute(attr="sum"), args=arguments, keywords=keywords):
            odd = 0.8 if any(map(_sums, arguments)) else 0.0
            # All that is kept of a sum over everything is brackets around a number.
            kept = [each.arg for each in keywords] == ["keepdims"] and not arguments[1:]
            return odd + 0.5 * kept
        case ast.Subscript(slice=index):
            return 1.5 * any(map(_is_fraction, ast.walk(index)))
        case _:
            return 0.0


def _condition(test: ast.expr, *, raises: bool) -> float:
    """How odd a condition is: one that complains does so of what is not as it should be."""
    odd = 0.4 * (raises and isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And))
    for node in ast.walk(test):
        match node:
            case ast.Compare(ops=[ast.Eq()]) if raises:
                odd += 0.6
            case ast.Compare(left=ast.Attribute(attr="ndim"), ops=[ast.NotEq()]) if not raises:
                odd += 0.3
    return odd


def _is_fraction(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _counts(node: ast.expr) -> bool:
    """Whether it is a number of entries or axes."""
    match node:
        case ast.Subscript(value=ast.Attribute(attr="shape")) | ast.Attribute(attr="size" | "ndim"):
            return True
        case ast.Call(func=ast.Name(id="len")):
            return True
        case _:
            return False


def _is_number_of(node: ast.expr, value: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == value


def _is_empty_array(node: ast.expr) -> bool:
    """Whether it makes an array to be filled: nobody calculates with that."""
    made = ("zeros", "zeros_like", "empty", "empty_like")
    return any(isinstance(at, ast.Attribute) and at.attr in made for at in ast.walk(node))


def _is_nothing(node: ast.AST) -> bool:
    """Whether it is 0 times something."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _is_number_of(left, 0) or _is_number_of(right, 0)
        case _:
            return False


def _averages(node: ast.expr) -> bool:
    return any(isinstance(at, ast.Attribute) and at.attr == "mean" for at in ast.walk(node))


def _sums(node: ast.expr) -> bool:
    return any(isinstance(at, ast.Attribute) and at.attr == "sum" for at in ast.walk(node))


def _assigned(node: ast.Assign) -> float:
    value = node.value
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float):
        return 0.4 if isinstance(node.targets[0], ast.Name) and value.value else 0.0
    written = ast.unparse(value)
    return 2.0 if any(ast.unparse(each) == written for each in node.targets) else 0.0


def _transposed(inner: ast.expr) -> float:
    match inner:
        case ast.Attribute(attr="T"):
            return 3.0
        case ast.BinOp(op=ast.MatMult()):
            return 1.6
        case ast.Name() | ast.Attribute():
            return 0.0
        case _:
            return 0.8


def _negative(operand: ast.expr) -> float:
    match operand:
        case ast.UnaryOp(op=ast.USub()):
            return 3.0
        case ast.Constant(value=0):
            return 2.0
        case ast.Subscript(value=ast.Attribute(attr="shape")) | ast.Attribute(attr="size" | "ndim"):
            return 1.5
        case ast.Call(func=ast.Name(id="len" | "int" | "float")):
            return 1.5
        case ast.BinOp(op=ast.Sub()):
            return 0.6
        case ast.BinOp(right=ast.UnaryOp(op=ast.USub())):
            return 1.5
        case _:
            return 0.0


def _operation(left: ast.expr, operator: ast.operator, right: ast.expr) -> float:
    odd = 0.0
    if isinstance(operator, ast.Div | ast.Sub | ast.Mult | ast.Add):
        odd += 1.5 * _repeated(left, operator, right)
    for each in (left, right):
        if isinstance(each, ast.Constant) and isinstance(each.value, int | float):
            odd += 0.0 if each.value in {0, 1, 2} or 0 < each.value < 1 else 1.0
    odd += 1.5 * (_is_empty_array(left) or _is_empty_array(right))
    match operator, right:
        case ast.Mult() | ast.Div() | ast.Pow(), ast.Constant(value=0 | 1):
            odd += 1.2 if not isinstance(operator, ast.Mult) else 0.4
        case ast.Add() | ast.Sub(), ast.Constant(value=0):
            odd += 1.5
        case ast.Add() | ast.Sub(), ast.Constant(value=2):
            odd += 0.5
        case ast.Add() | ast.Sub(), ast.UnaryOp(op=ast.USub()):
            odd += 1.5
        case ast.Mult() | ast.Div(), ast.UnaryOp(op=ast.USub()):
            odd += 0.7
        case ast.Div(), _ if _counts(right) and _averages(left):
            odd += 0.6
        case ast.Div() | ast.Mult(), ast.Constant(value=float() as small) if small < 1e-2:
            odd += 0.8
        case ast.Div(), ast.Compare():
            odd += 3.0
        case ast.Div(), ast.Call(func=ast.Attribute(attr="exp")):
            odd += 0.5 if isinstance(left, ast.Constant) else 0.0
        case ast.Add() | ast.Sub(), ast.Compare():
            odd += 1.0
    match operator, left:
        case ast.Mult(), ast.Constant(value=0 | 1):
            odd += 0.5
        case ast.Add(), ast.Constant(value=1) if isinstance(right, ast.Name | ast.Attribute):
            odd += 0.3
        case ast.Add() | ast.Sub(), ast.Compare() | ast.Constant(value=0 | 2):
            odd += 1.0
    return odd


def _repeated(left: ast.expr, operator: ast.operator, right: ast.expr) -> bool:
    """Whether an operand is there once more in the chain that it joins."""
    one = {simplified(each) for each in _chain(left, operator) if not _is_number(each)}
    other = {simplified(each) for each in _chain(right, operator) if not _is_number(each)}
    return bool(one & other)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def _chain(node: ast.expr, operator: ast.operator) -> list[ast.expr]:
    """The operands of a chain of products and quotients, or of sums and differences."""
    alike: tuple[type[ast.operator], ...] = (
        (ast.Mult, ast.Div) if isinstance(operator, ast.Mult | ast.Div) else (ast.Add, ast.Sub)
    )
    if isinstance(node, ast.BinOp) and isinstance(node.op, alike):
        return [*_chain(node.left, operator), *_chain(node.right, operator)]
    return [node]


def built(node: ast.AST) -> str:
    """How a statement is built: its operators and calls, names left out."""
    match node:
        case ast.Name():
            return "a"
        case ast.Attribute(value=value, attr=name):
            inner = built(value)
            return inner if inner == "a" and name != "T" else f"{inner}.{name}"
        case ast.Constant():
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
