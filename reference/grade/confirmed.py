"""Layers of the shelf that a class has to hand in: is forward the function that was asked for?

They are known by what `forward` computes. One that computes something else is judged by its own
forward, which is right for any other layer; here the function is required, so nothing is decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from trigrad.claim.claim import Aspect, Witness
from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.shelf.registry import SHELF
from trigrad.messages import Message
from trigrad.verdict.results import LayerReport, Results, Verdict


def confirmed(results: Results, required: Collection[str]) -> Results:
    """The results, in which required layers of the shelf pass only if their forward is known."""
    shelf = {known.name for known in SHELF}.intersection(required)
    layers = tuple(
        replace(layer, verdict=Verdict.INCONCLUSIVE, undecided=Message("grade.forward_unknown"))
        if layer.layer in shelf and layer.verdict is Verdict.PASS and not _compared(layer)
        else layer
        for layer in results.layers
    )
    return replace(results, layers=layers)


def _compared(layer: LayerReport) -> bool:
    """Whether the output was compared with that of a known function."""
    claims = [judgement.claim for judgement in layer.judgements]
    return any(
        c.about == OUTPUT and c.aspect is Aspect.VALUE and c.witness is Witness.AUTOGRAD
        for c in claims
    )
