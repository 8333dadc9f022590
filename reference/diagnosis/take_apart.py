"""Take a network apart whose gradients are wrong: the layers in it, and the joints between them.

Each layer is judged on the inputs, weights and upstream gradient that it met in the network itself;
and what it was given is compared with the gradient of its output, which the same two witnesses find
for the network as a whole. From the loss backwards, the first that is wrong is the mistake: what
comes after it may be wrong because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import Witness
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Array, Contract, Domain
from trigrad.diagnosis.apart import Fault, LayerInside, TakenApart
from trigrad.diagnosis.inside import Inside, InsideFace, Judged, State
from trigrad.messages import Message
from trigrad.subject.dialects.held_weights import LEARNED
from trigrad.subject.dialects.met_layer_dialect import met_contract
from trigrad.subject.dialects.upstream_dialect import name_of, upstream_contract
from trigrad.subject.face import UPSTREAM, Dissect, Face, Raised, Returned
from trigrad.subject.met import NOT_CALLED, OUTSIDE, Met, unpacked
from trigrad.trial.judgement import Judgement

FEWEST = 2
"""What has fewer layers in it is no network."""

SLOPES = Witness.FINITE_DIFFERENCES
"""They ask about the network's own forward: a case that they refute comes first."""

SMALLER = 0.25
"""By what real weights are multiplied: they are then at most 1, as those of networks are."""

ROUNDING = 1e-9
"""Two arrays that one run hands from one place to another differ by no more than this share."""


def take_apart(
    contract: Contract,
    face: Face,
    judgements: Sequence[Judgement],
    lines: Mapping[str, tuple[int, int]],
) -> TakenApart | None:
    """Which layer or joint is wrong, on a case on which a gradient is; None if it has no layers."""
    found: TakenApart | None = None
    try:
        for case in _cases(contract, judgements):
            told = _taken_apart(contract, face, case, lines)
            if told is None:
                break
            found = found or told
            if told.faults:
                return told
    finally:
        if face.over:
            face.revive()  # the layer itself is judged on
    return found


def _cases(contract: Contract, judgements: Sequence[Judgement]) -> Iterator[Case]:
    """The smallest case that refutes a gradient, first with smaller weights and then as it is.

    With large weights a softmax gives nearly 0 or 1, and the mistake of a layer is hidden by what a
    tiny constant in a logarithm changes.
    """
    refuted = [
        ((j.claim.about is None, j.claim.witness is not SLOPES), case.entries, case)
        for j in judgements
        if j.fails and (evidence := j.finding.evidence) is not None and evidence.raised is None
        if (case := evidence.base if j.claim.about is None else evidence.case) is not None
        if j.claim.about is None or j.claim.about.gradient_of
    ]
    if not refuted:
        return
    *_, case = min(refuted, key=lambda each: each[:2])
    if contract.declaration:
        real = [v.name for v in contract.parameters if v.domain is Domain.REAL]
        if real:
            yield case.with_values(**{name: SMALLER * case.arrays[name] for name in real})
    yield case


def _taken_apart(
    contract: Contract,
    face: Face,
    case: Case,
    lines: Mapping[str, tuple[int, int]],
) -> TakenApart | None:
    dissect = Dissect(case.parameters, case.operands, case.sizes, case.dout)
    result = face.run([dissect])[0]
    if isinstance(result, Raised):
        return None
    try:
        met = [unpacked(note) for note in result.notes]
    except ValueError:
        return None  # sent by something else than our own code
    network = _Network(contract, face, dissect, case, result, met)
    if len({m.layer for m in met if m.leaf}) < FEWEST:
        return None
    return network.told(lines)


@dataclass(frozen=True)
class _Local:
    """What the witnesses find of one call of a layer."""

    state: State
    wrong: tuple[str, ...] = ()
    evidence: Evidence | None = None
    why: Message | str = ""


