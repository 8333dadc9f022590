"""Adapters: one interface to a layer, whether it is a class, two functions or one function.

An adapter makes an object and calls its passes with values by role. It does not know which
attributes hold weights and gradients; that is found out by `discovery`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.dialects.argument_matching import (
    ConstructorCall,
    WeightDelivery,
    forward_plans,
    match_constructor,
    match_forward,
)
from trigrad.subject.dialects.argument_roles import (
    DOUT,
    AssignedArgument,
    CallPlan,
    arguments_of,
    method_arguments,
)
from trigrad.subject.dialects.backward_matching import backward_plans
from trigrad.subject.dialects.bytecode import (
    call_makes_arrays,
    returns_nothing,
    stored_names,
    with_inherited_call,
)
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.sizes import is_size_role
from trigrad.subject.source.passes import Passes, Style

Values = Mapping[str, Any]


class Adapter(Protocol):
    """Makes a layer's object and calls its passes, with values by role."""

    weights: WeightDelivery
    calls: dict[str, str]
    takes_dout: bool
    needs_dout: bool
    stores_results: bool
    """Whether the passes return nothing and store their results in attributes."""
    needs_sizes: bool
    """Whether sizes are passed when an object is made."""
    may_take_labels: bool
    """Whether a loss may take its targets as class labels only, so that this must be tried."""
    is_pair: bool
    """Whether it is two functions, of which the first returns what the second needs."""
    forward_call: CallPlan
    others: tuple[Adapter, ...]
    """Other ways to call the same passes, the most likely first."""

    @property
    def defined(self) -> Any:
        """The class or function in whose module it is written."""

    @property
    def backward_plan(self) -> CallPlan:
        """How backward is called."""

    @property
    def doubt(self) -> str:
        """If not "", why nothing is judged if this way to call the passes does not work."""

    @property
    def parameter_names(self) -> dict[str, str]:
        """The names of the arguments that take the parameters, by the contract's names."""

    def takes(self, role: str) -> bool:
        """Whether its constructor or backward has an argument of that role."""

    def make(self, values: Values) -> Any:
        """A new object."""

    def forward(self, subject: Any, values: Values) -> Any:
        """What forward returns: the output, or a tuple of it and of other values."""

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns."""


@dataclass
class ClassAdapter:
    """A class with two passes."""

    constructor: ConstructorCall
    factory: Callable[..., Any]
    """Makes the object: the class itself, or a function that the caller has given."""
    passes: Passes
    forward_call: CallPlan
    backward_call: CallPlan
    first_operand: str
    """The name of the first operand, which a template-method layer finds in `input_`."""
    stores_results: bool
    """Whether the passes return nothing, and store `output` and `dinputs` in the object."""
    makes_arrays: bool = False
    """Whether `__call__` makes arrays of numbers before it calls forward."""
    calls: dict[str, str] = field(init=False)
    weights: WeightDelivery = field(init=False)
    needs_sizes: bool = field(init=False)

    may_take_labels: bool = True
    is_pair: bool = False
    others: tuple[Adapter, ...] = ()

    @property
    def defined(self) -> Any:
        """The class itself, or what the caller has given to make its objects."""
        return self.factory

    @property
    def backward_plan(self) -> CallPlan:
        """How backward is called."""
        return self.backward_call

    @property
    def doubt(self) -> str:
        """If not "", why nothing is judged if this way to call the passes does not work."""
        return self.forward_call.doubt or self.backward_call.doubt

    def takes(self, role: str) -> bool:
        """Whether its constructor or backward has an argument of that role."""
        return self.constructor.call.takes(role) or self.backward_call.takes(role)

    @property
    def parameter_names(self) -> dict[str, str]:
        """The names of the constructor's arguments that take the parameters."""
        return {g.role: g.name for g in self.constructor.call.arguments if g.name}

    def __post_init__(self) -> None:
        self.calls = {"forward": self.passes.forward, "backward": self.passes.backward}
        self.weights = self.constructor.weights
        roles = (g.role for g in self.constructor.call.arguments)
        self.needs_sizes = self.weights is WeightDelivery.WRITTEN or any(map(is_size_role, roles))
        local = self.passes.style is Style.LOCAL
        self.takes_dout = local or self.backward_call.takes(DOUT)
        self.needs_dout = local or self.backward_call.needs(DOUT)

    def make(self, values: Values) -> Any:
        """A new object."""
        args, kwargs = self.constructor.call.bind(values)
        return self.factory(*args, **kwargs)

    def forward(self, subject: Any, values: Values) -> Any:
        """What forward returns, or stores in `output`."""
        args, kwargs = self.forward_call.bind(values)
        if self.makes_arrays:
            args = [np.asarray(a) if isinstance(a, int | float) else a for a in args]
        if self.passes.style is Style.HOOKS:
            subject.input_ = values[self.first_operand]
            subject.output = subject._output(*args, **kwargs)
            return subject.output
        returned = getattr(subject, self.passes.forward)(*args, **kwargs)
        return (
            first_attribute(subject, OUTPUTS)
            if self.stores_results and returned is None
            else returned
        )

    def backward(self, subject: Any, values: Values) -> Any:
        """What backward returns or stores in `dinputs`; for a local derivative, dout times it."""
        if self.passes.style is Style.LOCAL:
            args, kwargs = self.backward_call.bind(values)
            slope = getattr(subject, self.passes.backward)(*args, **kwargs)
            return values[DOUT] * slope if isinstance(slope, np.ndarray | float | int) else slope
        args, kwargs = self.backward_call.bind(values)
        returned = getattr(subject, self.passes.backward)(*args, **kwargs)
        if self.passes.style is Style.HOOKS and hasattr(subject, "_param_grad"):
            subject.param_grad = subject._param_grad(values[DOUT])
        return (
            first_attribute(subject, INPUT_GRADIENTS)
            if self.stores_results and returned is None
            else returned
        )


