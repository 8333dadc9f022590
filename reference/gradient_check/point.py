"""The point at which a loss is differentiated: parameters are moved and put back bit for bit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.gradient_check.arguments import GradcheckError, Loss
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.boxes import Box
from trigrad.numerics.slope import ValuesAt

FINEST = 2.0**-50
"""A grain up to this share of a value is no coarser than that of any float64."""


class Point:
    """The point at which a loss is differentiated.

    After `leave` the arrays hold what they held, bit for bit. Beside the parameters it keeps one
    copy of them.
    """

    def __init__(self, loss: Loss, params: Mapping[str, Array]) -> None:
        self._loss = loss
        self._arrays = params
        self._kept = {name: array.copy() for name, array in params.items()}
        self._moved: Sequence[Box] = ()
        self._locked = [name for name, array in params.items() if not array.flags.writeable]
        self._entered = False
        self.evaluations = 0
        self.on_evaluation: Callable[[int], None] | None = None
        """Is called with the number of evaluations so far, before each of them."""
        self._first: float | None = None
        self.varies = False
        self._grains = (np.inf, np.inf)
        self.eps = max(float(np.finfo(a.dtype).eps) for a in params.values())
        self.eps = max(self.eps, float(np.finfo(np.float64).eps))  # a loss is read as float64

    def unlock(self) -> None:
        """Make read-only arrays writable, until `leave`.

        Raises:
            GradcheckError: with all those that cannot be written.
        """
        fixed = [name for name in self._locked if not _unlocked(self._arrays[name])]
        if fixed:
            raise GradcheckError(
                "\n".join(str(Message("gc.read_only", name=repr(name))) for name in fixed)
            )
        self._entered = True

    def leave(self) -> None:
        """Put everything back. If it is interrupted, it can be called again."""
        if self._entered:
            for name, array in self._arrays.items():
                if not array.flags.writeable:
                    array.flags.writeable = True  # the loss has made it read-only
                np.copyto(array, self._kept[name])
        for name in self._locked:
            self._arrays[name].flags.writeable = False
        self._entered = False

    def kept(self, name: str) -> Array:
        """The values of a parameter at the point. Not to be changed."""
        return self._kept[name]

    def changed(self) -> list[str]:
        """The parameters whose values have changed, though nothing was moved."""
        return [
            name
            for name, array in self._arrays.items()
            if not self._moved and not np.array_equal(array, self._kept[name])
        ]

    def loss_here(self) -> float:
        """The loss at the point itself.

        Raises:
            GradcheckError: it is no number, or not a finite one.
        """
        value = self.loss_again()
        if not np.isfinite(value):
            raise GradcheckError(str(Message("gc.loss_not_finite", value=value)))
        return value

    def loss_again(self) -> float:
        """The loss at the point, whatever it is."""
        self._put_back()
        return self._value()

    def line(
        self, boxes: Sequence[Box], directions: Mapping[str, Array], scale: Mapping[str, float]
    ) -> ValuesAt:
        """The loss on the line through the point along which the entries in the boxes move.

        At t an entry is moved by t times its direction times its parameter's scale. The other
        entries stay at their place. directions: for each parameter an array of its shape.
        """
        ways = [
            (
                self._arrays[box.name][box.slices],
                self._kept[box.name][box.slices],
                directions[box.name][box.slices],
                scale[box.name],
            )
            for box in boxes
        ]

        def value_at(t: float) -> float:
            if self._moved is not boxes:
                self._put_back()
                self._moved = boxes
            for moved, kept, direction, by in ways:
                np.multiply(direction, t * by, out=moved)
                np.add(moved, kept, out=moved)
            return self._value()

        def values_at(steps: Sequence[float]) -> Array:
            # Away from the point the loss may overflow; its value is then not finite.
            with np.errstate(all="ignore"):
                return np.array([value_at(t) for t in steps])

        return values_at

    @property
    def grain(self) -> float:
        """The number of which all values of the loss are multiples; 0 while they are all equal."""
        return max(self._grains) if self.varies else 0.0

    def _put_back(self) -> None:
        for box in self._moved:
            self._arrays[box.name][box.slices] = self._kept[box.name][box.slices]
        self._moved = ()

    def _value(self) -> float:
        self.evaluations += 1
        if self.on_evaluation is not None:
            self.on_evaluation(self.evaluations)
        given = self._loss()
        value = _number(given)
        if isinstance(given, np.floating | np.ndarray) and value.dtype.itemsize < 8:
            self.eps = max(self.eps, float(np.finfo(value.dtype).eps))
        number = float(value.item())
        self._count(number)
        return number

    def _count(self, number: float) -> None:
        if not math.isfinite(number):
            return
        self._first = number if self._first is None else self._first
        self.varies |= number != self._first
        if max(self._grains) <= FINEST * abs(number):
            return  # as fine as float64 itself
        binary, decimal = tolerance.grains(number)
        self._grains = (min(self._grains[0], binary), min(self._grains[1], decimal))


def _unlocked(array: Array) -> bool:
    try:
        array.flags.writeable = True
    except ValueError:
        return False
    return True


def _number(given: Any) -> np.ndarray[Any, Any]:
    if given is None:
        raise GradcheckError(str(Message("gc.loss_none")))
    if isinstance(given, list | tuple) and len(given) > 1:
        raise GradcheckError(
            str(Message("gc.loss_several", kind=type(given).__name__, count=len(given)))
        )
    array = np.asarray(given)
    if array.dtype.kind not in "fiub":
        raise GradcheckError(str(Message("gc.loss_no_number", kind=type(given).__name__)))
    if array.shape not in ((), (1,)):
        raise GradcheckError(str(Message("gc.loss_shape", shape=str(array.shape))))
    return array.astype(np.float64) if array.dtype.kind != "f" else array
