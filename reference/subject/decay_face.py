"""A subject whose gradients have weight decay in them, with the interface of one without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from trigrad.contracts.schema import Array, Arrays
from trigrad.subject.face import (
    LAYER,
    Backward,
    Build,
    Command,
    Face,
    Forward,
    Look,
    Method,
    Odd,
    Result,
    Returned,
    Rewrite,
    Sweep,
)
from trigrad.subject.face_around import FaceAround


@dataclass(frozen=True)
class Decay:
    """A multiple of each parameter that is added to its gradient, in every case the same one."""

    rates: Mapping[str, float]
    """By the parameter; those that are not decayed are not there."""
    batch: str
    """The operand whose first axis is the batch."""
    power: int = 0
    """The rates are multiplied by the batch size to this power: -1 for `lambda / m * W`."""
    in_loss: bool = False
    """Whether the loss has the term of which this is the derivative, `rate / 2 * sum(W**2)`."""

    def scale(self, operands: Arrays) -> float:
        """What the rates are multiplied by for a batch."""
        array = operands.get(self.batch)
        size = len(array) if array is not None and array.ndim > 1 else 1
        return float(max(1, size)) ** self.power


@dataclass
class _Object:
    """What one object of the subject was given last."""

    parameters: Arrays
    operands: Arrays
    added: dict[str, Array]
    """What its last loss and gradients had in addition."""


class DecayFace(FaceAround):
    """Takes the decay off the gradients, and its term off the loss if it is there, too."""

    def __init__(self, face: Face, decay: Decay) -> None:
        super().__init__(face)
        self._decay = decay

    def _made_of(self, commands: Sequence[Command], results: list[Result]) -> list[Result]:
        objects: dict[int, _Object] = {}
        return [
            self._result(command, result, objects)
            for command, result in zip(commands, results, strict=True)
        ]

    def _result(self, command: Command, result: Result, objects: dict[int, _Object]) -> Result:
        if command.which >= LAYER:
            return result  # of a layer in the network
        it = objects.setdefault(command.which, _Object({}, {}, {}))
        match command:
            case Build() | Rewrite():
                it.parameters = {k: np.array(v) for k, v in command.parameters.items()}
                return result
            case Forward():
                it.operands = command.operands
                added = self._of_loss(it.parameters, it.operands)
                it.added |= added
            case Backward():
                it.operands = command.operands or it.operands
                added = self._of_gradients(it.parameters, it.operands)
                it.added |= added
            case Sweep():
                added = self._of_sweep(command)
            case Method():  # a network's own numerical gradient is that of its loss
                in_loss = self._decay.in_loss
                added = self._of_gradients(it.parameters, command.operands) if in_loss else {}
            case Look():
                added = it.added
            case _:
                return result
        return _without(result, added)

    def _of_gradients(self, parameters: Arrays, operands: Arrays) -> dict[str, Array]:
        scale = self._decay.scale(operands)
        rates = self._decay.rates
        return {k: scale * rates[k] * v for k, v in parameters.items() if k in rates}

    def _of_loss(self, parameters: Arrays, operands: Arrays) -> dict[str, Array]:
        if not self._decay.in_loss:
            return {}
        squares = (
            rate * float(np.sum(np.square(parameters[name])))
            for name, rate in self._decay.rates.items()
            if name in parameters
        )
        return {"output": np.asarray(self._decay.scale(operands) / 2 * sum(squares))}

    def _of_sweep(self, sweep: Sweep) -> dict[str, Array]:
        if not self._decay.in_loss:
            return {}
        found = []
        for value in sweep.stack:
            parameters = {k: value if k == sweep.name else v for k, v in sweep.parameters.items()}
            operands = {k: value if k == sweep.name else v for k, v in sweep.operands.items()}
            found.append(self._of_loss(parameters, operands)["output"])
        return {"output": np.stack(found)}


def _without(result: Result, added: Arrays) -> Result:
    """A result less what was added to its values, in their own dtypes."""
    if not isinstance(result, Returned):
        return result
    values: dict[str, Array | Odd] = dict(result.values)
    for name, more in added.items():
        value = values.get(name)
        if (
            isinstance(value, np.ndarray)
            and value.shape == more.shape
            and value.dtype.kind in "fiu"
        ):
            dtype = value.dtype if value.dtype.kind == "f" else np.dtype(np.float64)
            values[name] = np.asarray(value - more).astype(dtype)
    return replace(result, values=values)
