"""Products of vectors and matrices, and linear algebra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from trigrad.messages import Message
from trigrad.tracing import ties
from trigrad.tracing.array import Array
from trigrad.tracing.conversion import broadcast, dtype_of, made, tensor_of
from trigrad.tracing.elementwise import apply
from trigrad.tracing.reductions import into
from trigrad.tracing.session import lose

Shaped = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def _dot(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    if not one.ndim or not other.ndim:
        return one * other
    if one.ndim <= 2 and other.ndim <= 2:
        return torch.matmul(one, other)
    return _tensordot(one, other, ([one.ndim - 1], [max(other.ndim - 2, 0)]))


def _inner(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    if not one.ndim or not other.ndim:
        return one * other
    return _tensordot(one, other, ([one.ndim - 1], [other.ndim - 1]))


def _tensordot(one: torch.Tensor, other: torch.Tensor, dims: Any) -> torch.Tensor:
    return torch.tensordot(one, other, dims=dims)  # type: ignore[no-any-return]


def _vdot(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return torch.dot(one.reshape(-1), other.reshape(-1))


def _outer(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    return torch.outer(one.reshape(-1), other.reshape(-1))


def product(function: Shaped) -> Callable[..., Any]:
    """NumPy's function for a product of two arrays."""

    def call(a: Any, b: Any, out: Any = None) -> Any:
        return into(out, made(function(tensor_of(a), tensor_of(b)), dtype_of(a, b)))

    return call


dot, inner, vdot, outer = product(_dot), product(_inner), product(_vdot), product(_outer)
kron = product(torch.kron)


def outer_of(name: str, one: Any, other: Any) -> Any:
    """`np.add.outer` and the like."""
    left, right = tensor_of(one), tensor_of(other)
    spread = left.reshape(*left.shape, *[1] * right.ndim)
    return apply(name, (Array(spread, dtype_of(one)), Array(right, dtype_of(other))))


def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """`np.tensordot`."""
    if isinstance(axes, int | np.integer):
        dims: Any = int(axes)
    else:
        pairs = ([each] if isinstance(each, int | np.integer) else each for each in axes)
        dims = tuple([int(axis) for axis in each] for each in pairs)
    return made(_tensordot(tensor_of(a), tensor_of(b), dims), dtype_of(a, b))


def einsum(*operands: Any, out: Any = None, **_: Any) -> Any:
    """`np.einsum`, in both ways to write it."""
    if isinstance(operands[0], str):
        how, arrays = operands[0].replace(" ", ""), operands[1:]
        found = torch.einsum(how, *map(tensor_of, arrays))
    else:
        arrays = operands[: len(operands) // 2 * 2 : 2]
        found = torch.einsum(*(each if k % 2 else tensor_of(each) for k, each in _pairs(operands)))
    return into(out, made(found, dtype_of(*arrays)))


def _pairs(operands: tuple[Any, ...]) -> list[tuple[int, Any]]:
    """Arrays at even places and lists of axes at odd ones, with the axes of the result last."""
    pairs = list(enumerate(operands))
    return [*pairs[:-1], (1, operands[-1])] if len(operands) % 2 else pairs


def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1, **_: Any) -> Any:
    """`np.trace`."""
    found = torch.diagonal(tensor_of(a), offset, axis1, axis2).sum(-1)
    return made(found, dtype_of(a))


def cross(
    a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: Any = None
) -> Any:
    """`np.cross` of vectors of three."""
    if axis is not None:
        axisa = axisb = axisc = axis
    one, other = tensor_of(a).movedim(axisa, -1), tensor_of(b).movedim(axisb, -1)
    one, other = broadcast((one, other))
    return made(torch.linalg.cross(one, other).movedim(-1, axisc), dtype_of(a, b))


def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """`np.convolve`."""
    return _slid(a, v, mode, flip=True)


def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """`np.correlate`."""
    return _slid(a, v, mode, flip=False)


def _slid(a: Any, v: Any, mode: str, flip: bool) -> Any:
    signal, kernel = tensor_of(a), tensor_of(v)
    if signal.numel() < kernel.numel():
        if not flip:
            lose(Message("lost.longer"))
        signal, kernel = kernel, signal
    size = kernel.numel()
    before, after = {
        "full": (size - 1, size - 1),
        "same": (size // 2, (size - 1) // 2) if not flip else (size // 2, size - 1 - size // 2),
        "valid": (0, 0),
    }[mode]
    padded = torch.nn.functional.pad(signal, (before, after))
    found = padded.unfold(0, size, 1) @ (kernel.flip(0) if flip else kernel)
    return made(found, dtype_of(a, v))


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """`np.linalg.norm`; its derivative jumps where the norm of order 2 is 0."""
    value = tensor_of(x)
    if ord is None:
        dims = tuple(range(value.ndim)) if axis is None else axis
        found = torch.linalg.vector_norm(value, 2, dims, keepdim=keepdims)
        ties.note(found)
    elif axis is None or not isinstance(axis, int | np.integer):
        matrix = axis is not None or value.ndim == 2
        if matrix and ord not in ("fro", 2, 1, np.inf):
            lose(f"np.linalg.norm(…, ord={ord})")
        found = torch.linalg.norm(value, ord, axis, keepdim=keepdims)
    else:
        found = torch.linalg.vector_norm(value, ord, int(axis), keepdim=keepdims)
        ties.note(value if ord == 1 else found)
    return made(found, dtype_of(x))


def _solve(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    solved: torch.Tensor = torch.linalg.solve(a, b)
    return solved


def _algebra(function: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Any], Any]:
    return lambda a: made(function(tensor_of(a)), dtype_of(a))


def slogdet(a: Any) -> Any:
    """`np.linalg.slogdet`."""
    sign, size = torch.linalg.slogdet(tensor_of(a))
    return made(sign.detach()), made(size, dtype_of(a))


def multi_dot(arrays: Any, *, out: Any = None) -> Any:
    """`np.linalg.multi_dot`."""
    found = arrays[0]
    for each in arrays[1:]:
        found = dot(found, each)
    return into(out, found)


def matrix_power(a: Any, n: int) -> Any:
    """`np.linalg.matrix_power`."""
    return made(torch.linalg.matrix_power(tensor_of(a), n), dtype_of(a))


LINALG: dict[str, Callable[..., Any]] = {
    "norm": norm,
    "inv": _algebra(torch.linalg.inv),
    "pinv": _algebra(torch.linalg.pinv),
    "det": _algebra(torch.linalg.det),
    "cholesky": _algebra(torch.linalg.cholesky),
    "solve": product(_solve),
    "slogdet": slogdet,
    "multi_dot": multi_dot,
    "matrix_power": matrix_power,
}
