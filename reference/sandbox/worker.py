"""What a worker runs: it loads the learner's text and carries out commands on it."""

from __future__ import annotations

import faulthandler
import math
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trigrad.contracts.own import OwnContract
from trigrad.messages import Message
from trigrad.sandbox.codec import LARGE, pack_results, size_of, unpack_runs
from trigrad.sandbox.library_guard import LibraryGuard
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.progress import Progress
from trigrad.sandbox.subject_codec import pack_subject
from trigrad.sandbox.validation import WireClosedError, clean
from trigrad.sandbox.wire import Wire
from trigrad.subject.broken import BrokenFace
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate
from trigrad.subject.declared import Declarations
from trigrad.subject.face import DEFINITION, Command, Face, Raised, Result
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.frameworks import frameworks_loaded, load_frameworks
from trigrad.subject.loading.imported_objects import import_by_name
from trigrad.subject.loading.loader import load
from trigrad.subject.loading.statement_runner import SkipReason
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.text import Chunk, Module, Source, UnreadableError
from trigrad.subject.subject import Subject, of_loaded, of_module

ENOUGH_SECONDS = 0.1
"""After this time the results that there are are sent: what follows may hang."""


def serve(connection: socket.socket, trace_file: int, limits: Limits) -> None:
    """Answer messages until the socket is closed."""
    faulthandler.enable(trace_file, all_threads=False)
    faulthandler.register(signal.SIGUSR1, trace_file, all_threads=False)
    wire = Wire(connection, 1 << 40, math.inf)
    worker = _Worker(wire, limits, Progress(trace_file))
    try:
        while True:
            worker.answer(wire.receive())
    except WireClosedError:
        return  # no more messages


@dataclass(frozen=True)
class _Which:
    """Which layer is meant, and as what."""

    number: int
    declared: str
    """What a guess says that it takes; "" as it was recognised."""
    unnamed: bool
    """Whether it is taken as if its name said nothing."""


