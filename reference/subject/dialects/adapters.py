"""How a subject is spoken to: a class's methods, a pair of functions, a function with both.

A speaker makes an object and calls its passes, given values by role; it knows nothing of where
weights and gradients are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.argument_matching import (
    Making,
    Weights,
    read_backward,
    read_constructor,
    read_forward,
)
from trigrad.subject.dialects.argument_roles import (
    DOUT,
    Call,
    Given,
    arguments_of,
    method_arguments,
)
from trigrad.subject.dialects.bytecode import returns_nothing, stored_names, through_base
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.sizes import is_size_role
from trigrad.subject.source.passes import Passes, Style

Values = Mapping[str, Any]


class Speaker(Protocol):
    """How a subject is made and called, with values by role."""

    weights: Weights
    calls: dict[str, str]
    takes_dout: bool
    needs_dout: bool
    silent: bool
    """Whether the passes return nothing and leave their results in the object."""
    sized: bool
    """Whether sizes are asked for when an object is made."""
    labels: bool
    """Whether the targets of a loss may be class labels and nothing else."""

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
    sized: bool = field(init=False)

    labels: bool = True

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
        roles = (g.role for g in self.making.call.given)
        self.sized = self.weights is Weights.PLACED or any(map(is_size_role, roles))
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


OUTPUTS = ("output", "out", "outputs")
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
    passes = through_base(cls, passes)
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
    silent = style is Style.PLAIN and all(
        returns_nothing(function) and stored_names(function) & set(names)
        for function, names in zip(both, (OUTPUTS, INPUT_GRADIENTS), strict=True)
    )
    operand = contract.operands[0].name
    return ClassSpeaker(making, build or cls, passes, first, second, operand, silent)


_UPSTREAM_NAMES = ("dout", "grad", "gradoutput", "accumgrad", "delta", "dy", "upstream")
