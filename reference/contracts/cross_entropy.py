"""The function cross_entropy_error (section 4.2.4), and in which ways it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import (
    DIVIDED_LATER,
    LABELS_AS_TARGETS,
    LABELS_ONLY,
    MAYBE_SAMPLE,
    ONE_SAMPLE,
    SHOWN_SAMPLE,
    SUMMED,
    TWO_CLASSES,
    LossForm,
    loss_readings,
)
from trigrad.contracts.losses import (
    label_variants,
    softmax_with_loss,
    softmax_with_loss_of_labels,
    stabilised_scores,
    target_probability,
)
from trigrad.contracts.schema import (
    Arrays,
    Contract,
    Domain,
    Kind,
    Misreading,
    Notation,
    Promises,
    Readings,
    Sign,
    Variable,
    Variant,
)
from trigrad.contracts.variables import LABEL, LABELS, ONE_HOT, STABILISER
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

_PROBABILITIES = Variable("y", ("N", "C"), Domain.PROBABILITY)
_SCORES = Variable("y", ("N", "C"), Domain.LOGIT)


def _of_one_hot(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    # 0 log 0 is 0: a class of probability 0 that is not the target adds nothing.
    return -t.xlogy(y).sum(-1)


def _of_labels(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -y.log().gather(-1, t.unsqueeze(-1)).squeeze(-1)


def _binary(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -(t.xlogy(y) + (1 - t).xlogy(1 - y))


def _stabilised_probabilities(a: Arrays) -> float:
    return STABILISER / target_probability(a["y"], a["t"])


def _stabilised_sum(a: Arrays) -> float:
    return len(a["y"]) * _stabilised_probabilities(a)


def _stabilised_chances(a: Arrays) -> float:
    y, t = a["y"], a["t"]
    return float(STABILISER / np.where(t > 0, y, 1 - y).min())


def _stabilised_chances_of_scores(a: Arrays) -> float:
    return _stabilised_chances({"y": 1 / (1 + np.exp(-a["y"])), "t": a["t"]})


def _stabilised_scores(a: Arrays) -> float:
    return stabilised_scores({"x": a["y"], "t": a["t"]})


_CROSS_ENTROPY = Contract(
    name="cross_entropy_error",
    kind=Kind.FUNCTION,
    operands=(_PROBABILITIES, ONE_HOT),
    output=(),
    twin=lambda y, t: _of_one_hot(y, t).mean(),
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
    smallest={"C": 2},
)


_CROSS_ENTROPY_LABELS = replace(
    _CROSS_ENTROPY,
    operands=(_PROBABILITIES, LABELS),
    twin=lambda y, t: _of_labels(y, t).mean(),
)


_CROSS_ENTROPY_SCORES = replace(
    _CROSS_ENTROPY.promising(allowance=_stabilised_scores),
    operands=(_SCORES, ONE_HOT),
    twin=softmax_with_loss,
)


_CROSS_ENTROPY_SCORES_LABELS = replace(
    _CROSS_ENTROPY_SCORES, operands=(_SCORES, LABELS), twin=softmax_with_loss_of_labels
)


_CROSS_ENTROPY_SAMPLE = replace(
    _CROSS_ENTROPY.promising(rows=False, mean=False),
    operands=(
        Variable("y", ("C",), Domain.PROBABILITY),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
)


_CROSS_ENTROPY_SAMPLE_LABEL = replace(
    _CROSS_ENTROPY_SAMPLE,
    operands=(_CROSS_ENTROPY_SAMPLE.operands[0], LABEL),
    twin=_CROSS_ENTROPY_LABELS.twin,
)


def _each(row: Contract, twin: Callable[..., torch.Tensor]) -> Contract:
    """The row whose output is one loss for each sample."""
    return replace(row.promising(mean=False), output=("N",), twin=twin)


def _binary_row(*shape: str, domain: Domain = Domain.CHANCE) -> Contract:
    """Binary cross-entropy, the mean over all entries."""
    scores = domain is Domain.LOGIT
    allowance = _stabilised_chances_of_scores if scores else _stabilised_chances
    return replace(
        _CROSS_ENTROPY.promising(allowance=allowance),
        operands=(Variable("y", shape, domain), Variable("t", shape, Domain.BIT)),
        twin=lambda y, t: _binary(y.sigmoid() if scores else y, t).mean(),
        notation=replace(
            _CROSS_ENTROPY.notation,
            formula="the mean over all entries of -(t log y + (1 - t) log(1 - y))",
            usual=("-np.mean(t * np.log(y + 1e-7) + (1 - t) * np.log(1 - y + 1e-7))",),
        ),
        smallest={},
    )


_BINARY = _binary_row("N", "C")

_LABELS = LABELS_AS_TARGETS
_EACH, _SOFTMAX_INSIDE = Message("reading.each"), Message("reading.softmax_inside")
_CHANCES = Message("reading.binary")
_SCORED, _TWO = frozenset({Sign.SCORES}), frozenset({Sign.BINARY})

_CROSS_ENTROPY_FORMS = (
    LossForm(_CROSS_ENTROPY),
    LossForm(_CROSS_ENTROPY_LABELS, (_LABELS,), (LABELS_ONLY,), _CROSS_ENTROPY),
    LossForm(_CROSS_ENTROPY_SCORES, (_SOFTMAX_INSIDE,), meant_by=_SCORED),
    LossForm(
        _CROSS_ENTROPY_SCORES_LABELS,
        (_SOFTMAX_INSIDE, _LABELS),
        (LABELS_ONLY,),
        _CROSS_ENTROPY_SCORES,
        _SCORED,
    ),
    LossForm(_each(_CROSS_ENTROPY, _of_one_hot), (_EACH,)),
    LossForm(
        _each(_CROSS_ENTROPY_LABELS, _of_labels), (_EACH, _LABELS), (LABELS_ONLY,), _CROSS_ENTROPY
    ),
    LossForm(
        replace(
            _each(_CROSS_ENTROPY, lambda y, t: _of_one_hot(y, t).unsqueeze(-1)), output=("N", "1")
        ),
        (_EACH,),
    ),
    LossForm(
        _each(_CROSS_ENTROPY_SCORES, lambda y, t: _of_one_hot(y.softmax(-1), t)),
        (_SOFTMAX_INSIDE, _EACH),
    ),
    LossForm(
        _each(_CROSS_ENTROPY_SCORES_LABELS, lambda y, t: _of_labels(y.softmax(-1), t)),
        (_SOFTMAX_INSIDE, _EACH, _LABELS),
        (LABELS_ONLY,),
        _CROSS_ENTROPY_SCORES,
        _SCORED,
    ),
    LossForm(
        replace(
            _CROSS_ENTROPY.promising(mean=False, allowance=_stabilised_sum),
            twin=lambda y, t: _of_one_hot(y, t).sum(),
        ),
        (SUMMED,),
        (DIVIDED_LATER,),
    ),
    LossForm(_BINARY, (_CHANCES,), meant_by=_TWO),
    LossForm(
        replace(_BINARY.promising(mean=False), output=("N", "C"), twin=_binary),
        (Message("reading.binary_each"),),
        meant_by=_TWO,
    ),
    LossForm(
        _binary_row("N", "C", domain=Domain.LOGIT),
        (Message("reading.sigmoid_inside"),),
        meant_by=_TWO | _SCORED,
    ),
    LossForm(
        _binary_row("N", "1"), (Message("reading.one_output"),), (TWO_CLASSES,), meant_by=_TWO
    ),
    LossForm(_binary_row("N"), (Message("reading.one_output"),), (TWO_CLASSES,), meant_by=_TWO),
    LossForm(
        _CROSS_ENTROPY_SAMPLE,
        (Message("reading.sample"),),
        (ONE_SAMPLE, MAYBE_SAMPLE, SHOWN_SAMPLE),
    ),
    LossForm(
        _CROSS_ENTROPY_SAMPLE_LABEL,
        (Message("reading.sample"), Message("reading.label")),
        (ONE_SAMPLE, MAYBE_SAMPLE, LABELS_ONLY),
    ),
)


CROSS_ENTROPY = replace(
    _CROSS_ENTROPY,
    readings=Readings(
        variants=(
            *label_variants(_CROSS_ENTROPY_LABELS),
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
        others=loss_readings(_CROSS_ENTROPY, _CROSS_ENTROPY_FORMS),
    ),
)
