"""The arguments of a callable and their roles: which value each of them gets, told by its name.

A *role* is a key: "x" or "W" (an operand or parameter of the contract), "dout", a size
("size:D"), "learning rate"… An argument without a role must have a default.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.source.gradient_names import is_gradient_variable

DOUT = "dout"
RATE = "learning rate"
OPTIMISER = "optimiser"
OPTIONAL_RATE = "learning rate with a default"
SETTING = "setting: "
"""Before the name of a number that the writer of a layer chooses."""
CACHE = "cache"
OUTPUT = "output"
OPERAND_LIST = "operands in a list"
OPERAND_TUPLE = "operands in a tuple"

PARAMETER_NAMES: dict[str, tuple[str, ...]] = {
    "W": ("w", "weight", "weights", "kernel", "wt", "wmat", "weightmatrix", "ws"),
    "b": ("b", "bias", "biases", "bs", "w0", "biasvector", "bvec", "offset"),
}
"""Other names that learners give a parameter of the contract; lower case, no underscores."""

_AUXILIARY_NAMES: dict[str, tuple[str, ...]] = {
    RATE: ("lr", "learningrate", "eta", "stepsize", "lrate", "learnrate"),
    OPTIMISER: ("optimizer", "optimiser", "opt", "optim"),
    "training": ("training", "trainflg", "trainflag", "istraining", "istrain", "train"),
    "inference": ("inference", "istest", "predicting"),
    "name": ("name", "layername", "label"),
    "mode": ("mode", "phase"),
}
"""Roles that do not depend on the contract, with the names of such arguments. Their values are in
AUXILIARY_VALUES."""

_UPSTREAM = re.compile(r"grad|delta|upstream|error|^err$|dout|dvalue|^d_?[A-Z]|^d_[a-z]|^dl_?d")
_UPSTREAM_WORDS = ("dy", "dz", "da", "dl", "do", "dh", "dloss", "dnext", "gy", "gout", "d", "dx")
_OF_STATE = re.compile(r"d_?(next|prev|state|cell|hidden|[hcs]t?|[ahc]s)(_|\d|$)", re.IGNORECASE)

_LIKE_ONE = re.compile(r"d(?!ata|im|ebug|type|rop|epth|eg|ict|ev|ense|es)\w|grad", re.IGNORECASE)
"""Not a gradient by itself: `data` is none, `dsum` may be one."""

_SIZE = r"(size|sizes|dim|dims|features|units|nodes|neurons|channels|shape|num|count|length|n)"
_COUNT = r"(n|num|nb|number|numberof|dim|size|fan|d|len|nof)"
_IN = re.compile(rf"^({_COUNT}?(in|input|inputs|prev|previous){_SIZE}?|{_COUNT}x|x{_SIZE})$")
_OUT = re.compile(
    rf"^({_COUNT}?(out|output|outputs|units?|neurons?|nodes?|hidden|next){_SIZE}?|{_COUNT}y)$"
)
_ANY_SIZE = re.compile(rf"^({_SIZE}|[nmdhiok]|num.*|fan.*|.*(size|dim|units|features|shape))$")


class UnitStepOptimiser:
    """An optimiser with step size 1: the gradient is what it subtracts from the weight."""

    def update(self, weight: Any, gradient: Any, *_: Any) -> Any:
        """The weight after the step."""
        return weight - gradient


AUXILIARY_VALUES: Mapping[str, Any] = {
    RATE: 1.0,
    OPTIMISER: UnitStepOptimiser(),
    "training": True,
    "inference": False,
    "name": "layer",
    "mode": "train",
}
"""The value of each role that is not an operand, a weight or a size."""


@dataclass(frozen=True)
class AssignedArgument:
    """An argument together with its role."""

    name: str
    role: str
    needed: bool = True
    keyword: bool = False
    """Whether it is keyword-only."""
    positional: bool = False
    """Whether it is positional-only."""


@dataclass(frozen=True)
class CallPlan:
    """How a callable is called: its arguments with their roles, in the order of the signature."""

    arguments: tuple[AssignedArgument, ...]
    doubt: str = ""
    """If not "", why nothing is judged if this way does not work."""

    def takes(self, role: str) -> bool:
        """Whether there is an argument of that role."""
        return any(g.role == role for g in self.arguments)

    def needs(self, role: str) -> bool:
        """Whether there is an argument of that role without a default."""
        return any(g.role == role and g.needed for g in self.arguments)

    def bind(self, values: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """The positional and the keyword arguments of a call, from values by role.

        An argument that has a default and no value is left out; every later argument is then
        passed by keyword. The values of CACHE go to the arguments of that role in turn, and None
        to those that are left.
        """
        caches = iter(values.get(CACHE, ()))
        args: list[Any] = []
        kwargs: dict[str, Any] = {}
        skipped = False
        for argument in self.arguments:
            if argument.role not in values and not argument.needed:
                skipped = True
                continue
            value = next(caches, None) if argument.role == CACHE else values[argument.role]
            if argument.positional or not (skipped or argument.keyword):
                args.append(value)
            else:
                kwargs[argument.name] = value
        return args, kwargs


@dataclass(frozen=True)
class Argument:
    """One argument of a signature; `key` is its name in lower case without underscores."""

    name: str
    key: str
    needed: bool
    keyword: bool
    positional: bool
    default: Any

    def with_role(self, role: str) -> AssignedArgument:
        """This argument together with a role."""
        return AssignedArgument(self.name, role, self.needed, self.keyword, self.positional)


VARARGS = Argument("*", "*", needed=False, keyword=False, positional=True, default=None)
"""Stands for `*args` in a list of arguments."""


def arguments_of(function: Callable[..., Any], *, method: bool = False) -> list[Argument]:
    """The arguments of a callable; with `method`, without the first one (`self`)."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):  # something callable without a signature
        return [VARARGS]
    if method and parameters and parameters[0].kind is not inspect.Parameter.VAR_POSITIONAL:
        parameters = parameters[1:]
    found = []
    for p in parameters:
        if p.kind is p.VAR_KEYWORD:
            continue
        if p.kind is p.VAR_POSITIONAL:
            found.append(replace(VARARGS, name=p.name))
            continue
        key = p.name.lower().replace("_", "")
        only = p.kind is p.POSITIONAL_ONLY
        found.append(
            Argument(p.name, key, p.default is p.empty, p.kind is p.KEYWORD_ONLY, only, p.default)
        )
    return found


