"""What of a function may be edited: no texts, annotations, decorators or `print`."""

from __future__ import annotations

import ast
from collections.abc import Iterator


def is_talk(statement: ast.stmt) -> bool:
    """Whether a statement calculates nothing: a text, a `print`, an import."""
    match statement:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
        case _:
            return isinstance(statement, ast.Import | ast.ImportFrom)


def expressions_of(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not those of statements within it."""
    skipped = {"annotation", "returns", "decorator_list", "args", "bases", "keywords"}
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for name, value in ast.iter_fields(statement):
        if name in skipped:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.expr):
                yield from (node for node in ast.walk(each) if isinstance(node, ast.expr))