class _Network:
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
        self._contract, self._face, self._dissect, self._case = contract, face, dissect, case
        self._arrays = {n: v for n, v in result.values.items() if isinstance(v, np.ndarray)}
        self._met = met
        order = dict.fromkeys(m.layer for m in met if m.leaf)
        self._numbers = {layer: place for place, layer in enumerate(order, start=1)}
        self._local: dict[int, _Local] = {}

    # --- the witnesses ---

    def _of(self, number: int, role: str) -> dict[str, Array]:
        start = f"{number}.{role}."
        return {n.removeprefix(start): a for n, a in self._arrays.items() if n.startswith(start)}

    def local(self, met: Met) -> _Local:
        """What the witnesses find of a layer at one call, on what it met there."""
        if met.number not in self._local:
            self._local[met.number] = self._judged(met)
        return self._local[met.number]

    def _judged(self, met: Met) -> _Local:
        if met.back == NOT_CALLED:
            return _Local(State.UNDECIDED, why=Message("apart.not_called"))
        if met.why:
            return _Local(State.UNDECIDED, why=met.why)
        operands, weights = self._of(met.number, "o"), self._of(met.number, "w")
        dout = self._arrays.get(f"{met.number}.dout")
        names = [n for n in met.found if n in operands or n in weights]
        lacking = tuple(n for n in weights if n not in names and LEARNED.search(n))
        if lacking:
            return _Local(State.UNDECIDED, why=Message("apart.lacking", names=lacking))
        if dout is None or not names:
            return _Local(State.UNDECIDED, why=Message("apart.unsettled"))
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
            return _Local(State.WRONG, wrong, evidence)
        if any(j.state is State.UNDECIDED for j in found.values()):
            return _Local(State.UNDECIDED, why=Message("apart.unsettled"))
        return _Local(State.RIGHT)

    @cached_property
    def _upstream(self) -> Inside:
        shapes = {
            met.number: tuple(map(int, self._arrays[f"net.shape.{met.number}"]))
            for met in self._met
            if f"net.shape.{met.number}" in self._arrays
        }
        row = upstream_contract(self._contract.name, shapes)
        face = InsideFace(self._face, self._dissect, UPSTREAM)
        added = {name_of(n): np.zeros(shape) for n, shape in shapes.items()}
        dout = self._case.dout
        return Inside(row, face, Case({}, added, {}, np.ones(()) if dout is None else dout))

    def given(self, met: Met) -> Judged:
        """Whether a layer is given the gradient of its output."""
        if name_of(met.number) not in self._upstream.contract.gradients:
            return Judged(State.UNDECIDED)
        return self._upstream.judged(name_of(met.number))

    # --- what is wrong ---

    def told(self, lines: Mapping[str, tuple[int, int]]) -> TakenApart | None:
        """The mistakes, and what is known of the others."""
        faults = [*self._wrong_layers(), *self._stale()]
        wrong = [m for m in self._met if self.local(m).state is State.WRONG]
        joint = self._joint(wrong)
        faults += [joint] if joint else []
        if not faults:
            faults += self._left_out()
        if not faults:
            faults += self._collected()
        unknown = [m for m in self._leaves if self._state(m) is State.UNDECIDED]
        if faults:
            unknown = [m for m in unknown if m.back != NOT_CALLED]
        if not faults and not unknown and self._wrong and self._all_given():
            faults.append(Fault(_code(len(self._numbers), lines)))
            return TakenApart(self._layers(), tuple(faults))
        return TakenApart(self._layers(), tuple(faults), self._rest(faults, unknown))

    @property
    def _leaves(self) -> list[Met]:
        """The layers that call no others, each once."""
        firsts: dict[int, Met] = {}
        for met in self._met:
            if met.leaf:
                firsts.setdefault(met.layer, met)
        return list(firsts.values())

    @property
    def _backwards(self) -> list[Met]:
        """The calls in the order in which their backward ended."""
        return sorted((m for m in self._met if m.back != NOT_CALLED), key=lambda m: m.back)

    def _calls(self, met: Met) -> list[Met]:
        return [m for m in self._met if m.layer == met.layer]

    def _state(self, met: Met) -> State:
        """That of a layer: of all its calls."""
        states = [self.local(m).state for m in self._calls(met)]
        return next((s for s in (State.WRONG, State.UNDECIDED) if s in states), State.RIGHT)

    def _wrong_layers(self) -> Iterator[Fault]:
        """The layers that are wrong where they are used, from the loss backwards.

        Those of one class with the same mistake are told together.
        """
        groups: dict[tuple[object, ...], list[Met]] = {}
        for met in self._backwards:
            local = self.local(met)
            if local.state is not State.WRONG or (not met.leaf and self._wrong_within(met)):
                continue
            group = groups.setdefault((met.cls, met.where, met.leaf, local.wrong), [])
            if met.layer not in [m.layer for m in group]:
                group.append(met)
        for first, *others in groups.values():
            local = self.local(first)
            words = Message("apart.own", place=self._place(first))
            if first.leaf:
                words = self._layer_words(first, local.wrong)
            if others:
                names = tuple(m.name or m.cls for m in others)
                words = Message("apart.also", sentence=words, names=names)
            yield Fault(words, local.evidence)

    def _wrong_within(self, met: Met) -> bool:
        """Whether what a layer calls explains that it is wrong."""
        within = [m for m in self._met if self._is_within(m, met)]
        return any(self.local(m).state is not State.RIGHT for m in within)

    def _is_within(self, met: Met, around: Met) -> bool:
        by_number = {m.number: m for m in self._met}
        while met.around != OUTSIDE and met.around in by_number:
            if met.around == around.number:
                return True
            met = by_number[met.around]
        return False

    def _layer_words(self, met: Met, wrong: Sequence[str]) -> Message:
        quantities = (
            Message("apart.gradients", names=tuple(wrong)) if len(wrong) > 1 else gradient(wrong[0])
        )
        return Message(
            "apart.layer", place=self._place(met), quantities=quantities, count=len(wrong)
        )

    def _stale(self) -> Iterator[Fault]:
        """Layers that are called several times and keep only the last call."""
        told: set[int] = set()
        for met in self._met:
            several = len(self._calls(met)) > 1
            if met.stale and several and met.leaf and met.layer not in told:
                told.add(met.layer)
                yield Fault(Message("apart.stale", place=self._place(met)))

    def _joint(self, wrong: Sequence[Met]) -> Fault | None:
        """The first layer that is given a wrong gradient, if no layer before it explains that."""
        before: Met | None = None
        for met in self._backwards:
            outside = not any(self._is_within(w, met) or w is met for w in wrong)
            if outside and (
                any(w.back < met.back for w in wrong)
                or any(m.stale and m.back < met.back for m in self._met)
            ):
                return None  # it may follow from that
            if not met.leaf:
                continue  # what is in it is told before
            given = self.given(met)
            if given.state is State.WRONG:
                outer = self._outermost(met)
                return Fault(self._joint_words(outer, before), self._shown(self.given(outer)))
            if given.state is State.UNDECIDED:
                return None
            if self.local(met).state is not State.RIGHT:
                return None
            before = met
        return None

    def _joint_words(self, met: Met, before: Met | None) -> Message:
        by = self._by(met)
        skipped = [
            m
            for m in self._met
            if m.leaf and m.back == NOT_CALLED and m.number > met.number and m.around == met.around
            if before is None or m.number < before.number
        ]
        if len(skipped) == 1:
            return Message("apart.left_out", place=self._place(skipped[0]), by=by)
        if before is None:
            return Message("apart.end", place=self._place(met), by=by)
        return Message("apart.joint", place=self._place(met), by=by, before=self._short(before))

    def _by(self, met: Met) -> Message:
        """What calls a layer: the network, or another layer."""
        around = next((m for m in self._met if m.number == met.around), None)
        return Message("apart.network") if around is None else self._place(around)

    def _outermost(self, met: Met) -> Met:
        """The layer around one that is given the wrong gradient, if it is given that already."""
        around = next((m for m in self._met if m.number == met.around), None)
        if around is None or self.given(around).state is not State.WRONG:
            return met
        return self._outermost(around)

    def _shown(self, given: Judged) -> Evidence | None:
        """The evidence without the zeros that were added."""
        evidence = given.evidence
        if evidence is None:
            return None
        return Evidence(Message("apart.dout"), None, evidence.is_, evidence.should_be)

    def _all_given(self) -> bool:
        return all(self.given(m).state is State.RIGHT for m in self._backwards if m.leaf)

    @cached_property
    def _wrong(self) -> dict[str, Judged]:
        """The network's own gradients that are wrong on this case."""
        inside = Inside(self._contract, self._face, self._case, network=True)
        found = {name: inside.judged(name) for name in self._contract.gradients}
        return {name: judged for name, judged in found.items() if judged.state is State.WRONG}

    def _holders(self, name: str) -> list[tuple[Met, str]]:
        """The calls of layers that use a weight of the network, with its name there."""
        return [
            (m, own)
            for m in self._met
            if m.leaf
            for own, theirs in m.shared.items()
            if theirs == name
        ]

    def _left_out(self) -> Iterator[Fault]:
        """Layers with a weight whose gradient is wrong, and whose backward is not called."""
        for name in self._wrong:
            for met, own in self._holders(name):
                if met.back == NOT_CALLED:
                    yield Fault(Message("apart.left_out", place=self._place(met), by=self._by(met)))
                    return
                if not met.why and own not in met.found:
                    yield Fault(
                        Message("apart.missing", place=self._place(met), quantities=gradient(own))
                    )

    def _collected(self) -> Iterator[Fault]:
        """Gradients that the layers find, and that the network does not hand back as it should."""
        for name in self._wrong:
            holders = self._holders(name)
            if not holders:
                yield from self._copied(name)
                continue
            met, own = holders[0]
            right = [m for m, _ in holders if self.local(m).state is State.RIGHT]
            if len(right) < len(holders) or len(holders) > 1:
                continue
            if self.given(met).state is not State.RIGHT:
                continue
            mine = self._arrays.get(f"{met.number}.g.{own}")
            handed = self._arrays.get(f"net.g.{name}")
            if mine is None or (handed is not None and _alike(mine, handed)):
                continue
            other = self._other_with(handed, met, own) if handed is not None else None
            if other is None:
                yield Fault(
                    Message("apart.collected", name=name, place=self._place(met)),
                )
            else:
                of, theirs = other
                yield Fault(Message("apart.key", name=name, other=theirs, place=self._place(of)))

    def _other_with(self, handed: Array, met: Met, own: str) -> tuple[Met, str] | None:
        """The layer's gradient that an array is; None if that is not one only."""
        if not handed.any():
            return None
        found = [
            (m, name)
            for m in self._met
            if m.leaf
            for name in m.weights
            if (m.number, name) != (met.number, own)
            if f"{m.number}.g.{name}" in self._arrays
            if _alike(self._arrays[f"{m.number}.g.{name}"], handed)
        ]
        return found[0] if len(found) == 1 else None

    def _copied(self, name: str) -> Iterator[Fault]:
        """The layer that holds an array like a weight of the network which no layer holds.

        Where several have none, they are told by their order.
        """
        without = [n for n in self._without_effect() if not self._holders(n)]
        own = [
            (met, array.shape)
            for met in self._leaves
            for weight, array in self._of(met.number, "w").items()
            if weight not in met.shared
        ]
        due = [self._case.parameters[n].shape for n in without if n in self._case.parameters]
        if name not in without or [sorted(s) for s in due] != [sorted(s) for _, s in own]:
            return
        met, _ = own[without.index(name)]
        yield Fault(Message("apart.copy", place=self._place(met), name=name))

    def _without_effect(self) -> list[str]:
        """The weights whose right gradient is zero: the loss does not depend on them."""
        return [
            name
            for name, judged in self._wrong.items()
            if (e := judged.evidence) is not None and isinstance(e.should_be, np.ndarray)
            if float(np.abs(e.should_be).max(initial=0.0)) <= ROUNDING
        ]

    # --- words ---

    def _rest(self, faults: Sequence[Fault], unknown: Sequence[Met]) -> Message | None:
        if unknown:
            listed = tuple(
                Message("apart.why", place=self._short(m), why=self._why(m)) for m in unknown
            )
            return Message("apart.not_judged", names=listed)
        if not faults:
            return None
        joined = all(self._is_handed_on(m) for m in self._backwards if m.leaf)
        return Message("apart.rest_right" if joined else "apart.others_right")

    def _is_handed_on(self, met: Met) -> bool:
        """Whether a layer is given what the one before it in backward returns, or what is right."""
        dout = self._arrays.get(f"{met.number}.dout")
        if dout is None:
            return False
        earlier = [m for m in self._backwards if m.back < met.back and m.leaf]
        returned = [
            array
            for m in earlier
            for name, array in self._of(m.number, "g").items()
            if name in self._of(m.number, "o")
        ]
        if any(each.shape == dout.shape and _alike(each, dout) for each in returned):
            return True
        return self.given(met).state is State.RIGHT

    def _why(self, met: Met) -> Message | str:
        return next((self.local(m).why for m in self._calls(met) if self.local(m).why), "")

    def _layers(self) -> tuple[LayerInside, ...]:
        found = []
        for met in self._leaves:
            wrong = [n for m in self._calls(met) for n in self.local(m).wrong]
            state = self._state(met)
            why = self._why(met) if state is State.UNDECIDED else ""
            name = met.name or met.cls
            found.append(
                LayerInside(name, met.cls, met.where, state, tuple(dict.fromkeys(wrong)), why)
            )
        return tuple(found)

    def _place(self, met: Met) -> Message:
        name, at = met.name or met.cls, _at(met)
        if not met.leaf:
            return Message("apart.around", name=name, cls=met.cls, at=at)
        number, count = self._numbers[met.layer], len(self._numbers)
        return Message("apart.place", number=number, count=count, name=name, cls=met.cls, at=at)

    def _short(self, met: Met) -> Message:
        return Message("apart.short", number=self._numbers[met.layer], name=met.name or met.cls)


def _at(met: Met) -> Message | str:
    where = met.where
    if where is None:
        return "?"
    if where.cell is not None:
        return Message("apart.cell", cell=where.cell, line=where.line)
    return Message("apart.line", line=where.line)


def _code(count: int, lines: Mapping[str, tuple[int, int]]) -> Message:
    span = next((lines[n] for n in ("backward", "gradient", "") if n in lines), None)
    if span is None:
        return Message("apart.code", count=count)
    return Message("apart.code_at", count=count, first=span[0], last=span[1])


def _alike(one: Array, other: Array) -> bool:
    """Whether two arrays are one that was handed on, whichever way it lies."""
    scale = max(1.0, float(np.abs(one).max(initial=0.0)))
    return any(
        each.shape == other.shape and np.allclose(each, other, rtol=0, atol=ROUNDING * scale)
        for each in (one, one.T, one.reshape(-1))
    )
