"""Evidence: the case that refutes a claim, with what is and what should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.quantity import Quantity
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.face import Raised

NAMED = 4
"""How many wrong entries of a large array are shown."""

Sizes = tuple[int, ...]
"""The shape of an array."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a witness saw.

    `what` is the quantity, or names what else was checked. `is_` and `should_be` are arrays, or
    words where there is no array to show. `raised` is set where the subject's code raised instead.
    """

    what: Quantity | Message
    case: Case | None = None
    is_: Array | Message | str | None = None
    should_be: Array | Message | str | None = None
    error: float | None = None
    tolerance: float | None = None
    raised: Raised | None = None
    remark: Message | None = None
    """What `is_` and `should_be` are, where they need an explanation."""
    program: tuple[str, ...] = ()
    """Of an engine: the lines that show it, in Python."""
    methods: tuple[str, ...] = ()
    """Of an engine: the methods or the function of the operation that is wrong."""
    steps: tuple[Array, Array] | None = None
    """Of an optimiser: one number after each step, and what it should be."""
    base: Case | None = None
    """The drawn case that the check started from; `case` may be one made from it."""

    @property
    def kind(self) -> str:
        """Evidence of the same kind shows the same failure, so that one may replace the other."""
        if self.raised is not None:
            return f"raised {self.raised.error} in {self.raised.call} at {self.raised.where}"
        return "value" if self.is_ is None or isinstance(self.is_, np.ndarray) else "words"


def entries_at(places: list[tuple[int, ...]], values: list[float]) -> str:
    """`[0, 3] = 1.5, [2, 1] = -4`: some entries of an array too large to be shown."""
    shown = (
        f"[{', '.join(map(str, place))}] = {value:.6g}"
        for place, value in zip(places, values, strict=True)
    )
    return ", ".join(shown)


def absent_words(evidence: Evidence) -> Message:
    """`the output is None, should be an array of shape (2, 3)`, where words are all there is."""
    assert isinstance(evidence.is_, Message | str), "there is no array"
    assert isinstance(evidence.should_be, Message | str), "and it is said what is missing"
    return Message(
        "absent", quantity=evidence.what, found=evidence.is_, should_be=evidence.should_be
    )


class AbsentError(Exception):
    """Something that a check needs is not there: a call raised, or gave no usable array.

    Answers raises it; the trial turns it into a refutation.

    Attributes:
        evidence: what is there instead, and what should be.
        shapes: of an array of another shape than it should have, this shape and the right one;
            None where there is no array.
    """

    def __init__(self, evidence: Evidence, shapes: tuple[Sizes, Sizes] | None = None) -> None:
        super().__init__(str(evidence.what))
        self.evidence = evidence
        self.shapes = shapes
