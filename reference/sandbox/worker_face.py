"""The face of a layer that runs in a worker."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.sandbox.codec import pack_runs, unpack_results
from trigrad.sandbox.host import SandboxError
from trigrad.sandbox.load_requests import LoadRequest
from trigrad.sandbox.remote_loading import receive_loaded
from trigrad.sandbox.runs import Runs, by_run, first
from trigrad.sandbox.validation import WireError, mapping, sequence, texts
from trigrad.sandbox.worker_exit import FAILED, TIMEOUT, WorkerExit
from trigrad.sandbox.worker_process import WorkerProcess
from trigrad.subject.face import (
    Build,
    Command,
    Differentiate,
    Dissect,
    Draw,
    Raised,
    Result,
    called,
)
from trigrad.subject.loading.frameworks import FRAMEWORKS
from trigrad.subject.rebuilding import DefinitionText
from trigrad.subject.source.text import UnreadableError

REPLAY = 2.0
"""The time limit for repeating answered commands, as a multiple of the usual limit."""

SINGLE_CALL = 0.5
"""If the last call has taken this share of the time limit, it hangs; else all calls together are
too slow."""


@dataclass(frozen=True)
class LayerDescription:
    """What a worker tells of a layer, to find it again and to call it."""

    module: str
    """The key of its module."""
    number: int
    """Its number among the module's layers."""
    name: str
    calls: dict[str, str]
    """The names of the learner's methods for "forward" and "backward"."""
    takes_dout: bool
    methods: frozenset[str]
    frameworks: tuple[str, ...]
    unnamed: bool = False
    """Whether it is taken as if its name said nothing."""


@dataclass
class _SharedWorker:
    """The worker of a layer and of its edited versions; None until a command is sent."""

    process: WorkerProcess | None = None
    tracing: bool = False
    """Whether it can follow a forward with PyTorch."""


