"""The stand-ins of the complex step: complex arrays that pass for real ones.

The imaginary part is a tiny multiple of the derivative along one direction, and NumPy's own
arithmetic on complex numbers carries it on. What asks for order or size asks the real part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.tracing.names import METHODS
from trigrad.tracing.session import FLOAT64, lose, session

Real = np.ndarray[Any, np.dtype[Any]]
COMPLEX = np.dtype(np.complex128)


class Step(np.ndarray[Any, Any]):
    """A float array with its derivative along one direction."""

    __array_priority__ = 1e6
    table: Mapping[str, Any]
    """What works otherwise than on complex arrays; filled by `complex_functions`."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return self.table["__ufunc__"](ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, _types: Any, args: Any, kwargs: Any) -> Any:
        return self.table["__function__"](function, args, kwargs)

    @property
    def dtype(self) -> Any:
        """That of the real part."""
        return FLOAT64

    @property  # type: ignore[misc]
    def real(self) -> Any:
        """Itself: to the learner it is real."""
        return self

    @property  # type: ignore[misc]
    def imag(self) -> Any:
        """Zeros."""
        return np.zeros(self.shape)

    @property
    def flat(self) -> Any:
        """Its values in a row."""
        return StepFlat(self)

    @flat.setter
    def flat(self, value: Any) -> None:
        base(self).flat = base(value)

    def fill(self, value: Any) -> None:
        """Write one value everywhere."""
        base(self).fill(base(value)[()] if is_step(value) else value)

    def __getitem__(self, key: Any) -> Any:
        return stepped(base(self)[_index(key)])

    def __setitem__(self, key: Any, value: Any) -> None:
        base(self)[_index(key)] = base(value)

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    def astype(self, dtype: Any, *_: Any, **__: Any) -> Any:
        """A copy; whole numbers are cut off."""
        kind = np.dtype(dtype)
        if kind.kind == "f":
            session().meet(kind)
            return self.copy()
        if kind.kind not in "iub":
            lose(f"astype({kind})")
        if kind.kind != "b":
            note_steps(base(self))
        return base(self).real.astype(kind)

    def item(self, *place: Any) -> Any:
        """One value."""
        return stepped(base(self).item(*place))

    def tolist(self) -> Any:
        """The values in nested lists."""
        return [each.tolist() for each in self] if self.ndim else self

    def copy(self, order: Any = "C") -> Any:
        """A copy."""
        return stepped(base(self).copy(order), number=type(self) is StepNumber)

    def conj(self) -> Any:
        """Itself: to the learner it is real."""
        return self

    conjugate = conj

    def _number(self, why: str | Message) -> Any:
        if base(self).imag.any():
            lose(why)
        return base(self).real

    def __float__(self) -> float:
        return float(self._number(Message("lost.float")))

    def __int__(self) -> int:
        return int(self._number("int()"))

    def __complex__(self) -> complex:
        return complex(self._number("complex()"))

    def __bool__(self) -> bool:
        if self.size == 1:
            note(base(self))
        return bool(base(self).real)

    def __repr__(self) -> str:
        return repr(base(self).real[()])

    def __str__(self) -> str:
        return str(base(self).real[()])

    def __format__(self, how: str) -> str:
        return format(base(self).real[()], how)

    def __round__(self, digits: int = 0) -> Any:
        return np.round(self, digits)

    def __reduce__(self) -> Any:
        lose(Message("lost.pickling"))


class StepFlat:
    """An array's values in a row, as `x.flat` has them."""

    def __init__(self, array: Step) -> None:
        self._array = array

    def __len__(self) -> int:
        return self._array.size

    def __iter__(self) -> Any:
        return (self[index] for index in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return stepped(base(self._array).flat[key])

    def __setitem__(self, key: Any, value: Any) -> None:
        base(self._array).flat[key] = base(value)


class StepNumber(Step):
    """A float number: it is never changed in place."""

    @property  # type: ignore[misc]  # isinstance asks for it
    def __class__(self) -> Any:
        return np.float64

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(float(base(self).real))


def _add_methods() -> None:
    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
        setattr(StepNumber, f"__i{name}__", getattr(np.ndarray, f"__{name}__"))
    for name in METHODS:
        if name not in vars(Step):
            setattr(Step, name, _method(name))


def _method(name: str) -> Any:
    return lambda self, *args, **kwargs: Step.table[name](self, *args, **kwargs)


_add_methods()


def base(value: Any) -> Any:
    """A value with complex arrays in place of stand-ins."""
    if isinstance(value, np.ndarray) and issubclass(type(value), Step):
        return value.view(np.ndarray)
    if type(value) in (list, tuple):
        return type(value)(map(base, value))
    if type(value) is dict:
        return {key: base(each) for key, each in value.items()}
    return value


def _index(key: Any) -> Any:
    if is_step(key):
        raise IndexError("arrays used as indices must be of integer (or boolean) type")
    return key


def stepped(value: Any, number: bool = False) -> Any:
    """A value with stand-ins in place of complex arrays and new float arrays."""
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            session().meet(value.dtype)
            value = value.astype(COMPLEX)
        return value.view(StepNumber if number else Step) if value.dtype == COMPLEX else value
    if isinstance(value, complex | np.complexfloating):
        return np.asarray(value, COMPLEX).view(StepNumber)
    if isinstance(value, np.floating):
        session().meet(value.dtype)
    if isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        return type(value)(stepped(each) for each in value)
    return value


def is_step(value: Any) -> bool:
    """Whether a value is one of these stand-ins."""
    return issubclass(type(value), Step)


def holds_step(value: Any) -> bool:
    """Whether a value is one, or a nested list with one."""
    if type(value) in (list, tuple):
        return any(map(holds_step, value))
    return issubclass(type(value), Step)


def note(gap: Any) -> None:
    """Note differences that decide something: 0 is a tie, if its two sides move apart."""
    gaps = np.asarray(gap, COMPLEX)
    sizes = np.abs(gaps.real[(gaps.real != 0) | (gaps.imag != 0)])
    sizes = sizes[~np.isnan(sizes)]
    if sizes.size and gaps.imag.any():
        session().meet_gap(float(sizes.min()))


def note_steps(values: Any) -> None:
    """Note the distance of values from the nearest whole number."""
    note(values - np.round(np.real(values)))
