"""How a subject is spoken to: a class's methods, a pair of functions, a function with both.

A speaker makes an object and calls its passes, given values by role; it knows nothing of where
weights and gradients are kept.
"""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import FunctionType, SimpleNamespace
from typing import Any, Protocol

import numpy as np

from reference.contract import Contract
from reference.subject.arguments import (
    CACHE,
    DOUT,
    OUTPUT,
    Call,
    Given,
    arguments_of,
    method_arguments,
)
from reference.subject.dialects.reading import (
    Making,
    Weights,
    read_backward,
    read_constructor,
    read_forward,
)
from reference.subject.passes import Passes, Style
from reference.subject.signatures import UnknownDialectError

Values = Mapping[str, Any]


class Speaker(Protocol):
    """How a subject is made and called, with values by role."""

    weights: Weights
    calls: dict[str, str]
    takes_dout: bool
    needs_dout: bool
    silent: bool
    """Whether the passes return nothing and leave their results in the object."""
    labels: bool
    """Whether its targets may be class labels and nothing else."""

    @property
    def spellings(self) -> dict[str, str]:
        """What the parameters are called where they are given, by the contract's names."""

    def takes(self, role: str) -> bool:
        """Whether its constructor or backward has an argument of that role."""

    def make(self, values: Values) -> Any:
        """A new object."""

    def forward(self, subject: Any, values: Values) -> Any:
        """What forward gives."""

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns."""


@dataclass
class ClassSpeaker:
    """A class with two passes."""

    making: Making
    build: Callable[..., Any]
    passes: Passes
    first: Call
    second: Call
    operand: str
    """The first operand's name, which a driven layer finds in `input_`."""
    silent: bool
    """Whether the passes return nothing, and leave `output` and `dinputs` in the object."""
    calls: dict[str, str] = field(init=False)
    weights: Weights = field(init=False)

    labels: bool = False

    def takes(self, role: str) -> bool:
        """Whether its constructor or backward has an argument of that role."""
        return self.making.call.takes(role) or self.second.takes(role)

    @property
    def spellings(self) -> dict[str, str]:
        """What the constructor calls the parameters."""
        return {g.role: g.name for g in self.making.call.given if g.name}

    def __post_init__(self) -> None:
        self.calls = {"forward": self.passes.forward, "backward": self.passes.backward}
        self.weights = self.making.weights
        local = self.passes.style is Style.LOCAL
        self.takes_dout = local or self.second.takes(DOUT)
        self.needs_dout = local or self.second.needs(DOUT)

    def make(self, values: Values) -> Any:
        """A new object."""
        places, names = self.making.call.on(values)
        return self.build(*places, **names)

    def forward(self, subject: Any, values: Values) -> Any:
        """What forward returns, or leaves in `output`."""
        places, names = self.first.on(values)
        if self.passes.style is Style.DRIVEN:
            subject.input_ = values[self.operand]
            subject.output = subject._output(*places, **names)
            return subject.output
        returned = getattr(subject, self.passes.forward)(*places, **names)
        return _left(subject, OUTPUTS) if self.silent and returned is None else returned

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns, or leaves in `dinputs`; dout times a local derivative."""
        if self.passes.style is Style.LOCAL:
            places, names = self.second.on(values)
            slope = getattr(subject, self.passes.backward)(*places, **names)
            return values[DOUT] * slope if isinstance(slope, np.ndarray | float | int) else slope
        places, names = self.second.on(values)
        returned = getattr(subject, self.passes.backward)(*places, **names)
        if self.passes.style is Style.DRIVEN and hasattr(subject, "_param_grad"):
            subject.param_grad = subject._param_grad(values[DOUT])
        return _left(subject, INPUT_GRADIENTS) if self.silent and returned is None else returned


OUTPUTS = ("output", "out", "outputs", "y")
INPUT_GRADIENTS = ("dinputs", "dinput", "dx", "dX", "input_grad", "grad_input")


def _left(subject: Any, names: tuple[str, ...]) -> Any:
    return next((getattr(subject, n) for n in names if hasattr(subject, n)), None)


def speaker_of_class(
    contract: Contract, cls: type, passes: Passes, build: Callable[..., Any] | None
) -> ClassSpeaker:
    """How to speak to a class; `build` makes its objects where a caller knows better.

    Raises:
        UnknownDialectError: an argument of the constructor or of a pass is not known.
    """
    passes = _through_base(cls, passes)
    forward = method_arguments(cls, passes.forward)
    backward = method_arguments(cls, passes.backward)
    operands = [] if passes.style is Style.DRIVEN else [v.name for v in contract.operands]
    if build is not None:
        making = Making(
            Call(tuple(Given("", v.name, positional=True) for v in contract.parameters)),
            Weights.GIVEN,
        )
    else:
        making = read_constructor(contract, arguments_of(cls), cls.__name__)
    if passes.style is Style.DRIVEN:
        first = read_forward(replace(contract, operands=(), parameters=()), forward, passes.forward)
    else:
        first = read_forward(contract, forward, passes.forward)
    if operands and any(first.takes(v.name) for v in contract.parameters):
        making = Making(making.call, Weights.PASSED)
    style = passes.style
    if style is Style.LOCAL and backward and backward[0].bare in _UPSTREAM_NAMES:
        passes, style = Passes(passes.forward, passes.backward), Style.PLAIN
    if style is Style.LOCAL:
        if contract.parameters or contract.output != contract.operands[0].shape:
            raise UnknownDialectError("it has no backward")
        second = read_forward(contract, backward, passes.backward)
    else:
        second = read_backward(contract, backward, passes.backward)
    both = [getattr(cls, passes.forward), getattr(cls, passes.backward)]
    silent = style is Style.PLAIN and all(_returns_nothing(f) for f in both)
    operand = contract.operands[0].name
    return ClassSpeaker(making, build or cls, passes, first, second, operand, silent)


def _through_base(cls: type, passes: Passes) -> Passes:
    """The passes, with `__call__` for forward where a base class's remembers what backward needs.

    Raises:
        UnknownDialectError: that `__call__` wants a graph's variables and not arrays.
    """
    inherited = None if "__call__" in vars(cls) else inspect.getattr_static(cls, "__call__", None)
    if passes.style is not Style.PLAIN or not isinstance(inherited, FunctionType):
        return passes
    own = [m for m in vars(cls).values() if isinstance(m, FunctionType)]
    init = inspect.getattr_static(cls, "__init__", None)
    stored = set().union(*map(_stored_names, [*own, init]))
    needed = set().union(*(set(m.__code__.co_names) for m in own))
    kept = (_stored_names(inherited) & needed) - stored
    if not kept:
        return passes
    if {"data", "creator", "as_variable", "Variable"} & set(inherited.__code__.co_names):
        names = ", ".join(f"self.{name}" for name in sorted(kept))
        raise UnknownDialectError(
            f"it needs {names}, which its base class sets when it is called with variables of a "
            "graph; trigrad hands over arrays"
        )
    return Passes("__call__", passes.backward)


def _stored_names(function: Any) -> set[str]:
    """The attributes that a function sets."""
    code = getattr(function, "__code__", None)
    steps = dis.get_instructions(code) if code is not None else ()
    return {str(step.argval) for step in steps if step.opname == "STORE_ATTR"}


_UPSTREAM_NAMES = ("dout", "grad", "gradoutput", "accumgrad", "delta", "dy", "upstream")


def _returns_nothing(function: Any) -> bool:
    """Whether no `return` of a function gives a value."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = list(dis.get_instructions(code))
    for before, step in zip([None, *steps], steps, strict=False):
        if step.opname == "RETURN_CONST" and step.argval is not None:
            return False
        if step.opname == "RETURN_VALUE":
            none = before is not None and before.opname == "LOAD_CONST" and before.argval is None
            if not none:
                return False
    return not any(step.opname in ("YIELD_VALUE", "RAISE_VARARGS") for step in steps)


