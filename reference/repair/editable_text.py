"""The text that may be edited to repair a layer: its definition, and the helpers that it uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from trigrad.repair.reach import steps_weights
from trigrad.subject.loading.computed_constants import OPERANDS, bound_by
from trigrad.subject.loading.helper_selection import helpers_for
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.blocks import leaves
from trigrad.subject.source.definitions import ClassOrFunction, first_line
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, Module
from trigrad.subject.source.walking import walk

_SUPPLIED = re.compile(rf"(?<![\w.])({'|'.join(HELPERS)})\b")
"""The names that trigrad supplies to a file that does not define them."""


@dataclass(frozen=True)
class Unit:
    """A class or function at the top of a chunk; of several with its name there, the last."""

    chunk: Chunk
    path: str
    """The key of its module: the resolved path of the file, where it is one."""
    name: str
    own: bool
    """Whether it is the layer itself, not something that it uses."""
    known: frozenset[str] = frozenset()
    """The names at the top of its module."""
    usual: tuple[str, ...] = ()
    """Expressions that a layer of its contract usually has; empty for a helper."""

    @cached_property
    def line(self) -> int:
        """Its first line in the subject's own text."""
        return first_line(definitions_in(self.chunk.text)[self.name])

    def lacks_a_name_in(self, replacement: str) -> bool:
        """Whether a text put in here uses a name that only trigrad supplies, `np` among them.

        Where the file neither imports it nor uses it, the edit would work here and not there.
        """
        return any(
            name not in self.known and not re.search(rf"\b{name}\b", self.chunk.text)
            for name in _SUPPLIED.findall(replacement)
        )

    @cached_property
    def steps_weights(self) -> bool:
        """Whether it is an optimiser or its step, which no mistake of a layer is mended in."""
        return not self.own and steps_weights(definitions_in(self.chunk.text)[self.name])

    @cached_property
    def loops(self) -> bool:
        """Whether it has a `while` loop, which an edit could make endless."""
        node = definitions_in(self.chunk.text)[self.name]
        return any(isinstance(inner, ast.While) for inner in walk(node))


@lru_cache(maxsize=512)
def definitions_in(text: str) -> Mapping[str, ClassOrFunction]:
    """The classes and functions at the top of a text by name, the last of each."""
    tree = parsed(text)
    if tree is None:
        return {}
    found = (s for s in leaves(tree.body) if isinstance(s, ClassOrFunction))
    return {node.name: node for node in found}


def span_in(text: str, node: ClassOrFunction) -> tuple[int, int]:
    """From which character to which a definition's whole lines go, the last line end left out."""
    lines = text.split("\n")
    first, last = first_line(node), node.end_lineno or node.lineno
    start = sum(len(line) + 1 for line in lines[: first - 1])
    return start, start + sum(len(line) + 1 for line in lines[first - 1 : last]) - 1


_Key = tuple[str, str]
"""A chunk's label and a name."""

_Units = dict[_Key, Unit]


class Library:
    """Every definition of a subject's text, found by its name from where it is used."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self._modules = modules
        self._definitions = {
            chunk.label: definitions_in(chunk.text) for module in modules for chunk in module.chunks
        }
        self._known = {module.key: frozenset(self._names(module)) for module in modules}

    def units_of(
        self, places: Iterable[tuple[str, int]], usual: tuple[str, ...] = ()
    ) -> list[Unit]:
        """The units of a layer whose definitions begin there; what others use comes first.

        A layer is edited in its own text and in that of the functions, bases and layers of its
        file (or of another that its file imports) that its text names.
        """
        units: _Units = {}
        for label, line in places:
            name = self._name_at(label, line)
            if name is None:
                return []
            self._add(units, set(), (label, name), own=True)
        return [replace(unit, usual=usual) if unit.own else unit for unit in units.values()]

    def _add(self, units: _Units, seen: set[_Key], key: _Key, *, own: bool) -> None:
        if key in seen:
            return
        seen.add(key)
        label, name = key
        module = next(m for m in self._modules for c in m.chunks if c.label == label)
        node = self._definitions[label][name]
        for used in _names_in(node):
            there = self._where_is(module, used)
            if there is not None:
                self._add(units, seen, there, own=False)
        chunk = next(c for c in module.chunks if c.label == label)
        units[key] = Unit(chunk, module.key, name, own, self._known[module.key])

    def _name_at(self, label: str, line: int) -> str | None:
        definitions = self._definitions.get(label, {})
        return next((n for n, node in definitions.items() if first_line(node) == line), None)

    def _where_is(self, module: Module, name: str) -> _Key | None:
        """The chunk that defines a name for a module: its own last one, or the one it imports."""
        own = [c.label for c in module.chunks if name in self._definitions[c.label]]
        if own:
            return own[-1], name
        imported = set(module.imports.values())
        others = [
            chunk.label
            for other in self._modules
            if other.key in imported
            for chunk in other.chunks
            if name in self._definitions[chunk.label]
        ]
        return (others[0], name) if len(others) == 1 else None

    def _names(self, module: Module) -> Iterator[str]:
        """Names that a definition finds at the top of a module; not `y`, which is a layer's own."""
        helpers = set(helpers_for(module))
        for chunk in module.chunks:
            tree = parsed(chunk.text)
            # The helpers that are supplied are known only in files that use them.
            yield from set(_names_in(tree)) & helpers if tree else ()
            for statement in leaves(tree.body) if tree else ():
                yield from bound_by(statement) - OPERANDS
                if isinstance(statement, ast.ImportFrom) and statement.names[0].name == "*":
                    yield from self._names_of_all(module, statement)

    def _names_of_all(self, module: Module, statement: ast.ImportFrom) -> Iterator[str]:
        """What `from module import *` brings, where the module is one of the subject."""
        dotted = "." * statement.level + (statement.module or "")
        key = module.imports.get(dotted)
        for other in self._modules:
            if other.key == key and other is not module:
                yield from (n for c in other.chunks for n in self._definitions[c.label])


def _names_in(node: ast.AST) -> list[str]:
    """Names that a definition's text mentions, those of a module's functions (`F.softmax`) too."""
    found: dict[str, None] = {}
    for inner in walk(node):
        if isinstance(inner, ast.Name):
            found[inner.id] = None
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            found[inner.attr] = None
    return list(found)
