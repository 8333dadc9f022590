"""NumPy's elementwise functions on stand-ins, by the names of its ufuncs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from trigrad.tracing import stabilisers, ties
from trigrad.tracing.array import Array, StandIn
from trigrad.tracing.conversion import Plain, dtype_of, made, tensor_of
from trigrad.tracing.names import UNARY
from trigrad.tracing.session import lose

Function = Callable[..., Any]


def _kinked(function: Function, gap: Function) -> Function:
    """A function that notes how near its arguments are to a kink."""

    def call(*values: torch.Tensor) -> Any:
        ties.note(gap(*values))
        return function(*values)

    return call


def _steps(function: Function) -> Function:
    """A function that is constant between whole numbers (and rint between their middles)."""
    middle = 0.5 if function is torch.round else 0.0

    def call(values: torch.Tensor) -> torch.Tensor:
        ties.note_steps(values + middle)
        return function(values)  # type: ignore[no-any-return]

    return call


def _itself(value: torch.Tensor) -> torch.Tensor:
    return value


def _cbrt(value: torch.Tensor) -> torch.Tensor:
    return torch.sign(value) * torch.abs(value) ** (1 / 3)


def _floor_divide(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return _steps(torch.floor)(one / other)  # type: ignore[no-any-return]


def _remainder(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    ties.note_steps(one / other)
    return torch.remainder(one, other)


def _fmod(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    ties.note_steps(one / other)
    return torch.fmod(one, other)


def _clip(
    value: torch.Tensor, low: torch.Tensor | None = None, high: torch.Tensor | None = None
) -> torch.Tensor:
    for bound, choose in ((low, torch.maximum), (high, torch.minimum)):
        if bound is not None:
            ties.note(value - bound)
            value = choose(value, bound)
    return value


def _heaviside(value: torch.Tensor, at_zero: torch.Tensor) -> torch.Tensor:
    return torch.where(value == 0, at_zero, (value > 0).to(value.dtype))


_DEGREE = math.pi / 180
_MAXIMUM = _kinked(torch.maximum, torch.sub)
_MINIMUM = _kinked(torch.minimum, torch.sub)
_ABSOLUTE = _kinked(torch.abs, _itself)

FUNCTIONS: Mapping[str, Function] = {
    # one argument
    **{name: getattr(torch, name) for name in UNARY},
    "positive": _itself,
    "conjugate": _itself,
    "absolute": _ABSOLUTE,
    "fabs": _ABSOLUTE,
    "cbrt": _cbrt,
    "sign": _kinked(torch.sign, _itself),
    "floor": _steps(torch.floor),
    "ceil": _steps(torch.ceil),
    "trunc": _steps(torch.trunc),
    "rint": _steps(torch.round),
    "deg2rad": lambda value: value * _DEGREE,
    "radians": lambda value: value * _DEGREE,
    "rad2deg": lambda value: value / _DEGREE,
    "degrees": lambda value: value / _DEGREE,
    "expit": torch.sigmoid,
    "log_expit": torch.nn.functional.logsigmoid,
    "logit": torch.logit,
    "ndtr": torch.special.ndtr,
    # two
    "add": torch.add,
    "subtract": torch.sub,
    "multiply": torch.mul,
    "divide": torch.div,
    "power": torch.pow,
    "float_power": torch.pow,
    "maximum": _MAXIMUM,
    "fmax": _MAXIMUM,
    "minimum": _MINIMUM,
    "fmin": _MINIMUM,
    "logaddexp": torch.logaddexp,
    "logaddexp2": torch.logaddexp2,
    "hypot": torch.hypot,
    "arctan2": torch.atan2,
    "fmod": _fmod,
    "remainder": _remainder,
    "floor_divide": _floor_divide,
    "copysign": _kinked(torch.copysign, lambda _, other: other),
    "heaviside": _kinked(_heaviside, lambda value, _: value),
    "matmul": torch.matmul,
    # three
    "clip": _clip,
}

COMPARISONS: Mapping[str, Function] = {
    "greater": torch.gt,
    "greater_equal": torch.ge,
    "less": torch.lt,
    "less_equal": torch.le,
    "equal": torch.eq,
    "not_equal": torch.ne,
}
LOGIC: Mapping[str, Function] = {
    "logical_and": torch.logical_and,
    "logical_or": torch.logical_or,
    "logical_xor": torch.logical_xor,
    "logical_not": torch.logical_not,
}
QUESTIONS: Mapping[str, Function] = {
    "isnan": torch.isnan,
    "isinf": torch.isinf,
    "isfinite": torch.isfinite,
    "signbit": torch.signbit,
}
SEVERAL = {"divmod": ("floor_divide", "remainder")}


def apply(name: str, inputs: tuple[Any, ...]) -> Any:
    """An elementwise function on stand-ins and what NumPy broadcasts with them.

    Raises:
        Untraceable: it is none that we know, or is given what has no gradient.
    """
    function = FUNCTIONS.get(name)
    inputs = stabilisers.seen(name, inputs)
    if function is None:
        return _without_gradient(name, inputs)
    return made(function(*_operands(name, inputs)), dtype_of(*(v for v in inputs if v is not None)))


def _operands(name: str, inputs: tuple[Any, ...]) -> list[Any]:
    operands: list[Any] = []
    for place, value in enumerate(inputs):
        if issubclass(type(value), StandIn):
            operands.append(value.tensor)
        elif value is None or (place and type(value) in (int, float) and name in _WITH_NUMBERS):
            operands.append(value)
        else:
            operands.append(tensor_of(value))
    return operands


_WITH_NUMBERS = {"add", "subtract", "multiply", "divide", "power"}
"""Functions of PyTorch's that take a number as the second argument."""


def _without_gradient(name: str, inputs: tuple[Any, ...]) -> Any:
    """A function whose values are bools: comparisons are noted."""
    if name in SEVERAL:
        return tuple(apply(each, inputs) for each in SEVERAL[name])
    if name in COMPARISONS:
        if any(value is None or type(value) is str for value in inputs):
            return name == "not_equal"
        one, other = map(tensor_of, inputs)
        ties.note(one - other)
        return _plain(COMPARISONS[name](one, other))
    values = [tensor_of(value) for value in inputs]
    if name in LOGIC:
        for value in values:
            ties.note(value)
        return _plain(LOGIC[name](*values))
    if name in QUESTIONS:
        return _plain(QUESTIONS[name](*values))
    lose(f"np.{name}")


def _plain(answer: torch.Tensor) -> Any:
    array = answer.numpy()
    return array.view(Plain) if array.ndim else np.bool_(array.item())


def safe_inputs(inputs: tuple[Any, ...], where: Any) -> tuple[Any, ...]:
    """Ones in place of what `where=` leaves out: its derivative may be infinite there."""
    chosen = torch.tensor(np.asarray(where, dtype=bool))
    return tuple(
        Array(torch.where(chosen, tensor_of(value), 1.0), dtype_of(value)) for value in inputs
    )