@dataclass
class PairSpeaker:
    """Two functions: what forward returns beside its output is handed to backward."""

    first_function: Callable[..., Any]
    second_function: Callable[..., Any]
    first: Call
    second: Call
    calls: dict[str, str]
    weights: Weights = Weights.PASSED
    silent: bool = False
    labels: bool = True

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def spellings(self) -> dict[str, str]:
        """What forward calls the parameters."""
        return {g.role: g.name for g in self.first.given if g.name}

    def __post_init__(self) -> None:
        self.takes_dout = self.second.takes(DOUT)
        self.needs_dout = self.second.needs(DOUT)

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """What is remembered between the two."""
        return SimpleNamespace()

    def forward(self, subject: Any, values: Values) -> Any:
        """The output, without the cache."""
        places, names = self.first.on(values)
        returned = self.first_function(*places, **names)
        rest: tuple[Any, ...] = ()
        if isinstance(returned, tuple | list) and len(returned) > 1:
            returned, *others = returned
            rest = tuple(others)
        subject.trigrad_cache = rest
        return returned

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns, given the cache."""
        caches = iter(subject.trigrad_cache)
        places, names = self.second.on({**values, CACHE: None})
        roles = [g.role for g in self.second.given]
        for index, role in enumerate(roles[: len(places)]):
            if role == CACHE:
                places[index] = next(caches, None)
        return self.second_function(*places, **names)


def speaker_of_pair(
    contract: Contract, forward: Callable[..., Any], backward: Callable[..., Any]
) -> PairSpeaker:
    """How to speak to a pair of functions.

    Raises:
        UnknownDialectError: an argument of one of them is not known.
    """
    calls = {"forward": forward.__name__, "backward": backward.__name__}
    first = read_forward(contract, arguments_of(forward), forward.__name__)
    second = read_backward(contract, arguments_of(backward), backward.__name__, caches=True)
    return PairSpeaker(forward, backward, first, second, calls)


@dataclass
class SingleSpeaker:
    """One function that returns a loss and the gradient of its first operand."""

    function: Callable[..., Any]
    first: Call
    calls: dict[str, str]
    weights: Weights = Weights.PASSED
    takes_dout: bool = False
    needs_dout: bool = False
    silent: bool = False
    labels: bool = True

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def spellings(self) -> dict[str, str]:
        """It has no parameters."""
        return {}

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """What is remembered of the call."""
        return SimpleNamespace(gradient=None)

    def forward(self, subject: Any, values: Values) -> Any:
        """The first of the two values."""
        places, names = self.first.on(values)
        returned = self.function(*places, **names)
        subject.gradient = None
        if isinstance(returned, tuple | list) and len(returned) == 2:
            returned, subject.gradient = returned
        return returned

    def backward(self, subject: Any, values: Values) -> Any:  # noqa: ARG002 - it is there already
        """The second of the two values."""
        return subject.gradient


def speaker_of_single(contract: Contract, function: Callable[..., Any]) -> SingleSpeaker:
    """How to speak to a function that returns a value and its gradient.

    Raises:
        UnknownDialectError: it takes something else than the operands.
    """
    first = read_forward(contract, arguments_of(function), "it")
    return SingleSpeaker(function, first, {"forward": "it", "backward": "it"})


__all__ = ["DOUT", "OUTPUT", "Speaker", "speaker_of_class", "speaker_of_pair", "speaker_of_single"]
