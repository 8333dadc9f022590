"""`check_layer`: judge one object, as it is, on inputs such as the given ones."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np

from trigrad.api import check
from trigrad.contracts.declaration import RESERVED
from trigrad.contracts.schema import Array
from trigrad.defaults import EXAMPLES
from trigrad.report.report import Report
from trigrad.subject.dialects.argument_roles import method_arguments
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.declared_gradients import held_by, sources
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.source.passes import passes_among


def check_layer(
    layer: Any,
    *inputs: Any,
    weights: Sequence[str] | None = None,
    forward: str = "forward",
    backward: str = "backward",
    seed: int = 0,
    examples: int = EXAMPLES,
) -> Report:
    """Judge a layer that is there already, in one line of a test: `assert check_layer(conv, x)`.

    Its forward is taken as it is, and its backward is held to it, by differences and by PyTorch,
    which runs that forward. Inputs and weights of the same shapes and kinds are drawn. The object
    itself is not changed: each call is made on a deep copy of it.

    Args:
        layer: an object with two passes, of which `backward(dout)` returns or stores the gradients.
        inputs: the arrays that forward takes. Shapes are kept; integers are class labels or
            indices below the largest one; rows that add up to 1, values between 0 and 1, and
            positive ones stay so.
        weights: names of the arrays of the object whose gradients backward must give; without it,
            those for which it gives any.
        forward, backward: the names of the passes, if the usual ones are not there.
        seed: decides every case.
        examples: cases that are drawn.

    Returns:
        A Report, which is true in a condition if all holds; its text says what does not.

    Raises:
        TypeError: the layer is a class, or cannot be copied; or it has no such passes.
        ValueError: an input is no array of numbers, or there is none; or the object holds no array
            of one of the names in `weights`.
    """
    if isinstance(layer, type):
        raise TypeError(f"{layer.__name__} is a class; give an object of it, or call check")
    try:
        copy.deepcopy(layer)
    except Exception as error:
        raise TypeError(f"{type(layer).__name__} cannot be copied: {error}") from error
    names = _names(layer, forward, backward, len(inputs))
    arrays = dict(zip(names, map(np.asarray, inputs), strict=True))
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub" or not array.size:
            raise ValueError(f"{name} is no array of numbers, but {array.dtype} {array.shape}")
    if not arrays:
        raise ValueError("there is no input: give what forward takes, check_layer(layer, x)")
    held = _weights(layer, weights, arrays, forward, backward)
    parts = [f"{name}: {kind_of(array)}" for name, array in arrays.items()]
    parts += [f"{name}: {' '.join(map(str, array.shape))}" for name, array in held.items()]
    passes = passes_among(methods_of(type(layer)))
    if passes is None or (passes.forward, passes.backward) != (forward, backward):
        parts.append(f"forward: layer.{forward}({', '.join(names)})")
        parts.append(f"backward: layer.{backward}(dout)")
    return check(
        type(layer),
        "; ".join(parts),
        build=lambda: copy.deepcopy(layer),
        seed=seed,
        examples=examples,
    )


def _names(layer: Any, forward: str, backward: str, count: int) -> list[str]:
    """A name for each input: forward's own, where a declaration may use it."""
    for method in (forward, backward):
        if not callable(getattr(layer, method, None)):
            raise TypeError(f"{type(layer).__name__} has no method {method}")
    own = [a.name for a in method_arguments(type(layer), forward)][:count]
    own += [f"x{place}" for place in range(len(own), count)]
    return [f"{name}_" if name in RESERVED else name for name in own]


def _weights(
    layer: Any,
    wanted: Sequence[str] | None,
    arrays: dict[str, Array],
    forward: str,
    backward: str,
) -> dict[str, Array]:
    """The arrays of the object whose gradients are judged."""
    held: dict[str, Array] = {}
    for path, array in arrays_in(layer):
        usable = array.dtype.kind == "f" and array.size and path.name.isidentifier()
        if usable and path.name not in (*held, *arrays, *RESERVED):
            held[path.name] = array
    if wanted is not None:
        absent = [name for name in wanted if name not in held]
        if absent:
            raise ValueError(f"{type(layer).__name__} holds no array {', '.join(absent)}")
        return {name: held[name] for name in wanted}
    run = copy.deepcopy(layer)
    new = held_by(run)
    out = getattr(run, forward)(*(array.copy() for array in arrays.values()))
    out = out[0] if isinstance(out, tuple) else out
    before = held_by(run)
    takes_dout = any(a.needed for a in method_arguments(type(layer), backward))
    dout = [np.random.RandomState(0).randn(*np.shape(out))] if takes_dout else []
    returned = getattr(run, backward)(*dout)
    differentiated = {n: a for n, a in arrays.items() if a.dtype.kind == "f"} | held
    found = sources(returned, run, before, differentiated, {}, new)
    return {name: held[name] for name in found if name in held}


def kind_of(array: Array) -> str:
    """The kind and sizes of arrays such as this one, as a declaration has them."""
    sizes = " ".join(map(str, array.shape))
    values = np.asarray(array, dtype=np.float64)
    if array.dtype.kind in "iu":
        return f"labels<{int(values.max()) + 1} {sizes}"
    rows = array.ndim > 0 and array.shape[-1] > 1 and np.allclose(values.sum(axis=-1), 1.0)
    if array.dtype.kind == "b" or np.isin(values, (0.0, 1.0)).all():
        return f"{'onehot' if rows else 'binary'} {sizes}"
    if values.min() > 0 and values.max() < 1:
        return f"{'prob' if rows else 'unit'} {sizes}"
    return f"positive {sizes}" if values.min() > 0 else sizes
