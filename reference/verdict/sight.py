"""A quantity on one case: what it is and what it should be, in whatever shape it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reference.case import Case
from reference.contract import Array, Contract
from reference.hearing import Hearing
from reference.subject.face import Returned
from reference.witnesses import tolerance
from reference.witnesses.twin import answer_of_twin

OUTPUT = "output"

TELLING = 3
"""On how many cases a relation must be told from what is right before it is named."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What a subject gave for one quantity on one case, beside what is right.

    `name` is "output", or of what it is the gradient. `is_` has any shape and is finite or not.
    """

    hearing: Hearing
    name: str
    is_: Array

    @property
    def case(self) -> Case:
        """The case."""
        return self.hearing.case

    @property
    def contract(self) -> Contract:
        """The row of the table."""
        return self.hearing.contract

    @cached_property
    def should_be(self) -> Array:
        """What PyTorch finds."""
        return self.on(self.case)

    def on(self, case: Case, name: str = "") -> Array:
        """What would be right for another case, or for another quantity."""
        answer = answer_of_twin(self.contract, case)
        name = name or self.name
        return answer.output if name == OUTPUT else answer.gradients[name]

    @property
    def operands(self) -> dict[str, Array]:
        """The case's operands and parameters that are numbers to calculate with."""
        return {k: v for k, v in self.case.arrays.items() if v.dtype.kind == "f"}

    def same(self, one: Array, other: Array) -> bool:
        """Whether two arrays are one and the same quantity, up to rounding."""
        if one.shape != other.shape:
            return False
        allowed = tolerance.relation(self.contract, self.case, self.should_be, one, other)
        return bool(np.allclose(one, other, rtol=0.0, atol=allowed, equal_nan=True))

    @property
    def right(self) -> bool:
        """Whether there is nothing wrong to be seen on this case."""
        return self.same(self.is_, self.should_be)


Predict = Callable[[Sight], Array | None]
"""What a quantity would be if a relation held; None on a case that can't tell."""

Relation = Callable[[Sequence[Sight]], Iterator[tuple[str, Predict]]]
"""The words a relation may have for a quantity, each with what it predicts."""


def reproduces(sights: Sequence[Sight], predict: Predict) -> bool:
    """Whether a prediction is what was seen on every case, and told from the right on several."""
    telling = 0
    for sight in sights:
        predicted = predict(sight)
        if predicted is None:
            continue
        if not sight.same(sight.is_, np.asarray(predicted)):
            return False
        telling += not sight.right
    return telling >= TELLING


def named(sights: Sequence[Sight], relations: Sequence[Relation]) -> str:
    """The words of the first relation that reproduces what was seen; empty if none does."""
    with np.errstate(all="ignore"):  # a prediction that overflows reproduces nothing
        for relation in relations:
            for words, predict in relation(sights):
                if reproduces(sights, predict):
                    return words
    return ""


def sights_of(hearings: Sequence[Hearing], name: str) -> list[Sight]:
    """The quantity on every case on which the subject gave an array for it."""
    found = []
    for hearing in hearings:
        result = hearing.results[1 if name == OUTPUT else 2]
        value = result.values.get(name) if isinstance(result, Returned) else None
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            found.append(Sight(hearing, name, value.astype(np.float64)))
    return found
