"""Any TwoLayerNet, in this process or in the sandbox: its losses and gradients."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.registry import contract_named
from trigrad.contracts.schema import Array, Arrays, Contract
from trigrad.messages import Message
from trigrad.report.locations import place
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Face,
    Forward,
    Nudge,
    Odd,
    Raised,
    Result,
    Returned,
)

ROOM = 5.0
"""Time limit of a numerical gradient, as a multiple of the time of its losses one by one."""

AGAIN = 10
"""How many more gradients are computed to measure the time of one."""


class UnjudgedError(Exception):
    """The network cannot be compared; the message says why, in one sentence."""

    def __init__(self, why: str, *, undecided: bool = False) -> None:
        super().__init__(why)
        self.undecided = undecided
        """Whether the network may be right."""


def contract_of_network() -> Contract:
    """The contract of TwoLayerNet."""
    contract = contract_named("TwoLayerNet")
    assert contract is not None, "it is in the table"
    return contract


@dataclass
class JudgedNetwork:
    """A network, with weights and digits."""

    face: Face
    case: Case
    timeout: float = 10.0
    """Time limit per call, in seconds; a numerical gradient, which is many calls, has more."""

    def loss(self, parameters: Arrays | None = None) -> float:
        """The loss on the digits, with these weights or its own."""
        return float(self._output([self._build(parameters), Forward(self.case.operands)])[()])

    def gradient(self) -> tuple[dict[str, Array], float]:
        """What gradient(x, t) returns, by parameter, and the seconds that it takes."""
        back: Command = Backward(operands=self.case.operands)
        began = time.perf_counter()
        once = self._run([self._build(None), back])
        between = time.perf_counter()
        self._run([self._build(None), *[back] * (1 + AGAIN)], 1 + AGAIN)
        end = time.perf_counter()
        # The time of sending messages is in both measurements, and cancels in their difference.
        seconds = max((end - between) - (between - began), 0.0) / AGAIN
        found = self._values(once[1])
        return {n: self._array(found, n) for n in self.case.parameters}, seconds

    def book_gradient(self, name: str, step: float) -> Array:
        """The book's numerical gradient of one parameter: two losses for every entry."""
        nudge = Nudge(name, self.case.operands, step)
        began = time.perf_counter()
        self.loss()
        losses = 2 * self.case.parameters[name].size * (time.perf_counter() - began)
        share = max(1.0, ROOM * losses / self.timeout)
        up, down = self._output([self._build(None), nudge], share)
        return np.asarray((up - down) / (2 * step))

    def _build(self, parameters: Arrays | None) -> Build:
        return Build(parameters or self.case.parameters, self.case.sizes)

    def _run(self, commands: list[Command], share: float = 1.0) -> list[Result]:
        self.face.start_clock(share)
        results = self.face.run(commands)
        for result in results:
            if isinstance(result, Raised):
                if result.absent:
                    why = str(Message("digits.needs", absent=result.absent))
                    raise UnjudgedError(why, undecided=True)
                where = f" ({place(result.where)})" if result.where else ""
                why = f"{result.unjudged or result.sentence}{where}"
                raise UnjudgedError(why, undecided=bool(result.unjudged))
        return results

    def _values(self, result: Result) -> Any:
        assert isinstance(result, Returned), "what raised has been said"
        return result.values

    def _output(self, commands: list[Command], share: float = 1.0) -> Array:
        return self._array(self._values(self._run(commands, share)[-1]), "output")

    def _array(self, values: Any, name: str) -> Array:
        what = (
            str(Message("digits.loss"))
            if name == "output"
            else str(Message("digits.gradient", name=name))
        )
        value = values.get(name)
        if value is None:
            raise UnjudgedError(str(Message("digits.no_gradient", name=name)))
        if isinstance(value, Odd):
            raise UnjudgedError(str(Message("digits.is", what=what, words=str(value.words))))
        due = () if name == "output" else self.case.parameters[name].shape
        if name != "output" and value.shape != due:
            raise UnjudgedError(
                str(Message("digits.shape", what=what, found=str(value.shape), should_be=str(due)))
            )
        return np.asarray(value)
