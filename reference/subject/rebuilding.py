"""Build a layer from edited text, beside the original.

Every statement is run in a copy of its module's namespace, so that the subject is not changed.
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
from trigrad.subject.loading.placeholders import while_loading
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parse
from trigrad.subject.source.text import Chunk

_FLAGS = annotations.compiler_flag


@dataclass(frozen=True)
class DefinitionText:
    """The text of one class or function, original or edited.

    Attributes:
        label: the label of its chunk.
        line: the number of its first line, including decorators.
        text: its whole lines with their indentation.
    """

    label: str
    line: int
    text: str

    def parsed(self) -> ClassOrFunction:
        """Its syntax tree, with its line numbers in the chunk.

        Raises:
            SyntaxError: it is not a single class or function.
        """
        before = max(self.line - 1, 0)
        if self.text[:1].isspace():  # it is in a block
            tree = parse("\n" * (before - 1) + "if 1:\n" + self.text, self.label).body[0]
            body = tree.body if isinstance(tree, ast.If) else []
        else:
            body = parse("\n" * before + self.text, self.label).body
        if len(body) != 1 or not isinstance(body[0], ClassOrFunction):
            raise SyntaxError("it is not a single class or function")
        return body[0]


@lru_cache(maxsize=512)
def _compiled(text: DefinitionText) -> tuple[ClassOrFunction, CodeType]:
    """The syntax tree and the code of a text. Cached, since an edit changes only one of a layer's
    texts."""
    node = text.parsed()
    return node, compile(ast.Module([node], []), text.label, "exec", _FLAGS, dont_inherit=True)


Recognise = Callable[[Sequence[Definition]], Face]
"""From the definitions of a layer (two for a pair of functions) to its face."""


@dataclass
class Rebuilder:
    """Builds layers of one subject from edited text."""

    chunks: Mapping[str, Chunk]
    namespaces: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The global names of the chunks' modules, by the chunks' labels."""

    def face(
        self,
        recognise: Recognise,
        places: Sequence[tuple[str, int]],
        texts: Sequence[DefinitionText],
    ) -> Face:
        """The face of a layer built from these texts; a text comes after those that it uses.

        `places` tell which of them are the layer itself. If a text raises when it is run, the
        face answers every command with that error.
        """
        try:
            definitions = self._definitions(texts)
        except Exception as error:  # noqa: BLE001 - raised by the text, and reported
            return BrokenFace(Raised(DEFINITION, type(error).__name__, str(error)))
        return recognise([definitions[place] for place in places])

    def _definitions(self, texts: Sequence[DefinitionText]) -> dict[tuple[str, int], Definition]:
        copies: dict[int, ModuleType] = {}
        definitions: dict[tuple[str, int], Definition] = {}
        replaced: list[tuple[object, object]] = []
        for text in texts:
            node, code = _compiled(text)
            original = self.namespaces[text.label]
            module = copies.get(id(original))
            if module is None:
                module = copies[id(original)] = ModuleType(str(original.get("__name__", "copy")))
                vars(module).update(original)
                for old, new in replaced:
                    _replace_value(module, old, new)
            with _importable(module), silent(), while_loading(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(code, vars(module))
            value = vars(module)[node.name]
            if node.name in original:
                replaced.append((original[node.name], value))
                for other in copies.values():
                    _replace_value(other, *replaced[-1])
            padded = "\n" * max(text.line - 1, 0) + text.text
            chunk = replace(self.chunks[text.label], text=padded)
            definitions[text.label, text.line] = Definition(node.name, value, node, chunk)
        return definitions


def _replace_value(module: ModuleType, old: object, new: object) -> None:
    """Replace an object by its new version in a module's global names."""
    namespace = vars(module)
    for name in [name for name, value in namespace.items() if value is old]:
        namespace[name] = new


@contextmanager
def _importable(module: ModuleType) -> Iterator[None]:
    """Register a module in `sys.modules` for a while, since dataclasses look it up there."""
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module
    try:
        yield
    finally:
        if before is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before
