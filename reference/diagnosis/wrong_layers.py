"""The layers in a network that are wrong where they are used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigrad.claim.quantity import gradient
from trigrad.diagnosis.apart import Fault, State
from trigrad.diagnosis.layer_words import place
from trigrad.diagnosis.met_network import MetNetwork
from trigrad.messages import Message
from trigrad.subject.met import Met


def wrong_layers(network: MetNetwork) -> Iterator[Fault]:
    """The layers that are wrong where they are used, from the loss backwards.

    Those of one class with the same mistake are told together.
    """
    groups: dict[tuple[object, ...], list[Met]] = {}
    for met in network.backwards:
        local = network.local(met)
        if local.state is not State.WRONG or (not met.leaf and _wrong_within(network, met)):
            continue
        group = groups.setdefault((met.cls, met.where, met.leaf, local.wrong), [])
        if met.layer not in [m.layer for m in group]:
            group.append(met)
    for first, *others in groups.values():
        local = network.local(first)
        words = Message("apart.own", place=place(network, first))
        if first.leaf:
            words = _layer_words(network, first, local.wrong)
        if others:
            names = tuple(m.name or m.cls for m in others)
            words = Message("apart.also", sentence=words, names=names)
        yield Fault(words, local.evidence)


def stale_layers(network: MetNetwork) -> Iterator[Fault]:
    """Layers that are called several times and keep only the last call."""
    told: set[int] = set()
    for met in network.met:
        several = len(network.calls_of(met)) > 1
        if met.stale and several and met.leaf and met.layer not in told:
            told.add(met.layer)
            yield Fault(Message("apart.stale", place=place(network, met)))


def raising_layers(network: MetNetwork) -> Iterator[Fault]:
    """The layer whose backward raises, although what it is given is right."""
    for met in network.met:
        if met.raised and met.leaf and network.given(met).state is State.RIGHT:
            yield Fault(Message("apart.layer_raises", place=place(network, met), error=met.raised))


def _wrong_within(network: MetNetwork, met: Met) -> bool:
    """Whether what a layer calls explains that it is wrong."""
    within = [m for m in network.met if network.is_within(m, met)]
    return any(network.local(m).state is not State.RIGHT for m in within)


def _layer_words(network: MetNetwork, met: Met, wrong: Sequence[str]) -> Message:
    quantities = (
        Message("apart.gradients", names=tuple(wrong)) if len(wrong) > 1 else gradient(wrong[0])
    )
    return Message(
        "apart.layer", place=place(network, met), quantities=quantities, count=len(wrong)
    )
