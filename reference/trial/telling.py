"""Which counterexample convinces a reader: one that the mistake shows in, not a special case."""

from __future__ import annotations

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.claim import Finding
from trigrad.contracts.schema import Array, Contract, Domain

SEEN = 0.01
"""The least share of the larger value by which two differ that a reader sees at once."""

OF_CLASSES = (Domain.PROBABILITY, Domain.ONE_HOT)


def tells(contract: Contract, finding: Finding, case: Case) -> bool:
    """Whether a refutation shows the mistake well.

    There are two classes or more, and two samples where the output is a mean over them; a loss is
    not zero; and what is and what should be differ in the first two digits.
    """
    classes = {v.shape[-1] for v in contract.variables if v.domain in OF_CLASSES}
    classes |= {v.shape[-1] for v in contract.operands if contract.promises.row_sum is not None}
    if any(case.sizes.get(symbol, 2) < 2 for symbol in classes):
        return False
    if contract.promises.mean and case.sizes.get("N", 2) < 2:
        return False
    evidence = finding.evidence
    if evidence is None or not isinstance(evidence.is_, np.ndarray):
        return True
    due = evidence.should_be
    return not isinstance(due, np.ndarray) or _differ(contract, evidence.is_, due)


def _differ(contract: Contract, is_: Array, due: Array) -> bool:
    if is_.shape != due.shape or not np.isfinite(is_).all():
        return True
    largest = max(float(np.abs(each).max(initial=0.0)) for each in (is_, due))
    if contract.scalar and due.ndim == 0 and abs(float(due)) <= SEEN:
        return False
    return bool(float(np.abs(is_ - due).max(initial=0.0)) > SEEN * largest)
