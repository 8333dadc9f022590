"""The statements of a definition, and the expressions of each."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.scope import Scope
from trigrad.subject.source.walking import walk


def calculates_nothing(statement: ast.stmt) -> bool:
    """Whether a statement is a text, a `print` or an import."""
    match statement:
        case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
            return True
    return isinstance(statement, ast.Import | ast.ImportFrom)


def expressions_of(statement: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, not those of statements within it."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for name, value in ast.iter_fields(statement):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.expr) and name != "annotation":
                yield from (node for node in walk(each) if isinstance(node, ast.expr))


def blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    """The lists of statements of a function: its body, and the bodies inside it."""
    for node in walk(function):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
                yield body


def body_of(scope: Scope) -> list[ast.stmt]:
    """A function's statements without its docstring."""
    first, *rest = scope.function.body
    documents = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return rest if documents else [first, *rest]
