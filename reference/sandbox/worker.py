"""What runs inside the walls: loads the learner's text and carries out commands on it."""

from __future__ import annotations

import faulthandler
import math
import signal
import socket
from collections.abc import Sequence
from typing import Any

import numpy as np

from trigrad.sandbox.codec import pack_results, unpack_commands
from trigrad.sandbox.library_guard import Pins
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.progress import Progress
from trigrad.sandbox.subject_codec import pack_subject
from trigrad.sandbox.validation import WireClosedError, clean
from trigrad.sandbox.wire import Wire
from trigrad.subject.candidate import UNIMPLEMENTED, Candidate
from trigrad.subject.face import Command, Face, Result
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.frameworks import frameworks_loaded, load_frameworks
from trigrad.subject.loading.imported_objects import import_by_name
from trigrad.subject.loading.loader import load
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.text import Chunk, Module, Source, UnreadableError
from trigrad.subject.subject import Subject, of_loaded, of_module


def serve(connection: socket.socket, crash_file: int, limits: Limits) -> None:
    """Answer the judge until it closes the socket."""
    faulthandler.enable(crash_file, all_threads=False)
    faulthandler.register(signal.SIGUSR1, crash_file, all_threads=False)
    wire = Wire(connection, 1 << 40, math.inf)
    worker = _Worker(wire, limits, Progress(crash_file))
    try:
        while True:
            worker.answer(wire.receive())
    except WireClosedError:
        return  # the judge has heard enough


class _Worker:
    def __init__(self, wire: Wire, limits: Limits, progress: Progress) -> None:
        self._wire = wire
        self._progress = progress
        self._limits = limits
        self._candidates: Sequence[Candidate] = ()
        self._pins = Pins()
        self._rebuilt: tuple[int, list[DefinitionText], Face] = (-1, [], UNIMPLEMENTED)

    def answer(self, message: dict[str, Any]) -> None:
        """Answer one message; a mistake of our own is an answer too."""
        try:
            match message:
                case {"do": "run", "number": number}:
                    pieces = [DefinitionText(*piece) for piece in message.get("pieces", ())]
                    self._run(number, pieces, unpack_commands(message))
                case _:
                    self._load(message)
        except WireClosedError:
            raise
        except Exception as error:  # noqa: BLE001 - ours, and said to the judge
            self._wire.send({"failed": clean(f"{type(error).__name__}: {error}")})

    def _load(self, message: dict[str, Any]) -> None:
        self._pins = Pins()
        try:
            subject, labels = self._subject(message)
        except UnreadableError as error:
            self._wire.send({"unreadable": str(error)})
            return
        self._pins.put_back()
        subject.notes += self._pins.notes()
        np.random.seed(0)  # learners draw weights: the same in every worker
        self._candidates = subject.candidates
        if message.get("for", len(self._candidates)) < len(self._candidates):
            # They take seconds, which are not to be laid to the layer's first call.
            load_frameworks(self._candidates[message["for"]].face.frameworks)
        self._wire.send({"loaded": pack_subject(subject, labels)})

    def _subject(self, message: dict[str, Any]) -> tuple[Subject, dict[str, str]]:
        """The subject, and the key of the module to which each chunk's label belongs."""
        match message:
            case {"do": "load", "source": given, "skip": skip}:
                source = _unpack_source(given)
                reasons = {(label, line): reason for label, line, reason in skip}
                loaded = load(source, skip=reasons, progress=self._passed)
                labels = {c.label: m.key for m in source.modules for c in m.chunks}
                subject = of_loaded(source.path, source.sha256, loaded, progress=self._passed)
                return subject, labels
            case {"do": "import", "name": name, "folders": folders}:
                return of_module(import_by_name(name, folders)), {}
            case _:
                raise UnreadableError("the sandbox was asked for what it does not know")

    def _passed(self, label: str, line: int) -> None:
        """Tell the judge which statement comes next, in case nothing comes after it.

        What the one before has changed is put back first: the next may be another layer's.
        """
        self._pins.put_back()
        self._wire.send({"at": [label, line]})

    def _face(self, number: int, pieces: list[DefinitionText]) -> Face:
        """A layer's face as it is, or made from other text; the last one made is kept."""
        if not pieces:
            return self._candidates[number].face
        if (number, pieces) != self._rebuilt[:2]:
            rebuild = self._candidates[number].rebuild
            assert rebuild is not None, "the judge knows what can be made again"
            self._rebuilt = number, pieces, rebuild(pieces)
            self._pins.put_back()
        return self._rebuilt[2]

    def _run(self, number: int, pieces: list[DefinitionText], commands: list[Command]) -> None:
        before = frameworks_loaded()
        results: list[Result] = []
        self._progress.set(0)
        face = self._face(number, pieces)
        if not isinstance(face, InProcessFace):  # what was to be made was not
            self._wire.send(pack_results(face.run(commands), self._limits.answer))
            return
        for result in face.each(commands, (BaseException,), self._progress.touch):
            results.append(result)
            self._progress.set(len(results))
        # What the text does not show: an import by a name that is put together, say.
        new = [name for name in frameworks_loaded() if name not in before]
        self._wire.send(pack_results(results, self._limits.answer) | {"frameworks": new})


def _unpack_source(given: dict[str, Any]) -> Source:
    modules = tuple(
        Module(**{**module, "chunks": tuple(Chunk(**chunk) for chunk in module["chunks"])})
        for module in given["modules"]
    )
    return Source(given["path"], given["sha256"], modules, tuple(given["notes"]))
