"""Losses other than softmax cross-entropy that networks of the same shape are trained with.

A class called TwoLayerNet often has the mean squared error, or a sigmoid with binary cross-entropy,
behind the same two layers. Each of them is a reading: the value of the loss shows which is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from trigrad.catalogue.english import ENGLISH
from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Domain,
    Reading,
    Readings,
    Variable,
)
from trigrad.contracts.variables import STABILISER
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

    Twin = Callable[..., torch.Tensor]

ROUNDINGS = 64
"""Roundings on the way to a result, as `numerics.tolerance` counts them."""

HIDDEN: dict[str, Callable[[Array], Array]] = {
    "relu": lambda a: np.asarray(np.maximum(a, 0)),
    "sigmoid": lambda a: np.asarray(1 / (1 + np.exp(-a))),
    "tanh": lambda a: np.asarray(np.tanh(a)),
}
"""The functions between the two layers, in NumPy; each has a slope of at most 1."""


@dataclass(frozen=True)
class _Average:
    """How the terms of all entries become one number; they are (N, O)."""

    formula: str
    of: Callable[[torch.Tensor], torch.Tensor]
    mean: bool
    """Whether it is a mean over the batch."""
    only_wide: bool = False
    """Whether it is another average only where there are several outputs."""


_AVERAGES = (
    _Average("mean({})", lambda e: e.mean(), mean=True),
    _Average("sum({}) / N", lambda e: e.sum() / len(e), mean=True, only_wide=True),
    _Average("sum({})", lambda e: e.sum(), mean=False),
)
_HALVES = (
    _Average("mean({}) / 2", lambda e: e.mean() / 2, mean=True),
    _Average("sum({}) / 2N", lambda e: e.sum() / (2 * len(e)), mean=True, only_wide=True),
    _Average("sum({}) / 2", lambda e: e.sum() / 2, mean=False),
)


@dataclass(frozen=True)
class _Output:
    """What follows the second layer: (N, O) scores → (N, O) outputs."""

    of: Callable[[torch.Tensor], torch.Tensor]
    words: tuple[Message, ...] = ()


_LINEAR = _Output(lambda z: z)
_SIGMOID = _Output(lambda z: z.sigmoid(), (Message("reading.output", activation="sigmoid"),))
_SOFTMAX = _Output(lambda z: z.softmax(-1), (Message("reading.output", activation="softmax"),))


@dataclass(frozen=True)
class _Shape:
    """How many outputs there are, and how their targets are passed."""

    operand: Variable
    outputs: str
    words: tuple[Message, ...] = ()


_WIDE = _Shape(Variable("t", ("N", "O"), Domain.ONE_HOT), "O")
_ONE_COLUMN = _Shape(Variable("t", ("N", "1"), Domain.BIT), "1", (Message("reading.single"),))
_ONE_EACH = _Shape(Variable("t", ("N",), Domain.BIT), "1", (Message("reading.single_each"),))


def other_losses(row: Contract, hidden: str, words: tuple[Message, ...] = ()) -> Iterator[Reading]:
    """The network `row` with the mean squared error and with binary cross-entropy.

    `hidden` is the name of PyTorch's tensor method for its hidden layer.
    """
    for shape, output, average in product(
        (_WIDE, *map(_of_numbers, (_ONE_COLUMN, _ONE_EACH))),
        (_LINEAR, _SIGMOID, _SOFTMAX),
        (*_AVERAGES, *_HALVES),
    ):
        wide = shape is _WIDE
        if wide or not (average.only_wide or output is _SOFTMAX):
            yield _reading(row, hidden, words, _Squared(hidden, shape, output, average))
    for shape, average in product((_WIDE, _ONE_COLUMN, _ONE_EACH), _AVERAGES):
        if shape is _WIDE or not average.only_wide:
            yield _reading(row, hidden, words, _Binary(hidden, shape, _SIGMOID, average))


def _of_numbers(shape: _Shape) -> _Shape:
    """The same with targets that are any numbers, as in a regression."""
    return replace(shape, operand=replace(shape.operand, domain=Domain.REAL))


@dataclass(frozen=True)
class _Loss:
    """A network with another loss: its twins and the bound of their errors."""

    hidden: str
    shape: _Shape
    output: _Output
    average: _Average

    def scores(
        self,
        x: torch.Tensor,
        t: torch.Tensor,  # noqa: ARG002 - every twin takes all operands of its row
        W1: torch.Tensor,
        b1: torch.Tensor,
        W2: torch.Tensor,
        b2: torch.Tensor,
    ) -> torch.Tensor:
        hidden: torch.Tensor = getattr(x @ W1 + b1, self.hidden)()
        return hidden @ W2 + b2

    def outputs(self, *arrays: torch.Tensor) -> torch.Tensor:
        return self.output.of(self.scores(*arrays))

    def loss(self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        y = self.outputs(x, t, *weights)
        return self.average.of(self.terms(y, t.reshape(y.shape)))

    def predictions(self) -> tuple[Twin, ...]:
        """What predict may give: scores or outputs; of one output an array of either rank."""
        found: list[Twin] = [self.scores, self.outputs]
        if self.shape is not _WIDE:
            found += [_flat(self.scores), _flat(self.outputs)]
        return tuple(found)

    @property
    def formula(self) -> str:
        return self.average.formula.format(self.term)

    term = ""
    """The term of each entry, as a formula."""

    def terms(self, y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """The terms of the outputs y and targets t, both (N, O)."""
        raise NotImplementedError

    def allowance(self, a: Arrays) -> float:
        """By how much a right loss and its gradients may be off, beside rounding."""
        raise NotImplementedError

    def spread(self, a: Arrays, hidden: Array) -> float:
        """By what an error of one output may be multiplied in the loss and in any gradient.

        In that of W2 by `hidden`, of b1 by W2, of W1 by W2 and x; and as many terms are added as
        there are outputs, of a sum also as there are samples.
        """
        back = float(np.abs(a["W2"]).sum(axis=1).max())
        factor = max(1.0, float(np.abs(hidden).max()), back, float(np.abs(a["x"]).max()) * back)
        terms = a["b2"].size * (1 if self.average.mean else len(a["x"]))
        return factor * terms


class _Squared(_Loss):
    term = "(y - t)**2"

    def terms(self, y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return (y - t) ** 2

    def allowance(self, a: Arrays) -> float:
        """Rounding alone, of what `tolerance.magnitude` does not bound: a square.

        An output and its target are sums of terms that add up to at most `size`; an error of it,
        relative to that, is multiplied by `size` in the square and in its derivative.
        """
        hidden = np.abs(a["x"]) @ np.abs(a["W1"]) + np.abs(a["b1"])
        outputs = hidden @ np.abs(a["W2"]) + np.abs(a["b2"])
        size = float(np.abs(a["t"]).max() + outputs.max())
        unit = ROUNDINGS * float(np.finfo(np.float64).eps)
        return unit * size**2 * self.spread(a, hidden)


class _Binary(_Loss):
    term = "-(t log y + (1 - t) log(1 - y))"

    def terms(self, y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return -(t.xlogy(y) + (1 - t).xlogy(1 - y))

    def predictions(self) -> tuple[Twin, ...]:
        classes: list[Twin] = [lambda *arrays: (self.outputs(*arrays) > 0.5).double()]
        if self.shape is not _WIDE:
            classes += [_flat(classes[0])]
        return (*super().predictions(), *classes)

    def allowance(self, a: Arrays) -> float:
        """The effect of a stabiliser in both logarithms of a term, as in the row with softmax."""
        hidden = HIDDEN[self.hidden](a["x"] @ a["W1"] + a["b1"])
        y = 1 / (1 + np.exp(-(hidden @ a["W2"] + a["b2"])))
        with np.errstate(divide="ignore"):  # where y is 1, nothing is known of the logarithm
            each = STABILISER / y + STABILISER / (1 - y)
        return float(each.max()) * self.spread(a, hidden)


def _flat(twin: Twin) -> Twin:
    return lambda *arrays: twin(*arrays).reshape(-1)


def _reading(row: Contract, hidden: str, words: tuple[Message, ...], loss: _Loss) -> Reading:
    x = row.operands[0]
    outputs = loss.shape.outputs
    parameters = tuple(
        replace(v, shape=tuple(outputs if axis == "O" else axis for axis in v.shape))
        for v in row.parameters
    )
    contract = replace(
        row.promising(mean=loss.average.mean, allowance=loss.allowance),
        operands=(x, loss.shape.operand),
        parameters=parameters,
        twin=loss.loss,
        methods={"predict": loss.predictions()},
        readings=Readings(),
        smallest=row.smallest if loss.shape is _WIDE else {},
        notation=replace(
            row.notation,
            formula=f"Affine → {hidden} → Affine; loss = {loss.formula}",
        ),
    )
    formula = Message("reading.loss", formula=loss.formula)
    said = (*words, *loss.shape.words, *loss.output.words, formula)
    key = ", ".join(word.text(ENGLISH) for word in said)  # a name, the same in each language
    return Reading(key=key, words=said, contract=contract)
