"""Names of methods → the two passes of a layer, whatever they are called. Pure words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trigrad.subject.source.spelling_distance import slips


class Style(StrEnum):
    """How the two passes work together."""

    PLAIN = "plain"
    """backward is given dout and finds what forward remembered."""
    LOCAL = "local"
    """gradient(x) is the local derivative at x, which dout is multiplied by."""
    DRIVEN = "driven"
    """_output and _input_grad are called by a base class, which keeps the operands for them."""


@dataclass(frozen=True)
class Passes:
    """What a layer's two passes are called."""

    forward: str
    backward: str
    style: Style = Style.PLAIN


_FORWARD = (
    *("forward", "forwardpass", "forwardpropagation", "forwardprop", "forwardpropagate"),
    *("fprop", "feedforward", "fwd"),
)
_BACKWARD = (
    *("backward", "backwardpass", "backwardpropagation", "backwardprop", "backpropagation"),
    *("backprop", "backpropagate", "bprop", "bwd"),
)
_DRIVEN = ("_output", "_input_grad")


def side_of(name: str) -> str:
    """ "forward" or "backward" for a method that is called something like it, else ""."""
    return _rank(name)[1]


def is_pass(name: str) -> bool:
    """Whether a method of this name is one of the passes, when there is another to go with it."""
    return bool(side_of(name)) or name in ("gradient", *_DRIVEN)


def passes_among(names: Iterable[str]) -> Passes | None:
    """The two passes among the methods of a class; None if there are no two.

    The plainest names come first: "forward" before "forward_pass" before "foward", and only
    where there is none of them `__call__`.
    """
    there = list(names)
    forward = _best(there, "forward")
    backward = _best(there, "backward")
    if forward and backward:
        return Passes(forward, backward)
    if set(_DRIVEN) <= set(there):
        return Passes(*_DRIVEN, Style.DRIVEN)
    call = forward or next((name for name in ("__call__", "call") if name in there), "")
    if call and backward:
        return Passes(call, backward)
    if call and "gradient" in there:
        return Passes(call, "gradient", Style.LOCAL)
    return None


def missing_passes(names: Iterable[str]) -> list[str]:
    """Which of "forward" and "backward" no method answers to."""
    sides = {side_of(name) for name in names}
    return [side for side in ("forward", "backward") if side not in sides]


def _best(names: list[str], side: str) -> str:
    ranked = [(_rank(name), name) for name in names]
    found = [(rank, name) for (rank, of), name in ranked if of == side]
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def _rank(name: str) -> tuple[int, str]:
    """How plain a name is (0 the plainest), and which pass it means."""
    bare = name.lower().replace("_", "")
    for side, spellings in (("forward", _FORWARD), ("backward", _BACKWARD)):
        if name == side:
            return 0, side
        if bare in spellings:
            return 1 + spellings.index(bare), side
    for side in ("forward", "backward"):
        if slips(bare, side) == 1:
            return 99, side
    return 99, ""