OUTPUTS = ("output", "out", "outputs")
INPUT_GRADIENTS = ("dinputs", "dinput", "dx", "dX", "input_grad", "grad_input")


def first_attribute(subject: Any, names: tuple[str, ...]) -> Any:
    """The value of the first of these attributes that an object has; None without one."""
    return next((getattr(subject, n) for n in names if hasattr(subject, n)), None)


def adapter_of_class(
    contract: Contract, cls: type, passes: Passes, build: Callable[..., Any] | None
) -> ClassAdapter:
    """The adapter of a class; `build` makes its objects, if a caller gives it.

    Raises:
        UnknownDialectError: an argument of the constructor or of a pass has no known role.
    """
    passes = with_inherited_call(cls, passes)
    forward = method_arguments(cls, passes.forward)
    backward = method_arguments(cls, passes.backward)
    operands = [] if passes.style is Style.HOOKS else [v.name for v in contract.operands]
    if build is not None:
        constructor = ConstructorCall(
            CallPlan(
                tuple(AssignedArgument("", v.name, positional=True) for v in contract.parameters)
            ),
            WeightDelivery.TO_CONSTRUCTOR,
        )
    else:
        constructor = match_constructor(contract, arguments_of(cls), cls.__name__)
    if passes.style is Style.HOOKS:
        none = replace(contract, operands=(), parameters=())
        forward_calls: tuple[CallPlan, ...] = (match_forward(none, forward, passes.forward),)
    else:
        forward_calls = forward_plans(contract, forward, passes.forward)
    if operands and any(forward_calls[0].takes(v.name) for v in contract.parameters):
        constructor = ConstructorCall(constructor.call, WeightDelivery.TO_FORWARD)
    style = passes.style
    if style is Style.LOCAL and backward and backward[0].key in _UPSTREAM_NAMES:
        passes, style = Passes(passes.forward, passes.backward), Style.PLAIN
    if style is Style.LOCAL:
        if contract.parameters or contract.output != contract.operands[0].shape:
            raise UnknownDialectError(str(Message("unread.no_backward")))
        backward_calls: tuple[CallPlan, ...] = (match_forward(contract, backward, passes.backward),)
    else:
        backward_calls = backward_plans(contract, backward, passes.backward)
    both = [getattr(cls, passes.forward), getattr(cls, passes.backward)]
    stores_results = style is Style.PLAIN and all(
        returns_nothing(function) and stored_names(function) & set(names)
        for function, names in zip(both, (OUTPUTS, INPUT_GRADIENTS), strict=True)
    )
    operand = contract.operands[0].name
    makes_arrays = call_makes_arrays(cls, passes.forward)
    first, *others = (
        ClassAdapter(
            constructor, build or cls, passes, forth, back, operand, stores_results, makes_arrays
        )
        for forth in forward_calls
        for back in backward_calls
    )
    return replace(first, others=tuple(others))


_UPSTREAM_NAMES = ("dout", "grad", "gradoutput", "accumgrad", "delta", "dy", "upstream")
