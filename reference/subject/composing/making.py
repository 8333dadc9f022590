"""How the objects and weights of a network are made: arguments of constructors and functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from trigrad.subject.composing.function_text import FunctionText, Taken
from trigrad.subject.composing.roles import Role, plain

LENGTHS = {"D": 5, "H": 7, "K": 11, "G": 13, "N": 17}
"""Sizes with which weights are made, to be told in the shapes of the arrays."""

LETTERS = {1: "D", 2: "DK", 3: "DHK", 4: "DHGK"}
"""Which of them are passed, by how many sizes are taken."""

SIZES = "[D, H, G, K]"
"""A list of sizes: with two hidden layers, so that a mistake in the loop over them shows."""

_SIZE_LIST = re.compile(
    r"layers?|sizes?|layers?(dims?|sizes?|list|shapes?)|(layer)?dims|dimensions?|arch\w*|nn\w*"
    r"|units|structure|shape"
)
_SCALE = re.compile(
    r"scale|std|sigma|eps\w*|factor|weight.*|init.*|reg\w*|lambd\w*|alpha|l2|regularization"
)
_HIDDEN_LIST = re.compile(r"hidden(dims|sizes|layers|layersizes|units|layerdims)|hiddens")
_SEED = re.compile(r"seed|rng|random\w*|rs")
_ARRAY = re.compile(r"[xyt]|[xy](train|batch|data|true)|data|labels?|targets?")
"""Data; `inputs` and `features` of a constructor are numbers of them."""

_SIZE = re.compile(
    r"(input|hidden|output|in|out)(s|size|dims?|nodes|layers?|units|features)|n?classes|numclasses"
)
_DECAY = re.compile(r"reg|lambd|l2|regularization")

Arguments = tuple[tuple[str, str], ...]
"""The names of arguments, and what they are given, as text."""


def ways_to_make(function: FunctionText) -> Iterator[Arguments]:
    """Arguments for a constructor or an initialising function; none if one is unknown.

    Sizes are letters, and a list of sizes is a list of letters; where all data are taken, they are
    arrays with samples in rows or in columns.
    """
    wanted = [t for t in function.takes if t.default is None or _is_wanted(t)]
    found = {t.name: text for t in wanted if (text := _plain_value(t))}
    sizes = [t for t in wanted if t.name not in found]
    hidden = [t for t in sizes if _HIDDEN_LIST.fullmatch(plain(t.name))]
    given: list[dict[str, str]] = []
    if len(hidden) == 1 and len(sizes) == 3:
        ends = [t for t in sizes if t not in hidden]
        outer = dict(zip([t.name for t in ends], _in_order(ends, "DK"), strict=True))
        given = [{**outer, hidden[0].name: several} for several in ("[H, G]", "[H]")]
    elif len(sizes) == 1 and _SIZE_LIST.fullmatch(plain(sizes[0].name)):
        given = [{sizes[0].name: several} for several in (SIZES, "[D, H, K]")]
    elif sizes:
        letters = LETTERS.get(len(sizes), "")
        ordered = _in_order(sizes, letters)
        given = [dict(zip([t.name for t in sizes], ordered, strict=True))] if letters else []
    else:
        given = [{}]
    for each in given:
        values = found | each
        if any(value in _DATA for value in values.values()):
            for rows in _ARRAYS:
                yield tuple((t.name, rows.get(values[t.name], values[t.name])) for t in wanted)
        else:
            yield tuple((t.name, values[t.name]) for t in wanted)


_DATA = ("X", "Y")
_ARRAYS = (
    {"X": "np.ones((N, D))", "Y": "np.ones((N, K))"},
    {"X": "np.ones((D, N))", "Y": "np.ones((K, N))"},
)


def _plain_value(taken: Taken) -> str:
    """What an argument gets that is no size; "" for a size."""
    key = plain(taken.name)
    if taken.role is Role.RATE:
        return "1.0"  # a step is then the gradient
    if _SCALE.fullmatch(key):
        return "0.1"
    if _SEED.fullmatch(key):
        return "0"
    if not _ARRAY.fullmatch(key):
        return ""
    return {Role.INPUT: "X", Role.TARGET: "Y"}.get(taken.role, "")


def _is_wanted(taken: Taken) -> bool:
    """Whether an argument is given although it has a default, so that sizes are small."""
    key = plain(taken.name)
    return taken.role is Role.RATE or bool(_SIZE.fullmatch(key) or _DECAY.fullmatch(key))


def _in_order(sizes: Sequence[Taken], letters: str) -> str:
    """The letters in the order of the arguments: inputs, hidden units, outputs."""
    kinds = [_kind(taken.name) for taken in sizes]
    if len(letters) == 3 and sorted(kinds) == [0, 1, 2]:
        return "".join("DHK"[kind] for kind in kinds)
    if len(letters) == 2 and sorted(kinds) == [0, 2]:
        return "".join("DK"[kind // 2] for kind in kinds)
    return letters


def _kind(name: str) -> int:
    key = plain(name)
    if re.search(r"hid|nh$|^h$", key):
        return 1
    return 2 if re.search(r"out|ny$|class|^k$|^c$|^o$", key) else 0


def values_of(arguments: Arguments) -> dict[str, Any]:
    """The values of such arguments: letters, lists of letters, arrays of ones, and numbers."""
    return {name: _valued(text) for name, text in arguments}


def _valued(text: str) -> Any:
    letters = re.findall(r"\b[A-Z]\b", text)
    if text.startswith("["):
        return [LENGTHS[letter] for letter in letters]
    if text.startswith("np.ones"):
        return np.ones([LENGTHS[letter] for letter in letters])
    if text in LENGTHS:
        return LENGTHS[text]
    return float(text) if "." in text else int(text)
