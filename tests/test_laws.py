"""Laws: what needs no reference, over Hypothesis-drawn shapes and batches.

Run on impl, or on whatever --impl names.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trigrad.claim.claim import Claim, Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.trial.plan import plan

CLAIMS = [c for row in CONTRACTS for c in plan(row) if c.witness is Witness.LAWS]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim(claim: Claim, hold: Callable[[Claim], None]) -> None:
    hold(claim)
