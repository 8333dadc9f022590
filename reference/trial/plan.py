"""The plan: a row of the contract table → its claims, in the order in which they are judged.

It depends on the row only: no subject is loaded, so pytest can collect the same claims beforehand.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from trigrad.claim.claim import Claim, Severity
from trigrad.contracts.schema import Contract, Kind
from trigrad.witnesses import (
    autograd,
    capabilities,
    engine_claims,
    finite_difference,
    laws,
    optimiser_claims,
    should_claims,
    structure,
    ties,
)

NUMPY_ONLY = should_claims.NUMPY_ONLY


@cache
def plan(contract: Contract, strict: frozenset[str] = frozenset()) -> tuple[Claim, ...]:
    """The claims of one row.

    Structure comes first, since what is absent blocks further claims; then the two witnesses for
    values, the laws that must hold, those that should, and the capabilities. `strict` names
    should-claims that count as must-claims.
    """
    claims = _claims(contract)
    if not strict:
        return claims
    return tuple(replace(c, severity=Severity.MUST) if c.name in strict else c for c in claims)


@cache
def _claims(contract: Contract) -> tuple[Claim, ...]:
    if contract.kind is Kind.ENGINE:
        return engine_claims.engine_claims(contract)
    if contract.kind is Kind.OPTIMISER:
        return optimiser_claims.optimiser_claims(contract)
    return (
        *structure.claims(contract),
        *autograd.claims(contract, needs_output=("output shape",)),
        *finite_difference.claims(contract),
        *laws.TABLE.claims(contract),
        *should_claims.TABLE.claims(contract),
        *ties.TABLE.claims(contract),
        *capabilities.claims(contract, autograd.twin_of),
    )
