"""`check_layer`: judge one object, as it is, on inputs such as the given ones."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from trigrad.api import check
from trigrad.contracts.declaration import RESERVED
from trigrad.contracts.schema import Array, Arrays
from trigrad.defaults import EXAMPLES
from trigrad.messages import Message
from trigrad.report.report import Report
from trigrad.subject.dialects.argument_roles import method_arguments
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.declared_gradients import held_by, slopes, sources
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.inprocess import reproducible
from trigrad.subject.source.passes import passes_among


def check_layer(
    layer: Any,
    *inputs: Any,
    gradients: Sequence[str] | None = None,
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
        inputs: the arrays that forward takes. Their shapes are kept. Integers with which alone
            forward works are class labels or indices, up to the largest one; rows that add up to 1,
            values between 0 and 1, and positive ones stay so.
        gradients: names of inputs, and of arrays that the object holds, whose gradients backward
            must give. Without it, those for which it gives any; the others are constants, and the
            report says which they are.
        forward, backward: the names of the passes, if the usual ones are not there.
        seed: decides every case.
        examples: cases that are drawn.

    Returns:
        A Report, which is true in a condition if all holds; its text says what does not.

    Raises:
        TypeError: the layer is a class, or cannot be copied; or it has no such passes.
        ValueError: an input is no array of numbers, or there is none; there is no input or array of
            one of the names in `gradients`; or the object holds several arrays of one name, as a
            network does: its layers are checked one by one.

    What the layer itself raises for these inputs is not caught.
    """
    if isinstance(layer, type):
        raise TypeError(str(Message("live.a_class", name=layer.__name__)))
    try:
        copy.deepcopy(layer)
    except Exception as error:
        raise TypeError(
            str(Message("live.not_copied", name=type(layer).__name__, error=str(error)))
        ) from error
    names = _names(layer, forward, backward, len(inputs))
    arrays = dict(zip(names, map(np.asarray, inputs), strict=True))
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub" or not array.size:
            raise ValueError(
                str(
                    Message(
                        "live.no_numbers", name=name, dtype=str(array.dtype), shape=str(array.shape)
                    )
                )
            )
    if not arrays:
        raise ValueError(str(Message("live.no_input")))
    with reproducible():
        probe = _Probe(layer, arrays, forward, backward)
        wanted = probe.differentiated if gradients is None else probe.named(gradients)
        parts = [f"{n}: {probe.kind_of(n, differentiated=n in wanted)}" for n in arrays]
    weights = [n for n in wanted if n not in arrays]
    parts += [f"{n}: {probe.shape_of(n)}" for n in weights]
    passes = passes_among(methods_of(type(layer)))
    if passes is None or (passes.forward, passes.backward) != (forward, backward):
        parts.append(f"forward: layer.{forward}({', '.join(names)})")
        parts.append(f"backward: layer.{backward}(dout)")

    def build(**given: Any) -> Any:
        return probe.with_weights(given)

    named = [Parameter(name, Parameter.KEYWORD_ONLY) for name in weights]
    build.__signature__ = Signature(named)  # type: ignore[attr-defined] # a function may have one
    return check(
        type(layer),
        "; ".join(parts),
        build=build,
        seed=seed,
        examples=examples,
    )


def _names(layer: Any, forward: str, backward: str, count: int) -> list[str]:
    """A name for each input: forward's own, where a declaration may use it."""
    for method in (forward, backward):
        if not callable(getattr(layer, method, None)):
            raise TypeError(
                str(Message("live.no_method", name=type(layer).__name__, method=method))
            )
    own = [a.name for a in method_arguments(type(layer), forward)][:count]
    own += [f"x{place}" for place in range(len(own), count)]
    return [f"{name}_" if name in RESERVED else name for name in own]


