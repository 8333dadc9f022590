"""NumPy's several spellings of one operation brought to one."""

from __future__ import annotations

import ast

_MODULES = {"np", "numpy"}
_OPERATORS: dict[str, type[ast.operator]] = {
    "add": ast.Add,
    "subtract": ast.Sub,
    "multiply": ast.Mult,
    "divide": ast.Div,
    "true_divide": ast.Div,
    "matmul": ast.MatMult,
    "dot": ast.MatMult,
    "power": ast.Pow,
}
REDUCTIONS = {
    "sum",
    "mean",
    "max",
    "min",
    "amax",
    "amin",
    "prod",
    "argmax",
    "argmin",
    "any",
    "all",
    "std",
    "var",
}
_ALSO_METHODS = REDUCTIONS | {"copy", "reshape", "ravel"}
_OTHER_NAMES = {"amax": "max", "amin": "min"}


def of_numpy(function: ast.expr) -> str:
    """The name of a function of NumPy, `sum` for `np.sum`; empty for anything else."""
    match function:
        case ast.Attribute(value=ast.Name(id=module), attr=name) if module in _MODULES:
            return name
        case _:
            return ""


def as_operator(node: ast.expr) -> ast.expr:
    """`np.add(a, b)` as `a + b`, `a.dot(b)` as `a @ b`, `np.transpose(a)` as `a.T`."""
    match node:
        case ast.Call(func=function, args=[left, right], keywords=[]) if (
            (operator := _OPERATORS.get(of_numpy(function)))
            and not isinstance(left, ast.Starred)
            and not isinstance(right, ast.Starred)
        ):
            return ast.BinOp(left, operator(), right)
        case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right], keywords=[]) if (
            not of_numpy(node.func) and not isinstance(right, ast.Starred)
        ):
            return ast.BinOp(left, ast.MatMult(), right)
        case ast.Call(func=function, args=[operand], keywords=[]) if (
            of_numpy(function) == "negative"
        ):
            return ast.UnaryOp(ast.USub(), operand)
        case ast.Call(func=function, args=[operand], keywords=[]) if (
            of_numpy(function) == "transpose"
        ):
            return ast.Attribute(operand, "T", ast.Load())
        case ast.Call(func=ast.Attribute(value=operand, attr="transpose"), args=[], keywords=[]):
            return ast.Attribute(operand, "T", ast.Load())
        case _:
            return node


class _Products(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        form = as_operator(node)
        return form if is_product(form) else node


def with_operators(text: str) -> str:
    """An expression with `a @ b` for `np.dot(a, b)`."""
    return ast.unparse(_Products().visit(ast.parse(text, mode="eval")))


def is_product(node: ast.AST) -> bool:
    """Whether an expression is a product of matrices, in whatever spelling."""
    form = as_operator(node) if isinstance(node, ast.expr) else None
    return isinstance(form, ast.BinOp) and isinstance(form.op, ast.MatMult)


def call_form(
    node: ast.Call,
) -> tuple[ast.expr | str, list[ast.expr], list[tuple[str, ast.expr]]]:
    """A call's name, its arguments by position and those by keyword, in one spelling.

    `np.sum(x, 0)` and `x.sum(axis=0)` come to the name "sum", one argument and one keyword.
    """
    keywords = [(each.arg or "**", each.value) for each in node.keywords]
    name = of_numpy(node.func)
    arguments = list(node.args)
    function: ast.expr | str = node.func
    if name in _ALSO_METHODS and arguments:
        function = name
    elif not name and isinstance(node.func, ast.Attribute) and node.func.attr in _ALSO_METHODS:
        function, arguments = node.func.attr, [node.func.value, *arguments]
    if not isinstance(function, str):
        return function, arguments, keywords
    function = _OTHER_NAMES.get(function, function)
    if function in REDUCTIONS and len(arguments) == 2 and not isinstance(arguments[1], ast.Starred):
        keywords.append(("axis", arguments.pop()))
    if function == "reshape" and len(arguments) > 2:
        arguments = [arguments[0], ast.Tuple(arguments[1:], ast.Load())]
    elif function == "reshape" and len(arguments) == 2 and isinstance(arguments[1], ast.Starred):
        arguments = [arguments[0], arguments[1].value]
    dropped = {"axis": None, "keepdims": False}
    keywords = [
        (each, value)
        for each, value in keywords
        if not (
            each in dropped
            and function in REDUCTIONS
            and isinstance(value, ast.Constant)
            and value.value is dropped[each]
        )
    ]
    return function, arguments, keywords


def is_sequence(node: ast.expr) -> bool:
    """Whether an operand is a text, a list or a tuple, as far as the text tells."""
    match node:
        case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
            return True
        case ast.List() | ast.Tuple() | ast.ListComp():
            return True
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod() | ast.Mult(), right=right):
            return is_sequence(left) or is_sequence(right)
        case ast.Call(func=ast.Name(id="list" | "str" | "tuple")):
            return True
        case _:
            return False