class _Worker:
    def __init__(self, wire: Wire, limits: Limits, progress: Progress) -> None:
        self._wire = wire
        self._progress = progress
        self._limits = limits
        self._candidates: Sequence[Candidate] = ()
        self._libraries = LibraryGuard()
        self._rebuilt: tuple[_Which | None, list[DefinitionText], Face] = (None, [], UNIMPLEMENTED)
        self._other: dict[_Which, Candidate | None] = {}

    def answer(self, message: dict[str, Any]) -> None:
        """Answer one message; an error in trigrad itself is reported as an answer."""
        try:
            match message:
                case {"do": "run", "number": number}:
                    edited = [DefinitionText(*fields) for fields in message.get("edited", ())]
                    declared, unnamed = message.get("declared", ""), message.get("unnamed", False)
                    which = _Which(number, declared, unnamed)
                    self._run(which, edited, unpack_runs(message))
                case _:
                    self._load(message)
        except WireClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - trigrad's own, and reported
            self._wire.send({"failed": clean(f"{type(error).__name__}: {error}")})

    def _load(self, message: dict[str, Any]) -> None:
        self._libraries = LibraryGuard()
        try:
            subject, labels = self._subject(message)
        except UnreadableError as error:
            self._wire.send({"unreadable": str(error)})
            return
        self._libraries.restore()
        subject.notes += self._libraries.notes()
        np.random.seed(0)  # so that learners' random weights are the same in every worker
        self._candidates = subject.candidates
        if message.get("for", len(self._candidates)) < len(self._candidates):
            # Importing them takes seconds, which must not count for the layer's first call.
            load_frameworks(self._candidates[message["for"]].face.frameworks)
        self._wire.send({"loaded": pack_subject(subject, labels)})

    def _subject(self, message: dict[str, Any]) -> tuple[Subject, dict[str, str]]:
        """The subject, and the key of the module to which each chunk's label belongs."""
        match message:
            case {"do": "load", "source": given, "skip": skip, "declarations": declarations}:
                source = _unpack_source(given)
                reasons = {(label, line): SkipReason(*reason) for label, line, *reason in skip}
                loaded = load(source, skip=reasons, progress=self._passed)
                labels = {c.label: m.key for m in source.modules for c in m.chunks}
                subject = of_loaded(
                    source.path,
                    source.sha256,
                    loaded,
                    declarations=_declarations(declarations),
                    progress=self._passed,
                    layers_only="for" in message,  # all else was told by the first worker
                )
                return subject, labels
            case {"do": "import", "name": name, "folders": folders, "declarations": declarations}:
                module = import_by_name(name, folders)
                return of_module(module, _declarations(declarations)), {}
            case _:
                raise UnreadableError("the sandbox got an unknown request")

    def _passed(self, label: str, line: int) -> None:
        """Report which statement comes next, in case that it hangs or ends the process.

        Changes to libraries by the one before are undone first: the next may be another layer's.
        """
        self._libraries.restore()
        self._wire.send({"at": [label, line]})

    def _candidate(self, which: _Which) -> Candidate | None:
        """A layer, as it was recognised, as if it had no name, or as a guess declares it.

        None if it is nothing but what its name says.
        """
        if which not in self._other:
            self._other[which] = self._as_asked(which)
        return self._other[which]

    def _as_asked(self, which: _Which) -> Candidate | None:
        if which.declared:
            guessed = self._candidate(replace(which, declared=""))
            assert guessed is not None, "the guess was tried"
            assert guessed.declare is not None, "only what is not known is declared later"
            found = guessed.declare((which.declared,))
            assert isinstance(found, Candidate), "the guess was tried"
            return found
        known = self._candidates[which.number]
        if not which.unnamed:
            return known
        assert known.unnamed is not None, "asked of what has a contract by its name alone"
        return known.unnamed()

    def _face(self, which: _Which, edited: list[DefinitionText]) -> Face:
        """A layer's face, original or built from edited text; the last one built is cached."""
        candidate = self._candidate(which)
        if candidate is None:
            why = str(Message("unjudged.layer"))
            return BrokenFace(Raised(DEFINITION, "", why, unjudged=why))
        if not edited:
            return candidate.face
        if (which, edited) != self._rebuilt[:2]:
            rebuild = candidate.rebuild
            assert rebuild is not None, "only a layer with text is rebuilt"
            self._rebuilt = which, edited, rebuild(edited)
            self._libraries.restore()
        return self._rebuilt[2]

    def _run(self, which: _Which, edited: list[DefinitionText], runs: list[list[Command]]) -> None:
        """Carry out the runs, each by itself, and send the results.

        After much time or many results only those of the first runs are sent: then they are known,
        whatever happens in the next.
        """
        before = frameworks_loaded()
        results: list[Result] = []
        self._progress.set(0)
        face = self._face(which, edited)
        if not isinstance(face, InProcessFace):  # building it failed
            found = [result for commands in runs for result in face.run(commands)]
            self._wire.send(pack_results(found, self._limits.answer))
            return
        until = time.monotonic() + ENOUGH_SECONDS
        size = 0
        for commands in runs:
            for result in face.each(commands, (BaseException,), self._progress.touch):
                results.append(result)
                size += size_of(result)
                self._progress.set(len(results))
            if size > LARGE or time.monotonic() > until:
                break
        # The text does not show every import: a name may be computed.
        new = [name for name in frameworks_loaded() if name not in before]
        self._wire.send(pack_results(results, self._limits.answer) | {"frameworks": new})


def _unpack_source(given: dict[str, Any]) -> Source:
    modules = tuple(
        Module(**{**module, "chunks": tuple(Chunk(**chunk) for chunk in module["chunks"])})
        for module in given["modules"]
    )
    around = tuple(Chunk(**chunk) for chunk in given["around"])
    notes = tuple(given["notes"])
    return Source(given["path"], given["sha256"], modules, notes, around=around)


def _declarations(given: dict[str, Any]) -> Declarations:
    own = tuple(
        OwnContract(name, declaration, names=tuple(names), spelled=spelled)
        for name, declaration, names, spelled in given["own"]
    )
    return Declarations(own, guess=given["guess"])
