"""The stand-ins for NumPy's float arrays and numbers, over PyTorch's tensors.

Values are float64 whatever the dtype, which is only declared. Arrays of integers and bools, and
float arrays from before the run, stay NumPy's. Whatever would take the values out of a stand-in
without its gradient is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import torch

from trigrad.messages import Message
from trigrad.tracing.session import FLOAT64, lose, session

Real = np.ndarray[Any, np.dtype[Any]]


class StandIn:
    """A float array or number: a tensor in float64, and the dtype that NumPy would give it."""

    __slots__ = ("_shadow", "_source", "_tensor", "_version", "dtype")
    __array_priority__ = 1e6
    _table: ClassVar[dict[str, Any]] = {}
    """NumPy's functions by name, as they work on stand-ins; filled by `functions`."""

    def __init__(self, tensor: torch.Tensor, dtype: np.dtype[Any] = FLOAT64) -> None:
        self._tensor = tensor
        self.dtype = dtype
        self._shadow: Real | None = None
        self._source: torch.Tensor | None = None
        if dtype is not FLOAT64:
            session().meet(dtype)

    # --- inside -----------------------------------------------------------------------------

    @property
    def tensor(self) -> torch.Tensor:
        """Its values, with their history."""
        if self._source is not None and self._source._version != self._version:
            lose(Message("lost.viewed"))
        return self._tensor

    @property
    def shadow(self) -> Real:
        """Its values and its layout in memory as a NumPy array that shares them: not to write."""
        if self._shadow is None:
            self._shadow = self._tensor.detach().numpy()
        return self._shadow

    @property
    def traced(self) -> bool:
        """Whether it depends on the leaves."""
        return self._tensor.requires_grad

    def copied_from(self, source: StandIn) -> None:
        """Note that NumPy would share memory here with a source, and this is a copy."""
        self._source, self._version = source._tensor, source._tensor._version

    def constant(self, why: str | Message) -> Real:
        """A copy of its values in the declared dtype.

        Raises:
            Untraceable: they depend on the leaves.
        """
        if self.traced:
            lose(why)
        return self.tensor.detach().numpy().astype(self.dtype)

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """A function of NumPy's on it."""
        return self._table[name](self, *args, **kwargs)

    # --- NumPy's protocols ------------------------------------------------------------------

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Real:
        real = self.constant(Message("lost.plain"))
        return real if dtype is None else real.astype(dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return self._table["__ufunc__"](ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, _types: Any, args: Any, kwargs: Any) -> Any:
        return self._table["__function__"](function, args, kwargs)

    # --- attributes -------------------------------------------------------------------------

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of its axes."""
        return tuple(self._tensor.shape)

    @shape.setter
    def shape(self, shape: Any) -> None:
        changed = self.call("reshape", shape)
        self._tensor, self._shadow = changed.tensor, None

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._tensor.ndim

    @property
    def size(self) -> int:
        """The number of values."""
        return self._tensor.numel()

    @property
    def itemsize(self) -> int:
        """Bytes of one value in the declared dtype."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """Bytes of all values."""
        return self.size * self.itemsize

    @property
    def strides(self) -> tuple[int, ...]:
        """Bytes from one value to the next, along each axis."""
        return tuple(step * self.itemsize for step in self._tensor.stride())

    @property
    def flags(self) -> Any:
        """How it lies in memory."""
        return self.shadow.flags

    @property
    def T(self) -> Any:
        """With its axes reversed."""
        return self.call("transpose")

    mT = property(lambda self: self.call("matrix_transpose"))  # noqa: N815

    def __getattr__(self, name: str) -> Any:
        if name == "real":
            return self
        try:
            function = self._table[f".{name}"]
        except KeyError:
            raise AttributeError(f"an array has no {name!r} here", name=name, obj=self) from None
        return lambda *args, **kwargs: function(self, *args, **kwargs)

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        if not self.ndim:
            raise TypeError("iteration over a 0-d array")
        return (self[index] for index in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return self._table["__getitem__"](self, key)

    def __contains__(self, value: Any) -> bool:
        return bool(self._table["any"](self == value))

    # --- out of the stand-in ----------------------------------------------------------------

    def _number(self, why: str | Message) -> Any:
        if self.traced:
            lose(why)
        return self.shadow.astype(self.dtype)

    def __float__(self) -> float:
        return float(self._number(Message("lost.float")))

    def __int__(self) -> int:
        return int(self._number("int()"))

    def __complex__(self) -> complex:
        return complex(self._number("complex()"))

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to a scalar index")

    def __bool__(self) -> bool:
        return bool(self._table["not_equal"](self, 0.0)) if self.size == 1 else bool(self.shadow)

    def __repr__(self) -> str:
        return repr(self.shadow.astype(self.dtype)[()])

    def __str__(self) -> str:
        return str(self.shadow.astype(self.dtype)[()])

    def __format__(self, how: str) -> str:
        return format(self.shadow.astype(self.dtype)[()], how)

    def __round__(self, digits: int = 0) -> Any:
        return self.call("round", digits)

    def __copy__(self) -> StandIn:
        return self.call("copy")  # type: ignore[no-any-return]

    def __deepcopy__(self, _memo: Any) -> StandIn:
        return self.call("copy")  # type: ignore[no-any-return]

    def __reduce_ex__(self, _protocol: Any) -> Any:
        lose(Message("lost.pickling"))


class _ArrayType(type):
    """`np.ndarray` for the learner's code: NumPy's own arrays are instances of it too."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """An array of a tensor; the learner's `np.ndarray(shape)` makes an empty one."""
        if args and isinstance(args[0], torch.Tensor):
            return super().__call__(*args, **kwargs)
        return StandIn._table["empty"](*args, **kwargs)

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, np.ndarray) or issubclass(type(value), cls)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is np.ndarray

    def __hash__(cls) -> int:
        return hash(np.ndarray)


class Array(StandIn, metaclass=_ArrayType):
    """A float array: it can be written to."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    @property  # type: ignore[misc]  # isinstance asks for it
    def __class__(self) -> Any:
        return np.ndarray

    def __setitem__(self, key: Any, value: Any) -> None:
        self._table["__setitem__"](self, key, value)

    def store(self, value: torch.Tensor, part: torch.Tensor | None = None) -> None:
        """Overwrite its values, or a part that is a view of them, as NumPy does in place."""
        if self._source is not None:
            lose(Message("lost.view"))
        if not self._tensor.is_contiguous() and any(
            step == 0 and size > 1
            for step, size in zip(self._tensor.stride(), self._tensor.shape, strict=True)
        ):
            raise ValueError("assignment destination is read-only")
        session().overwritten = True
        if value.untyped_storage().data_ptr() == self._tensor.untyped_storage().data_ptr():
            value = value.clone()  # they may overlap
        (self._tensor if part is None else part).copy_(value)

    @property
    def flat(self) -> Any:
        """Its values in a row."""
        return self._table["flat"](self)

    @flat.setter
    def flat(self, value: Any) -> None:
        self._table["flat"](self)[:] = value


class Scalar(StandIn):
    """A float number: it is never changed in place."""

    __slots__ = ()

    @property  # type: ignore[misc]  # isinstance asks for it
    def __class__(self) -> Any:
        return self.dtype.type

    def __hash__(self) -> int:
        return hash(float(self.shadow))

    def is_integer(self) -> bool:
        """Whether it has no fraction."""
        return float(self.shadow).is_integer()
