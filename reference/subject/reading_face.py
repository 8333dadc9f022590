"""A subject in one of its contract's readings, with the interface of one in the contract's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array, Arrays, GradientScale, Reading, Reduced
from trigrad.subject.face import (
    LAYER,
    Backward,
    BatchAxis,
    Command,
    Dissect,
    Draw,
    Face,
    Form,
    Forward,
    Look,
    Odd,
    Result,
    Returned,
    Sweep,
)
from trigrad.subject.face_around import FaceAround

OUTPUT = "output"
"""Under which name a result holds what forward gave."""


def _scaled(
    scale: GradientScale, commands: Sequence[Command], results: Sequence[Result]
) -> Iterator[Result]:
    """The results with the contract's gradients; the batch is that of the last call."""
    batches: dict[int, int] = {}
    for command, result in zip(commands, results, strict=True):
        if command.which >= LAYER:
            yield result
            continue
        if isinstance(command, Forward | Backward) and command.operands:
            first = next(iter(command.operands.values()))
            batches[command.which] = len(first) if np.ndim(first) > 1 else 1
        if isinstance(command, Backward | Look) and isinstance(result, Returned):
            factor = scale.factor(float(batches.get(command.which, 1)))
            yield replace(
                result,
                values={n: _times(factor, scale, n, v) for n, v in result.values.items()},
            )
        else:
            yield result


def _times(factor: float, scale: GradientScale, name: str, value: Array | Odd) -> Array | Odd:
    concerned = name != OUTPUT and (not scale.names or name in scale.names)
    return value * factor if concerned and isinstance(value, np.ndarray) else value


class ReadingFace(FaceAround):
    """Passes operands in the reading's order and layout, and turns results back.

    Where samples are columns, arrays of two axes are transposed. The subject's own process knows
    nothing of readings.
    """

    def __init__(self, face: Face, reading: Reading) -> None:
        super().__init__(face)
        self._reading = reading

    def _asked(self, commands: Sequence[Command]) -> list[Command]:
        return [self._passed(command) for command in commands]

    def _made_of(self, commands: Sequence[Command], results: list[Result]) -> list[Result]:
        turned = [
            self._turned_back(command, result)
            for command, result in zip(commands, results, strict=True)
        ]
        scale = self._reading.scale
        return turned if scale is None else list(_scaled(scale, commands, turned))

    def _passed(self, command: Command) -> Command:
        if command.which >= LAYER:
            return command  # a layer in the network, which knows nothing of readings
        if self._reading.numbers and isinstance(command, Forward | Backward | Sweep):
            return replace(command, form=Form.NUMBER)
        match command:
            case Dissect() | Draw():
                dout = None if command.dout is None else self._turned(command.dout)
                return replace(command, dout=dout, operands=self._operands(command.operands))
            case Forward():
                return replace(command, operands=self._operands(command.operands))
            case Backward():
                dout = None if command.dout is None else self._turned(command.dout)
                return replace(command, dout=dout, operands=self._operands(command.operands))
            case Sweep():
                operands = self._operands(command.operands)
                return replace(
                    command, operands=operands, stack=self._turned(command.stack, stacked=True)
                )
            case _:
                return command

    def _operands(self, operands: Arrays) -> Arrays:
        names = self._reading.order if len(self._reading.order) == len(operands) else operands
        return {name: self._turned(operands[name]) for name in names}

    def _turned(self, array: Array, *, stacked: bool = False) -> Array:
        """An array in the other layout; of a stack, each of its arrays."""
        if not self._reading.columns or array.ndim - stacked != 2:
            return array
        return np.ascontiguousarray(np.swapaxes(array, -1, -2))

    def _turned_back(self, command: Command, result: Result) -> Result:
        inside = command.which >= LAYER or isinstance(command, Dissect | Draw)
        if inside or not isinstance(result, Returned):
            return result
        stacked = isinstance(command, Sweep)
        values = {
            name: self._value(self._reduced(name, value, stacked=stacked), stacked=stacked)
            for name, value in result.values.items()
        }
        axis = BatchAxis.COLUMNS if self._reading.columns else result.batch_axis
        return replace(result, values=values, batch_axis=axis)

    def _reduced(self, name: str, value: Array | Odd, *, stacked: bool) -> Array | Odd:
        """The sum or mean of the losses of the samples, where it is judged; else the value."""
        how = self._reading.reduced
        if not how or name != OUTPUT or isinstance(value, Odd) or value.ndim == stacked:
            return value
        axes = tuple(range(int(stacked), value.ndim))
        return np.asarray(value.sum(axes) if how is Reduced.SUM else value.mean(axes))

    def _value(self, value: Array | Odd, *, stacked: bool) -> Array | Odd:
        if isinstance(value, Odd):
            return value
        # A worker makes a number of a loss with one entry: here it is an array, of one sample, say.
        rank = len(self._reading.contract.output or ())  # what is only declared does not say it
        if rank and value.ndim == stacked:
            return value.reshape(*value.shape, *(1,) * rank)
        return self._turned(value, stacked=stacked)
