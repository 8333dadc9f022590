"""Find the two passes of a layer among the names of its methods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from trigrad.subject.source.spelling_distance import spelling_distance


class Style(StrEnum):
    """How the two passes of a class are called."""

    PLAIN = "plain"
    """backward takes dout and reads what forward stored."""
    LOCAL = "local"
    """gradient(x) is the local derivative at x; dout must be multiplied by it."""
    HOOKS = "hooks"
    """_output and _input_grad are hooks of a base class, which stores the operands for them."""


@dataclass(frozen=True)
class Passes:
    """The names of a layer's two passes."""

    forward: str
    backward: str
    style: Style = Style.PLAIN


_FORWARD = (
    *("forward", "forwardpass", "forwardpropagation", "forwardprop", "forwardpropagate"),
    *("fprop", "feedforward", "fwd", "forwards"),
)
_BACKWARD = (
    *("backward", "backwardpass", "backwardpropagation", "backwardprop", "backpropagation"),
    *("backprop", "backpropagate", "bprop", "bwd", "backwards"),
)
_MISSPELLED = 99
"""The rank of a name that is a misspelled "forward" or "backward"."""

_HOOKS = ("_output", "_input_grad")


def side_of(name: str) -> str:
    """Which pass a method's name means: "forward", "backward" or ""."""
    return _rank(name)[1]


def is_pass(name: str) -> bool:
    """Whether a method of this name can be one of the passes."""
    return bool(side_of(name)) or name in ("gradient", *_HOOKS)


def passes_among(names: Iterable[str]) -> Passes | None:
    """The two passes among the methods of a class; None if one is missing.

    The most usual name wins: "forward" before "forward_pass" before the misspelled "foward".
    `__call__` is forward only if there is none of these.
    """
    there = list(names)
    forward = _best(there, "forward")
    backward = _best(there, "backward")
    if forward and backward:
        return Passes(forward, backward)
    if set(_HOOKS) <= set(there):
        return Passes(*_HOOKS, Style.HOOKS)
    call = forward or next((name for name in ("__call__", "call") if name in there), "")
    if call and backward:
        return Passes(call, backward)
    if call and "gradient" in there:
        return Passes(call, "gradient", Style.LOCAL)
    return None


def rightly_spelled(names: Iterable[str], *sides: str) -> bool:
    """Whether each of these passes has a method of a name that is spelled correctly."""
    ranks = [_rank(name) for name in names]
    return all(any(rank < _MISSPELLED and of == side for rank, of in ranks) for side in sides)


def missing_passes(names: Iterable[str]) -> list[str]:
    """Which of "forward" and "backward" has no method."""
    sides = {side_of(name) for name in names}
    return [side for side in ("forward", "backward") if side not in sides]


def _best(names: list[str], side: str) -> str:
    ranked = [(_rank(name), name) for name in names]
    found = [(rank, name) for (rank, of), name in ranked if of == side]
    return min(found, key=lambda pair: pair[0])[1] if found else ""


@lru_cache(maxsize=4096)  # each class and each call of it asks for the same few names
def _rank(name: str) -> tuple[int, str]:
    """How usual a name is (0 the most), and which pass it means."""
    bare = name.lower().replace("_", "")
    for side, spellings in (("forward", _FORWARD), ("backward", _BACKWARD)):
        if name == side:
            return 0, side
        if bare in spellings:
            return 1 + spellings.index(bare), side
    for side in ("forward", "backward"):
        if spelling_distance(bare, side) == 1:
            return _MISSPELLED, side
    return _MISSPELLED, ""
