"""A quantity on one case: what it is and what it should be, in whatever shape it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.contracts.schema import Array, Contract
from trigrad.numerics import tolerance
from trigrad.subject.face import Returned
from trigrad.witnesses.twin import answer_of_twin

OUTPUT = "output"

TELLING = 3
"""On how many cases a relation must be told from what is right before it is named."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What a subject gave for one quantity on one case, beside what is right.

    `name` is "output", or of what it is the gradient. `is_` has any shape and is finite or not.
    """

    answers: Answers
    name: str
    is_: Array

    @property
    def case(self) -> Case:
        """The case."""
        return self.answers.case

    @property
    def contract(self) -> Contract:
        """The row of the table."""
        return self.answers.contract

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


Predict = Callable[[Observation], Array | None]
"""What a quantity would be if a relation held; None on a case that can't tell."""

Relation = Callable[[Sequence[Observation]], Iterator[tuple[str, Predict]]]
"""The words a relation may have for a quantity, each with what it predicts."""


def reproduces(seen: Sequence[Observation], predict: Predict) -> bool:
    """Whether a prediction is what was seen on every case, and told from the right on several."""
    telling = 0
    for observation in seen:
        predicted = predict(observation)
        if predicted is None:
            continue
        if not observation.same(observation.is_, np.asarray(predicted)):
            return False
        telling += not observation.right
    return telling >= TELLING


def named(seen: Sequence[Observation], relations: Sequence[Relation]) -> str:
    """The words of the first relation that reproduces what was seen; empty if none does."""
    with np.errstate(all="ignore"):  # a prediction that overflows reproduces nothing
        for relation in relations:
            for words, predict in relation(seen):
                if reproduces(seen, predict):
                    return words
    return ""


def observations_of(all_answers: Sequence[Answers], name: str) -> list[Observation]:
    """The quantity on every case on which the subject gave an array for it."""
    found = []
    for answers in all_answers:
        result = answers.results[1 if name == OUTPUT else 2]
        value = result.values.get(name) if isinstance(result, Returned) else None
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            found.append(Observation(answers, name, value.astype(np.float64)))
    return found
