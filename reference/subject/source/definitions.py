"""Which statements define something, and which definition of a name is judged. Only syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trigrad.subject.source.passes import is_pass
from trigrad.subject.source.text import Chunk
from trigrad.subject.source.walking import walk

ClassOrFunction = ast.ClassDef | ast.FunctionDef
Statement = tuple[Chunk, ast.stmt]

_PLAIN = (
    *(ast.Constant, ast.Tuple, ast.List, ast.Dict, ast.Set, ast.Starred),
    *(ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop, ast.expr_context),
    *(ast.Name, ast.Attribute, ast.FormattedValue, ast.JoinedStr, ast.Subscript, ast.Slice),
)


def defines(statement: ast.stmt) -> bool:
    """Whether a statement only defines: an import, function, class or plain constant.

    Loops, calls, and assignments whose value needs a call do more than that.
    """
    match statement:
        case (
            ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef()
            | ast.AsyncFunctionDef()
        ):  # fmt: skip
            return True
        case ast.Assign(targets=targets, value=value):
            return all(isinstance(t, ast.Name | ast.Tuple) for t in targets) and _plain(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or _plain(value)
        case _:
            return False


def _plain(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return True  # a function, spelled differently
    return all(isinstance(node, _PLAIN) for node in walk(value))


def first_line(node: ClassOrFunction) -> int:
    """The first line of a definition, including its decorators."""
    return min([node.lineno, *(d.lineno for d in node.decorator_list)])


def methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The methods that a class's own body defines."""
    return {s.name: s for s in node.body if isinstance(s, ast.FunctionDef)}


def is_stub(node: ast.FunctionDef) -> bool:
    """Whether a body is only docstring, comment, `pass`, `...` or `raise NotImplementedError`."""
    return all(_does_nothing(statement) for statement in node.body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False


def _complete(node: ClassOrFunction, expected: set[str]) -> bool:
    if isinstance(node, ast.FunctionDef):
        return not is_stub(node)
    own = methods(node)
    if any(is_stub(own[name]) for name in own if is_pass(name)):
        return False
    inherits = any(isinstance(base, ast.Name) and base.id == node.name for base in node.bases)
    return inherits or expected <= set(own)


def definitions_of(
    statements: Sequence[Statement],
) -> dict[str, list[tuple[Chunk, ClassOrFunction]]]:
    """Every class and function with all its definitions, in order."""
    found: dict[str, list[tuple[Chunk, ClassOrFunction]]] = {}
    for chunk, statement in statements:
        if isinstance(statement, ClassOrFunction):
            found.setdefault(statement.name, []).append((chunk, statement))
    return found


def without_superseded(statements: Sequence[Statement]) -> Iterator[Statement]:
    """The statements without incomplete definitions that follow a complete one of the same name.

    In a notebook `class Relu` may be repeated with only a forward, to explain it; the complete
    class before it is still the one to judge.
    """
    dropped: set[ast.stmt] = set()
    for nodes in definitions_of(statements).values():
        names = [set(methods(n)) for _, n in nodes if isinstance(n, ast.ClassDef)]
        # The passes that any definition of this name has; a complete one has them all.
        expected = {name for own in names for name in own if is_pass(name)}
        complete = [i for i, (_, node) in enumerate(nodes) if _complete(node, expected)]
        if complete:
            dropped.update(node for _, node in nodes[complete[-1] + 1 :])
    return (item for item in statements if item[1] not in dropped)
