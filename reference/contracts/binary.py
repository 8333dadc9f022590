"""Binary cross-entropy as a layer: of probabilities, and with the sigmoid inside.

SigmoidWithLoss is that of the second volume, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import (
    LABELS_AS_TARGETS,
    LossForm,
    loss_readings,
)
from trigrad.contracts.schema import (
    Arrays,
    Contract,
    Domain,
    Kind,
    Notation,
    Promises,
    Readings,
    Shape,
    Variable,
)
from trigrad.contracts.variables import STABILISER
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

_SHAPES: tuple[tuple[Shape, Message | None], ...] = (
    (("N", "C"), None),
    (("N",), Message("reading.flat_binary")),
)


def _terms(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -(t.xlogy(y) + (1 - t).xlogy(1 - y))


def _terms_of_scores(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    # log(1 + exp(x)) - t x, which is exact where the sigmoid is 0 or 1.
    return x.logaddexp(0.0 * x) - t * x


def _off_by(chances: Callable[[Arrays], Arrays]) -> Callable[[Arrays], float]:
    """How far a constant in the logarithms puts the loss and its gradient off.

    By d / p the loss, for the smaller p of a chance and its opposite; its derivative 1 / p by
    d / p**2.
    """

    def allowance(arrays: Arrays) -> float:
        y = chances(arrays)["y"]
        return float(STABILISER / np.minimum(y, 1 - y).min() ** 2)

    return allowance


def _chances_of_scores(arrays: Arrays) -> Arrays:
    return {"y": 1 / (1 + np.exp(-arrays["x"]))}


def _forms(row: Contract, of: Variable, terms: Callable[..., torch.Tensor]) -> Iterator[LossForm]:
    """The mean over all entries, and what else it may be."""
    averages: tuple[tuple[Callable[..., torch.Tensor], bool, Message | None], ...] = (
        (lambda e: e.mean(), True, None),
        (lambda e: e.sum() / len(e), True, Message("reading.sum_by_batch")),
        (lambda e: e.sum(), False, Message("reading.sum")),
    )
    for (shape, flat), (whole, mean, words) in product(_SHAPES, averages):
        if flat is not None and mean and words is not None:
            continue  # the mean
        operands = (
            replace(of, shape=shape),
            Variable("t", shape, Domain.BIT),
        )
        promised = row.promising(mean=mean, either_axis=mean and words is None)
        contract = replace(promised, operands=operands, twin=_twin(terms, whole))
        yield LossForm(contract, tuple(w for w in (words, flat) if w is not None))


def _twin(
    terms: Callable[..., torch.Tensor], whole: Callable[..., torch.Tensor]
) -> Callable[..., torch.Tensor]:
    return lambda y, t: whole(terms(y, t.to(y.dtype)))


def _loss(
    name: str,
    of: Variable,
    terms: Callable[..., torch.Tensor],
    allowance: Callable[[Arrays], float],
    notation: Notation,
) -> Contract:
    row = Contract(
        name=name,
        kind=Kind.LAYER,
        operands=(of, Variable("t", of.shape, Domain.BIT)),
        output=(),
        twin=None,
        gradients=(of.name,),
        promises=Promises(rows=True, mean=True, allowance=allowance),
        notation=notation,
    )
    found = list(_forms(row, of, terms))
    labels = next(f for f in found if f.words and f.words[-1].key == "reading.flat_binary")
    t = Variable("t", ("N",), Domain.LABEL, classes="2")
    found.append(
        LossForm(
            replace(labels.contract, operands=(labels.contract.operands[0], t)),
            (*labels.words, LABELS_AS_TARGETS),
        )
    )
    usual = found[0].contract
    return replace(usual, readings=Readings(others=loss_readings(usual, found)))


BINARY_CROSS_ENTROPY = _loss(
    "BinaryCrossEntropy",
    Variable("y", ("N", "C"), Domain.CHANCE),
    _terms,
    _off_by(lambda a: a),
    Notation(
        formula="the mean over all entries of -(t log y + (1 - t) log(1 - y)); "
        "dy = dout * (y - t) / (y * (1 - y)) / (N * C)",
        aliases=(
            *("binarycrossentropy", "binarycrossentropyloss", "bce", "bceloss"),
            *("binarycrossentropyerror", "binaryentropy", "logisticloss"),
        ),
        usual=(
            "-np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))",
            "(y - t) / (y * (1 - y))",
            "(y - t) / (y * (1 - y)) / y.size",
            "dout * (y - t) / (y * (1 - y)) / y.size",
        ),
    ),
)

SIGMOID_WITH_LOSS = _loss(
    "SigmoidWithLoss",
    Variable("x", ("N", "C"), Domain.LOGIT),
    _terms_of_scores,
    _off_by(_chances_of_scores),
    Notation(
        formula="the mean over all entries of -(t log y + (1 - t) log(1 - y)), y = sigmoid(x); "
        "dx = dout * (y - t) / (N * C)",
        aliases=(
            *("sigmoidwithloss", "sigmoidloss", "sigmoidcrossentropy", "sigmoidcrossentropyloss"),
            *("sigmoidwithcrossentropy", "bcewithlogits", "bcewithlogitsloss"),
            *("sigmoidwithbinarycrossentropy", "sigmoidwithbinarycrossentropyloss"),
        ),
        usual=(
            "1 / (1 + np.exp(-x))",
            "(out - t) / t.shape[0]",
            "(out - t) / t.size",
            "dout * (out - t) / t.size",
            "t.shape[0]",
        ),
    ),
)

BINARY = (BINARY_CROSS_ENTROPY, SIGMOID_WITH_LOSS)
