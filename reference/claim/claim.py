"""Claims and findings: what can be said of a layer, and what a witness answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Contract, Variant

if TYPE_CHECKING:
    from trigrad.claim.answers import Answers


class Witness(StrEnum):
    """An independent source of truth."""

    FINITE_DIFFERENCES = "finite differences"
    AUTOGRAD = "autograd"
    LAWS = "laws"


class Severity(StrEnum):
    """Whether a refuted claim fails the layer or is advice."""

    MUST = "must"
    SHOULD = "should"


class Outcome(StrEnum):
    """What became of a claim."""

    PASS = "pass"
    FAIL = "fail"
    BLOCKED = "blocked"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Finding:
    """A witness's answer to one claim, on one case or on all."""

    outcome: Outcome
    message: str = ""
    evidence: Evidence | None = None


HOLDS = Finding(Outcome.PASS)


def refuted(message: str, evidence: Evidence) -> Finding:
    """The claim is wrong, and here is the case."""
    return Finding(Outcome.FAIL, message, evidence)


def unsettled(message: str) -> Finding:
    """The witness cannot tell on this case."""
    return Finding(Outcome.INCONCLUSIVE, message)


def not_applicable(message: str) -> Finding:
    """There is nothing to judge: the subject does not offer it."""
    return Finding(Outcome.NOT_APPLICABLE, message)


@dataclass(frozen=True)
class Claim:
    """One statement about a layer that one witness can refute."""

    contract: Contract = field(repr=False)
    name: str
    witness: Witness
    severity: Severity
    check: Callable[[Answers], Finding]
    needs: tuple[str, ...] = ()
    """Names of laws whose refutation means that there is nothing here to judge."""
    variant: Variant | None = None
    about: str = ""
    """The quantity it is about ("gradient of W"), by which refutations are shown together."""
    large: bool = False
    """Whether it is also put to one large case, beside the drawn ones."""
    beyond: bool = False
    """Whether it asks for the values at extreme inputs, which a layer need not stand."""

    @property
    def id(self) -> str:
        """Readable and unique within its witness: "Affine: gradient of W"."""
        return f"{self.contract.name}: {self.name}"
