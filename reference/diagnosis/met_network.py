"""The layers in a network that was taken apart, and what the witnesses find of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Array, Contract
from trigrad.diagnosis.apart import State
from trigrad.diagnosis.inside import Inside, InsideFace, Judged
from trigrad.messages import Message
from trigrad.subject.dialects.held_weights import LEARNED
from trigrad.subject.dialects.met_layer_dialect import met_contract
from trigrad.subject.dialects.upstream_dialect import name_of, upstream_contract
from trigrad.subject.face import UPSTREAM, Dissect, Face, Returned
from trigrad.subject.met import NOT_CALLED, OUTSIDE, Met

ROUNDING = 1e-9
"""Two arrays that one run hands from one place to another differ by no more than this share."""


@dataclass(frozen=True)
class Local:
    """What the witnesses find of one call of a layer."""

    state: State
    wrong: tuple[str, ...] = ()
    evidence: Evidence | None = None
    why: Message | str = ""


class MetNetwork:
    """The calls of the layers in a network, each judged when it is first asked for."""

    def __init__(
        self,
        contract: Contract,
        face: Face,
        dissect: Dissect,
        case: Case,
        result: Returned,
        met: Sequence[Met],
    ) -> None:
        self._contract, self._face, self._dissect, self.case = contract, face, dissect, case
        self.arrays = {n: v for n, v in result.values.items() if isinstance(v, np.ndarray)}
        self.met = met
        order = dict.fromkeys(m.layer for m in met if m.leaf)
        self.numbers = {layer: place for place, layer in enumerate(order, start=1)}
        self._local: dict[int, Local] = {}

    # --- the witnesses ---

    def arrays_of(self, number: int, role: str) -> dict[str, Array]:
        """The arrays of a call by their names: operands "o", weights "w" or gradients "g"."""
        start = f"{number}.{role}."
        return {n.removeprefix(start): a for n, a in self.arrays.items() if n.startswith(start)}

    def local(self, met: Met) -> Local:
        """What the witnesses find of a layer at one call, on what it met there."""
        if met.number not in self._local:
            self._local[met.number] = self._judged(met)
        return self._local[met.number]

    def _judged(self, met: Met) -> Local:
        if met.back == NOT_CALLED:
            return Local(State.UNDECIDED, why=Message("apart.not_called"))
        if met.why:
            return Local(State.UNDECIDED, why=met.why)
        operands, weights = self.arrays_of(met.number, "o"), self.arrays_of(met.number, "w")
        dout = self.arrays.get(f"{met.number}.dout")
        names = [n for n in met.found if n in operands or n in weights]
        lacking = tuple(n for n in weights if n not in names and LEARNED.search(n))
        if lacking:
            return Local(State.UNDECIDED, why=Message("apart.lacking", names=lacking))
        if dout is None or not names:
            return Local(State.UNDECIDED, why=Message("apart.unsettled"))
        row = met_contract(met.cls, operands, weights, names)
        face = InsideFace(self._face, self._dissect, met.number + 1)
        inside = Inside(row, face, Case({}, operands, weights, dout))
        found = {name: inside.judged(name) for name in names}
        wrong = tuple(n for n, j in found.items() if j.state is State.WRONG)
        if wrong:
            evidence = min(
                (j.evidence for j in found.values() if j.state is State.WRONG and j.evidence),
                key=lambda e: np.size(e.is_) if isinstance(e.is_, np.ndarray) else 0,
                default=None,
            )
            return Local(State.WRONG, wrong, evidence)
        if any(j.state is State.UNDECIDED for j in found.values()):
            return Local(State.UNDECIDED, why=Message("apart.unsettled"))
        return Local(State.RIGHT)

    @cached_property
    def _upstream(self) -> Inside:
        shapes = {
            met.number: tuple(map(int, self.arrays[f"net.shape.{met.number}"]))
            for met in self.met
            if f"net.shape.{met.number}" in self.arrays
        }
        row = upstream_contract(self._contract.name, shapes)
        face = InsideFace(self._face, self._dissect, UPSTREAM)
        added = {name_of(n): np.zeros(shape) for n, shape in shapes.items()}
        dout = self.case.dout
        return Inside(row, face, Case({}, added, {}, np.ones(()) if dout is None else dout))

    def given(self, met: Met) -> Judged:
        """Whether a layer is given the gradient of its output."""
        if name_of(met.number) not in self._upstream.contract.gradients:
            return Judged(State.UNDECIDED)
        return self._upstream.judged(name_of(met.number))

    @cached_property
    def wrong(self) -> dict[str, Judged]:
        """The network's own gradients that are wrong on this case."""
        inside = Inside(self._contract, self._face, self.case, network=True)
        found = {name: inside.judged(name) for name in self._contract.gradients}
        return {name: judged for name, judged in found.items() if judged.state is State.WRONG}

    # --- what stands where ---

    @property
    def leaves(self) -> list[Met]:
        """The layers that call no others, each once."""
        firsts: dict[int, Met] = {}
        for met in self.met:
            if met.leaf:
                firsts.setdefault(met.layer, met)
        return list(firsts.values())

    @property
    def backwards(self) -> list[Met]:
        """The calls in the order in which their backward ended."""
        return sorted((m for m in self.met if m.back != NOT_CALLED), key=lambda m: m.back)

    def calls_of(self, met: Met) -> list[Met]:
        """All calls of the same layer."""
        return [m for m in self.met if m.layer == met.layer]

    def state(self, met: Met) -> State:
        """That of a layer: of all its calls."""
        states = [self.local(m).state for m in self.calls_of(met)]
        return next((s for s in (State.WRONG, State.UNDECIDED) if s in states), State.RIGHT)

    def why(self, met: Met) -> Message | str:
        """Why a layer is undecided."""
        return next((self.local(m).why for m in self.calls_of(met) if self.local(m).why), "")

    def is_within(self, met: Met, around: Met) -> bool:
        """Whether a call is made within another."""
        by_number = {m.number: m for m in self.met}
        while met.around != OUTSIDE and met.around in by_number:
            if met.around == around.number:
                return True
            met = by_number[met.around]
        return False

    def holders(self, name: str) -> list[tuple[Met, str]]:
        """The calls of layers that use a weight of the network, with its name there."""
        return [
            (m, own)
            for m in self.met
            if m.leaf
            for own, theirs in m.shared.items()
            if theirs == name
        ]


def alike(one: Array, other: Array) -> bool:
    """Whether two arrays are one that was handed on, whichever way it lies."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return False
    scale = max(1.0, float(np.abs(one).max(initial=0.0)))
    return any(
        each.shape == other.shape and np.allclose(each, other, rtol=0, atol=ROUNDING * scale)
        for each in (one, one.T, one.reshape(-1))
    )
