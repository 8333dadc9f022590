"""Evidence: the case that refutes a claim, with what is and what should be."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array
from trigrad.subject.face import Raised


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a witness saw.

    `what` names the quantity ("gradient of W"). `is_` and `should_be` are arrays, or words where
    there is no array to show. `raised` is set where the subject's code raised instead.
    """

    what: str
    case: Case | None = None
    is_: Array | str | None = None
    should_be: Array | str | None = None
    error: float | None = None
    tolerance: float | None = None
    raised: Raised | None = None
    remark: str = ""
    """What `is_` and `should_be` are, where that is not plain."""
    base: Case | None = None
    """The drawn case that the check started from; `case` may be one made from it."""

    @property
    def kind(self) -> str:
        """Two pieces of evidence of one kind show the same failure; shrinking stays within it."""
        if self.raised is not None:
            return f"raised {self.raised.error} in {self.raised.call} at {self.raised.where}"
        return "words" if isinstance(self.is_, str) else "value"


class AbsentError(Exception):
    """Something that a check needs is not there: a call raised, or gave no usable array.

    Raised by Answers towards the trial, which turns it into a refutation.
    """

    def __init__(self, evidence: Evidence) -> None:
        super().__init__(evidence.what)
        self.evidence = evidence