class WorkerFace:
    """Sends commands to a worker that has loaded the layer's module, and receives the results.

    The worker is started with the first command. If it hangs, crashes or sends something invalid,
    it is ended, and every later result says so.
    """

    def __init__(
        self,
        contract: Contract,
        request: LoadRequest,
        described: LayerDescription,
        edited: Sequence[DefinitionText] = (),
        declared: str = "",
    ) -> None:
        """`declared` is what a guess says that it takes."""
        self._declared = declared
        self._edited = [[text.label, text.line, text.text] for text in edited]
        self._contract = contract
        self._request = request
        self._described = described
        self._worker = _SharedWorker(tracing=bool(contract.declaration))
        self._left = request.limits.timeout
        self._ending: Raised | None = None
        self._frameworks = dict.fromkeys(described.frameworks)  # an ordered set

    apart = True

    @property
    def over(self) -> bool:
        """Whether a call did not return."""
        return self._ending is not None

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        return self._described.takes_dout

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The autodiff libraries that its text uses or that it has imported."""
        return tuple(self._frameworks)

    def has(self, method: str) -> bool:
        """Whether a network has another method of that name."""
        return method in self._described.methods

    def rebuilt(self, edited: Sequence[DefinitionText]) -> WorkerFace:
        """The face of the same layer built from edited text, in the same worker."""
        return self._beside(self._contract, edited, self._declared)

    def unnamed(self, contract: Contract) -> WorkerFace:
        """The face of the same layer as if its name said nothing, in the same worker."""
        face = self._beside(contract, (), "")
        face._described = replace(self._described, unnamed=True)
        return face

    def declared_as(self, contract: Contract, takes_dout: bool) -> WorkerFace:
        """The face of the same layer by a row that was made of a guess, in the same worker."""
        face = self._beside(contract, (), contract.declaration)
        face._described = replace(self._described, takes_dout=takes_dout)
        return face

    def _beside(
        self, contract: Contract, edited: Sequence[DefinitionText], declared: str
    ) -> WorkerFace:
        other = WorkerFace(contract, self._request, self._described, edited, declared)
        other._worker = self._worker
        return other

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Restart the time limit: `share` times the whole, and at most `at_most` seconds."""
        self._left = min(self._request.limits.timeout * share, at_most)

    def revive(self) -> None:
        """Forget how the last call ended: the next one gets a new worker."""
        self._ending = None

    def stop(self, ending: Raised) -> None:
        """Take it that a call did not return."""
        self._ending = ending

    def close(self) -> None:
        """End the worker."""
        if self._worker.process is not None:
            self._worker.process.end()
            self._worker.process = None

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each.

        To follow a forward with PyTorch has a time limit of its own: that it is slow is no fault of
        the layer.
        """
        return self.run_some([commands])[0]

    def run_some(self, runs: Runs) -> list[list[Result]]:
        """Carry out the first of several runs, as many as go into one message; one at least.

        What takes long, or gives much, is the last of its message.
        """
        if self._ending is not None:
            return [[self._ending] * len(commands) for commands in runs]
        follows = _follows(runs[0])
        # What is timed otherwise is sent by itself.
        plain = itertools.takewhile(lambda commands: not _follows(commands), runs)
        runs = runs[:1] if follows else list(plain)
        if follows and not self._worker.tracing:
            self.close()  # a layer of the table: its worker cannot follow a forward
            self._worker.tracing = True
        began = time.monotonic()
        try:
            worker = self._worker.process or self._start()
            began = time.monotonic()
            left = self._request.limits.timeout if follows else self._left
            return self._answers(worker, runs, began + left)
        except WireError as error:
            return self._results_before(runs, error)
        except (SandboxError, UnreadableError) as error:
            why = str(Message("worker.again", error=str(error)))
            self._ending = Raised("trigrad", FAILED, why, unjudged=why, ended=True)
            return [[self._ending] * len(commands) for commands in runs]
        finally:
            if not follows:
                self._left -= time.monotonic() - began

    def _answers(self, worker: WorkerProcess, runs: Runs, until: float) -> list[list[Result]]:
        """The results of as many runs as the worker answers at once."""
        message = {
            "do": "run",
            "number": self._described.number,
            "edited": self._edited,
            "declared": self._declared,
            "unnamed": self._described.unnamed,
        }
        worker.send(message | pack_runs(runs), until)
        answer = worker.receive(until)
        results = unpack_results(answer)
        new = texts(answer.get("frameworks", []))
        self._frameworks |= dict.fromkeys(name for name in new if name in FRAMEWORKS.values())
        return by_run(results, runs)

    def _results_before(self, runs: Runs, why: WireError) -> list[list[Result]]:
        """The results before the call that did not return, by repeating them; then how it ended."""
        assert self._worker.process is not None, "a worker has not answered"
        worker_exit = self._worker.process.end_after(why)
        self._worker.process = None
        commands = [command for run in runs for command in run]
        done = min(max(worker_exit.done, 0), len(commands) - 1)
        if _follows(commands[done : done + 1]) and worker_exit.error == TIMEOUT:
            slow = str(Message("own.too_slow"))
            return [[Raised("trigrad", TIMEOUT, slow, unjudged=slow)] * len(run) for run in runs]
        self._ending = self._result_of(worker_exit, commands[done])
        results: list[Result] = []
        try:
            if done:
                self._repeat(first(done, runs), results)
        except (WireError, SandboxError, UnreadableError):
            pass  # it fails earlier this time: what there is by then is all
        finally:
            self.close()
        results += [self._ending] * (len(commands) - len(results))
        return by_run(results, runs)

    def _repeat(self, runs: Runs, results: list[Result]) -> None:
        """Carry out runs in a new worker; their results are added one message after the other."""
        worker = self._start()
        until = time.monotonic() + REPLAY * self._request.limits.timeout
        while runs:
            answered = self._answers(worker, runs, until)
            results += itertools.chain.from_iterable(answered)
            runs = runs[len(answered) :]

    def _start(self) -> WorkerProcess:
        """A new worker that has loaded the layer's module."""
        worker = self._request.start_worker(tracing=self._worker.tracing)
        self._worker.process = worker
        until = time.monotonic() + self._request.limits.timeout
        order = self._request.message(self._described.module)
        worker.send(order | {"for": self._described.number}, until)
        loaded = receive_loaded(worker, self._request, lambda _: None)
        names = [mapping(item).get("name") for item in sequence(loaded.get("candidates"))]
        if names[self._described.number : self._described.number + 1] != [self._described.name]:
            raise WireError(f"other layers than before, without {self._described.name},")
        return worker

    def _result_of(self, worker_exit: WorkerExit, command: Command) -> Raised:
        """The result of the command during which a worker ended."""
        message = worker_exit.message
        if worker_exit.error == FAILED:
            return Raised("trigrad", worker_exit.error, message, unjudged=message, ended=True)
        if worker_exit.error == TIMEOUT:
            limit = self._request.limits.timeout
            message = str(Message("worker.timeout", seconds=f"{limit:g}"))
            if worker_exit.since < SINGLE_CALL * limit:
                message = str(Message("worker.slow", seconds=f"{limit:g}"))
        call = called(command, self._described.calls)
        if isinstance(command, Build):
            # Building an object includes trial calls of its passes, to discover its conventions.
            passes = self._described.calls.values()
            for place, function in zip(worker_exit.places, worker_exit.functions, strict=True):
                if function in passes and self._request.where([place]) is not None:
                    call = function
        where = self._request.where(worker_exit.places)
        return Raised(call, worker_exit.error, message, where=where, ended=True)


def _follows(commands: Sequence[Command]) -> bool:
    """Whether PyTorch is to follow a forward."""
    return any(isinstance(command, Differentiate | Dissect | Draw) for command in commands)
