"""A normal form of code: two pieces with the same compute the same, up to rounding.

Only identities are used that hold for all arrays of floats.
"""

from __future__ import annotations

import ast

from trigrad.repair.edits.numpy_forms import as_operator, call_form, is_sequence

_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_OPPOSITES: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = (
    *((ast.Lt, ast.GtE), (ast.Gt, ast.LtE), (ast.Eq, ast.NotEq)),
    *((ast.Is, ast.IsNot), (ast.In, ast.NotIn)),
)
_NEGATED = dict(_OPPOSITES) | {other: one for one, other in _OPPOSITES}


def simplified(node: ast.AST) -> str:
    """The normal form of an expression, a statement or a whole tree, as a text to compare."""
    if isinstance(node, ast.expr):
        return _expression(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name | ast.Attribute):
        both = ast.BinOp(_loaded(node.target), node.op, node.value)
        return f"Assign([{_expression(node.target)}],{_expression(both)},None)"
    return _generic(node)


def _generic(node: ast.AST) -> str:
    fields = (_field(value) for name, value in ast.iter_fields(node) if name != "ctx")
    return f"{type(node).__name__}({','.join(fields)})"


def _field(value: object) -> str:
    if isinstance(value, ast.AST):
        return simplified(value)
    if isinstance(value, list):
        return f"[{','.join(map(_field, value))}]"
    return repr(value)


def _loaded(target: ast.Name | ast.Attribute) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    return ast.Attribute(target.value, target.attr, ast.Load())


def _expression(node: ast.expr) -> str:
    node = as_operator(node)
    match node:
        case ast.Constant(value=bool() | str() | bytes() | None):
            return repr(node.value)
        case ast.Constant(value=int() | float()) | ast.BinOp() | ast.UnaryOp(op=ast.USub()):
            return _sum(node)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _expression(operand)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _negated(operand)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _comparison(left, type(operator), right)
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr="T"):
            return _transposed(inner)
        case ast.Attribute(value=inner, attr=name):
            plain = isinstance(inner, ast.Name | ast.Attribute | ast.Call) and inner is as_operator(
                inner
            )
            return f"{_expression(inner)}.{name}" if plain else f"({_expression(inner)}).{name}"
        case ast.Call():
            return _sum(node) if _is_linear(node) else _call(node)
        case _:
            return _generic(node)


def _is_linear(node: ast.Call) -> bool:
    """Whether it is a sum or a mean of one array."""
    name, arguments, _ = call_form(node)
    one = len(arguments) == 1 and not isinstance(arguments[0], ast.Starred)
    return name in {"sum", "mean"} and one


def _transposed(inner: ast.expr) -> str:
    inner = as_operator(inner)
    if isinstance(inner, ast.Attribute) and inner.attr == "T":
        return _expression(inner.value)
    return f"T[{_expression(inner)}]"


def _call(node: ast.Call) -> str:
    name, arguments, keywords = call_form(node)
    # A point in front: no function of the text is called that, nor a built-in one.
    shown = _expression(name) if isinstance(name, ast.expr) else f".{name}"
    parts = [_field(each) for each in arguments]
    parts += sorted(f"{each}={_field(value)}" for each, value in keywords)
    return f"{shown}({','.join(parts)})"


def _negated(operand: ast.expr) -> str:
    match operand:
        case ast.UnaryOp(op=ast.Not(), operand=inner) if isinstance(inner, ast.Compare):
            return _expression(inner)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            return _comparison(left, _NEGATED[type(operator)], right)
        case _:
            return f"not({_expression(operand)})"


def _comparison(left: ast.expr, operator: type[ast.cmpop], right: ast.expr) -> str:
    one, other = _expression(left), _expression(right)
    if operator in _MIRRORED:
        one, operator, other = other, _MIRRORED[operator], one
    elif operator in {ast.Eq, ast.NotEq}:
        one, other = sorted((one, other))
    return f"({one} {operator.__name__} {other})"


