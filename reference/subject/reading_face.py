"""A subject in one of its contract's readings, with the interface of one in the contract's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Reading
from trigrad.subject.face import (
    Backward,
    BatchAxis,
    Command,
    Face,
    Forward,
    Odd,
    Result,
    Returned,
    Sweep,
)


class ReadingFace:
    """Passes operands in the reading's order and layout, and turns results back.

    Where samples are columns, arrays of two axes are transposed. The subject's own process knows
    nothing of readings.
    """

    def __init__(self, face: Face, reading: Reading) -> None:
        self._face = face
        self._reading = reading
        self.takes_dout = face.takes_dout
        self.frameworks = face.frameworks

    def has(self, method: str) -> bool:
        """Whether there is a further method of that name."""
        return self._face.has(method)

    @property
    def over(self) -> bool:
        """Whether a call did not return."""
        return self._face.over

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Restart the time limit."""
        self._face.start_clock(share, at_most)

    def revive(self) -> None:
        """Forget that a call did not return."""
        self._face.revive()

    def close(self) -> None:
        """Release the resources."""
        self._face.close()

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each."""
        passed = [self._passed(command) for command in commands]
        results = self._face.run(passed)
        return [
            self._turned_back(result, stacked=isinstance(command, Sweep))
            for command, result in zip(passed, results, strict=True)
        ]

    def _passed(self, command: Command) -> Command:
        match command:
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

    def _turned_back(self, result: Result, *, stacked: bool) -> Result:
        if not isinstance(result, Returned):
            return result
        values = {
            name: self._value(value, stacked=stacked) for name, value in result.values.items()
        }
        axis = BatchAxis.COLUMNS if self._reading.columns else result.batch_axis
        return replace(result, values=values, batch_axis=axis)

    def _value(self, value: Array | Odd, *, stacked: bool) -> Array | Odd:
        if isinstance(value, Odd):
            return value
        # A worker makes a number of a loss with one entry: here it is an array, of one sample, say.
        rank = len(self._reading.contract.axes)
        if rank and value.ndim == stacked:
            return value.reshape(*value.shape, *(1,) * rank)
        return self._turned(value, stacked=stacked)