def method_arguments(cls: type, name: str) -> list[Argument]:
    """The arguments of a class's method, without `self`."""
    found = inspect.getattr_static(cls, name, None)
    if isinstance(found, staticmethod | classmethod):
        return arguments_of(getattr(cls, name))
    return arguments_of(getattr(cls, name), method=True)


def auxiliary_role(argument: Argument) -> str:
    """The role of a learning rate, a training flag and the like; "" for any other argument.

    An argument that has a default keeps it. A learning rate with a default has a role of its own:
    it is passed only if the size of the step must be known.
    """
    role = next((role for role, words in _AUXILIARY_NAMES.items() if argument.key in words), "")
    if argument.needed or not role:
        return role
    return OPTIONAL_RATE if role == RATE else f"default:{argument.name}"


def setting_role(contract: Contract, argument: Argument) -> str:
    """The role of a number that the writer of a layer chooses, such as a slope; "" for any other.

    One that has a default keeps it.
    """
    settings = contract.readings.settings
    if settings is None or argument.key not in settings.arguments:
        return ""
    return f"{SETTING}{argument.key}" if argument.needed else f"default:{argument.name}"


def setting_values(contract: Contract) -> dict[str, float]:
    """The number for each such role."""
    settings = contract.readings.settings
    return {f"{SETTING}{k}": v for k, v in settings.arguments.items()} if settings else {}


def auxiliary_named(name: str) -> bool:
    """Whether an argument of that name is usually a learning rate, a flag or the like."""
    key = name.lower().replace("_", "")
    return any(key in words for words in _AUXILIARY_NAMES.values())


def is_rate(name: str) -> bool:
    """Whether an attribute is a learning rate, by its name."""
    return name.lower().replace("_", "") in _AUXILIARY_NAMES[RATE]


def is_upstream(argument: Argument) -> bool:
    """Whether an argument is the upstream gradient, by its name."""
    return bool(_UPSTREAM.search(argument.name)) or argument.key in _UPSTREAM_WORDS


def is_gradient(argument: Argument) -> bool:
    """Whether it is the gradient of an output, the first or a further one, as dc_next is."""
    return (
        is_upstream(argument)
        or is_gradient_variable(argument.name)
        or bool(_OF_STATE.match(argument.name))
    )


def gradients_of_outputs(needed: Sequence[Argument]) -> list[Argument]:
    """The arguments of backward that are gradients of outputs.

    Where all that it needs is called as gradients often are, `dsum, dprod`, all of them are.
    """
    alike = len(needed) > 1 and all(is_gradient(a) or _LIKE_ONE.match(a.name) for a in needed)
    return [a for a in needed if alike or is_gradient(a)]


def gradient_named(name: str) -> bool:
    """Whether an argument of that name is the gradient of an output."""
    key = name.lower().replace("_", "")
    return is_gradient(
        Argument(name, key, needed=True, keyword=False, positional=False, default=None)
    )


def parameter_named(key: str, names: list[str]) -> str:
    """Which of the parameters `names` an argument's key means; "" if it means none of them."""
    for name in names:
        if key == name.lower() or key in PARAMETER_NAMES.get(name, ()):
            return name
    return ""


def size_kind(argument: Argument) -> str:
    """Which size an argument is: "in", "out", "some" if only its position tells, "" if none."""
    if _IN.match(argument.key):
        return "in"
    if _OUT.match(argument.key):
        return "out"
    if "weight" in argument.key:
        return ""
    some = _ANY_SIZE.match(argument.key) or argument.name.lower().startswith("n_")
    return "some" if some else ""


def unsupported(what: str, arguments: list[Argument], why: str) -> UnknownDialectError:
    """The error for a callable with an argument of unknown role; it names all the arguments."""
    names = ", ".join(a.name for a in arguments)
    return UnknownDialectError(str(Message("unread.takes", what=what, arguments=names, why=why)))
