"""The joints of a network: what it hands from layer to layer, and what it hands back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Array
from trigrad.diagnosis.apart import Fault, State
from trigrad.diagnosis.inside import Judged
from trigrad.diagnosis.layer_words import by, place, short
from trigrad.diagnosis.met_network import ROUNDING, MetNetwork, alike
from trigrad.messages import Message
from trigrad.subject.met import NOT_CALLED, Met


def wrong_joint(network: MetNetwork) -> Fault | None:
    """The first layer that is given a wrong gradient, if no layer before it explains that."""
    wrong = [m for m in network.met if network.local(m).state is State.WRONG]
    before: Met | None = None
    for met in network.backwards:
        outside = not any(network.is_within(w, met) or w is met for w in wrong)
        if outside and (
            any(w.back < met.back for w in wrong)
            or any(m.stale and m.back < met.back for m in network.met)
        ):
            return None  # it may follow from that
        if not met.leaf:
            continue  # what is in it is told before
        given = network.given(met)
        if given.state is State.WRONG:
            outer = _outermost(network, met)
            if any(network.is_within(outer, w) for w in wrong):
                return None  # what is around it is told
            return Fault(_joint_words(network, outer, before), _shown(network.given(outer)))
        if given.state is State.UNDECIDED:
            return None
        if network.local(met).state is not State.RIGHT:
            return None
        before = met
    return None


def _joint_words(network: MetNetwork, met: Met, before: Met | None) -> Message:
    caller = by(network, met)
    skipped = [
        m
        for m in network.met
        if m.leaf and m.back == NOT_CALLED and m.number > met.number and m.around == met.around
        if before is None or m.number < before.number
    ]
    if len(skipped) == 1:
        return Message("apart.left_out", place=place(network, skipped[0]), by=caller)
    if before is None:
        return Message("apart.end", place=place(network, met), by=caller)
    return Message(
        "apart.joint", place=place(network, met), by=caller, before=short(network, before)
    )


def _outermost(network: MetNetwork, met: Met) -> Met:
    """The layer around one that is given the wrong gradient, if it is given that already."""
    around = next((m for m in network.met if m.number == met.around), None)
    if around is None or network.given(around).state is not State.WRONG:
        return met
    return _outermost(network, around)


def _shown(given: Judged) -> Evidence | None:
    """The evidence without the zeros that were added."""
    evidence = given.evidence
    if evidence is None:
        return None
    return Evidence(Message("apart.dout"), None, evidence.is_, evidence.should_be)


def all_given(network: MetNetwork) -> bool:
    """Whether each layer is given the gradient of its output."""
    return all(network.given(m).state is State.RIGHT for m in network.backwards if m.leaf)


def is_handed_on(network: MetNetwork, met: Met) -> bool:
    """Whether a layer is given what the one before it in backward returns, or what is right."""
    dout = network.arrays.get(f"{met.number}.dout")
    if dout is None:
        return False
    earlier = [m for m in network.backwards if m.back < met.back and m.leaf]
    returned = [
        array
        for m in earlier
        for name, array in network.arrays_of(m.number, "g").items()
        if name in network.arrays_of(m.number, "o")
    ]
    if any(each.shape == dout.shape and alike(each, dout) for each in returned):
        return True
    return network.given(met).state is State.RIGHT


def left_out(network: MetNetwork) -> Iterator[Fault]:
    """Layers with a weight whose gradient is wrong, and whose backward is not called."""
    for name in network.wrong:
        for met, own in network.holders(name):
            if met.back == NOT_CALLED:
                yield Fault(
                    Message("apart.left_out", place=place(network, met), by=by(network, met))
                )
                return
            if not met.why and own not in met.found:
                yield Fault(
                    Message("apart.missing", place=place(network, met), quantities=gradient(own))
                )


def wrongly_collected(network: MetNetwork) -> Iterator[Fault]:
    """Gradients that the layers find, and that the network does not hand back as it should."""
    for name in network.wrong:
        holders = network.holders(name)
        if not holders:
            yield from _copied(network, name)
            continue
        met, own = holders[0]
        right = [m for m, _ in holders if network.local(m).state is State.RIGHT]
        if len(right) < len(holders) or len(holders) > 1:
            continue
        if network.given(met).state is not State.RIGHT:
            continue
        mine = network.arrays.get(f"{met.number}.g.{own}")
        handed = network.arrays.get(f"net.g.{name}")
        if mine is None or (handed is not None and alike(mine, handed)):
            continue
        other = _other_with(network, handed, met, own) if handed is not None else None
        if other is None:
            yield Fault(
                Message("apart.collected", name=name, place=place(network, met)),
            )
        else:
            of, theirs = other
            yield Fault(Message("apart.key", name=name, other=theirs, place=place(network, of)))


def _other_with(network: MetNetwork, handed: Array, met: Met, own: str) -> tuple[Met, str] | None:
    """The layer's gradient that an array is; None if that is not one only."""
    if not handed.any():
        return None
    found = [
        (m, name)
        for m in network.met
        if m.leaf
        for name in m.weights
        if (m.number, name) != (met.number, own)
        if f"{m.number}.g.{name}" in network.arrays
        if alike(network.arrays[f"{m.number}.g.{name}"], handed)
    ]
    return found[0] if len(found) == 1 else None


def _copied(network: MetNetwork, name: str) -> Iterator[Fault]:
    """The layer that holds an array like a weight of the network which no layer holds.

    Where several have none, they are told by their order.
    """
    # What is no weight, such as an operand without effect in a small case, is no layer's.
    due = network.case.parameters
    without = [n for n in _without_effect(network) if n in due and not network.holders(n)]
    own = [
        (met, array.shape)
        for met in network.leaves
        for weight, array in network.arrays_of(met.number, "w").items()
        if weight not in met.shared
    ]
    shapes = [due[n].shape for n in without]
    if name not in without or [sorted(s) for s in shapes] != [sorted(s) for _, s in own]:
        return
    met, _ = own[without.index(name)]
    yield Fault(Message("apart.copy", place=place(network, met), name=name))


def _without_effect(network: MetNetwork) -> list[str]:
    """The weights whose right gradient is zero: the loss does not depend on them."""
    return [
        name
        for name, judged in network.wrong.items()
        if (e := judged.evidence) is not None and isinstance(e.should_be, np.ndarray)
        if float(np.abs(e.should_be).max(initial=0.0)) <= ROUNDING
    ]
