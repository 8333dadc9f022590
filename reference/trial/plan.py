"""The plan: a row of the contract table → its claims, in the order in which they are judged.

Pure: nothing of a subject is loaded or run, so pytest can collect the claims beforehand and a
trial judges the very same ones.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from trigrad.claim.claim import Claim, Severity
from trigrad.contracts.schema import Contract
from trigrad.witnesses import (
    autograd,
    capabilities,
    finite_difference,
    laws,
    should_claims,
    structure,
)

NUMPY_ONLY = should_claims.NUMPY_ONLY


@cache
def plan(contract: Contract, strict: frozenset[str] = frozenset()) -> tuple[Claim, ...]:
    """The claims of one row.

    Structure first, since absence blocks what comes after it; then the two witnesses that look
    at values; then the laws, those that must hold and those that should; capabilities last.
    `strict` names should-claims that are to be must-claims this time.
    """
    claims = _claims(contract)
    if not strict:
        return claims
    return tuple(replace(c, severity=Severity.MUST) if c.name in strict else c for c in claims)


@cache
def _claims(contract: Contract) -> tuple[Claim, ...]:
    return (
        *structure.claims(contract),
        *autograd.claims(contract, needs_output=("output shape",)),
        *finite_difference.claims(contract),
        *laws.TABLE.claims(contract),
        *should_claims.TABLE.claims(contract),
        *capabilities.claims(contract, autograd.twin_of),
    )
