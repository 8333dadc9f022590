"""What values an argument of forward may take, told by its name and by the first argument."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from trigrad.subject.dialects.argument_roles import Argument

WEIGHT = re.compile(r"^(w|weight|weights|kernel|filters?|[uvw][a-z0-9]{0,2}|w[a-z0-9]{1,3})$")
OFFSET = re.compile(r"^(b|bias|biases|beta|gamma|g|gain|scale|shift|offset|b[a-z0-9]{1,2})$")
_TARGET = re.compile(
    r"^(t|ts|y|ys|[xy]?targets?|[xy]?labels?|ytrue|truth|gt|tgts?|[xyt]t|true|actual|onehot"
    r"|yb(atch)?|yi|ygt|ground\w*|(true|correct)?(class(es)?|labels?)(idx)?|answers?)$"
)
_INDEX = re.compile(r"idx|ids?$|ind(ex|ices)|tokens?|words?|^idx")
_MASK = re.compile(r"mask")
STATE = re.compile(
    r"^([hca](prev|0|old|last)|(prev|old|last)[hca]|h|c|hidden|cell|(hidden|cell|prev)?state)$"
)
_CHANCE = re.compile(r"^(p|prob|probs|yhat|ypred|pred|predictions?|al|a2)$")

_PREDICTED = re.compile(r"^(yhat|ypred|pred|predictions?)$")

MATRIX = 2
"""Axes of a matrix."""

COLUMNS = "D N"
"""Samples are columns."""

_TARGETS = ("onehot {x}", "labels<{last} {rows}", "fixed {x}", "binary {x}", "fixed {rows}", "{x}")


def is_target(name: str) -> bool:
    """Whether an argument of this name is the target of a loss."""
    return bool(_TARGET.match(name.lower().replace("_", "")))


def kinds_of(
    argument: Argument,
    shape: str,
    place: int,
    known: Mapping[str, str],
    table: str = "",
    classes: str = "",
    *,
    logs: bool = True,
    freely: bool = False,
    indices: bool = False,
) -> Sequence[str]:
    """What an argument of forward may take, if the first takes arrays of that shape.

    `known` are sizes of arguments that the text gives, `table` is the number of rows that an index
    may choose from, `classes` how many a network tells apart, which need not be the last axis of
    its input, and `logs` whether something is a logarithm. An argument whose name says nothing is
    like the first; or, guessed `freely`, any array, and with `indices` whole numbers.
    """
    if argument.name in known:
        return _kinds_of_known(argument, shape, place, known, table)
    words = shape.split()
    # Sizes in small letters, as files document them, or none but a kind before sizes.
    axes = [word for word in words if word[:1].isupper() or word.isdigit()] or words
    bare = " ".join(axes)
    last, rows = axes[-1], " ".join(axes[:-1]) or axes[0]
    if _INDEX.search(argument.key):
        if place == 0:
            return [f"labels<{table or 'V'} {s}" for s in ("N", "N T")]
        return [f"labels<{below} {rows}" for below in dict.fromkeys((table or last, last))]
    if _TARGET.match(argument.key) and place:
        if last == "1":
            return [f"binary {bare}", f"fixed {bare}", bare]
        of_network = [f"onehot {axes[0]} {classes}", f"labels<{classes} {axes[0]}"]
        usual = [each.format(x=bare, last=last, rows=rows) for each in _TARGETS]
        return [*of_network, *usual] if classes and shape != COLUMNS else usual
    if _MASK.search(argument.key):
        return [f"binary {bare}", f"binary {rows}"]
    if OFFSET.match(argument.key) and place:
        if shape == COLUMNS:
            return ["M 1", "M"]
        factor = [bare] if place == 1 else []  # the b of a * b
        channels = [axes[1]] if len(axes) > MATRIX + 1 else []
        return [*channels, last, "M", "F", "1 M", "M 1", *factor]
    if WEIGHT.match(argument.key) and place:
        columns = [f"M {axes[0]}"] if shape == COLUMNS else []
        # The last is the v of q, k and v.
        return [*columns, f"{last} M", "F C 3 3", f"M {last}", last, bare]
    if STATE.match(argument.key) and place:
        return ["H N", bare] if shape == COLUMNS else ["N H", bare, rows]
    if _CHANCE.match(argument.key) and shape == bare:
        # Without a logarithm any numbers go; small ones would hide what large ones show.
        anything = not logs and _PREDICTED.match(argument.key)
        return [bare] if anything else [f"unit {bare}", f"prob {bare}", bare]
    if not freely or not place:
        return [shape]
    if indices:
        return [f"labels<{last} {rows}", f"labels<V {rows}", bare, rows]
    return [rows, last, bare, "M"]


def _kinds_of_known(
    argument: Argument, shape: str, place: int, known: Mapping[str, str], table: str
) -> Sequence[str]:
    """The kinds of values of an argument whose sizes are known."""
    sizes = known[argument.name]
    if "<" in sizes:  # of a table that the constructor makes, as many as it has rows
        return [re.sub(r"^labels<V\b", f"labels<{table}", sizes) if table else sizes]
    last = shape.split()[-1] if shape else "C"
    if _INDEX.search(argument.key):
        return [f"labels<{table or ('V' if place == 0 else last)} {sizes}"]
    if _TARGET.match(argument.key) and place:
        if any(_INDEX.search(name.lower()) and each == sizes for name, each in known.items()):
            return [f"labels<{table or 'V'} {sizes}"]  # for each index another: the next word
        *rows, _ = shape.split() or [""]
        labels = len(sizes.split()) == 1 or sizes.split() == rows  # one for each row of scores
        classes = [f"labels<{last} {sizes}"] if labels else [f"onehot {sizes}"]
        return [*classes, f"fixed {sizes}", f"binary {sizes}"]
    if _MASK.search(argument.key):
        return [f"binary {sizes}"]
    chance = _CHANCE.match(argument.key)
    return [sizes, f"unit {sizes}", f"prob {sizes}"] if chance else [sizes]


def table_in(documented: Mapping[str, str], held: Iterable[str]) -> str:
    """The number of rows of the first weight matrix, from which indices choose; "" if none is.

    `documented` are sizes by the names of arguments, `held` declarations of weights: `W: V D`.
    """
    matrices = [s.split() for name, s in documented.items() if WEIGHT.match(name.lower())]
    matrices += [each.partition(": ")[2].split() for each in held]
    return next((axes[0] for axes in matrices if len(axes) == MATRIX and axes[0].isalpha()), "")
