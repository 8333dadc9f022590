"""Verdicts of this process, for layers whose text, and all that it reaches, is the same again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass

from trigrad.catalogue.in_force import language_in_force
from trigrad.contracts.schema import Sign
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.source.reaching import Piece, reach_of
from trigrad.subject.subject import Subject
from trigrad.verdict.moving import CannotMoveError, moved
from trigrad.verdict.results import LayerReport

MOST = 1_000
"""So many verdicts are kept; the oldest go first."""


@dataclass(frozen=True)
class Key:
    """What a verdict depends on, as far as it is known before the layer is judged."""

    asked: Hashable
    pieces: tuple[Piece, ...]
    """Where the text is. It is no part of what is asked."""
    whole: str
    """The digest of the whole text."""


@dataclass(frozen=True)
class _Entry:
    result: LayerReport | Unjudged
    pieces: tuple[Piece, ...]
    signs: frozenset[Sign] | None
    whole: str | None


class Kept:
    """The verdicts that are kept, for calls of `check` with the same limits.

    `judged` and `answered` count the layers of the last call that were judged, and that were not.
    """

    def __init__(self) -> None:
        self._entries: dict[Hashable, _Entry] = {}
        self._signs: dict[Hashable, tuple[Sign, ...]] = {}
        self.judged = 0
        self.answered = 0

    def begin(self) -> None:
        """Begin to count again."""
        self.judged = self.answered = 0

    def result(
        self, key: Key | None, candidate: Candidate, signs: Callable[[], Collection[Sign]]
    ) -> LayerReport | Unjudged | None:
        """The verdict that is kept for a key; None if there is none, or it may be another now."""
        entry = None if key is None else self._entries.get(key.asked)
        if key is None or entry is None or entry.whole not in (None, key.whole):
            self.judged += 1
            return None
        if entry.signs is not None and entry.signs != frozenset(signs()):
            self.judged += 1
            return None
        try:
            found = moved(entry.result, candidate, entry.pieces, key.pieces)
        except CannotMoveError:
            self.judged += 1
            return None
        self.answered += 1
        return found

    def keep(
        self,
        key: Key | None,
        result: LayerReport | Unjudged,
        signs: Collection[Sign] | None,
        *,
        whole: bool,
    ) -> None:
        """Keep a verdict, unless another day may give another.

        `signs` are those of its surroundings, if they were asked for; `whole` says that more of the
        text may have decided.
        """
        if key is None or not _certain(result):
            return
        read = None if signs is None else frozenset(signs)
        self._entries[key.asked] = _Entry(result, key.pieces, read, key.whole if whole else None)
        while len(self._entries) > MOST:
            del self._entries[next(iter(self._entries))]

    def signs(self, key: Key | None, find: Callable[[], tuple[Sign, ...]]) -> tuple[Sign, ...]:
        """What one layer shows of the conventions of its file."""
        if key is None:
            return find()
        if key.asked not in self._signs:
            self._signs[key.asked] = find()
        return self._signs[key.asked]


def key_of(candidate: Candidate, subject: Subject, options: Hashable) -> Key | None:
    """What the verdict on a layer depends on; None if its text is not known."""
    modules = subject.part_with(candidate).modules
    reach = reach_of(modules, candidate.label, candidate.places) if subject.limited else None
    if reach is None:
        return None
    row = candidate.contract
    recognised = (
        *(row.name, row.declaration, row.kind, row.twin),
        *(candidate.name, candidate.notes, candidate.unimplemented, candidate.derivative_of),
        *(candidate.chosen, candidate.version, candidate.todo, candidate.traced),
        *(candidate.guessed, candidate.supposed, candidate.completes, candidate.declared),
    )
    digest = hashlib.sha256()
    for module in modules:
        for chunk in module.chunks:
            digest.update(f"{chunk.label}\0{chunk.text}\0".encode(errors="replace"))
    said = language_in_force()  # some of its sentences are text already
    return Key((reach.digest, recognised, options, said), reach.pieces, digest.hexdigest())


def _certain(result: LayerReport | Unjudged) -> bool:
    """Whether no limit of time has had a say in it."""
    if isinstance(result, Unjudged):
        return False
    raised = (
        judgement.finding.evidence.raised
        for judgement in result.judgements
        if judgement.finding.evidence is not None
    )
    overdue = result.repair is not None and result.repair.overdue
    return not overdue and not any(each is not None and each.ended for each in raised)
