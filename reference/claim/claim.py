"""Claims and findings: statements about a layer, and what a witness finds on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from trigrad.cases.kinds import Special
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import Quantity
from trigrad.contracts.schema import Contract, Variant
from trigrad.messages import Message

if TYPE_CHECKING:
    from trigrad.claim.answers import Answers


class Witness(StrEnum):
    """An independent source of truth."""

    FINITE_DIFFERENCES = "finite differences"
    AUTOGRAD = "autograd"
    LAWS = "laws"


class Severity(StrEnum):
    """Whether a refuted claim fails the layer or is a suggestion."""

    MUST = "must"
    SHOULD = "should"


class Outcome(StrEnum):
    """The outcome of a claim."""

    PASS = "pass"
    FAIL = "fail"
    BLOCKED = "blocked"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


class Aspect(StrEnum):
    """What a claim says about a layer or a quantity."""

    STRUCTURE = "structure"
    """It can be made and called, and its results are there."""
    SHAPE = "shape"
    VALUE = "value"
    LAW = "law"
    """A property of several results, or of how a layer treats what it is given."""


@dataclass(frozen=True)
class Finding:
    """A witness's answer to one claim, on one case or on all."""

    outcome: Outcome
    words: Message | None = None
    """What is wrong or why nothing can be said; None where the claim holds."""
    evidence: Evidence | None = None

    @property
    def message(self) -> str:
        """The words; empty where the claim holds."""
        return "" if self.words is None else str(self.words)


HOLDS = Finding(Outcome.PASS)


def refuted(words: Message, evidence: Evidence) -> Finding:
    """The claim is wrong, and the evidence shows it."""
    return Finding(Outcome.FAIL, words, evidence)


def unsettled(words: Message) -> Finding:
    """The witness cannot decide on this case."""
    return Finding(Outcome.INCONCLUSIVE, words)


def not_applicable(words: Message) -> Finding:
    """There is nothing to judge: the subject does not offer it."""
    return Finding(Outcome.NOT_APPLICABLE, words)


@dataclass(frozen=True)
class Claim:
    """One statement about a layer that one witness can refute."""

    contract: Contract = field(repr=False)
    name: str
    """Identifies it together with the witness; never translated or reworded."""
    witness: Witness
    severity: Severity
    check: Callable[[Answers], Finding]
    needs: tuple[str, ...] = ()
    """Names of claims without which there is nothing here to judge."""
    variant: Variant | None = None
    about: Quantity | None = None
    """The quantity whose shape or value it is about: such refutations are shown together."""
    aspect: Aspect = Aspect.LAW
    method: str = ""
    """"forward" or "backward", where it is about what that method does to its arguments."""
    special: frozenset[Special] = frozenset()
    """On which special cases it is checked, beside the drawn ones."""
    title: Message | None = None
    """The name for a reader; None where the catalogue has it under the name itself."""
    extreme: bool = False
    """Whether it is about extreme inputs, which a layer isn't required to handle."""

    @property
    def words(self) -> Message:
        """The name for a reader."""
        return self.title or Message(f"claim.{self.name}")

    @property
    def id(self) -> str:
        """Readable and unique within its witness: "Affine: gradient of W"."""
        return f"{self.contract.name}: {self.name}"
