"""A subject's text as data: chunks, the modules that they make, and the whole.

Only strings, numbers, tuples and dicts, every string valid Unicode: so that it can be sent to
another process as it is.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

NAMESPACE = "folder "
"""Begins the key of a package without `__init__.py`, which has no text; its path follows."""


SUBJECT = "trigrad_subject_"
"""Begins the name under which Python knows a module of the subject."""


class UnreadableError(Exception):
    """Nothing can be judged; the message says why and what to do, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Chunk:
    """Python text that stands together: a file, a cell, a fenced block.

    `text` has its line 1 at line 1 of the cell or file (a fenced block is preceded by as many
    empty lines as the page has before it). `label` names it in tracebacks.
    """

    text: str
    file: str
    cell: int | None = None
    block: int = 0
    """Which of the file's fenced blocks it is, where it is one."""
    compiled_as: str = ""
    """The file name by which Python knows it, where Python itself has imported it."""

    @property
    def label(self) -> str:
        """A file name that no other chunk has."""
        if self.compiled_as:
            return self.compiled_as
        return f"<{self.place}, block {self.block}>" if self.block else f"<{self.place}>"

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return self.file if self.cell is None else f"{self.file}, cell {self.cell}"


@dataclass(frozen=True)
class Module:
    """Chunks that share one namespace."""

    name: str
    key: str
    """The resolved path: no other module has it."""
    chunks: tuple[Chunk, ...]
    listed: bool = True
    """Whether its layers are judged; else it is only imported by one whose layers are."""
    imports: dict[str, str] = field(default_factory=dict)
    """A dotted name as the text writes it (`..common.layers`) → the key of a module of the
    subject, or NAMESPACE and a path. What is not in here is a library, or is not here."""


@dataclass(frozen=True)
class Source:
    """A subject's text: its modules, its fingerprint and what there is to say about it."""

    path: str
    sha256: str
    modules: tuple[Module, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """The Python files of a folder that cannot be read, each with the reason."""

    def by_file(self) -> list[Source]:
        """A source for each listed module: that module, and all that it imports in turn.

        What is said of the whole (`notes`, `unread`) is in none of them.
        """
        by_key = {module.key: module for module in self.modules}
        parts = []
        for module in self.modules:
            if module.listed:
                near = _reached(module, by_key)
                modules = tuple(replace(m, listed=m is module) for m in near)
                parts.append(Source(self.path, self.sha256, modules))
        return parts

    def with_texts(self, texts: Mapping[str, str]) -> Source:
        """The same source with other texts for the chunks of these labels."""
        modules = tuple(
            replace(m, chunks=tuple(replace(c, text=texts.get(c.label, c.text)) for c in m.chunks))
            for m in self.modules
        )
        return replace(self, modules=modules)


def _reached(module: Module, by_key: Mapping[str, Module]) -> list[Module]:
    """A module, and the modules that it imports, directly or through others."""
    found = {module.key: module}
    waiting = [module]
    while waiting:
        for key in waiting.pop().imports.values():
            if key in by_key and key not in found:
                found[key] = by_key[key]
                waiting.append(by_key[key])
    return list(found.values())


def lines_of(text: str) -> list[str]:
    """The lines of a text as Python counts them: a form feed does not end one."""
    return with_plain_ends(text).split("\n")


def with_plain_ends(text: str) -> str:
    r"""The text with every line ended by `\n`, whatever system it was written on."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """The text as it can be printed anywhere: line ends as spaces, control characters spelt out."""
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character in "\n\r\t\v\f\u2028\u2029":
        return " "
    if unicodedata.category(character).startswith("C"):  # controls, surrogates, unassigned
        return character.encode("unicode_escape").decode("ascii")
    return character
