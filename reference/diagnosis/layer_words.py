"""How the layers in a network are called in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from trigrad.diagnosis.met_network import MetNetwork
from trigrad.messages import Message
from trigrad.subject.met import Met


def place(network: MetNetwork, met: Met) -> Message:
    """`layer 3 of 5, conv2 (Conv, line 41)`; of one that is made of layers without a number."""
    name, at = met.name or met.cls, _at(met)
    if not met.leaf:
        return Message("apart.around", name=name, cls=met.cls, at=at)
    number, count = network.numbers[met.layer], len(network.numbers)
    return Message("apart.place", number=number, count=count, name=name, cls=met.cls, at=at)


def short(network: MetNetwork, met: Met) -> Message:
    """`layer 3 (conv2)`."""
    return Message("apart.short", number=network.numbers[met.layer], name=met.name or met.cls)


def by(network: MetNetwork, met: Met) -> Message:
    """What calls a layer: the network, or another layer."""
    around = next((m for m in network.met if m.number == met.around), None)
    return Message("apart.network") if around is None else place(network, around)


def _at(met: Met) -> Message | str:
    where = met.where
    if where is None:
        return "?"
    if where.cell is not None:
        return Message("apart.cell", cell=where.cell, line=where.line)
    return Message("apart.line", line=where.line)


def own_code(count: int, lines: Mapping[str, tuple[int, int]]) -> Message:
    """That the mistake is in the code of the network itself, with its lines."""
    span = next((lines[n] for n in ("backward", "gradient", "") if n in lines), None)
    if span is None:
        return Message("apart.code", count=count)
    return Message("apart.code_at", count=count, first=span[0], last=span[1])
