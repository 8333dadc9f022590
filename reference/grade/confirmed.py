"""Layers that a class has to hand in: is forward the function that was asked for?

Of what is declared or guessed, forward is compared with the functions that are known. One that
computes something else is judged by its own forward, which is right for any other layer; here the
function is required, so nothing is decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trigrad.claim.claim import Aspect, Witness
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.shelf.registry import known_as
from trigrad.messages import Message
from trigrad.verdict.results import LayerReport, Results, Verdict


def confirmed(results: Results, required: Collection[str]) -> Results:
    """The results, in which what is declared or guessed stands for a required layer by its name,
    and passes as that only if its forward is known to be that function.
    """
    layers = tuple(
        _undecided(layer, meant) if (meant := _meant(layer, required)) else layer
        for layer in results.layers
    )
    return replace(results, layers=layers)


def _meant(layer: LayerReport, required: Collection[str]) -> str | None:
    """The required layer whose name it has, where its forward was compared with nothing."""
    if not layer.declaration or _compared(layer):
        return None
    names = (layer.layer, *(known.name for known in known_as([layer.name])))
    return next((name for name in names if name in required), None)


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
