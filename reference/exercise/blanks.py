"""A class or function whose bodies are left to be written."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from trigrad.messages import Message
from trigrad.subject.source.passes import is_pass, side_of

TO_WRITE = "raise NotImplementedError"

_FORMULA = " = "


class NothingToWriteError(Exception):
    """A class inherits all its methods."""


def with_blanks(text: str, *, formulas: bool = False) -> str:
    """The text with the bodies of its passes taken out; the constructor stays.

    A class that has no passes, such as an optimiser, loses all its public methods. With `formulas`
    the docstring of backward keeps the formula of each gradient.

    Raises:
        NothingToWriteError: it has no method of its own but a constructor.
    """
    lines = text.split("\n")
    (definition,) = ast.parse(text).body
    functions = list(_to_write(definition))
    if not functions:
        raise NothingToWriteError(getattr(definition, "name", ""))
    for function in reversed(functions):
        first, last = function.body[0].lineno, function.end_lineno
        indent = " " * function.body[0].col_offset
        body = [f"{indent}{line}".rstrip() for line in _docstring(function, formulas=formulas)]
        lines[first - 1 : last] = [*body, f"{indent}{TO_WRITE}  # {Message('exercise.to_write')}"]
    return "\n".join(lines)


def _to_write(definition: ast.stmt) -> Iterator[ast.FunctionDef]:
    if isinstance(definition, ast.FunctionDef):
        yield definition
        return
    assert isinstance(definition, ast.ClassDef), "an exercise is a class or a function"
    methods = [each for each in definition.body if isinstance(each, ast.FunctionDef)]
    passes = [each for each in methods if is_pass(each.name)]
    yield from passes or [each for each in methods if not each.name.startswith("_")]


def _docstring(function: ast.FunctionDef, *, formulas: bool) -> list[str]:
    """The lines of the docstring; that of backward says what is due, but not how it is computed."""
    text = ast.get_docstring(function) or ""
    if side_of(function.name) == "backward" and not formulas:
        kept = [p for p in text.split("\n\n") if _FORMULA not in p]
        text = "\n\n".join(kept) or str(Message("exercise.gradient"))
    if not text:
        return []
    lines = textwrap.dedent(text).split("\n")
    if len(lines) == 1:
        return [f'"""{lines[0]}"""']
    return [f'"""{lines[0]}', *lines[1:], '"""']
