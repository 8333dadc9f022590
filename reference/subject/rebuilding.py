"""A layer made again from other text, beside the one that is there.

Every statement is run in a copy of its module's namespace, so that nothing of the subject changes.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import CodeType, ModuleType
from typing import Any

from trigrad.subject.broken import BrokenFace
from trigrad.subject.face import DEFINITION, Face, Raised
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.placeholders import loading
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parse
from trigrad.subject.source.text import Chunk

_FLAGS = annotations.compiler_flag


@dataclass(frozen=True)
class Piece:
    """The text of one class or function, as it is or as it was edited.

    `line` is that of its first line (a decorator's, where it has one), `text` its whole lines with
    their indentation. `label` names the chunk that it belongs to.
    """

    label: str
    line: int
    text: str

    def parsed(self) -> ClassOrFunction:
        """Its statement, at its own lines.

        Raises:
            SyntaxError: it is no class or function.
        """
        before = max(self.line - 1, 0)
        if self.text[:1].isspace():  # it stands in a block
            tree = parse("\n" * (before - 1) + "if 1:\n" + self.text, self.label).body[0]
            body = tree.body if isinstance(tree, ast.If) else []
        else:
            body = parse("\n" * before + self.text, self.label).body
        if len(body) != 1 or not isinstance(body[0], ClassOrFunction):
            raise SyntaxError("it is no single class or function")
        return body[0]


@lru_cache(maxsize=512)
def _compiled(piece: Piece) -> tuple[ClassOrFunction, CodeType]:
    """A piece's statement and its code, kept: an edit changes one of the pieces of a layer."""
    node = piece.parsed()
    return node, compile(ast.Module([node], []), piece.label, "exec", _FLAGS, dont_inherit=True)


Recognise = Callable[[Sequence[Definition]], Face]
"""From the definitions of a layer (two for a pair of functions) to its face."""


@dataclass
class Rebuilder:
    """Makes layers of one subject again."""

    chunks: Mapping[str, Chunk]
    namespaces: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the chunks' labels."""

    def face(
        self, recognise: Recognise, places: Sequence[tuple[str, int]], pieces: Sequence[Piece]
    ) -> Face:
        """The face of a layer made from these pieces; those that others use come first.

        `places` say which of them are the layer's own. A piece that raises when it is run gives a
        face that says so.
        """
        try:
            made = self._definitions(pieces)
        except Exception as error:  # noqa: BLE001 - the text's own, and said
            return BrokenFace(Raised(DEFINITION, type(error).__name__, str(error)))
        return recognise([made[place] for place in places])

    def _definitions(self, pieces: Sequence[Piece]) -> dict[tuple[str, int], Definition]:
        copies: dict[int, ModuleType] = {}
        made: dict[tuple[str, int], Definition] = {}
        exchanged: list[tuple[object, object]] = []
        for piece in pieces:
            node, code = _compiled(piece)
            original = self.namespaces[piece.label]
            module = copies.get(id(original))
            if module is None:
                module = copies[id(original)] = ModuleType(str(original.get("__name__", "copy")))
                vars(module).update(original)
                for old, new in exchanged:
                    _exchange(module, old, new)
            with _known(module), silent(), loading(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(code, vars(module))
            value = vars(module)[node.name]
            if node.name in original:
                exchanged.append((original[node.name], value))
                for other in copies.values():
                    _exchange(other, *exchanged[-1])
            padded = "\n" * max(piece.line - 1, 0) + piece.text
            chunk = replace(self.chunks[piece.label], text=padded)
            made[piece.label, piece.line] = Definition(node.name, value, node, chunk)
        return made


def _exchange(module: ModuleType, old: object, new: object) -> None:
    """Bind what a module has imported from another to what that one has now."""
    namespace = vars(module)
    for name in [name for name, value in namespace.items() if value is old]:
        namespace[name] = new


@contextmanager
def _known(module: ModuleType) -> Iterator[None]:
    """Let dataclasses find the module by its name."""
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        if before is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before
