"""Fresh cases for a diagnosis: no two sizes of one are equal, so that N, C and D are told apart."""

from __future__ import annotations

import hypothesis
import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.sampling import Material, case_from
from trigrad.contracts.schema import Contract

CASES = 6
"""How many: what reproduces this many by chance is not a relation that could be guarded against."""

SIZES = (3, 4, 2, 5)
"""Of the first symbol, the second …; every case goes one further, so that no size is constant."""

BUFFER = 512
"""Bytes of a case: more than its entries, so that no array repeats another."""

TRIES = 20
"""Draws that may be given up, since they can't be moved away from a kink."""


def fresh_cases(contract: Contract, seed: int) -> list[Case]:
    """Cases that no claim was put to; the same seed gives the same ones."""
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
            continue  # too near a kink; the next draw is another one
    return cases