def _sum(node: ast.expr) -> str:
    terms: list[tuple[float, str]] = []
    if not _add(node, 1.0, terms):
        return _in_order(node)
    return _joined(_collected(terms))


def _collected(terms: list[tuple[float, str]]) -> list[tuple[str, float]]:
    """The terms of a sum in order, its numbers in one."""
    constant = sum(factor for factor, term in terms if not term)
    shown = sorted((term, factor) for factor, term in terms if term)
    if constant or not shown:
        shown.append(("", constant))
    return shown


def _joined(terms: list[tuple[str, float]]) -> str:
    if len(terms) == 1:
        term, factor = terms[0]
        return _scaled(term, factor)
    return "+(" + ",".join(_scaled(term, factor) for term, factor in terms) + ")"


def _scaled(term: str, factor: float) -> str:
    if not term:
        return f"{factor:.15g}"
    if factor == 1:
        return term
    return f"{factor:.15g}·{term}"


def _add(node: ast.expr, factor: float, terms: list[tuple[float, str]]) -> bool:
    """Collect the terms of a sum; False where `+` may join texts or lists."""
    node = as_operator(node)
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            sign = 1.0 if isinstance(operator, ast.Add) else -1.0
            return (
                not is_sequence(left)
                and not is_sequence(right)
                and _add(left, factor, terms)
                and _add(right, factor * sign, terms)
            )
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _add(operand, -factor, terms)
    above: list[str] = []
    below: list[str] = []
    coefficient = _multiply(node, above, below)
    term = "*".join(sorted(above))
    if below:
        term += "/" + "/".join(sorted(below))
    terms.append((factor * coefficient, term))
    return True


def _multiply(node: ast.expr, above: list[str], below: list[str]) -> float:
    """Collect the factors of a product; returns that which is a number."""
    node = as_operator(node)
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_multiply(operand, above, below)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if not (
            is_sequence(left) or is_sequence(right)
        ):
            return _multiply(left, above, below) * _multiply(right, above, below)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            number = _divisor(right, below)
            return _multiply(left, above, below) / number
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=1)):
            return _multiply(left, above, below)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            above.append(f"**({_expression(left)},{_expression(right)})")
            return 1.0
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            above.append(f"@({_expression(left)},{_expression(right)})")
            return 1.0
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            terms: list[tuple[float, str]] = []
            if not _add(node, 1.0, terms):
                above.append(_in_order(node))
                return 1.0
            # `a - b` and `b - a` differ by a sign, which belongs to the whole product.
            collected = _collected(terms)
            sign = -1.0 if collected[0][1] < 0 else 1.0
            above.append(_joined([(term, sign * factor) for term, factor in collected]))
            return sign
        case ast.Call() if _is_linear(node):
            # What is a number in a sum of products stands in front of it.
            name, (summed, *_), keywords = call_form(node)
            inner: list[str] = []
            beneath: list[str] = []
            number = _multiply(summed, inner, beneath)
            product = "*".join(sorted(inner)) + "".join(f"/{each}" for each in sorted(beneath))
            rest = sorted(f"{each}={_field(value)}" for each, value in keywords)
            above.append(f".{name}({','.join([product, *rest])})")
            return number
        case ast.BinOp():
            above.append(_in_order(node))
            return 1.0
    above.append(_expression(node))
    return 1.0


def _divisor(node: ast.expr, below: list[str]) -> float:
    inner: list[str] = []
    nothing: list[str] = []
    number = _multiply(node, inner, nothing)
    if nothing or number == 0:  # a quotient, or zero, stays as it is
        below.append(f"({_expression(node)})" if number else "0")
        return 1.0
    below.extend(inner)
    return number


def _in_order(node: ast.expr) -> str:
    if not isinstance(node, ast.BinOp):
        return _generic(node)
    left, right = _expression(node.left), _expression(node.right)
    if isinstance(node.op, ast.BitOr | ast.BitAnd | ast.BitXor):
        left, right = sorted((left, right))
    return f"{type(node.op).__name__}[{left},{right}]"
