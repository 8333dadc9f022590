"""A gradient of weights that a step has already changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from trigrad.claim.quantity import OUTPUT
from trigrad.contracts.schema import Array
from trigrad.diagnosis.observation import Candidates, Observation
from trigrad.messages import Message


def stepped(seen: Sequence[Observation]) -> Candidates:
    """What a gradient should be after a step of a parameter against its own gradient."""
    contract, quantity = seen[0].contract, seen[0].quantity
    given = {variable.name for variable in contract.parameters} - {quantity.key}
    for name in sorted(given & set(contract.gradients)) if quantity != OUTPUT else ():
        rate = next((r for s in seen if (r := _rate(name, s)) is not None), None)
        if rate is not None:
            yield Message("stepped", name=name), partial(_after, name, rate)


def _after(name: str, rate: float, observation: Observation) -> Array:
    case = observation.case
    gradients = observation.gradients
    return observation.on(case.with_values(**{name: case.arrays[name] - rate * gradients[name]}))


def _rate(name: str, observation: Observation) -> float | None:
    """The learning rate with which a step explains the values best, if they tell one.

    A gradient that is linear in the parameter, as those of matrix products are, moves with it.
    """
    due, is_ = observation.should_be, observation.is_
    if observation.right or is_.shape != due.shape:
        return None
    moved = _after(name, 1.0, observation) - due
    length = float(np.vdot(moved, moved))
    rate = float(np.vdot(moved, is_ - due)) / length if length else 0.0
    return rate if rate > 0 else None
