"""The face of a subject that runs in this process."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.declared_dialect import DeclaredDialect
from trigrad.subject.dialects.dialect import Dialect
from trigrad.subject.dissection import Layers
from trigrad.subject.face import LAYER, Command, Dissect, Raised, Result
from trigrad.subject.loading.loader import silent
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.session import IN_THIS_PROCESS, Caught, Session, Tick


class InProcessFace:
    """Carries out commands on the subject's own objects.

    Every call gets fresh copies of its arguments, so that the arrays of a case never change, and an
    overwritten argument is noticed.
    """

    def __init__(
        self,
        contract: Contract,
        dialect: Dialect,
        tracer: Tracer,
        frameworks: tuple[str, ...] = (),
    ) -> None:
        self._contract = contract
        self._dialect = dialect
        self._tracer = tracer
        self.frameworks = frameworks
        self._last: tuple[bytes, Result, Layers] | None = None

    @property
    def calls(self) -> dict[str, str]:
        """The names of the learner's methods for "forward" and "backward"."""
        return dict(self._dialect.calls)

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        return self._dialect.takes_dout

    def found_as(self, original: InProcessFace) -> None:
        """Take over where the gradients of an unedited text are; see `DeclaredDialect`."""
        dialects = self._dialect, original._dialect
        if isinstance(dialects[0], DeclaredDialect) and isinstance(dialects[1], DeclaredDialect):
            dialects[0].found_as(dialects[1])

    def has(self, method: str) -> bool:
        """Whether a network has another method of that name."""
        return self._dialect.has(method)

    apart = False
    over = False  # a call that ends this process ends trigrad too

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Nothing to do: a call that hangs in this process cannot be stopped."""

    def revive(self) -> None:
        """Nothing to do: no worker has ended."""

    def stop(self, ending: Raised) -> None:
        """Nothing to do: what does not return ends trigrad too."""

    def close(self) -> None:
        """Nothing to do: there is no worker."""

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands; what the subject prints is discarded, warnings are collected."""
        return list(self.each(commands))

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """Carry out the first run: nothing is saved by more."""
        return [self.run(runs[0])]

    def each(
        self,
        commands: Sequence[Command],
        caught: Caught = IN_THIS_PROCESS,
        tick: Tick = lambda: None,
    ) -> Iterator[Result]:
        """The results one by one, each as soon as its command is carried out.

        `caught` are the exceptions of the subject that become results; others are raised. `tick`
        is called after each of the many calls of a Sweep or Nudge.
        """
        with (
            silent(),
            np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            # One session for every object that the commands use.
            sessions: dict[int, Session] = {}
            layers: Layers = {}
            for command in commands:
                which = command.which
                if which not in sessions:
                    of_layer = which // LAYER * LAYER
                    row = self._contract, self._dialect
                    contract, dialect = layers.get(of_layer, row)
                    sessions[which] = Session(contract, dialect, self._tracer, warned, caught, tick)
                if isinstance(command, Dissect):
                    result, found = self._taken_apart(command, sessions[which])
                    layers |= found
                    yield result
                else:
                    yield sessions[which].carry_out(command)

    def _taken_apart(self, command: Dissect, session: Session) -> tuple[Result, Layers]:
        """What a network is taken apart into; the last one is kept, since it is asked for often."""
        given = [*command.parameters.values(), *command.operands.values()]
        given += [] if command.dout is None else [command.dout]
        key = b"".join(str(a.shape).encode() + a.tobytes() for a in given)
        if self._last is None or self._last[0] != key:
            result = session.carry_out(command)
            self._last = key, result, session.layers
        return self._last[1:]


@contextmanager
def reproducible() -> Iterator[None]:
    """Seed NumPy's global random numbers, from which learners draw weights; restore them later."""
    state = np.random.get_state()
    np.random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(state)
