"""The face of a subject that lives in this process."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.subject.face import Command, Result
from trigrad.subject.loading.loader import silent
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.session import OURS, Caught, Dialect, Session, Tick


class InProcessFace:
    """Carries out commands on the subject's own objects.

    Every call gets fresh copies of its arguments, so that the court's arrays stay what they are
    and an overwritten argument shows.
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

    @property
    def calls(self) -> dict[str, str]:
        """What the learner's own methods are called, for "forward" and "backward"."""
        return dict(self._dialect.calls)

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        return self._dialect.takes_dout

    def has(self, method: str) -> bool:
        """Whether a network has a further method of that name."""
        return self._dialect.has(method)

    over = False  # what ends this process leaves nobody to ask

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """There is no time limit in this process: nobody could stop what hangs."""

    def revive(self) -> None:
        """Nothing has ended."""

    def close(self) -> None:
        """There is nothing to end."""

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands; what the subject prints or warns stays inside."""
        return list(self.each(commands))

    def each(
        self, commands: Sequence[Command], caught: Caught = OURS, tick: Tick = lambda: None
    ) -> Iterator[Result]:
        """The results one by one, each as soon as its command is carried out.

        `caught` is what the subject may raise without ending this process; `tick` is called
        whenever one of the many calls of a single command has come back.
        """
        with (
            silent(),
            np.errstate(divide="warn", over="warn", invalid="warn", under="ignore"),
            warnings.catch_warnings(record=True) as said,
        ):
            warnings.simplefilter("always")
            # Objects that live side by side, each with what it was given.
            sessions = {
                which: Session(self._contract, self._dialect, self._tracer, said, caught, tick)
                for which in {command.which for command in commands}
            }
            for command in commands:
                yield sessions[command.which].carry_out(command)


@contextmanager
def reproducible() -> Iterator[None]:
    """Fix NumPy's global random numbers, from which learners draw weights, and put them back."""
    state = np.random.get_state()
    np.random.seed(0)
    try:
        yield
    finally:
        np.random.set_state(state)