class _Probe:
    """What the passes of a layer do with the given inputs, each tried on a copy of it."""

    def __init__(self, layer: Any, inputs: dict[str, Array], forward: str, backward: str) -> None:
        self._layer = layer
        self._forward, self._backward = forward, backward
        self._inputs = inputs
        self._labels = {n for n, a in inputs.items() if a.dtype.kind in "iu" and self._fails(n)}
        self._places: dict[str, list[list[ArrayPath]]] = {}
        """For each name the arrays that the object holds under it, each by all paths to it."""
        for path, array in arrays_in(layer):
            name = path.name
            if array.dtype.kind != "f" or not array.size or not name.isidentifier():
                continue
            if name not in (*inputs, *RESERVED):
                places = self._places.setdefault(name, [])
                same = next((p for p in places if p[0].read(layer) is array), None)
                if same is None:
                    places.append([path])
                else:
                    same.append(path)
        # What forward does not depend on, such as the results of an earlier call, is no weight.
        output = self._output(copy.deepcopy(layer), {})
        self._output_is = np.asarray(output, dtype=np.float64)
        used = {n: [p for p in places if self._matters(p)] for n, places in self._places.items()}
        self.held = {n: p[0][0].read(layer) for n, p in used.items() if p}
        """The arrays of floats on which forward depends, by their names."""
        self._places = {n: used[n] or places[:1] for n, places in self._places.items()}

    def _matters(self, paths: Sequence[ArrayPath]) -> bool:
        """Whether the output is another one if an array that the object holds is."""
        run = copy.deepcopy(self._layer)
        array = paths[0].read(run)
        moved = array + 0.25 * np.random.RandomState(2).randn(*array.shape)
        for path in paths:
            path.put(run, moved)
        output = np.asarray(self._output(run, {}), dtype=np.float64)
        return not np.array_equal(output, self._output_is, equal_nan=True)

    def with_weights(self, weights: Mapping[str, Any]) -> Any:
        """A copy of the layer that holds these arrays in place of its own."""
        run = copy.deepcopy(self._layer)
        for name, value in weights.items():
            for path in self._places[name][0]:
                path.put(run, value)
        return run

    def _output(self, run: Any, changed: Arrays) -> Any:
        np.random.seed(0)  # so that dropout drops the same
        arrays = [changed.get(n, a).copy() for n, a in self._inputs.items()]
        output = getattr(run, self._forward)(*arrays)
        return output[0] if isinstance(output, tuple) else output

    def _fails(self, name: str) -> bool:
        """Whether forward works with the integers of an input, and not with floats."""
        self._output(copy.deepcopy(self._layer), {})
        try:
            floats = self._inputs[name].astype(np.float64)
            self._output(copy.deepcopy(self._layer), {name: floats})
        except ERRORS:
            return True
        return False

    @cached_property
    def differentiated(self) -> list[str]:
        """The inputs and held arrays for which backward gives a gradient; the first, if for none.

        Raises:
            ValueError: the object holds several arrays of one of these names.
        """
        run = copy.deepcopy(self._layer)
        new = held_by(run)
        output = np.asarray(self._output(run, {}), dtype=np.float64)
        before = held_by(run)
        dout = np.asarray(np.random.RandomState(1).randn(*output.shape))
        takes_dout = any(a.needed for a in method_arguments(type(run), self._backward))
        returned = getattr(run, self._backward)(*([dout] if takes_dout else []))
        weight = dout if takes_dout else np.ones(output.shape)
        arrays = {
            n: a.astype(np.float64)
            for n, a in (self._inputs | self.held).items()
            if n not in self._labels
        }
        truth = {n: slopes(self._value_of(n, weight), a, seed=0) for n, a in arrays.items()}
        found = list(sources(returned, run, before, arrays, truth, new))
        return self.named(found or [*arrays][:1])

    def _value_of(self, name: str, weight: Array) -> Callable[[Array], float]:
        """<weight, output> as a function of an input or of an array that the object holds."""

        def value(array: Array) -> float:
            if name in self._inputs:
                output = self._output(copy.deepcopy(self._layer), {name: array})
            else:
                output = self._output(self.with_weights({name: array}), {})
            return float(np.sum(weight * output))

        return value

    def named(self, names: Sequence[str]) -> list[str]:
        """The same names, each of which means one array.

        Raises:
            ValueError: it means none, or several.
        """
        for name in names:
            places = self._places.get(name, [])
            if name not in self._inputs and not places:
                raise ValueError(
                    str(Message("live.no_array", layer=type(self._layer).__name__, name=name))
                )
            if len(places) > 1:
                listed = tuple(str(paths[0]) for paths in places)
                raise ValueError(str(Message("live.one_name", listed=listed)))
        return list(names)

    def shape_of(self, name: str) -> str:
        """The sizes of an array that the object holds."""
        return _sizes(self._places[name][0][0].read(self._layer))

    def kind_of(self, name: str, *, differentiated: bool) -> str:
        """The kind and sizes of inputs such as this one, as a declaration has them."""
        array = self._inputs[name]
        if name in self._labels:
            return f"labels<{int(array.max()) + 1} {_sizes(array)}"
        return kind_of(np.asarray(array, dtype=np.float64), differentiated=differentiated)


def kind_of(array: Array, *, differentiated: bool) -> str:
    """The kind and sizes of arrays such as this one, as a declaration has them."""
    rows = array.ndim > 0 and array.shape[-1] > 1 and np.allclose(array.sum(axis=-1), 1.0)
    if not differentiated:
        bits = np.isin(array, (0.0, 1.0)).all()
        return f"{('onehot' if rows else 'binary') if bits else 'fixed'} {_sizes(array)}"
    if array.min() > 0 and array.max() < 1:
        return f"{'prob' if rows else 'unit'} {_sizes(array)}"
    return f"positive {_sizes(array)}" if array.min() > 0 else _sizes(array)


def _sizes(array: Array) -> str:
    return " ".join(map(str, array.shape))
