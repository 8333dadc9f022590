"""Fresh cases for a diagnosis: their sizes differ, so that N is not taken for C or D."""

from __future__ import annotations

import hypothesis
import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import Material, case_from
from trigrad.contracts.schema import Contract

CASES = 6
"""How many. A wrong relation does not match all of them by chance."""

SIZES = (3, 4, 2, 5)
"""Sizes of the symbols, in order; each case begins one further, so that no size is constant."""

BUFFER = 512
"""Bytes of a case: more than it has entries, so that no array repeats another."""

TRIES = 20
"""How many draws may fail, since they can't be moved away from a kink."""


def fresh_cases(contract: Contract, seed: int) -> list[Case]:
    """Cases on which no claim was checked; the same seed gives the same cases."""
    random = np.random.Generator(np.random.PCG64(seed))
    cases: list[Case] = []
    for _ in range(CASES + TRIES):
        if len(cases) == CASES:
            break
        count = len(contract.symbols)
        sizes = tuple(SIZES[(i + len(cases)) % len(SIZES)] for i in range(count))
        material = Material(sizes, random.bytes(BUFFER))
        try:
            cases.append(case_from(contract, material))
        except hypothesis.errors.UnsatisfiedAssumption:
            continue  # too near a kink
    return cases
