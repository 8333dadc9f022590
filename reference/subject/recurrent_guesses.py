"""What a step of a recurrent layer may take, where functions are given its weights.

The weights are told by their names: those of the states, those of the inputs, those of all gates
together beside each other, and in a dict those of single gates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trigrad.subject.argument_kinds import OFFSET, STATE, WEIGHT
from trigrad.subject.dialects.argument_roles import Argument
from trigrad.subject.weight_families import WIDTHS, size_of_weight


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
            for inputs in ("D N", "D N T") if columns else ("N D", "N T D"):
                found = {arguments[0].name: inputs}
                for argument in rest:
                    if argument in grouped:
                        found[argument.name] = _of_dict(keys[argument.name], columns=columns)
                    elif STATE.match(argument.key):
                        found[argument.name] = "H N" if columns else "N H"
                    elif argument in weighted:
                        known = [a.key for a in weighted]
                        found[argument.name] = size_of_weight(
                            argument.key, known, width, columns=columns
                        )
                yield found


def group(sizes: Mapping[str, str]) -> str:
    """The declaration of a dict of arrays."""
    return "{" + "; ".join(f"{key}: {axes}" for key, axes in sizes.items()) + "}"


def _of_dict(names: Sequence[str], *, columns: bool) -> str:
    """The declaration of the weights of single gates, which stand in a dict."""
    plain = {name: name.lower().replace("_", "") for name in names}
    keys = list(plain.values())
    return group({n: size_of_weight(k, keys, "H", columns=columns) for n, k in plain.items()})
