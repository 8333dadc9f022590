"""What is recognised in a subject: layers that can be judged, and those that cannot."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from trigrad.contracts.declaration import DOUT
from trigrad.contracts.schema import Contract, Reading
from trigrad.subject.decay_face import Decay, DecayFace
from trigrad.subject.face import Face, Where
from trigrad.subject.reading_face import ReadingFace
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.stored_attributes import NOTHING_STORED, StoredAttributes


@dataclass(frozen=True, eq=False)
class Candidate:
    """A class, function or pair of functions that is judged by a contract."""

    contract: Contract
    name: str
    face: Face
    where: Where | None = None
    notes: tuple[str, ...] = ()
    unimplemented: bool = False
    lines: dict[str, tuple[int, int]] = field(default_factory=dict)
    """First and last line of each method ("forward"), and of the whole ("")."""
    uses: frozenset[str] = frozenset()
    """Names that its text mentions, among them the learner's layers that a network consists of."""
    stored: StoredAttributes = NOTHING_STORED
    """What its text shows of the attributes that backward reads."""
    parts: tuple[str, ...] = ()
    """Of an engine: the methods and classes that have a way back of their own. Of an optimiser: the
    method or function that takes a step."""
    derivative_of: str = ""
    """The function of which it is the derivative; "" for anything else."""
    chosen: bool = False
    """Whether the caller has said which contract it has."""
    version: bool = False
    """Whether its name is that of a version, so that it may be another function after all."""
    trained: bool = False
    """Whether it gives gradients of numbers that its constructor takes."""
    todo: str = ""
    """What its writer can do to have it checked, should it turn out to be another function."""
    label: str = ""
    """The label of the chunk that has its text."""
    places: tuple[tuple[str, int], ...] = ()
    """The chunk's label and the first line of its definition; of both for a pair of functions."""
    rebuild: Callable[[Sequence[DefinitionText]], Face] | None = None
    """Builds its face from edited text; None if that is not possible."""
    traced: bool = True
    """Whether PyTorch can follow its forward, of a declared layer."""
    declare: Callable[[Sequence[str]], Candidate | Unjudged | None] | None = None
    """The same as a guess declares it, or as the completed declaration does, by the notes of the
    result; None where nothing is guessed."""
    unnamed: Callable[[], Candidate | None] | None = None
    """The same as a layer whose name says nothing, to be tried on guessed inputs; None where it is
    nothing but what its name says."""
    otherwise: Unjudged | None = None
    """What is said of it if no guess fits; None where nothing is guessed."""
    guessed: bool = False
    """Whether what it takes was guessed."""
    supposed: bool = False
    """Whether only its name says what forward should be, which it is not."""
    unordered: tuple[str, ...] = ()
    """Of a guess: the arrays of which backward returns gradients in another order, by their
    names, than forward takes them."""
    completes: bool = False
    """Whether its user's declaration may be completed with the weights that it holds."""
    declared: str = ""
    """The user's own declaration, where it was completed."""
    reading: Reading | None = None
    """The reading in which it is judged; None: as its contract says."""
    decay: Decay | None = None
    """The weight decay that is taken off its gradients before they are judged."""

    @property
    def as_declared(self) -> tuple[str, ...]:
        """What `declare` takes: the declaration, "dout" if backward takes it, and the weights."""
        takes = DOUT if self.face.takes_dout else ""
        row = self.contract
        return (row.declaration, takes, *(v.name for v in row.parameters))

    def read_as(self, reading: Reading) -> Candidate:
        """The same in a reading: its own text, called as the reading says."""
        rebuild = self.rebuild
        return replace(
            self,
            contract=reading.contract,
            reading=reading,
            face=ReadingFace(self.face, reading),
            rebuild=None if rebuild is None else lambda texts: ReadingFace(rebuild(texts), reading),
        )

    def apart_from(self, decay: Decay) -> Candidate:
        """The same without its weight decay: an edit of its text has to keep that as it is."""
        rebuild = self.rebuild
        return replace(
            self,
            decay=decay,
            face=DecayFace(self.face, decay),
            rebuild=None if rebuild is None else lambda texts: DecayFace(rebuild(texts), decay),
        )

    def called(self, face: Face) -> Face:
        """A face of the same text, or of an edited one, called as the reading says."""
        read = face if self.reading is None else ReadingFace(face, self.reading)
        return read if self.decay is None else DecayFace(read, self.decay)


@dataclass(frozen=True)
class Unjudged:
    """Something that looks like a layer and cannot be judged, with the reason."""

    name: str
    where: Where | None
    why: str
    layer: str = ""
    """The name of the contract that it was recognised as, if any."""
    whole: bool = False
    """Whether it is a whole file, of which nothing is known."""
    counts: bool = True
    """Whether there may be gradient code in it: not in text without a word of it that cannot be
    parsed."""
    todo: str = ""
    """What its writer can do to have it checked, if there is something."""


class _UnimplementedFace:
    """The face of a layer that is not implemented; using it is an error of trigrad's."""

    takes_dout = False
    frameworks = ()
    apart = False
    over = False

    def has(self, method: str) -> bool:
        raise AssertionError(f"an unimplemented layer was asked for {method}")

    def run(self, commands: Any) -> list[Any]:
        raise AssertionError(f"an unimplemented layer was asked for {commands}")

    def run_some(self, runs: Any) -> list[list[Any]]:
        raise AssertionError(f"an unimplemented layer was asked for {runs}")

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        raise AssertionError(f"an unimplemented layer was given {share} or {at_most} s")

    def revive(self) -> None:
        raise AssertionError("an unimplemented layer was revived")

    def stop(self, ending: Any) -> None:
        raise AssertionError(f"an unimplemented layer was stopped: {ending}")

    def close(self) -> None:
        raise AssertionError("an unimplemented layer was closed")


UNIMPLEMENTED: Face = _UnimplementedFace()
