"""The face of a subject that lives behind the walls, in a worker of its own."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from trigrad.contracts.schema import Contract
from trigrad.sandbox.codec import pack_commands, unpack_results
from trigrad.sandbox.host import SandboxError, Worker
from trigrad.sandbox.remote_loading import Opening, until_loaded
from trigrad.sandbox.validation import WireError, mapping, sequence, texts
from trigrad.sandbox.worker_exit import FAILED, TIMEOUT, Ending
from trigrad.subject.face import Build, Command, Raised, Result, called
from trigrad.subject.loading.frameworks import FRAMEWORKS
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.text import UnreadableError

AGAIN = 2.0
"""Time limits that what was answered once already has to be answered again."""

ALONE = 0.5
"""The share of the time limit from which on it is the one call that is slow, not the many."""


@dataclass(frozen=True)
class Described:
    """What a worker says of a layer beside what is shown: how to ask for it again."""

    module: str
    """The key of its module."""
    number: int
    """Which of the module's layers it is."""
    name: str
    calls: dict[str, str]
    """What the learner's own methods are called, for "forward" and "backward"."""
    takes_dout: bool
    methods: frozenset[str]
    frameworks: tuple[str, ...]


@dataclass
class _Post:
    """Where a worker stands, for all faces that it answers for; empty until one is asked."""

    worker: Worker | None = None


class WorkerFace:
    """Sends commands to a worker that has loaded the layer's module, and takes its answers.

    The worker is born when the first command comes. One that hangs, crashes or talks nonsense is
    ended, and every later result says so.
    """

    def __init__(
        self,
        contract: Contract,
        opening: Opening,
        described: Described,
        pieces: Sequence[DefinitionText] = (),
    ) -> None:
        self._pieces = [[piece.label, piece.line, piece.text] for piece in pieces]
        self._contract = contract
        self._opening = opening
        self._described = described
        self._post = _Post()
        self._left = opening.limits.timeout
        self._ending: Raised | None = None
        self._frameworks = dict.fromkeys(described.frameworks)  # an ordered set

    @property
    def over(self) -> bool:
        """Whether a call did not come back."""
        return self._ending is not None

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        return self._described.takes_dout

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Libraries that differentiate by themselves: those its text uses, those it has loaded."""
        return tuple(self._frameworks)

    def has(self, method: str) -> bool:
        """Whether a network has a further method of that name."""
        return method in self._described.methods

    def rebuilt(self, pieces: Sequence[DefinitionText]) -> WorkerFace:
        """The face of the same layer made from other text, in the same worker."""
        other = WorkerFace(self._contract, self._opening, self._described, pieces)
        other._post = self._post
        return other

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Give what follows the whole time limit again, times `share`, and `at_most` seconds."""
        self._left = min(self._opening.limits.timeout * share, at_most)

    def revive(self) -> None:
        """Forget how the last call ended: the next one has a new worker."""
        self._ending = None

    def close(self) -> None:
        """End the worker."""
        if self._post.worker is not None:
            self._post.worker.end()
            self._post.worker = None

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each."""
        if self._ending is not None:
            return [self._ending] * len(commands)
        began = time.monotonic()
        try:
            worker = self._post.worker or self._start()
            began = time.monotonic()
            return self._answers(worker, commands, began + self._left)
        except WireError as error:
            return self._results_before(commands, error)
        except (SandboxError, UnreadableError) as error:
            why = f"it cannot be loaded again: {error}"
            self._ending = Raised("trigrad", FAILED, why, unjudged=why, ended=True)
            return [self._ending] * len(commands)
        finally:
            self._left -= time.monotonic() - began

    def _answers(self, worker: Worker, commands: Sequence[Command], until: float) -> list[Result]:
        message = {"do": "run", "number": self._described.number, "pieces": self._pieces}
        worker.send(message | pack_commands(commands), until)
        said = worker.receive(until)
        results = unpack_results(said)
        new = texts(said.get("frameworks", []))
        self._frameworks |= dict.fromkeys(name for name in new if name in FRAMEWORKS.values())
        if len(results) != len(commands):
            raise WireError("another number of results")
        return results

    def _results_before(self, commands: Sequence[Command], why: WireError) -> list[Result]:
        """What came before the call that did not come back, asked for once more; then its end."""
        assert self._post.worker is not None, "something has not answered"
        ending = self._post.worker.autopsy(why)
        self._post.worker = None
        done = min(max(ending.done, 0), len(commands) - 1)
        self._ending = self._said(ending, commands[done])
        results: list[Result] = []
        if done:
            try:
                worker = self._start()
                until = time.monotonic() + AGAIN * self._opening.limits.timeout
                results = self._answers(worker, commands[:done], until)
            except (WireError, SandboxError, UnreadableError):
                results = []  # it does not come as far a second time
            finally:
                self.close()
        return results + [self._ending] * (len(commands) - len(results))

    def _start(self) -> Worker:
        """A worker that has loaded the layer's module again."""
        worker = self._opening.bear()
        self._post.worker = worker
        until = time.monotonic() + self._opening.limits.timeout
        order = self._opening.message(self._described.module)
        worker.send(order | {"for": self._described.number}, until)
        loaded = until_loaded(worker, self._opening, lambda _: None)
        names = [mapping(item).get("name") for item in sequence(loaded.get("candidates"))]
        if names[self._described.number : self._described.number + 1] != [self._described.name]:
            raise WireError(f"no {self._described.name} when it is loaded again")
        return worker

    def _said(self, ending: Ending, command: Command) -> Raised:
        message = ending.message
        if ending.error == FAILED:
            return Raised("trigrad", ending.error, message, unjudged=message, ended=True)
        if ending.error == TIMEOUT:
            limit = self._opening.limits.timeout
            message = f"did not return within {limit:g} s"
            if ending.since < ALONE * limit:
                message = f"is too slow: what one claim asks of it takes over {limit:g} s"
        call = called(command, self._described.calls)
        if isinstance(command, Build):
            # To see where it keeps its weights, an object that is made is tried at once.
            passes = self._described.calls.values()
            for place, function in zip(ending.places, ending.functions, strict=True):
                if function in passes and self._opening.where([place]) is not None:
                    call = function
        where = self._opening.where(ending.places)
        return Raised(call, ending.error, message, where=where, ended=True)
