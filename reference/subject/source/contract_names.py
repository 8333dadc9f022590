"""A learner's spelling → the contract it means."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract, Kind
from trigrad.subject.source.spelling_distance import slips

_DECORATION = re.compile(r"(layer|node)$")
_BEFORE = re.compile(r"^(layer|node|activation|my|custom|simple|basic|numpy)(?=.)")
_AFTER = re.compile(r"(?<=.)(layer|node|gate|operation|op|function|func|activation|module|unit)$")

NEAR_FROM = 6
"""Near misses need this many letters: Elu, Selu and Gelu are no misspelt Relu."""

FAR_FROM = 10
"""From so many letters on, two slips are still a near miss."""


@dataclass(frozen=True)
class Reading:
    """What a name was read as; `near` where a slip was forgiven."""

    contract: Contract
    near: bool


def read_name(name: str, *, function: bool, affixes: bool = True) -> Reading | None:
    """The contract that a class or function of this name answers to, if any.

    Case, underscores and an added "Layer" or "Node" make no difference, nor do a class's "Gate",
    "Activation" or "My"; then one slip (a letter too many, too few, wrong or swapped) is forgiven,
    two in a layer's long name. Without `affixes` only "Layer" and "Node" may be added.
    """
    bare = _bare(name)
    rows = [c for c in CONTRACTS if (c.kind is Kind.FUNCTION) == function]
    for contract in rows:
        stripped = _stripped(_undecorated(name), contract) if affixes and not function else set()
        if {bare, *stripped} & _spellings(contract):
            return Reading(contract, near=False)
    for contract in rows:
        for spelling in (_bare(contract.name), *contract.notation.aliases):
            if _near(bare, spelling, contract) or _near_layer(name, spelling, contract):
                return Reading(contract, near=True)
    return None


def _undecorated(name: str) -> str:
    return name.lower().replace("_", "")


def _bare(name: str) -> str:
    lowered = _undecorated(name)
    return _DECORATION.sub("", lowered) or lowered


def _stripped(lowered: str, contract: Contract) -> set[str]:
    """A class's name without what is added before and behind it.

    An activation has no weights: Activation_Linear is the identity, and no Affine.
    """
    if contract.parameters and "activation" in lowered:
        return set()
    found = {lowered}
    for _ in range(2):  # an affix at either end, in any order
        found |= {_BEFORE.sub("", name) for name in found}
        found |= {_AFTER.sub("", name) for name in found}
    return found


def _spellings(contract: Contract) -> set[str]:
    names = {_bare(contract.name), *contract.notation.aliases}
    if contract.kind is Kind.LAYER:
        names |= {f"{name}layer" for name in names}
    return names


def _near(bare: str, spelling: str, contract: Contract) -> bool:
    """Whether a name is a spelling but for a slip or two."""
    if len(spelling) < NEAR_FROM or any(c.isdigit() for c in bare):
        return False  # a digit is meant: numerical_gradient_1d
    two = len(spelling) >= FAR_FROM and contract.kind is not Kind.NETWORK  # TenLayerNet is meant
    return slips(bare, spelling) <= (2 if two else 1)


def _near_layer(name: str, spelling: str, contract: Contract) -> bool:
    """Whether only the added "Layer" is misspelt.

    A short name must be right itself: EluLayer is no misspelt ReluLayer.
    """
    lowered = _undecorated(name)
    rest = lowered.removeprefix(spelling)
    layer = contract.kind is Kind.LAYER and rest != lowered
    return layer and rest[:1] == "l" and slips(rest, "layer") == 1
