"""A subject's text as data: chunks, modules, and the whole source.

It consists of strings, numbers, tuples and dicts, and every string is valid Unicode, so that it can
be sent to another process.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from trigrad.messages import Message

NAMESPACE = "folder:"
"""Prefix of the key of a package without `__init__.py`, which has no text; its path follows."""


SUBJECT = "trigrad_subject_"
"""Prefix of the name of a subject's module in `sys.modules`."""


class UnreadableError(Exception):
    """Nothing can be judged; the message says in one line why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


@dataclass(frozen=True)
class Chunk:
    """Python text from one place: a file, a notebook's cell or a fenced block.

    `text` has its line 1 at line 1 of the cell or file (a fenced block is preceded by as many
    empty lines as the page has before it). `label` names it in tracebacks.
    """

    text: str
    file: str
    cell: int | None = None
    block: int = 0
    """The number of the fenced block in its file; 0 for other chunks."""
    compiled_as: str = ""
    """The file name in its code objects, if Python itself has imported it."""

    @property
    def label(self) -> str:
        """A unique name, used as the file name in its code objects."""
        if self.compiled_as:
            return self.compiled_as
        name = self.file if self.cell is None else f"{self.file}, cell {self.cell}"
        return f"<{name}, block {self.block}>" if self.block else f"<{name}>"

    @property
    def place(self) -> str:
        """Where it is, in words."""
        if self.cell is None:
            return self.file
        return str(Message("place.cell_of_file", file=self.file, cell=self.cell))


@dataclass(frozen=True)
class Module:
    """Chunks that share one namespace."""

    name: str
    key: str
    """The resolved path, which is unique."""
    chunks: tuple[Chunk, ...]
    listed: bool = True
    """Whether its layers are judged; False for a module that is only imported."""
    opened_apart: bool = False
    """Whether it is a file of a folder that is opened by itself, too: notes on it belong there."""
    imports: dict[str, str] = field(default_factory=dict)
    """From a dotted name as the text writes it (`..common.layers`) to the key of a module of the
    subject, or to NAMESPACE and a path. Any other name is a library or was not found."""


@dataclass(frozen=True)
class Source:
    """A subject's text: its modules, its hash, and notes for the reader."""

    path: str
    sha256: str
    modules: tuple[Module, ...]
    notes: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    """The Python files of a folder that cannot be read, each with the reason."""
    around: tuple[Chunk, ...] = ()
    """Text that is never run: the files that use a module, and what these import."""
    only_cell: int | None = None
    """The cell of which the layers are judged; None: all are."""

    def by_file(self) -> list[Source]:
        """A source for each listed module, with all modules that it imports, directly or not.

        `notes` and `unread`, which are about the whole, are in none of them.
        """
        by_key = {module.key: module for module in self.modules}
        parts = []
        for module in self.modules:
            if module.listed:
                near = reached(module, by_key)
                modules = tuple(
                    replace(m, listed=m is module, opened_apart=m.listed and m is not module)
                    for m in near
                )
                parts.append(Source(self.path, self.sha256, modules))
        return parts

    def with_texts(self, texts: Mapping[str, str]) -> Source:
        """The same source with other texts for the chunks of these labels."""
        modules = tuple(
            replace(m, chunks=tuple(replace(c, text=texts.get(c.label, c.text)) for c in m.chunks))
            for m in self.modules
        )
        return replace(self, modules=modules)


def reached(module: Module, by_key: Mapping[str, Module]) -> list[Module]:
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
    r"""The text with every line end replaced by `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """The text in one printable line: line ends as spaces, control characters as escapes."""
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character in "\n\r\t\v\f\u2028\u2029":
        return " "
    if unicodedata.category(character).startswith("C"):  # controls, surrogates, unassigned
        return character.encode("unicode_escape").decode("ascii")
    return character
