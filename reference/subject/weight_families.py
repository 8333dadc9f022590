"""Sizes of weights that belong together, told by their names: of recurrent layers, of attention.

`Wx` and `Wh`, or `Wz` and `Uz`, multiply an input and a state; `Wq`, `Wk` and `Wv` the same input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import Enum

from trigrad.subject.argument_kinds import OFFSET

WIDTHS = ("H", "4*H", "3*H")
"""How wide weights are: of gates which stand beside each other, several times."""

_STATE = re.compile(r"^(w(eights?)?)(h|hh|aa|h[a-zA-Z]|hidden\w*|rec\w*)$|^w_?h_?[a-z]$")
_OUTPUT = re.compile(r"^(w|b|v)(y|hy|ya|out|oy)$|^v$")
_OF_CELL = re.compile(r"^(p|wp|wc|w?peep(hole)?)[ifo]$")
"""Of an LSTM with peepholes: numbers by which gates multiply the cell."""
_INPUT = re.compile(r"^w(eights?)?(x[a-z]?|ax|i[a-z]|in\w*|input\w*)?$")


class Part(Enum):
    """What a weight multiplies."""

    INPUT = "D"
    STATE = "H"
    JOINED = "H+D"
    """The state and the input, side by side."""
    OUTPUT = "K"
    """The state, for an output of its own."""


def part_of(key: str, keys: Sequence[str]) -> Part:
    """What a weight multiplies, by its name in small letters; `keys` are those of all weights."""
    if _OUTPUT.match(key):
        return Part.OUTPUT
    of_state = [k for k in keys if k.startswith("u") and not OFFSET.match(k)]
    if of_state:
        return Part.STATE if key in of_state else Part.INPUT
    inputs = [k for k in keys if _INPUT.match(k)]
    if key in inputs:
        return Part.INPUT
    return Part.STATE if inputs and _STATE.match(key) else Part.JOINED


def size_of_weight(key: str, keys: Sequence[str], width: str, *, columns: bool) -> str:
    """Sizes of a weight of a recurrent layer whose gates are together so wide."""
    part = part_of(key, keys)
    wide = part.value if _OUTPUT.match(key) else width
    if is_bias(key):
        wide = Part.STATE.value if multiplies_cell(key) else wide
        return f"{wide} 1" if columns else wide
    rows = "H" if part is Part.OUTPUT else part.value
    return f"{wide} {rows}" if columns else f"{rows} {wide}"


def is_bias(key: str) -> bool:
    """Whether a weight of this name is a bias or a factor, with one number for each output."""
    return bool(OFFSET.match(key)) or key.startswith("b") or multiplies_cell(key)


def multiplies_cell(key: str) -> bool:
    """Whether a weight of this name is that of a peephole."""
    return bool(_OF_CELL.match(key))


def are_recurrent(keys: Sequence[str]) -> bool:
    """Whether some of the weights multiply an input, and others a state, by their names."""
    parts = {part_of(key, keys) for key in keys if not is_bias(key)}
    return parts >= {Part.INPUT, Part.STATE}


def families(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Sizes of several weights, in the order of their names; nothing for less than two matrices."""
    matrices = [key for key in keys if not is_bias(key)]
    if len(matrices) < 2:
        return
    for columns in (False, True):
        if are_recurrent(keys):
            for width in WIDTHS:
                yield tuple(size_of_weight(key, keys, width, columns=columns) for key in keys)
            continue
        for sizes in (_square, _joined, _there_and_back, _chain):
            yield _turned(sizes(keys), columns)
            yield _turned([s if " " in s else f"1 {s}" for s in sizes(keys)], columns)


def _joined(keys: Sequence[str]) -> list[str]:
    return ["H" if is_bias(key) else "H+D H" for key in keys]


def _square(keys: Sequence[str]) -> list[str]:
    return ["D" if is_bias(key) else "D D" for key in keys]


def _there_and_back(keys: Sequence[str]) -> list[str]:
    return _along(keys, "DMDMDMDMD")


def _chain(keys: Sequence[str]) -> list[str]:
    return _along(keys, "DMKHGFEBA")


def _along(keys: Sequence[str], letters: str) -> list[str]:
    """Each matrix takes what the one before gives; a bias is that of the matrix before it."""
    matrices = sum(not is_bias(key) for key in keys)
    apart = [is_bias(key) for key in keys] == sorted(is_bias(key) for key in keys)
    found, place, bias = [], 0, 0
    for key in keys:
        if is_bias(key):
            bias = bias + 1 if apart else place
            found.append(letters[min(bias, matrices) % len(letters)])
        else:
            found.append(f"{letters[place % 9]} {letters[(place + 1) % 9]}")
            place += 1
    return found


def _turned(sizes: Sequence[str], columns: bool) -> tuple[str, ...]:
    """The sizes; for samples in columns, matrices turned and biases as columns."""
    if not columns:
        return tuple(sizes)
    return tuple(" ".join(reversed(s.split())) if " " in s else f"{s} 1" for s in sizes)
