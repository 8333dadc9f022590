"""What loading a subject yields: its definitions, those that failed, and what there is to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from trigrad.subject.face import Raised, Where
from trigrad.subject.loading.placeholders import UnavailableError
from trigrad.subject.source.definitions import ClassOrFunction, first_line
from trigrad.subject.source.text import Chunk


@dataclass(frozen=True, eq=False)
class Definition:
    """A class or function of the subject, with its text where that is known."""

    name: str
    value: Any
    node: ClassOrFunction | None = None
    chunk: Chunk | None = None
    earlier: tuple[str, ...] = ()
    """Where the same name is defined too: those definitions are not judged."""

    @property
    def place(self) -> tuple[str, int]:
        """Its chunk's label and its first line, a decorator's where it has one."""
        if self.node is None or self.chunk is None:
            return "", 0
        return self.chunk.label, first_line(self.node)


@dataclass(frozen=True, eq=False)
class Broken:
    """A class or function whose statement raised, or that was not run for a caller's reason.

    Only those after which the name is bound to nothing: a class that works in cell 2 and raises
    when it is defined again in cell 5 is a Definition, as it is in the learner's notebook.
    """

    name: str
    node: ClassOrFunction
    chunk: Chunk
    raised: Raised
    """`call` is "its definition". For a caller's reason, that is the message; `error` is empty."""
    like_a_layer: bool
    """Whether its name or its methods are a layer's. Of any other there is a note instead."""

    @property
    def why(self) -> str:
        """What happened, in words."""
        return why(self.raised)


def why(raised: Raised) -> str:
    """What a statement raised, in words; the caller's reason where it was not run."""
    if raised.error in ("", UnavailableError.__name__):
        return raised.message
    return f"it raises {raised.error}: {raised.message}"


@dataclass
class Loaded:
    """Everything that a source defines, in source order."""

    definitions: list[Definition] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    chunks: dict[str, Chunk] = field(default_factory=dict)
    """By label, to find a traceback's line again."""
    namespaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By label: what the names of a chunk mean."""
    stars: list[str] = field(default_factory=list)
    """Modules that are star-imported and not here: they may have brought any name."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Names that are computed at the top of a file and were not, with their places."""
    unread: list[tuple[str, bool, Where, str]] = field(default_factory=list)
    """What looks like a layer in text that is no Python: its name, whether it is a function, its
    place, and why it cannot be read."""
    broken: list[Broken] = field(default_factory=list)
    """The listed modules' classes and functions that are not there because they raised."""
