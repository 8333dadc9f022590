"""A claim of the plan, and the finding on it over all cases."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.claim.claim import Claim, Finding, Outcome, Severity


@dataclass(frozen=True)
class Judgement:
    """A claim and the finding on it over all cases."""

    claim: Claim
    finding: Finding

    @property
    def fails(self) -> bool:
        """Whether a must-claim is refuted."""
        return self.finding.outcome is Outcome.FAIL and self.claim.severity is Severity.MUST

    @property
    def advises(self) -> bool:
        """Whether a should-claim is refuted."""
        return self.finding.outcome is Outcome.FAIL and self.claim.severity is Severity.SHOULD
