"""What a step of a recurrent layer may take, where functions are given its weights.

The weights are told by their names: those of the states, those of the inputs, those of all gates
together beside each other, and in a dict those of single gates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from trigrad.subject.argument_kinds import OFFSET, STATE, WEIGHT
from trigrad.subject.dialects.argument_roles import Argument

_OF_STATE = re.compile(r"^(wh|whh|waa|u|uh|wrec|wrecurrent)$")
_OF_INPUT = re.compile(r"^(wx|wxh|wax|win|w)$")
_OF_OUTPUT = re.compile(r"^(w|b)(y|hy|ya|out|o_?y)$")

WIDTHS = ("H", "4*H", "3*H")
"""How wide the weights are of which gates stand beside each other."""


def recurrent(
    arguments: Sequence[Argument], keys: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, str]]:
    """Sizes for the arguments of a recurrent step, by their names; nothing if it is none.

    `keys` are those that are read of a dict, by the name of the argument.
    """
    rest = arguments[1:]
    if not any(STATE.match(a.key) for a in rest):
        return
    grouped = [a for a in rest if keys.get(a.name)]
    weighted = [a for a in rest if WEIGHT.match(a.key) or OFFSET.match(a.key)]
    if len(weighted) + len(grouped) == 0:
        return
    for columns in (True, False) if grouped else (False, True):
        for width in ("H",) if grouped else WIDTHS:
            for inputs in ("D N",) if columns else ("N D", "N T D"):
                found = {arguments[0].name: inputs}
                for argument in rest:
                    if argument in grouped:
                        found[argument.name] = group(
                            {key: _of_gate(key, columns) for key in keys[argument.name]}
                        )
                    elif STATE.match(argument.key):
                        found[argument.name] = "H N" if columns else "N H"
                    elif argument in weighted:
                        found[argument.name] = _of_gates(argument, width, columns)
                yield found


def group(sizes: Mapping[str, str]) -> str:
    """The declaration of a dict of arrays."""
    return "{" + "; ".join(f"{key}: {axes}" for key, axes in sizes.items()) + "}"


def _turned(first: str, last: str, columns: bool) -> str:
    return f"{last} {first}" if columns else f"{first} {last}"


def _of_gates(argument: Argument, width: str, columns: bool) -> str:
    """Sizes of a weight that is an argument of its own."""
    if OFFSET.match(argument.key):
        return f"{width} 1" if columns else width
    return _turned("H" if _OF_STATE.match(argument.key) else "D", width, columns)


def _of_gate(key: str, columns: bool) -> str:
    """Sizes of a weight of a dict: of a gate, which sees state and input beside each other."""
    plain = key.lower().replace("_", "")
    width = "K" if _OF_OUTPUT.match(plain) else "H"
    if plain.startswith("b"):
        return f"{width} 1" if columns else width
    if width == "K" or _OF_STATE.match(plain):
        return _turned("H", width, columns)
    return _turned("D" if _OF_INPUT.match(plain) else "H+D", width, columns)
