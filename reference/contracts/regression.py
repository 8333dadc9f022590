"""Losses of numbers: the mean squared error (section 4.2.1), the absolute one, and Huber's.

Each is written as a mean or a sum, over all entries or for each sample, whole or halved: which of
them a definition is, its value shows. y and t enter alike, so only names can say which is which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import LossForm, loss_readings
from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Kind,
    Notation,
    Promises,
    Readings,
    Variable,
)
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

Terms = Callable[["torch.Tensor"], "torch.Tensor"]
"""The terms of a loss, one for each entry of the difference y - t."""

_WIDE = (Variable("y", ("N", "D")), Variable("t", ("N", "D")))
_COLUMN = (Variable("y", ("N", "1")), Variable("t", ("N",)))
"""One output for each sample, and its target."""

_FLAT = (Variable("y", ("N",)), Variable("t", ("N",)))
"""One number for each sample."""

_AVERAGES: tuple[tuple[str, Terms, bool, str], ...] = (
    ("np.mean({0})", lambda e: e.mean(), True, "/ y.size"),
    ("np.sum({0}) / y.shape[0]", lambda e: e.sum() / len(e), True, "/ y.shape[0]"),
    ("np.sum({0})", lambda e: e.sum(), False, ""),
)
"""How the terms become one number: in NumPy, in PyTorch, whether repeating the batch leaves it as
it is, and what the gradient of a term is divided by."""

_WORDS: tuple[tuple[Message | None, Message], ...] = (
    (None, Message("reading.half_mean")),
    (Message("reading.sum_by_batch"), Message("reading.half_by_batch")),
    (Message("reading.sum"), Message("reading.half_sum")),
)
"""What each of them is called, whole and halved."""

_SHAPES: tuple[tuple[tuple[Variable, ...], Message | None], ...] = (
    (_WIDE, None),
    (_FLAT, Message("reading.flat")),
    (_COLUMN, Message("reading.column")),
)
"""The shapes of what is predicted and of the targets, and what they are called."""


def _forms(row: Contract, terms: Terms, halves: tuple[bool, ...]) -> Iterator[LossForm]:
    """The row as a mean over all entries, and what else its value may be."""
    kinds = zip(_AVERAGES, _WORDS, strict=True)
    for (operands, shape), half, (average, words) in product(_SHAPES, halves, tuple(kinds)):
        text, whole, mean, divided = average
        if shape is not None and text.startswith("np.sum") and mean:
            continue  # the mean
        usual = _usual(row.notation.usual, text, divided, half=half)
        said = (words[half], shape)
        either = text.startswith("np.mean") and operands is not _COLUMN
        yield LossForm(
            replace(
                row.promising(mean=mean, either_axis=either),
                operands=operands,
                twin=_twin(terms, whole, 0.5 if half else 1.0),
                notation=replace(row.notation, usual=usual),
            ),
            tuple(word for word in said if word is not None),
        )


def _difference(arrays: Arrays) -> Array:
    """y - t, in the shape of y."""
    return np.asarray(arrays["y"] - arrays["t"].reshape(arrays["y"].shape))


def _twin(terms: Terms, whole: Terms, factor: float) -> Callable[..., torch.Tensor]:
    return lambda y, t: factor * whole(terms(y.reshape(t.shape) - t))


def _usual(texts: tuple[str, ...], whole: str, divided: str, *, half: bool) -> tuple[str, ...]:
    """The loss and its gradient, from the term and the derivative of the term."""
    if not texts:
        return ()
    term, slope = texts
    loss = f"{'0.5 * ' if half else ''}{whole.format(term)}"
    slope = slope.removeprefix("2 * ") if half else slope
    return (loss, f"dout * {slope} {divided}".rstrip(), f"{slope} {divided}".rstrip())


def _loss(
    name: str,
    notation: Notation,
    terms: Terms,
    *,
    halves: tuple[bool, ...] = (False,),
    kinks: Callable[[Array], Array] | None = None,
) -> Contract:
    row = Contract(
        name=name,
        kind=Kind.LAYER,
        operands=_WIDE,
        output=(),
        twin=None,
        gradients=("y",),
        promises=Promises(
            rows=True,
            mean=True,
            kinks=None if kinks is None else lambda a: kinks(_difference(a)),
        ),
        notation=notation,
    )
    first, *others = _forms(row, terms, halves)
    usual = first.contract
    return replace(usual, readings=Readings(others=loss_readings(usual, (first, *others))))


MSE = _loss(
    "MeanSquaredError",
    Notation(
        formula="the mean over all entries of (y - t)**2; dy = dout * 2 * (y - t) / (N * D)",
        aliases=(
            *("mse", "mseloss", "meansquarederror", "meansquarederrorloss", "meansquareerror"),
            *("squarederror", "squarederrorloss", "sumsquarederror", "sumofsquarederrors"),
            *("sumofsquares", "sumofsquareserror", "sse", "l2loss", "quadraticcost", "meansquared"),
        ),
        usual=("(y - t) ** 2", "2 * (y - t)"),
    ),
    lambda d: d**2,
    halves=(False, True),
)

MAE = _loss(
    "MeanAbsoluteError",
    Notation(
        formula="the mean over all entries of abs(y - t); dy = dout * sign(y - t) / (N * D)",
        aliases=("mae", "maeloss", "meanabsoluteerror", "meanabsoluteerrorloss", "l1loss"),
        usual=("np.abs(y - t)", "np.sign(y - t)"),
    ),
    lambda d: d.abs(),
    kinks=lambda d: d,
)


def _function(row: Contract, name: str) -> Contract:
    """The function that such a loss computes."""

    def alone(layer: Contract) -> Contract:
        usual = layer.notation.usual[:1]
        notation = replace(layer.notation, usual=usual)
        return replace(layer, name=name, kind=Kind.FUNCTION, gradients=(), notation=notation)

    first = alone(row)
    forms = [alone(r.contract) for r in row.readings.others if not (r.order or r.columns)]
    words = [r.words for r in row.readings.others if not (r.order or r.columns)]
    each = [_of_each(first, 0.5 * half + (not half), half=half) for half in (False, True)]
    found = [LossForm(first), *map(LossForm, forms, words), *each]
    formula = row.notation.formula.split(";")[0]
    usual = replace(
        first,
        notation=replace(first.notation, formula=formula),
        readings=Readings(others=loss_readings(first, found)),
    )
    return usual


def _of_each(row: Contract, factor: float, *, half: bool) -> LossForm:
    """One loss for each sample: the mean over its entries."""
    contract = replace(
        row.promising(mean=False),
        output=("N",),
        twin=lambda y, t: factor * ((y - t) ** 2).mean(-1),
        notation=replace(row.notation, usual=()),
    )
    return LossForm(contract, (Message("reading.half_each" if half else "reading.each"),))


MSE_FUNCTION = _function(MSE, "mean_squared_error")

REGRESSION = (MSE, MAE)
