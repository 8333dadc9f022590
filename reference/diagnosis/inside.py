"""One layer inside a network as a subject: on what it met there, the two witnesses judge it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Finding, Outcome, refuted
from trigrad.claim.evidence import AbsentError, Evidence, absent_words
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Contract
from trigrad.diagnosis.apart import State
from trigrad.numerics import tolerance
from trigrad.subject.face import LAYER, Command, Dissect, Face, Raised, Result
from trigrad.subject.face_around import FaceAround
from trigrad.trial.own_forward import OwnForward
from trigrad.witnesses import autograd, finite_difference


class InsideFace(FaceAround):
    """Sends commands to one of the layers that a network was taken apart into.

    The network is taken apart again with each message, so that nothing is kept in the worker.
    """

    def __init__(self, face: Face, dissect: Dissect, number: int) -> None:
        """`number` is what is added to `which`, in multiples of LAYER."""
        super().__init__(face)
        self._dissect = dissect
        self._which = number * LAYER

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each."""
        moved = [replace(command, which=self._which + command.which) for command in commands]
        first, *results = self._face.run([self._dissect, *moved])
        return [first] * len(commands) if isinstance(first, Raised) else results


@dataclass(frozen=True)
class Judged:
    """What the witnesses find of one gradient."""

    state: State
    evidence: Evidence | None = None


class Inside:
    """A row, a face and the case that was met."""

    def __init__(
        self, contract: Contract, face: Face, case: Case, *, network: bool = False
    ) -> None:
        """`network`: whether it is the network itself, of whose row all is known."""
        self._case = case
        self.contract = contract
        self._network = network
        if not network:
            self.contract = replace(contract, own=OwnForward(contract, face))
        self._face = face

    @cached_property
    def _answers(self) -> Answers:
        return Answers(self.contract, self._face, self._case)

    def judged(self, name: str) -> Judged:
        """Whether one gradient is right: wrong only where both witnesses say so."""
        with np.errstate(all="ignore"):  # NaN and infinities are compared like other numbers
            try:
                differences = finite_difference.check_gradient(name, self._answers)
                if self._network:  # PyTorch was asked before; it does not see a copy of a weight
                    pytorch = differences
                else:
                    pytorch = autograd.check_own_gradient(name, self._answers)
            except AbsentError as absent:
                return _absent(absent, name)
        if differences.outcome is pytorch.outcome is Outcome.FAIL:
            return Judged(State.WRONG, _smaller(differences, pytorch))
        if Outcome.FAIL in (differences.outcome, pytorch.outcome):
            return Judged(State.UNDECIDED)
        right = Outcome.PASS in (differences.outcome, pytorch.outcome)
        return Judged(State.RIGHT if right and not self._is_loose(name) else State.UNDECIDED)

    def _is_loose(self, name: str) -> bool:
        """Whether a mistake would not show: what is allowed is a share of the gradient itself."""
        allowed = tolerance.allowance(self.contract, self._case)
        size = float(np.abs(self._answers.gradient(name)).max(initial=0.0))
        return allowed > tolerance.THREE_DIGITS * size


def _smaller(differences: Finding, pytorch: Finding) -> Evidence | None:
    """PyTorch's numbers, on the very case that was met; the differences may have moved it."""
    return pytorch.evidence or differences.evidence


def _absent(absent: AbsentError, name: str) -> Judged:
    """A gradient of another shape is wrong; where a call raised, nothing is known."""
    evidence = absent.evidence
    if evidence.raised is not None or evidence.what != gradient(name):
        return Judged(State.UNDECIDED)
    return Judged(State.WRONG, refuted(absent_words(evidence), evidence).evidence)
