"""The dialect of a layer as it was at one call within a network: each object is a copy of that."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract, Domain, Kind, Notation, Variable
from trigrad.messages import Message
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.declared_calls import split
from trigrad.subject.dialects.declared_gradients import Source, held_by, slopes, sources
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.named_gradients import means_gradient
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.dialects.signatures import methods_of
from trigrad.subject.face import Build
from trigrad.subject.recording import Call, copied
from trigrad.subject.source.passes import passes_among

MOST_WEIGHTS = 40
"""More arrays than these are not tried: nearly all of them are then no weights."""


class UnjudgeableError(Exception):
    """A layer cannot be judged at this call; says why, in the words of a message's key."""


@dataclass
class _Object:
    layer: Any
    returned: Any = None


class MetLayerDialect(PlainDialect):
    """Calls the passes of a copy of a layer, with the arguments of one call or with others."""

    refusal = Message("apart.no_update")

    def __init__(self, forward: Call, backward: Call) -> None:
        """`forward` is the call at which the layer is judged, `backward` the one of its gradients.

        Raises:
            UnjudgeableError: its output or what it was given is not one array of numbers.
        """
        if forward.before is None:
            raise UnjudgeableError("apart.no_copy")
        self._call, self._back = forward, backward
        self.defined = type(forward.layer)
        passes = passes_among(methods_of(self.defined))
        assert passes is not None, "only what has passes is recorded"
        self.calls = {"forward": passes.forward, "backward": passes.backward}
        self._keyed = _keyed(getattr(forward.before, passes.forward), forward)
        self.operands = {n: a for n, a in self._keyed.items() if _is_array(a)}
        if not any(a.dtype.kind == "f" for a in self.operands.values()):
            self._refuse_without_floats()
        self.output = _number_or_array(forward.returned)
        self.dout = self._given_dout()

    def _refuse_without_floats(self) -> None:
        """An embedding has no inputs of floats, and still weights; a layer without both nothing."""
        if not self.operands:
            raise UnjudgeableError("apart.no_array")

    def _given_dout(self) -> Array:
        """What backward was given, in the shape of the output; 1 if it takes nothing."""
        given = next((a for a in (*self._back.args, *self._back.kwargs.values())), None)
        self._dout_at = 0 if self._back.args else next(iter(self._back.kwargs), None)
        if given is None:
            self._dout_at = None
            if self.output.size != 1:
                raise UnjudgeableError("apart.no_dout")
            return np.ones(self.output.shape)
        if not isinstance(given, np.ndarray | np.number | float | int):
            raise UnjudgeableError("apart.several")
        dout = np.asarray(given, dtype=np.float64)
        if dout.size == 1:
            return np.full(self.output.shape, dout.reshape(()))
        if dout.shape != self.output.shape:
            raise UnjudgeableError("apart.dout_shape")
        return dout

    # --- a dialect ---

    def build(self, command: Build) -> _Object:
        """A copy of the layer, with other weights."""
        layer = copy.deepcopy(self._call.before)
        for name, value in command.parameters.items():
            for path in self.places[name]:
                path.put(layer, value)
        return _Object(layer)

    def forward(self, built: _Object, operands: list[Any]) -> Any:
        """Its output."""
        np.random.set_state(self._call.random)
        given = {**self._keyed, **dict(zip(self.operands, operands, strict=True))}
        names = _names(getattr(built.layer, self.calls["forward"]), len(self._call.args))
        args = [given.get(n, a) for n, a in zip(names, self._call.args, strict=True)]
        kwargs = {n: given.get(n, a) for n, a in self._call.kwargs.items()}
        returned = getattr(built.layer, self.calls["forward"])(*args, **kwargs)
        output, _ = split(returned, "", {}, {})
        return output

    def own_output(
        self, parameters: Mapping[str, Any], sizes: Mapping[str, int], operands: list[Any]
    ) -> Any:
        """The output of a new object, for arrays of whatever kind."""
        return self.forward(self.build(Build(dict(parameters), sizes)), operands)

    def backward(self, built: _Object, dout: Any, operands: list[Any]) -> dict[str, Any]:  # noqa: ARG002
        """Its gradients by the names of its inputs and weights."""
        args, kwargs = list(copied(self._back.args)), dict(copied(self._back.kwargs))
        if dout is not None and self._dout_at is not None:
            same = np.shape(self._back.args[0] if args else kwargs[self._dout_at]) == np.shape(dout)
            value = dout if same else float(dout) if np.size(dout) == 1 else dout
            if args:
                args[0] = value
            else:
                kwargs[str(self._dout_at)] = value
        built.returned = getattr(built.layer, self.calls["backward"])(*args, **kwargs)
        return self.read(built.returned, built.layer)

    def read(self, returned: Any, layer: Any) -> dict[str, Any]:
        """The gradients of a call from what it returned and from the object after it."""
        found = {name: source.read(returned, layer, {}) for name, source in self.sources.items()}
        arrays = self.arrays
        return {n: _in_shape(value, arrays[n]) for n, value in found.items()}

    # --- what it holds, and where its gradients are ---

    @cached_property
    def places(self) -> dict[str, list[ArrayPath]]:
        """The arrays that it holds and on which its output depends: their names, and all paths."""
        before = self._call.before
        groups: list[tuple[Array, list[ArrayPath]]] = []
        for path, array in arrays_in(before):
            if array.dtype.kind != "f" or not array.size:
                continue
            same = next((paths for other, paths in groups if other is array), None)
            if same is None:
                groups.append((array, [path]))
            else:
                same.append(path)
        plain = self._output_with({})
        used = [
            paths for array, paths in groups[:MOST_WEIGHTS] if self._matters(paths, array, plain)
        ]
        ends = [paths[0].name for paths in used]
        found: dict[str, list[ArrayPath]] = {}
        for paths in used:
            end = paths[0].name
            alone = (
                ends.count(end) == 1 and end not in self.operands and paths[0].steps[-1].key == end
            )
            found[end if alone else str(paths[0]).removeprefix("self.")] = paths
        return found

    def _output_with(self, changed: Mapping[ArrayPath, Array]) -> Array:
        layer = copy.deepcopy(self._call.before)
        for path, value in changed.items():
            path.put(layer, value)
        operands = [a.copy() for a in self.operands.values()]
        return np.asarray(self.forward(_Object(layer), operands), dtype=np.float64)

    def _matters(self, paths: list[ArrayPath], array: Array, plain: Array) -> bool:
        moved = array + 0.25 * np.random.RandomState(2).uniform(0.5, 1.0, array.shape)
        try:
            other = self._output_with(dict.fromkeys(paths, moved))
        except ERRORS:
            return False
        return not np.array_equal(other, plain, equal_nan=True)

    @cached_property
    def weights(self) -> dict[str, Array]:
        """The arrays that it holds and on which its output depends."""
        return {n: p[0].read(self._call.before).copy() for n, p in self.places.items()}

    @property
    def arrays(self) -> dict[str, Array]:
        """Inputs and weights."""
        return {**self.operands, **self.weights}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Where the gradient of each input and weight is; others have none."""
        self.__dict__["sources"] = {}  # while it is tried
        floats = {n: a for n, a in self.arrays.items() if a.dtype.kind == "f"}
        if not floats:
            return {}
        built = self.build(Build({}))
        new = held_by(built.layer)
        self.forward(built, [a.copy() for a in self.operands.values()])
        before = held_by(built.layer)
        self.backward(built, self.dout.copy(), [])
        truth = {
            n: slopes(self._value_of(n), a, seed) for seed, (n, a) in enumerate(floats.items())
        }
        found = sources(built.returned, built.layer, before, floats, truth, new)

        def certain(name: str, source: Source) -> bool:
            if name not in self.places or source.returned:
                return True
            if truth[name].fit(
                _in_shape(source.read(built.returned, built.layer, {}), floats[name])
            ):
                return True
            last = source.path.steps[-1].key if source.path.steps else ""
            return any(
                means_gradient(source.path.name, path.name)
                or path.steps[-1].key == last != path.name
                for path in self.places[name]
            )

        return {n: s for n, s in found.items() if certain(n, s)}

    def _value_of(self, name: str) -> Callable[[Array], float]:
        def value(array: Array) -> float:
            weights = {name: array} if name in self.places else {}
            operands = [array if n == name else a.copy() for n, a in self.operands.items()]
            return float(np.sum(self.dout * self.own_output(weights, {}, operands)))

        return value

    @cached_property
    def contract(self) -> Contract:
        """The row of the layer, whose sizes are those of this call."""
        return met_contract(self.defined.__name__, self.operands, self.weights, self.sources)


def met_contract(
    name: str, operands: Arrays, weights: Arrays, gradients: Iterable[str]
) -> Contract:
    """The row of a layer that is met with these arrays."""
    return Contract(
        name=name,
        kind=Kind.LAYER,
        operands=tuple(variable_like(n, a) for n, a in operands.items()),
        output=None,
        twin=None,
        notation=Notation("", ()),
        parameters=tuple(variable_like(n, a) for n, a in weights.items()),
        gradients=tuple(gradients),
    )


def variable_like(name: str, array: Array) -> Variable:
    """A variable whose shape is that of an array, and whose values are of its kind."""
    shape = tuple(map(str, array.shape))
    if array.dtype.kind in "iu":
        return Variable(name, shape, Domain.LABEL)
    one_hot = array.ndim > 0 and array.shape[-1] > 1 and np.isin(array, (0.0, 1.0)).all()
    if one_hot and (array.sum(axis=-1) == 1).all():
        return Variable(name, shape, Domain.ONE_HOT)
    return Variable(name, shape, Domain.REAL)


def _keyed(method: Any, call: Call) -> dict[str, Any]:
    """The arguments of a call by their names."""
    names = _names(method, len(call.args))
    return {**dict(zip(names, call.args, strict=True)), **call.kwargs}


def _names(method: Any, count: int) -> list[str]:
    """Names of the first positional arguments of a method; their places, of further ones."""
    try:
        parameters = inspect.signature(method).parameters.values()
    except (TypeError, ValueError):
        parameters = ()  # type: ignore[assignment]  # something callable without a signature
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [*names[:count], *(f"argument {i + 1}" for i in range(len(names), count))]


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind in "fiu" and value.size > 0


def _number_or_array(returned: Any) -> Array:
    if isinstance(returned, tuple | list) and sum(map(_is_array, returned)) > 1:
        raise UnjudgeableError("apart.several")
    output, _ = split(returned, "", {}, {})
    if not isinstance(output, np.ndarray | np.number | float | int) or isinstance(output, bool):
        raise UnjudgeableError("apart.no_output")
    array = np.asarray(output)
    if array.dtype.kind not in "fiu" or not array.size:
        raise UnjudgeableError("apart.no_output")
    return array.astype(np.float64)


def _in_shape(gradient: Any, array: Array) -> Any:
    """A gradient in the shape of its array, if they differ in axes of length 1 only."""
    if not isinstance(gradient, np.ndarray) or gradient.shape == array.shape:
        return gradient
    if [n for n in gradient.shape if n != 1] != [n for n in array.shape if n != 1]:
        return gradient
    return gradient.reshape(array.shape)
