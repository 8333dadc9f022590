"""A learner's spelling → the contract it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reference.contract import Contract, Kind
from reference.contracts import CONTRACTS

_DECORATION = re.compile(r"(layer|node)$")

NEAR_FROM = 6
"""Near misses need this many letters: Elu, Selu and Gelu are no misspelt Relu."""

FAR_FROM = 10
"""From so many letters on, two slips are still a near miss."""


@dataclass(frozen=True)
class Reading:
    """What a name was read as; `near` where a slip was forgiven."""

    contract: Contract
    near: bool


def read_name(name: str, *, function: bool) -> Reading | None:
    """The contract that a class or function of this name answers to, if any.

    Case, underscores and an added "Layer" or "Node" make no difference; then one slip (a letter
    too many, too few, wrong or swapped) is forgiven, two in a long name.
    """
    bare = _bare(name)
    rows = [c for c in CONTRACTS if (c.kind is Kind.FUNCTION) == function]
    for contract in rows:
        if bare in _spellings(contract):
            return Reading(contract, near=False)
    for contract in rows:
        for spelling in _spellings(contract):
            for candidate in {bare, _undecorated(name)}:
                if len(spelling) >= NEAR_FROM and _slips(candidate, spelling) <= _allowed(spelling):
                    return Reading(contract, near=True)
    return None


def _undecorated(name: str) -> str:
    return name.lower().replace("_", "")


def _bare(name: str) -> str:
    lowered = _undecorated(name)
    return _DECORATION.sub("", lowered) or lowered


def _spellings(contract: Contract) -> set[str]:
    names = {_bare(contract.name), *contract.aliases}
    if contract.kind is Kind.LAYER:
        names |= {f"{name}layer" for name in names}
    return names


def _allowed(spelling: str) -> int:
    return 2 if len(spelling) >= FAR_FROM else 1


def _slips(a: str, b: str) -> int:
    """The optimal string alignment distance: insertions, deletions, changes, neighbours swapped."""
    if abs(len(a) - len(b)) > 2:
        return 3
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[i - 2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]
