"""A function of one array and its derivative, as the two passes of a layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import Adapter, Values
from trigrad.subject.dialects.argument_matching import WeightDelivery
from trigrad.subject.dialects.argument_roles import DOUT, AssignedArgument, CallPlan
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.function_adapters import adapter_of_pair
from trigrad.subject.dialects.layer_dialect import LayerDialect
from trigrad.subject.dialects.signatures import UnknownDialectError, positional

_PROBE = np.array([[-1.75, -0.5, 0.25], [0.75, 1.5, 2.25]])
"""Points at which both readings of a derivative are compared; none is a kink."""

_STEP = 1e-5
_NEAR = 1e-6
"""The step of central differences, and how near a right derivative is: their error is _STEP**2
times a third derivative, and rounding divided by the step, both below 1e-9 at these points."""


@dataclass
class DerivativeAdapter:
    """Forward is the function; backward is dout times the derivative, at x or at the output."""

    function: Callable[..., Any]
    derivative: Callable[..., Any]
    operand: str
    calls: dict[str, str]
    only_of_x: bool = False
    """Whether the derivative's argument is named as what comes before the function: `z`."""
    weights: WeightDelivery = WeightDelivery.TO_FORWARD
    takes_dout: bool = True
    needs_dout: bool = True
    stores_results: bool = False
    needs_sizes: bool = False
    may_take_labels: bool = False
    is_pair: bool = False
    others: tuple[Adapter, ...] = ()
    doubt: str = ""
    of_output: bool | None = field(default=None, init=False)
    """Whether it is taken at the output; None until it was tried."""
    forward_call: CallPlan = field(init=False)

    def __post_init__(self) -> None:
        self.forward_call = CallPlan((AssignedArgument("", self.operand, positional=True),))

    @property
    def defined(self) -> Any:
        """The function."""
        return self.function

    @property
    def backward_plan(self) -> CallPlan:
        """`dout` is multiplied by what the derivative returns."""
        return CallPlan((AssignedArgument("", DOUT, positional=True),))

    def takes(self, role: str) -> bool:  # noqa: ARG002 - functions have no weights to change
        """Functions keep nothing that could be updated."""
        return False

    @property
    def parameter_names(self) -> dict[str, str]:
        """It has no parameters."""
        return {}

    def make(self, values: Values) -> Any:  # noqa: ARG002 - there are no weights
        """An object that keeps x until backward is called."""
        if self.of_output is None:
            self.of_output = not self.only_of_x and self._fits(False) is False and self._fits(True)
        return SimpleNamespace(at=None)

    def forward(self, subject: Any, values: Values) -> Any:
        """The function's value."""
        out = _first(self.function(values[self.operand]))
        subject.at = out if self.of_output else values[self.operand]
        return out

    def backward(self, subject: Any, values: Values) -> Any:
        """`dout` times the derivative."""
        slope = self.derivative(subject.at)
        return values[DOUT] * slope if isinstance(slope, np.ndarray | float | int) else slope

    def _fits(self, of_output: bool) -> bool:
        """Whether the derivative is that of the function in one of the two readings."""
        try:
            out = _first(self.function(_PROBE.copy()))
            slope = self.derivative(np.array(out) if of_output else _PROBE.copy())
            above = np.asarray(_first(self.function(_PROBE + _STEP)))
            numerical = (above - _first(self.function(_PROBE - _STEP))) / (2 * _STEP)
            return bool(np.allclose(slope, numerical, rtol=0, atol=_NEAR))
        except ERRORS:  # the claims run it again and report what it raises
            return False


def _first(returned: Any) -> Any:
    """The value of a function that returns a cache beside it."""
    return returned[0] if isinstance(returned, tuple) and returned else returned


class DerivativeDialect(LayerDialect):
    """The dialect of a derivative; it says at which of the two it is taken."""

    def __init__(self, contract: Contract, adapter: DerivativeAdapter) -> None:
        super().__init__(contract, adapter)
        self._derivative = adapter

    @property
    def notes(self) -> tuple[str, ...]:
        """How the derivative is read."""
        names = self._derivative.calls
        at = "derivative.at_output" if self._derivative.of_output else "derivative.at_x"
        return str(
            Message(at, function=names["forward"], derivative=names["backward"])
        ), *super().notes


def dialect_of_derivative(
    contract: Contract,
    function: Callable[..., Any],
    derivative: Callable[..., Any],
    calls: tuple[str, str],
    *,
    only_of_x: bool,
) -> LayerDialect:
    """How to call a function and its derivative; one that is given dout too is a backward.

    The derivative of a loss takes what the loss takes.

    Raises:
        UnknownDialectError: the function does not take one array, or its derivative more than two.
    """
    if contract.scalar:
        return LayerDialect(contract, adapter_of_pair(contract, function, derivative, kept=False))
    if positional(derivative)[0] > 1:
        return LayerDialect(contract, adapter_of_pair(contract, function, derivative))
    for name, each in zip(calls, (function, derivative), strict=True):
        needed, taken = positional(each)
        if not needed <= 1 <= taken:
            raise UnknownDialectError(str(Message("unread.more_arrays", name=name)))
    forward, backward = calls
    adapter = DerivativeAdapter(
        function,
        derivative,
        contract.operands[0].name,
        {"forward": forward, "backward": backward},
        only_of_x,
    )
    return DerivativeDialect(contract, adapter)
