"""A quantity on one case: what it is and what it should be, in whatever shape it came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.quantity import OUTPUT, Quantity
from trigrad.contracts.schema import Array, Contract
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.subject.face import Returned
from trigrad.witnesses.twin import answer_of_twin

CASES_NEEDED = 3
"""On how many cases the prediction of a relation must differ from the correct value."""


@dataclass(frozen=True, eq=False)
class Observation:
    """What a subject gave for one quantity on one case, beside the correct value.

    `is_` may have any shape, and entries that are not finite.
    """

    answers: Answers
    quantity: Quantity
    is_: Array

    @property
    def case(self) -> Case:
        """The case."""
        return self.answers.case

    @property
    def contract(self) -> Contract:
        """The row of the contract table."""
        return self.answers.contract

    @cached_property
    def should_be(self) -> Array:
        """What PyTorch finds."""
        return self.on(self.case)

    def on(self, case: Case, quantity: Quantity | None = None) -> Array:
        """The correct value on another case, or of another quantity."""
        answer = answer_of_twin(self.contract, case)
        quantity = quantity or self.quantity
        return answer.output if quantity == OUTPUT else answer.gradients[quantity.key]

    @property
    def gradients(self) -> dict[str, Array]:
        """The correct gradients on the case."""
        return answer_of_twin(self.contract, self.case).gradients

    @property
    def operands(self) -> dict[str, Array]:
        """The case's operands and parameters that are floats."""
        return {k: v for k, v in self.case.arrays.items() if v.dtype.kind == "f"}

    def same(self, one: Array, other: Array) -> bool:
        """Whether two arrays are equal up to rounding and what the contract allows.

        Where that is not finite, only what is the same counts.
        """
        if one.shape != other.shape:
            return False
        allowed = tolerance.relation(self.contract, self.case, self.should_be, one, other)
        if not np.isfinite(allowed):  # numbers this large show no relation
            return np.array_equal(one, other, equal_nan=True)
        return bool(np.allclose(one, other, rtol=0.0, atol=allowed, equal_nan=True))

    @property
    def right(self) -> bool:
        """Whether the subject's value is correct on this case."""
        return self.same(self.is_, self.should_be)


Predict = Callable[[Observation], Array | None]
"""What a quantity would be if a relation held; None on a case for which this is not defined."""

Candidates = Iterator[tuple[Message, Predict]]
"""Relations that may hold, each in words and with what it predicts."""

Relation = Callable[[Sequence[Observation]], Candidates]
"""A family of relations between a wrong quantity and the correct one."""


def reproduces(seen: Sequence[Observation], predict: Predict) -> bool:
    """Whether a prediction matches every case, and differs from the correct value on several.

    It must differ on at least CASES_NEEDED cases; the prediction may be undefined on others.
    """
    differing = 0
    for observation in seen:
        predicted = predict(observation)
        if predicted is None:
            continue
        if not observation.same(observation.is_, np.asarray(predicted)):
            return False
        if not observation.right:
            differing += 1
    return differing >= CASES_NEEDED


def named(seen: Sequence[Observation], relations: Sequence[Relation]) -> Message | None:
    """The first relation that reproduces what was seen, in words; None if none does."""
    with np.errstate(all="ignore"):  # a prediction that overflows reproduces nothing
        for relation in relations:
            for words, predict in relation(seen):
                if reproduces(seen, predict):
                    return words
    return None


def observations_of(all_answers: Sequence[Answers], quantity: Quantity) -> list[Observation]:
    """The quantity on every case on which the subject gave a numeric array for it."""
    found = []
    for answers in all_answers:
        result = answers.results[1 if quantity == OUTPUT else 2]
        value = result.values.get(quantity.key) if isinstance(result, Returned) else None
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            found.append(Observation(answers, quantity, value.astype(np.float64)))
    return found
