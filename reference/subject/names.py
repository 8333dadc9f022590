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
    too many, too few, wrong or swapped) is forgiven, two in a layer's long name.
    """
    bare = _bare(name)
    rows = [c for c in CONTRACTS if (c.kind is Kind.FUNCTION) == function]
    for contract in rows:
        if bare in _spellings(contract):
            return Reading(contract, near=False)
    for contract in rows:
        for spelling in (_bare(contract.name), *contract.aliases):
            if _near(bare, spelling, contract) or _near_layer(name, spelling, contract):
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


def _near(bare: str, spelling: str, contract: Contract) -> bool:
    """Whether a name is a spelling but for a slip or two."""
    if len(spelling) < NEAR_FROM or any(c.isdigit() for c in bare):
        return False  # a digit is meant: numerical_gradient_1d
    two = len(spelling) >= FAR_FROM and contract.kind is not Kind.NETWORK  # TenLayerNet is meant
    return _slips(bare, spelling) <= (2 if two else 1)


def _near_layer(name: str, spelling: str, contract: Contract) -> bool:
    """Whether only the added "Layer" is misspelt.

    A short name must be right itself: EluLayer is no misspelt ReluLayer.
    """
    lowered = _undecorated(name)
    rest = lowered.removeprefix(spelling)
    layer = contract.kind is Kind.LAYER and rest != lowered
    return layer and rest[:1] == "l" and _slips(rest, "layer") == 1


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
