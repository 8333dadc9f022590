"""Evidence: the case that refutes a claim, with what is and what should be."""

from __future__ import annotations

from dataclasses import dataclass

from reference.case import Case
from reference.contract import Array
from reference.subject.face import Raised


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
