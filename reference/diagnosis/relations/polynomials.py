"""The local derivative as a polynomial of the output, y * (1 - y), or what was written instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array
from trigrad.diagnosis.observation import Candidates, Observation
from trigrad.messages import Message

DEGREE = 2
"""The highest power: sigmoid has y - y**2, tanh 1 - y**2."""

ROUND = 1e-6
"""How near to a multiple of 1/2 a fitted coefficient must be."""


def of_output(seen: Sequence[Observation]) -> Candidates:
    """The derivative's polynomial with the input instead of the output, or another polynomial."""
    first = seen[0]
    shapes = {v.shape for v in first.contract.variables}
    if (
        first.quantity == OUTPUT
        or len(first.contract.variables) > 1
        or {first.contract.output} != shapes
    ):
        return
    due = _fitted(seen, lambda s: s.should_be)
    if due is None:
        return
    name = first.quantity.gradient_of
    yield (
        Message("polynomial.of_input", polynomial=_written(due, name), name=name),
        lambda s: _value(due, s.case.arrays[name]) * s.case.dout,
    )
    other = _fitted(seen, lambda s: s.is_)
    if other is not None:
        yield (
            Message(
                "polynomial.other", polynomial=_written(other, "y"), should_be=_written(due, "y")
            ),
            lambda s: _value(other, s.on(s.case, OUTPUT)) * s.case.dout,
        )


def _fitted(seen: Sequence[Observation], of: Callable[[Observation], Array]) -> Array | None:
    """The polynomial of the output that a gradient is, divided by dout; None if it is none."""
    outputs, values = [], []
    for observation in seen:
        array = of(observation)
        if observation.case.dout is None or array.shape != observation.case.dout.shape:
            return None
        outputs.append(observation.on(observation.case, OUTPUT).ravel())
        values.append((array / observation.case.dout).ravel())
    y, value = np.concatenate(outputs), np.concatenate(values)
    if not np.isfinite(value).all() or len(np.unique(y)) <= DEGREE + 1:
        return None
    coefficients = np.linalg.lstsq(np.vander(y, DEGREE + 1, increasing=True), value, rcond=None)[0]
    halves = np.round(2 * coefficients) / 2
    return halves if np.abs(coefficients - halves).max() <= ROUND and halves[1:].any() else None


def _value(coefficients: Array, y: Array) -> Array:
    return np.asarray(np.polynomial.polynomial.polyval(y, coefficients))


def _written(coefficients: Array, name: str) -> str:
    """`y - y**2`."""
    written = ""
    for power, number in enumerate(coefficients):
        if number:
            what = ("", name, f"{name}**{power}")[min(power, 2)]
            size = f"{abs(number):g}"
            term = size if not what else what if abs(number) == 1 else f"{size} * {what}"
            if written:
                written += f" - {term}" if number < 0 else f" + {term}"
            else:
                written = f"-{term}" if number < 0 else term
    return written
