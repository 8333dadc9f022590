"""What loading a subject yields: its definitions, those that failed, and notes for the reader."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from trigrad.messages import Message
from trigrad.subject.face import Raised, Where
from trigrad.subject.loading.placeholders import UnavailableError
from trigrad.subject.source.definitions import ClassOrFunction, first_line
from trigrad.subject.source.text import Chunk


@dataclass(frozen=True, eq=False)
class Definition:
    """A class or function of the subject, with its text if that is known."""

    name: str
    value: Any
    node: ClassOrFunction | None = None
    chunk: Chunk | None = None
    earlier: tuple[str, ...] = ()
    """The places of other definitions of the same name, which are not judged."""
    patched: bool = False
    """Whether an attribute was assigned to it below: its own text is then not all of it."""

    @property
    def place(self) -> tuple[str, int]:
        """Its chunk's label and its first line, including decorators; ("", 0) if unknown."""
        if self.node is None or self.chunk is None:
            return "", 0
        return self.chunk.label, first_line(self.node)


@dataclass(frozen=True, eq=False)
class BrokenDefinition:
    """A class or function whose statement raised or was skipped, so that its name is not bound.

    A class that is defined in cell 2 and raises when it is defined again in cell 5 is a
    Definition, as it is in the learner's notebook.
    """

    name: str
    node: ClassOrFunction
    chunk: Chunk
    raised: Raised
    """`call` is "its definition". If the statement was skipped, `error` is "", the message has the
    words of the SkipReason, and `ended` tells whether it is the statement's own fault."""
    like_a_layer: bool
    """Whether its name or its methods are those of a layer; otherwise there is only a note."""

    @property
    def why(self) -> str:
        """What happened, as a sentence."""
        return why(self.raised)


def why(raised: Raised) -> str:
    """What a statement raised, or why it was skipped, as a sentence."""
    if raised.ended:
        return str(Message("raised.it", message=raised.message))
    if raised.error in ("", UnavailableError.__name__):
        return raised.message
    return str(Message("loading.raises", kind=raised.error, message=raised.message))


@dataclass
class Loaded:
    """What a source defines, in source order."""

    definitions: list[Definition] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    chunks: dict[str, Chunk] = field(default_factory=dict)
    """By label, to find the lines of a traceback."""
    namespaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The global names of each chunk's module, by the chunk's label."""
    around: tuple[Chunk, ...] = ()
    """Text beside these that was not run."""
    stars: list[str] = field(default_factory=list)
    """Modules that are star-imported and not found: they may have defined any name."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Names that the text computes in statements that were not run, with their places."""
    unread: list[tuple[str, bool, Where, str]] = field(default_factory=list)
    """What looks like a layer in text with a syntax error: its name, whether it is a function, its
    place, and the error."""
    top: list[tuple[Chunk, list[ast.stmt]]] = field(default_factory=list)
    """The statements of each chunk of the listed modules."""
    broken: list[BrokenDefinition] = field(default_factory=list)
    """Classes and functions of the listed modules that failed when they were defined."""
