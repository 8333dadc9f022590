"""Python text without its type annotations, all else as it stands: comments, blank lines, order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Place = tuple[int, int]
Change = tuple[Place, Place, bytes]
"""From where to where, line and column in bytes, and what stands there then."""


def without_annotations(text: str) -> str:
    """The same program; aliases of types and imports of which nothing is left to use stay."""
    data = text.encode()
    starts = [0]
    for line in data.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    changes = [
        (starts[start[0] - 1] + start[1], starts[end[0] - 1] + end[1], after)
        for node in ast.walk(ast.parse(text))
        for start, end, after in _changes(node)
    ]
    for start, end, after in sorted(changes, reverse=True):
        data = data[:start] + after + data[end:]
    return data.decode()


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr()):
            yield _end(target), _end(annotation), b""
        case ast.FunctionDef(args=arguments, returns=returns):
            yield from _arguments(arguments)
            if returns is not None:
                yield (returns.lineno, returns.col_offset - len(" -> ")), _end(returns), b""


def _arguments(arguments: ast.arguments) -> Iterator[Change]:
    """Each annotation with its colon; x: int = 1 becomes x=1."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: dict[ast.arg, ast.expr | None] = dict.fromkeys(plain)
    defaults |= dict(zip(reversed(plain), reversed(arguments.defaults), strict=False))
    defaults |= dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    defaults |= dict.fromkeys(each for each in (arguments.vararg, arguments.kwarg) if each)
    for argument, default in defaults.items():
        if argument.annotation is None:
            continue
        start = argument.lineno, argument.col_offset + len(argument.arg.encode())
        if default is None:
            yield start, _end(argument.annotation), b""
        else:
            yield start, (default.lineno, default.col_offset), b"="


def _end(node: ast.expr) -> Place:
    line, column = node.end_lineno, node.end_col_offset
    assert line is not None, "parsed from a text"
    assert column is not None, "parsed from a text"
    return line, column
