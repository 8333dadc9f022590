"""Cross-entropy, alone and with softmax in one layer (sections 4.2 and 5.6).

The book adds 1e-7 inside the logarithm, and most learners do. Forward is then off by up to 1e-7
divided by the probability of the target: by so much a right result may be off.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import (
    ALL_OR_ROWS,
    LABELS_AS_TARGETS,
    LABELS_ONLY,
    MAYBE_SAMPLE,
    ONE_SAMPLE,
    SUM_OR_MEAN,
    SUMMED,
    LossForm,
    loss_readings,
)
from trigrad.contracts.scales import LOSS_SCALES
from trigrad.contracts.schema import (
    Array,
    Arrays,
    Condition,
    Contract,
    Domain,
    Kind,
    Notation,
    Promises,
    Readings,
    Reduced,
    Variable,
    Variant,
)
from trigrad.contracts.softmax import softmax
from trigrad.contracts.variables import LABEL, LABELS, LOGITS, ONE_HOT, STABILISER
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


def target_probability(y: Array, t: Array) -> float:
    """The smallest probability in y of a target class; t is one-hot or holds labels."""
    if t.ndim == y.ndim:
        return float((y * t).sum(axis=-1).min())
    return float(np.take_along_axis(y, t[..., None].astype(np.intp), axis=-1).min())


def stabilised_scores(a: Arrays) -> float:
    """By how much a right loss of the scores x, and its gradient, may be off."""
    return STABILISER / target_probability(softmax(a["x"]), a["t"])


def _stabilised_sum(a: Arrays) -> float:
    return len(a["x"]) * stabilised_scores(a)


def label_variants(row: Contract) -> tuple[Variant, ...]:
    """Class labels as a further kind of targets; `row` is the one that takes them."""
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


def softmax_with_loss_of_labels(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The same with class labels t (N,)."""
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
        allowance=stabilised_scores,
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
    smallest={"C": 2},
)


_SOFTMAX_WITH_LOSS_LABELS = replace(
    _SOFTMAX_WITH_LOSS, operands=(LOGITS, LABELS), twin=softmax_with_loss_of_labels
)


_SOFTMAX_WITH_LOSS_SAMPLE = replace(
    _SOFTMAX_WITH_LOSS.promising(rows=False, mean=False),
    operands=(
        Variable("x", ("C",), Domain.LOGIT),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
)


_SOFTMAX_WITH_LOSS_SAMPLE_LABEL = replace(
    _SOFTMAX_WITH_LOSS_SAMPLE,
    operands=(_SOFTMAX_WITH_LOSS_SAMPLE.operands[0], LABEL),
    twin=softmax_with_loss_of_labels,
)


_SUMMED = replace(
    _SOFTMAX_WITH_LOSS.promising(mean=False, allowance=_stabilised_sum),
    twin=lambda x, t: softmax_with_loss(x, t) * len(x),
)


_SUMMED_LABELS = replace(
    _SUMMED,
    operands=_SOFTMAX_WITH_LOSS_LABELS.operands,
    twin=lambda x, t: softmax_with_loss_of_labels(x, t) * len(x),
)


def _each(row: Contract, output: tuple[str, ...] = ("N",)) -> Contract:
    """The row whose output is one loss for each sample."""

    def twin(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        logs = x.log_softmax(-1)
        labels = t.dim() < x.dim()
        loss = -logs.gather(-1, t.unsqueeze(-1)) if labels else -(t * logs).sum(-1, keepdim=True)
        return loss if len(output) > 1 else loss.squeeze(-1)

    return replace(row.promising(mean=False), output=output, twin=twin)


def _reduced(
    mean: Contract,
    summed: Contract,
    words: tuple[Message, ...] = (),
    conditions: tuple[Condition, ...] = (),
    instead_of: Contract | None = None,
) -> tuple[LossForm, LossForm]:
    """One loss for each sample, where backward gives the gradient of their mean or their sum."""
    of_mean, of_sum = Message("reading.each_of_mean"), Message("reading.each_of_sum")
    return (
        LossForm(
            mean,
            (of_mean, *words),
            conditions,
            instead_of,
            reduced=Reduced.MEAN,
            by_gradients=True,
        ),
        LossForm(
            summed,
            (of_sum, *words),
            (SUM_OR_MEAN, *conditions),
            instead_of,
            reduced=Reduced.SUM,
            by_gradients=True,
        ),
    )


_EACH = Message("reading.each")
_FORMS = (
    LossForm(_SOFTMAX_WITH_LOSS),
    LossForm(_SOFTMAX_WITH_LOSS_LABELS, (LABELS_AS_TARGETS,), (LABELS_ONLY,), _SOFTMAX_WITH_LOSS),
    LossForm(_SUMMED, (SUMMED,), (SUM_OR_MEAN,)),
    LossForm(
        replace(_SOFTMAX_WITH_LOSS, twin=lambda x, t: softmax_with_loss(x, t) / x.shape[-1]),
        (Message("reading.mean_of_all"),),
        (ALL_OR_ROWS,),
    ),
    LossForm(_each(_SOFTMAX_WITH_LOSS), (_EACH,), by_gradients=True),
    LossForm(_each(_SOFTMAX_WITH_LOSS, ("N", "1")), (_EACH,), by_gradients=True),
    LossForm(
        _each(_SOFTMAX_WITH_LOSS_LABELS),
        (_EACH, LABELS_AS_TARGETS),
        (LABELS_ONLY,),
        _SOFTMAX_WITH_LOSS,
        by_gradients=True,
    ),
    *_reduced(_SOFTMAX_WITH_LOSS, _SUMMED),
    *_reduced(
        _SOFTMAX_WITH_LOSS_LABELS,
        _SUMMED_LABELS,
        (LABELS_AS_TARGETS,),
        (LABELS_ONLY,),
        _SOFTMAX_WITH_LOSS,
    ),
    LossForm(_SOFTMAX_WITH_LOSS_SAMPLE, (Message("reading.sample"),), (ONE_SAMPLE, MAYBE_SAMPLE)),
    LossForm(
        _SOFTMAX_WITH_LOSS_SAMPLE_LABEL,
        (Message("reading.sample"), Message("reading.label")),
        (ONE_SAMPLE, MAYBE_SAMPLE, LABELS_ONLY),
    ),
)
"""In which ways it is written: of one output, those whose gradients show them come first."""

SOFTMAX_WITH_LOSS = replace(
    _SOFTMAX_WITH_LOSS,
    readings=Readings(
        variants=(
            *label_variants(_SOFTMAX_WITH_LOSS_LABELS),
            Variant(
                "1-D samples",
                Message("input.sample"),
                _SOFTMAX_WITH_LOSS_SAMPLE,
                at_least_two=("C",),
            ),
        ),
        others=loss_readings(_SOFTMAX_WITH_LOSS, _FORMS),
        scales=LOSS_SCALES,
    ),
)
