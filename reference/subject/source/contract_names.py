"""Which contract a name means, in any of the ways in which learners spell it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from trigrad.contracts.naming import bare, undecorated
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract, Kind
from trigrad.subject.source.gradient_names import function_of_derivative
from trigrad.subject.source.spelling_distance import spelling_distance

_BEFORE = re.compile(r"^(layer|node|activation|my|custom|simple|basic|numpy)(?=.)")
_AFTER = re.compile(r"(?<=.)(layer|node|gate|operation|op|function|func|activation|module|unit)$")

_VERSION = re.compile(
    r"(_?(v|ver|version)?_?\d+|_?(new|fixed|final|better|correct(ed)?|copy|stable|safe)|_(old|[ab]))$",
    re.IGNORECASE,
)
"""What is added to the name of a second version."""

ONE_ERROR_FROM = 6
"""Misspellings are accepted from this length on: Elu, Selu and Gelu are not Relu misspelled."""

TWO_ERRORS_FROM = 10
"""From this length on, two wrong letters are accepted."""


@dataclass(frozen=True)
class NameMatch:
    """The contract that a name means; `misspelled` if the name is not spelled correctly."""

    contract: Contract
    misspelled: bool
    version: bool = False
    """Whether something is added that says that it is another version: `Relu_v2`. It may be another
    function, too: ReLU6 is cut off at 6."""


def match_name(name: str, *, function: bool, affixes: bool = True) -> NameMatch | None:
    """The contract that a class or function of this name means, if any.

    Case, underscores and an added "Layer" or "Node" make no difference, nor do "Gate",
    "Activation", "My" and the like in the name of a class. Otherwise one spelling error is
    accepted (a letter added, missing, wrong, or swapped with the next), and two in the long name
    of a layer. Without `affixes`, only "Layer" and "Node" may be added. What stands for a version
    (`Affine2`, `sigmoid_new`) may follow. The name of a derivative, `dsigmoid`, means none.
    """
    if function_of_derivative(name, ALL_SPELLINGS):
        return None
    found = _match(name, function=function, affixes=affixes)
    if found is None or found.misspelled:
        first = _VERSION.sub("", name)
        other = _match(first, function=function, affixes=affixes) if first != name else None
        if other is not None and not other.misspelled:
            return replace(other, version=True)
    return found


def _match(name: str, *, function: bool, affixes: bool) -> NameMatch | None:
    plain = bare(name)
    rows = [c for c in CONTRACTS if (c.kind is Kind.FUNCTION) == function]
    for contract in rows:
        stripped = _stripped(undecorated(name), contract) if affixes and not function else set()
        if {plain, *stripped} & _spellings(contract):
            return NameMatch(contract, misspelled=False)
    for contract in rows:
        for spelling in (bare(contract.name), *contract.notation.aliases):
            if _misspells(plain, spelling, contract) or _misspells_layer(name, spelling, contract):
                return NameMatch(contract, misspelled=True)
    return None


ALL_SPELLINGS = frozenset(
    name.lower() for row in CONTRACTS for name in (row.name, *row.notation.aliases)
)
"""The names of all contracts and their other spellings, in lower case."""


def _stripped(lowered: str, contract: Contract) -> set[str]:
    """A class's name without the words added at either end, in every combination.

    Activation_Linear is the identity, not Affine: an activation has no weights.
    """
    if contract.parameters and "activation" in lowered:
        return set()
    found = {lowered}
    for _ in range(2):  # one word at either end, in any order
        found |= {_BEFORE.sub("", name) for name in found}
        found |= {_AFTER.sub("", name) for name in found}
    return found


def _spellings(contract: Contract) -> set[str]:
    names = {bare(contract.name), *contract.notation.aliases}
    if contract.kind is Kind.LAYER:
        names |= {f"{name}layer" for name in names}
    return names


def _misspells(plain: str, spelling: str, contract: Contract) -> bool:
    """Whether a name differs from a spelling by one or two errors."""
    if len(spelling) < ONE_ERROR_FROM or any(c.isdigit() for c in plain):
        return False  # a digit is no error: numerical_gradient_1d
    # TenLayerNet is another network than TwoLayerNet, by two letters.
    two = len(spelling) >= TWO_ERRORS_FROM and contract.kind is not Kind.NETWORK
    return spelling_distance(plain, spelling) <= (2 if two else 1)


def _misspells_layer(name: str, spelling: str, contract: Contract) -> bool:
    """Whether only the added "Layer" is misspelled.

    The name itself must be right: EluLayer is not ReluLayer misspelled.
    """
    lowered = undecorated(name)
    rest = lowered.removeprefix(spelling)
    layer = contract.kind is Kind.LAYER and rest != lowered
    return layer and rest[:1] == "l" and spelling_distance(rest, "layer") == 1
