"""Adapters for functions: a pair with a cache, or one that returns a loss and its gradient."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.adapters import Adapter, Values
from trigrad.subject.dialects.argument_matching import (
    WeightDelivery,
    forward_plans,
    match_forward,
)
from trigrad.subject.dialects.argument_roles import (
    DOUT,
    CallPlan,
    arguments_of,
    method_arguments,
)
from trigrad.subject.dialects.backward_matching import CACHE_WORDS, backward_plans
from trigrad.subject.face import FUNCTION
from trigrad.subject.source.passes import Passes


@dataclass
class PairAdapter:
    """Two functions: what forward returns beside its output is passed to backward."""

    forward_function: Callable[..., Any]
    backward_function: Callable[..., Any]
    forward_call: CallPlan
    backward_call: CallPlan
    calls: dict[str, str]
    weights: WeightDelivery = WeightDelivery.TO_FORWARD
    stores_results: bool = False
    needs_sizes: bool = False
    may_take_labels: bool = True
    is_pair: bool = True
    others: tuple[Adapter, ...] = ()

    @property
    def defined(self) -> Any:
        """The first function."""
        return self.forward_function

    @property
    def backward_plan(self) -> CallPlan:
        """How backward is called."""
        return self.backward_call

    @property
    def doubt(self) -> str:
        """If not "", why nothing is judged if this way to call the functions does not work."""
        return self.forward_call.doubt or self.backward_call.doubt

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def parameter_names(self) -> dict[str, str]:
        """The names of forward's arguments that take the parameters."""
        return {g.role: g.name for g in self.forward_call.arguments if g.name}

    def __post_init__(self) -> None:
        self.takes_dout = self.backward_call.takes(DOUT)
        self.needs_dout = self.backward_call.needs(DOUT)

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """An object without attributes: functions keep nothing."""
        return SimpleNamespace()

    def forward(self, subject: Any, values: Values) -> Any:  # noqa: ARG002 - nothing is kept
        """What forward returns: the output, or a tuple of it and of what backward needs."""
        args, kwargs = self.forward_call.bind(values)
        return self.forward_function(*args, **kwargs)

    def backward(self, subject: Any, values: Values) -> Any:  # noqa: ARG002 - nothing is kept
        """What backward returns, given what forward returned beside the output."""
        args, kwargs = self.backward_call.bind(values)
        return self.backward_function(*args, **kwargs)


def are_functions(cls: type, passes: Passes) -> bool:
    """Whether the passes of a class are static functions, with a cache passed between them."""
    both = [inspect.getattr_static(cls, name) for name in (passes.forward, passes.backward)]
    caches = [a.key in CACHE_WORDS for a in method_arguments(cls, passes.backward)]
    return all(isinstance(m, staticmethod | classmethod) for m in both) and any(caches)


def adapter_of_pair(
    contract: Contract,
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *,
    kept: bool = True,
) -> PairAdapter:
    """The adapter of a pair of functions; `kept`: forward may return what backward needs.

    Raises:
        UnknownDialectError: an argument of one of them has no known role.
    """
    calls = {"forward": forward.__name__, "backward": backward.__name__}
    forth = forward_plans(contract, arguments_of(forward), forward.__name__)
    back = backward_plans(contract, arguments_of(backward), backward.__name__, pair=kept)
    first, *others = (PairAdapter(forward, backward, f, b, calls) for f in forth for b in back)
    return replace(first, others=tuple(others))


@dataclass
class SingleFunctionAdapter:
    """One function that returns a loss and the gradient of its first operand."""

    function: Callable[..., Any]
    forward_call: CallPlan
    calls: dict[str, str]
    weights: WeightDelivery = WeightDelivery.TO_FORWARD
    takes_dout: bool = False
    needs_dout: bool = False
    stores_results: bool = False
    needs_sizes: bool = False
    may_take_labels: bool = True
    is_pair: bool = False
    others: tuple[Adapter, ...] = ()
    doubt: str = ""

    @property
    def defined(self) -> Any:
        """The function."""
        return self.function

    @property
    def backward_plan(self) -> CallPlan:
        """There is no backward of its own."""
        return CallPlan(())

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def parameter_names(self) -> dict[str, str]:
        """It has no parameters."""
        return {}

    def make(self, values: Values) -> Any:  # noqa: ARG002 - the weights are given to forward
        """An object that keeps the gradient until backward is called."""
        return SimpleNamespace(gradient=None)

    def forward(self, subject: Any, values: Values) -> Any:
        """The first of the two values."""
        args, kwargs = self.forward_call.bind(values)
        returned = self.function(*args, **kwargs)
        subject.gradient = None
        if isinstance(returned, tuple | list) and len(returned) == 2:
            returned, subject.gradient = returned
        return returned

    def backward(self, subject: Any, values: Values) -> Any:  # noqa: ARG002 - forward has computed it
        """The second of the two values."""
        return subject.gradient


def adapter_of_single_function(
    contract: Contract, function: Callable[..., Any]
) -> SingleFunctionAdapter:
    """The adapter of a function that returns a value and its gradient.

    Raises:
        UnknownDialectError: it takes anything else than the operands.
    """
    forward_call = match_forward(contract, arguments_of(function), "it")
    return SingleFunctionAdapter(
        function, forward_call, {"forward": FUNCTION, "backward": FUNCTION}
    )
