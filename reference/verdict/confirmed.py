"""Layers that are required: is forward the function that was asked for?

Of what is declared or guessed, forward is compared with the functions that are known. One that
computes something else is judged by its own forward, which is right for any other layer; here the
function is required, so nothing is decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from trigrad.claim.claim import Aspect, Witness
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.shelf.registry import known_as
from trigrad.messages import Message
from trigrad.verdict.results import LayerReport, Verdict


def confirmed(layers: Iterable[LayerReport], required: Collection[str]) -> list[LayerReport]:
    """The layers, in which what is declared or guessed stands for a required layer by its name,
    and passes as that only if its forward is known to be that function.
    """
    return [
        _undecided(layer, meant) if (meant := _meant(layer, required)) else layer
        for layer in layers
    ]


def _meant(layer: LayerReport, required: Collection[str]) -> str | None:
    """The required layer whose name it has, where its forward is not known to be that one."""
    if not layer.declaration:
        return None
    names = (layer.layer, *(known.name for known in known_as([layer.name])))
    meant = next((name for name in names if name in required), None)
    return None if _compared(layer) and layer.computes in ("", meant) else meant


def _undecided(layer: LayerReport, meant: str) -> LayerReport:
    layer = replace(layer, layer=meant)
    if layer.verdict is not Verdict.PASS:
        return layer
    why = Message("grade.forward_unknown")
    return replace(layer, verdict=Verdict.INCONCLUSIVE, undecided=why)


def _compared(layer: LayerReport) -> bool:
    """Whether the output was compared with that of a known function."""
    claims = [judgement.claim for judgement in layer.judgements]
    return any(
        c.about == OUTPUT and c.aspect is Aspect.VALUE and c.witness is Witness.AUTOGRAD
        for c in claims
    )
