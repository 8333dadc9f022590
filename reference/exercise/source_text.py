"""The text of something of `trigrad.impl`, with all that it uses, to stand in a file of its own."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

import trigrad.impl
from trigrad.exercise.annotations import without_annotations

PACKAGE = trigrad.impl.__name__

Definition = ast.ClassDef | ast.FunctionDef


@dataclass
class SourceText:
    """A class or function, and the lines that it needs before it."""

    own: str
    imports: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    """Functions, classes and constants that it uses, each after those that it uses itself."""


def source_text(name: str) -> SourceText:
    """What `trigrad.impl` has under that name, without type annotations.

    Raises:
        KeyError: it has no class or function of that name.
    """
    value = getattr(trigrad.impl, name, None)
    if not (inspect.isclass(value) or inspect.isfunction(value)):
        raise KeyError(name)
    found = SourceText("")
    _Collector(found).add(sys.modules[value.__module__], name)
    found.own = found.helpers.pop()
    return found


class _Collector:
    """Collects definitions, each once, and before it what it uses."""

    def __init__(self, found: SourceText) -> None:
        self._found = found
        self._seen: set[tuple[str, str]] = set()

    def add(self, module: ModuleType, name: str) -> None:
        """Add what a module has under a name, and what that uses."""
        if (module.__name__, name) in self._seen:
            return
        self._seen.add((module.__name__, name))
        text, statements = _parsed(module)
        for statement in statements:
            if name not in _bound_by(statement):
                continue
            if isinstance(statement, ast.ImportFrom) and statement.level:
                self._add_imported(statement, name)
                continue
            segment = _lines_of(text, statement)
            if isinstance(statement, ast.Import | ast.ImportFrom):
                if segment not in self._found.imports:
                    self._found.imports.append(segment)
                continue
            for used in _names_in(statement):
                self.add(module, used)
            self._found.helpers.append(segment)

    def _add_imported(self, statement: ast.ImportFrom, name: str) -> None:
        alias = next(each for each in statement.names if name in (each.asname, each.name))
        self.add(sys.modules[f"{PACKAGE}.{statement.module}"], alias.name)
        if alias.asname:
            self._found.helpers.append(f"{alias.asname} = {alias.name}")


@cache
def _parsed(module: ModuleType) -> tuple[str, list[ast.stmt]]:
    text = without_annotations(inspect.getsource(module))
    return text, ast.parse(text).body


def _bound_by(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module binds."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (each.asname or each.name.partition(".")[0] for each in names)
        case ast.Assign(targets=targets):
            yield from (each.id for each in targets if isinstance(each, ast.Name))


def _names_in(statement: ast.stmt) -> Iterable[str]:
    """The names that it uses, in the order in which they stand there."""
    used = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    loaded = (node for node in used if isinstance(node.ctx, ast.Load))
    return dict.fromkeys(n.id for n in sorted(loaded, key=lambda n: (n.lineno, n.col_offset)))


def _lines_of(text: str, statement: ast.stmt) -> str:
    first = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))])
    return "\n".join(text.split("\n")[first - 1 : statement.end_lineno])
