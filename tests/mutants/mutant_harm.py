"""What a verified repair of a mutant spoils: values that were right before, beyond what is drawn.

The search for a repair compares both texts on a few cases of its own (`reference/repair/harm.py`).
Here there are others, and more of them.
"""

from __future__ import annotations

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Contract
from trigrad.numerics import tolerance
from trigrad.repair.harm import Seen, cases_beyond, seen_on, spoilt, twin_on
from trigrad.subject.face import Face

SEEDS = (101, 102, 103, 104)
"""Of the cases: six for each, four of them with larger values."""


def harm(contract: Contract, before: Face, after: Face) -> tuple[str, ...]:
    """The quantities of which a repair changes a value that was right; "layout" for its reading.

    Of a quantity that was right on all of these cases, no entry may change in its first digits.
    """
    cases = [case for seed in SEEDS for case in cases_beyond(contract, seed)]
    before.start_clock(1.0)
    after.start_clock(1.0)
    was, now = seen_on(contract, before, cases), seen_on(contract, after, cases)
    pairs = list(zip(cases, was, now, strict=True))
    keys = twin_on(contract, cases[0])
    kept = frozenset(k for k in keys if all(_right(contract, c, one, k) for c, one, _ in pairs))
    found = dict.fromkeys(
        name
        for case, one, other in pairs
        for name in spoilt(contract, case, one.values, other.values, kept)
    )
    turned = any(one.reading != other.reading for _, one, other in pairs)
    if "output" in kept and turned:
        found["layout"] = None
    return tuple(found)


def _right(contract: Contract, case: Case, seen: Seen, key: str) -> bool:
    value = seen.values.get(key)
    if value is None:
        return False
    allowed = tolerance.allowed(contract, case, value)
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(value - twin_on(contract, case)[key]) <= allowed))
