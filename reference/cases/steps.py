"""The steps that an optimiser is to take: weights, and their gradients in each step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from trigrad.contracts.schema import Array, Arrays


class Shapes(Enum):
    """Which shapes the weights have."""

    VECTORS = "biases are vectors"
    ROWS = "biases are rows"
    ALIKE = "all weights have the same shape"


STEPS = 5
"""Enough for what is remembered to matter, and for t to be a number that is not 1 or 2."""

OTHER = 0.125
"""What other numbers are made with; they are then no quarters, and so are never the same."""

LARGEST = 3
"""The largest size of an axis."""


@dataclass(frozen=True, eq=False)
class Walk:
    """Where weights begin, and their gradients, stacked along a new first axis."""

    weights: Arrays
    gradients: Arrays

    def only(self, *names: str) -> Walk:
        """The same with these weights alone, in this order."""
        return Walk(
            {name: self.weights[name] for name in names},
            {name: self.gradients[name] for name in names},
        )

    def beside_others(self, *names: str) -> Walk:
        """The same where all weights but these are other ones, and have other gradients."""

        def other(arrays: Arrays) -> Arrays:
            return {n: a if n in names else OTHER - a for n, a in arrays.items()}

        return Walk(other(self.weights), other(self.gradients))


def drawn_walks(seed: int, count: int, shapes: Shapes = Shapes.VECTORS) -> list[Walk]:
    """As many walks of two layers. Gradients do not depend on the weights: each is drawn.

    All numbers are quarters. Gradients are at most 1, so that nobody who cuts off large ones does.
    One of each weight matrix is 0 in all steps, as that of a dead unit is, and the others are not.
    """
    generator = np.random.default_rng(seed)
    return [_drawn(generator, shapes) for _ in range(count)]


def _drawn(generator: np.random.Generator, which: Shapes) -> Walk:
    inputs, hidden, outputs = (int(n) for n in generator.integers(1, LARGEST + 1, size=3))
    row = (1,) if which is Shapes.ROWS else ()
    shapes: dict[str, tuple[int, ...]] = {
        **{"W1": (inputs, hidden), "b1": (*row, hidden)},
        **{"W2": (hidden, outputs), "b2": (*row, outputs)},
    }
    if which is Shapes.ALIKE:
        shapes = dict.fromkeys(shapes, (inputs, hidden))
    weights = {name: _quarters(generator, shape, 8) for name, shape in shapes.items()}
    gradients = {name: _quarters(generator, (STEPS, *s), 4) for name, s in shapes.items()}
    for name in ("W1", "W2"):
        gradients[name][:, 0, 0] = 0.0
    return Walk(weights, gradients)


def _quarters(generator: np.random.Generator, shape: tuple[int, ...], most: int) -> Array:
    """Quarters up to `most` of them, of either sign, none of them 0."""
    sizes = generator.integers(1, most + 1, size=shape)
    signs = generator.choice([-1, 1], size=shape)
    drawn: Array = (sizes * signs).astype(np.float64) / 4
    return drawn
