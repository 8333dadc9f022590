"""The arguments of a callable → what each of them is given, read from their names.

A *role* says what an argument is given: "x" or "W" (an operand or parameter of the contract),
"dout", a size ("size of D"), a learning rate… What no role is found for must have a default.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trigrad.subject.dialects.signatures import UnknownDialectError

DOUT = "dout"
RATE = "learning rate"
OPTIMISER = "optimiser"
FREE_RATE = "learning rate with a default"
CACHE = "cache"
OUTPUT = "output"

WORDS: dict[str, tuple[str, ...]] = {
    "W": ("w", "weight", "weights", "kernel", "wt", "wmat", "weightmatrix", "ws"),
    "b": ("b", "bias", "biases", "bs", "w0", "biasvector", "bvec", "offset"),
}
"""What learners call a parameter, beside the contract's name for it; lower case."""

_ALWAYS: dict[str, tuple[str, ...]] = {
    RATE: ("lr", "learningrate", "eta", "stepsize", "lrate", "learnrate"),
    OPTIMISER: ("optimizer", "optimiser", "opt", "optim"),
    "training": ("training", "trainflg", "trainflag", "istraining", "istrain", "train"),
    "inference": ("inference", "istest", "predicting"),
    "name": ("name", "layername", "label"),
    "mode": ("mode", "phase"),
}
"""What is given whenever it is asked for; what each is given stands in DEFAULTS."""

_UPSTREAM = re.compile(r"grad|delta|upstream|error|^err$|dout|dvalue|^d_?[A-Z]|^d_[a-z]|^dl_?d")
_UPSTREAM_WORDS = ("dy", "dz", "da", "dl", "do", "dh", "dloss", "dnext", "gy", "gout", "d", "dx")

_SIZE = r"(size|sizes|dim|dims|features|units|nodes|neurons|channels|shape|num|count|length|n)"
_COUNT = r"(n|num|nb|number|numberof|dim|size|fan|d|len|nof)"
_IN = re.compile(rf"^({_COUNT}?(in|input|inputs|prev|previous){_SIZE}?|{_COUNT}x|x{_SIZE})$")
_OUT = re.compile(
    rf"^({_COUNT}?(out|output|outputs|units?|neurons?|nodes?|hidden|next){_SIZE}?|{_COUNT}y)$"
)
_ANY_SIZE = re.compile(rf"^({_SIZE}|[nmdhiok]|num.*|fan.*|.*(size|dim|units|features|shape))$")


class _Step:
    """An optimiser that takes one step of size 1: the gradient is what the weight lost."""

    def update(self, weight: Any, gradient: Any, *_: Any) -> Any:
        """The weight after the step."""
        return weight - gradient


DEFAULTS: Mapping[str, Any] = {
    RATE: 1.0,
    OPTIMISER: _Step(),
    "training": True,
    "inference": False,
    "name": "layer",
    "mode": "train",
}
"""What the arguments are given that are no operand, weight or size."""


@dataclass(frozen=True)
class Given:
    """One argument of a call and its role."""

    name: str
    role: str
    needed: bool = True
    keyword: bool = False
    """Whether it can only be given by name."""
    positional: bool = False
    """Whether it can only be given by its place."""


@dataclass(frozen=True)
class Call:
    """What a callable is given, in the order of its signature."""

    given: tuple[Given, ...]

    def takes(self, role: str) -> bool:
        """Whether there is an argument of that role."""
        return any(g.role == role for g in self.given)

    def needs(self, role: str) -> bool:
        """Whether there is an argument of that role without a default."""
        return any(g.role == role and g.needed for g in self.given)

    def on(self, values: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Positional and keyword arguments; what has a default and no value is left out."""
        places: list[Any] = []
        names: dict[str, Any] = {}
        skipped = False
        for argument in self.given:
            if argument.role not in values and not argument.needed:
                skipped = True
                continue
            value = values[argument.role]
            if argument.positional or not (skipped or argument.keyword):
                places.append(value)
            else:
                names[argument.name] = value
        return places, names


@dataclass(frozen=True)
class Argument:
    """One argument of a signature, with its name in lower case and without underscores."""

    name: str
    bare: str
    needed: bool
    keyword: bool
    positional: bool
    default: Any

    def given(self, role: str) -> Given:
        """This argument in a role."""
        return Given(self.name, role, self.needed, self.keyword, self.positional)


ANY_NUMBER = Argument("*", "*", needed=False, keyword=False, positional=True, default=None)
"""What stands for `*args`."""


def arguments_of(function: Callable[..., Any], *, method: bool = False) -> list[Argument]:
    """The arguments of a callable, `self` not among them where it is a class's method."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # something callable without a signature
        return [ANY_NUMBER]
    if method and parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    found = []
    for p in parameters:
        if p.kind is p.VAR_KEYWORD:
            continue
        if p.kind is p.VAR_POSITIONAL:
            found.append(replace(ANY_NUMBER, name=p.name))
            continue
        bare = p.name.lower().replace("_", "")
        only = p.kind is p.POSITIONAL_ONLY
        found.append(
            Argument(p.name, bare, p.default is p.empty, p.kind is p.KEYWORD_ONLY, only, p.default)
        )
    return found


def method_arguments(cls: type, name: str) -> list[Argument]:
    """The arguments of a class's method, `self` not counted."""
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, staticmethod | classmethod):
        return arguments_of(getattr(cls, name))
    return arguments_of(getattr(cls, name), method=True)


def usual_role(argument: Argument) -> str:
    """The role of a learning rate, a training flag and the like; else "".

    What has a default keeps it, but for a learning rate, which may have to be known.
    """
    role = next((role for role, words in _ALWAYS.items() if argument.bare in words), "")
    if argument.needed or not role:
        return role
    return FREE_RATE if role == RATE else f"default of {argument.name}"


def is_rate(name: str) -> bool:
    """Whether an attribute is a learning rate, by its name."""
    return name.lower().replace("_", "") in _ALWAYS[RATE]


def is_upstream(argument: Argument) -> bool:
    """Whether an argument is the upstream gradient, by its name."""
    return bool(_UPSTREAM.search(argument.name)) or argument.bare in _UPSTREAM_WORDS


def parameter_named(bare: str, names: list[str]) -> str:
    """The parameter, of those `names`, that a name in lower case means; else ""."""
    for name in names:
        if bare == name.lower() or bare in WORDS.get(name, ()):
            return name
    return ""


def size_of_argument(argument: Argument) -> str:
    """ "in", "out", "some" for a size whose place tells which, else ""."""
    if _IN.match(argument.bare):
        return "in"
    if _OUT.match(argument.bare):
        return "out"
    if "weight" in argument.bare:
        return ""
    some = _ANY_SIZE.match(argument.bare) or argument.name.lower().startswith("n_")
    return "some" if some else ""


def refused(what: str, arguments: list[Argument], why: str) -> UnknownDialectError:
    """That a callable cannot be called, with its arguments."""
    names = ", ".join(a.name for a in arguments)
    return UnknownDialectError(f"{what} takes ({names}), {why}")
