"""Statements inside of top-level `if`, `with` and `try` blocks. Only syntax is looked at."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from trigrad.messages import Message
from trigrad.subject.source.walking import walk

_CALL_FREE = (
    *(ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List),
    *(ast.Compare, ast.cmpop, ast.BoolOp, ast.boolop, ast.UnaryOp, ast.unaryop),
    ast.expr_context,
)


def leaves(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements, with every block replaced by the statements in it.

    What stands below `if __name__ == "__main__"` is left out.
    """
    for statement in body:
        if inner := blocks_of(statement):
            for block in inner:
                yield from leaves(block)
        else:
            yield statement


def blocks_of(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The blocks of an `if`, `with` or `try`; none for any other statement."""
    match statement:
        case ast.If() if is_main_guard(statement):
            return [[], statement.orelse]
        case ast.If(body=body, orelse=orelse):
            return [body, orelse]
        case ast.With(body=body) | ast.AsyncWith(body=body):
            return [body]
        case ast.Try(body=body) | ast.TryStar(body=body):
            handlers = [handler.body for handler in statement.handlers]
            return [body, *handlers, statement.orelse, statement.finalbody]
        case _:
            return []


def read_by_conditions(body: Iterable[ast.stmt]) -> set[str]:
    """The names that the conditions of top-level `if` blocks read."""
    names = set()
    for statement in body:
        if isinstance(statement, ast.If) and not is_main_guard(statement):
            names |= {n.id for n in walk(statement.test) if isinstance(n, ast.Name)}
        for block in blocks_of(statement):
            names |= read_by_conditions(block)
    return names


def is_main_guard(statement: ast.If) -> bool:
    """Whether it is `if __name__ == "__main__"`, which runs a script and defines nothing."""
    match statement.test:
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            names = [n.id for n in (left, right) if isinstance(n, ast.Name)]
            texts = [n.value for n in (left, right) if isinstance(n, ast.Constant)]
            return names == ["__name__"] and texts == ["__main__"]
        case _:
            return False


def calls_nothing(test: ast.expr) -> bool:
    """Whether a condition only compares names and constants: evaluating it calls nothing."""
    return all(isinstance(node, _CALL_FREE) for node in walk(test))


def patched_name(statement: ast.stmt) -> str:
    """The name `Relu` in `Relu.backward = function` or `setattr(Relu, …)`; "" for any other.

    Only where running it calls nothing of the learner's.
    """
    match statement:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=name))], value=value):
            pass
        case ast.Expr(ast.Call(ast.Name(id="setattr"), [ast.Name(id=name), ast.Constant(), value])):
            pass
        case _:
            return ""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and len(value.args) == 1:
        wraps = value.func.id in ("staticmethod", "classmethod", "property")
        value = value.args[0] if wraps else value
    return name if isinstance(value, ast.Lambda) or calls_nothing(value) else ""


def hidden_definitions(body: Iterable[ast.stmt]) -> Iterator[tuple[ast.ClassDef, str]]:
    """Classes that importing the file would not define, each with where it stands, in words."""
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                where = str(Message("hidden.function", name=name))
            case ast.For() | ast.AsyncFor() | ast.While():
                where = str(Message("hidden.loop"))
            case ast.If() if is_main_guard(statement):
                where = str(Message("hidden.main"))
            case _:
                for block in blocks_of(statement):
                    yield from hidden_definitions(block)
                continue
        inner = (node for child in _bodies(statement) for node in walk(child))
        yield from ((node, where) for node in inner if isinstance(node, ast.ClassDef))


def _bodies(statement: ast.stmt) -> list[ast.stmt]:
    if isinstance(statement, ast.If):
        return statement.body  # its else block is read like any other
    return [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
