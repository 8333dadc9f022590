"""Softmax, cross-entropy and both in one layer (sections 3.5, 4.2 and 5.6).

The book adds 1e-7 inside the logarithm, and most learners do. Forward is then off by up to 1e-7
divided by the probability of the target: by so much a right result may be off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Domain,
    Kind,
    Misreading,
    Notation,
    Promises,
    Readings,
    Variable,
    Variant,
)
from trigrad.contracts.variables import LABELS, LOGITS, ONE_HOT
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


STABILISER = 1e-7
"""What most learners add inside the logarithm, as the book does (section 4.2.2)."""


def softmax(x: Array) -> Array:
    """exp(x) over its sum, along the last axis; shifted by the maximum, so nothing overflows."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def target_probability(y: Array, t: Array) -> float:
    """The smallest probability in y of a target class; t is one-hot or holds labels."""
    if t.ndim == y.ndim:
        return float((y * t).sum(axis=-1).min())
    return float(np.take_along_axis(y, t[..., None].astype(np.intp), axis=-1).min())


def _stabilised_logits(a: Arrays) -> float:
    return STABILISER / target_probability(softmax(a["x"]), a["t"])


def _stabilised_probabilities(a: Arrays) -> float:
    return STABILISER / target_probability(a["y"], a["t"])


def _labels(row: Contract) -> tuple[Variant, ...]:
    return (
        Variant(
            "labels",
            Message("input.labels"),
            row,
            unequal=("N", "C"),
            at_least_two=("N", "C"),
        ),
        Variant(
            "labels where N = C",
            Message("input.labels_square"),
            row,
            equal=("N", "C"),
            at_least_two=("N",),
        ),
    )


# --- SoftmaxWithLoss


def softmax_with_loss(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The mean over the batch of -log(softmax(x)[t]); t (N, C) is one-hot. A scalar."""
    return -(t * x.log_softmax(-1)).sum(-1).mean()


def _softmax_with_loss_of_labels(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -x.log_softmax(-1).gather(-1, t.unsqueeze(-1)).mean()


_SOFTMAX_WITH_LOSS = Contract(
    name="SoftmaxWithLoss",
    kind=Kind.LAYER,
    operands=(LOGITS, ONE_HOT),
    output=(),
    twin=softmax_with_loss,
    gradients=("x",),
    promises=Promises(
        rows=True,
        mean=True,
        shift_invariant=("x",),
        allowance=_stabilised_logits,
    ),
    notation=Notation(
        formula="the mean over the batch of -log(softmax(x)[t]); dx = dout * (softmax(x) - t) / N",
        aliases=(
            "softmaxwithloss",
            "softmaxloss",
            "softmaxcrossentropy",
            "softmaxcrossentropyloss",
            "softmaxwithcrossentropy",
            "softmaxwithcrossentropyloss",
            "softmaxcrossentropywithlogits",
            "softmaxcrossentropyerror",
            "softmaxwithcrossentropyerror",
        ),
        usual=(
            "softmax(x)",
            "cross_entropy_error(out, t)",
            "-np.sum(t * np.log(out + 1e-7)) / t.shape[0]",
            "(out - t) / t.shape[0]",
            "t.shape[0]",
        ),
    ),
)


_SOFTMAX_WITH_LOSS_LABELS = replace(
    _SOFTMAX_WITH_LOSS, operands=(LOGITS, LABELS), twin=_softmax_with_loss_of_labels
)


_SOFTMAX_WITH_LOSS_SAMPLE = replace(
    _SOFTMAX_WITH_LOSS.promising(rows=False, mean=False),
    operands=(
        Variable("x", ("C",), Domain.LOGIT),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
)


SOFTMAX_WITH_LOSS = replace(
    _SOFTMAX_WITH_LOSS,
    readings=Readings(
        variants=(
            *_labels(_SOFTMAX_WITH_LOSS_LABELS),
            Variant(
                "1-D samples",
                Message("input.sample"),
                _SOFTMAX_WITH_LOSS_SAMPLE,
                at_least_two=("C",),
            ),
        )
    ),
)


# --- softmax

_SOFTMAX_FUNCTION = Contract(
    name="softmax",
    kind=Kind.FUNCTION,
    operands=(LOGITS,),
    output=("N", "C"),
    twin=lambda x: x.softmax(-1),
    promises=Promises(
        rows=True,
        shift_invariant=("x",),
        row_sum=1.0,
    ),
    notation=Notation(
        formula="exp(x) / the sum of exp(x) over the last axis",
        aliases=("softmax",),
        usual=(
            "np.exp(x)",
            "x - np.max(x, axis=-1, keepdims=True)",
            "np.exp(x - np.max(x, axis=-1, keepdims=True))",
            "np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)",
        ),
    ),
)


_SOFTMAX_OF_SAMPLE = replace(
    _SOFTMAX_FUNCTION.promising(rows=False),
    operands=(Variable("x", ("C",), Domain.LOGIT),),
    output=("C",),
)


SOFTMAX = replace(
    _SOFTMAX_FUNCTION,
    readings=Readings(
        variants=(Variant("1-D samples", Message("input.sample"), _SOFTMAX_OF_SAMPLE),)
    ),
)


# --- cross_entropy_error


def _cross_entropy(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    # 0 log 0 is 0: a class of probability 0 that is not the target adds nothing.
    return -t.xlogy(y).sum(-1).mean()


def _cross_entropy_of_labels(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -y.log().gather(-1, t.unsqueeze(-1)).mean()


_CROSS_ENTROPY = Contract(
    name="cross_entropy_error",
    kind=Kind.FUNCTION,
    operands=(Variable("y", ("N", "C"), Domain.PROBABILITY), ONE_HOT),
    output=(),
    twin=_cross_entropy,
    promises=Promises(
        rows=True,
        mean=True,
        allowance=_stabilised_probabilities,
    ),
    notation=Notation(
        formula="the mean over the batch of -log(y[t])",
        aliases=("crossentropyerror", "crossentropy", "crossentropyloss"),
        usual=(
            "-np.sum(t * np.log(y + 1e-7)) / y.shape[0]",
            "y.shape[0]",
        ),
    ),
)


_CROSS_ENTROPY_LABELS = replace(
    _CROSS_ENTROPY,
    operands=(_CROSS_ENTROPY.operands[0], LABELS),
    twin=_cross_entropy_of_labels,
)


_CROSS_ENTROPY_SAMPLE = replace(
    _CROSS_ENTROPY.promising(rows=False, mean=False),
    operands=(
        Variable("y", ("C",), Domain.PROBABILITY),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
)


CROSS_ENTROPY = replace(
    _CROSS_ENTROPY,
    readings=Readings(
        variants=(
            *_labels(_CROSS_ENTROPY_LABELS),
            Variant(
                "1-D samples", Message("input.sample"), _CROSS_ENTROPY_SAMPLE, at_least_two=("C",)
            ),
        ),
        misreadings=(
            Misreading(
                words=Message("misreading.one_hot"),
                operands={"y": np.array([0.1, 0.2, 0.7]), "t": np.array([0, 0, 1])},
                value=float(-np.log([0.1, 0.1, 0.2]).sum()),
                should_be=float(-np.log(0.7)),
            ),
        ),
    ),
)
