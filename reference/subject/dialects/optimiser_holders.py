"""What holds the weights that an optimiser moves: dicts, lists, single arrays, layers, objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np

from trigrad.contracts.schema import Array, Arrays
from trigrad.subject.dialects.optimiser_form import Form, Part, codes_of

Given = Mapping[Part, Any]
"""What one call of the step is given."""


class Holder(Protocol):
    """Weights by name, in the way in which one optimiser wants them."""

    apart: bool
    """Whether each weight has an optimiser of its own."""

    def held(self) -> Given:
        """What the constructor is given."""

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """The calls of one step, each with the name of what it moves; "" for all."""

    def take(self, name: str, returned: Any) -> None:
        """Keep the weights that a call has returned, if it has."""

    def weights(self) -> Mapping[str, Any]:
        """The weights as they are now."""

    def gradients(self) -> Mapping[str, Any]:
        """The gradients that were given last, as they are now."""

    def zeros(self, name: str) -> Any:
        """Zeros in the form of the gradients, of what a call moves."""


def _same(name: str) -> str:
    return name


def _with_d(name: str) -> str:
    return f"d{name}"


class InDict:
    """Two dicts, whose keys are the same, or `dW1` for `W1`."""

    apart = False

    def __init__(self, weights: Arrays, key: Callable[[str], str] = _same) -> None:
        self._names = list(weights)
        self._weights: dict[str, Any] = {name: array.copy() for name, array in weights.items()}
        self._key = key
        self._gradients: dict[str, Array] = {key(n): 0 * a for n, a in weights.items()}

    def held(self) -> Given:
        """The dicts themselves; gradients are written into the same arrays later."""
        return {Part.PARAMS: self._weights, Part.GRADS: self._gradients}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for all."""
        for name in self._weights:
            self._gradients[self._key(name)] = gradients[name].copy()
        yield "", {Part.PARAMS: self._weights, Part.GRADS: self._gradients}

    def take(self, name: str, returned: Any) -> None:  # noqa: ARG002
        """A dict with all weights, or the first one of several values."""
        first = returned[0] if isinstance(returned, tuple | list) and returned else returned
        if isinstance(first, dict) and first.keys() >= self._weights.keys():
            self._weights = first

    def weights(self) -> Mapping[str, Any]:
        """By their keys."""
        return {name: self._weights[name] for name in self._names}

    def gradients(self) -> Mapping[str, Any]:
        """By the keys of the weights."""
        return {name: self._gradients[self._key(name)] for name in self._weights}

    def zeros(self, name: str) -> Any:  # noqa: ARG002
        """A dict with the keys of the gradients."""
        return {self._key(n): np.zeros_like(a) for n, a in self._weights.items()}


class InList:
    """Two lists in the same order."""

    apart = False

    def __init__(self, weights: Arrays) -> None:
        self._names = list(weights)
        self._weights: list[Any] = [array.copy() for array in weights.values()]
        self._gradients: list[Any] = [0 * array for array in weights.values()]

    def held(self) -> Given:
        """The lists themselves."""
        return {Part.PARAMS: self._weights, Part.GRADS: self._gradients}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for all."""
        self._gradients[:] = [gradients[name].copy() for name in self._names]
        yield "", {Part.PARAMS: self._weights, Part.GRADS: self._gradients}

    def take(self, name: str, returned: Any) -> None:  # noqa: ARG002
        """A list of all weights, or the first one of several values."""
        first = returned[0] if isinstance(returned, tuple) and returned else None
        for value in (returned, first):
            if not isinstance(value, tuple | list) or len(value) != len(self._names):
                continue
            if all(map(_alike, value, self._weights)):
                self._weights = list(value)
                return

    def weights(self) -> Mapping[str, Any]:
        """By the names that they have here."""
        return dict(zip(self._names, self._weights, strict=True))

    def gradients(self) -> Mapping[str, Any]:
        """In the order of the weights."""
        return dict(zip(self._names, self._gradients, strict=True))

    def zeros(self, name: str) -> Any:  # noqa: ARG002
        """A list."""
        return [np.zeros_like(array) for array in self._weights]


def _alike(value: Any, array: Any) -> bool:
    return isinstance(value, np.ndarray) and value.shape == array.shape


class EachAlone:
    """One array and its gradient in a call; the array is changed in place, or a new one returned.

    Each has an optimiser of its own, unless a call is given the name of the weight.
    """

    def __init__(self, weights: Arrays, *, named: bool) -> None:
        self._weights: dict[str, Any] = {name: array.copy() for name, array in weights.items()}
        self._gradients: dict[str, Array] = {}
        self.apart = not named

    def held(self) -> Given:
        """Nothing."""
        return {}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for each weight."""
        for name, weight in self._weights.items():
            self._gradients[name] = gradients[name].copy()
            parts = {Part.PARAMS: weight, Part.GRADS: self._gradients[name], Part.KEY: name}
            yield name, parts

    def take(self, name: str, returned: Any) -> None:
        """A new array, or the first one of several values."""
        value = returned[0] if isinstance(returned, tuple | list) and returned else returned
        if _alike(value, self._weights[name]):
            self._weights[name] = value

    def weights(self) -> Mapping[str, Any]:
        """By the names that they have here."""
        return dict(self._weights)

    def gradients(self) -> Mapping[str, Any]:
        """Those of the last step."""
        return dict(self._gradients)

    def zeros(self, name: str) -> Any:
        """An array."""
        return np.zeros_like(self._weights[name])


class InObjects:
    """Objects with attributes for weights and gradients: layers, or one object for each weight.

    `pairs` are the names of the attributes, of the weight first. Weights are given to objects in
    their order, as many to each as there are pairs.
    """

    apart = False

    def __init__(
        self,
        weights: Arrays,
        pairs: Sequence[tuple[str, str]],
        *,
        together: Callable[[list[Any]], Any] | None = None,
        boxed: bool = False,
    ) -> None:
        """`together` makes of all objects what a call is given; None: a call is given each."""
        self._pairs, self._together, self._boxed = pairs, together, boxed
        self._places: dict[str, tuple[Any, str, str]] = {}
        self._objects: list[Any] = []
        # The weights of one layer belong together: W1 and b1, in whatever order they come.
        ends = list(dict.fromkeys(name[-1] for name in weights)) if len(pairs) > 1 else [*weights]
        for end in ends:
            made = SimpleNamespace()
            self._objects.append(made)
            own = sorted(n for n in weights if n.endswith(end))
            for (weight, gradient), name in zip(pairs, own, strict=False):
                setattr(made, weight, weights[name].copy())
                self._places[name] = made, weight, gradient
        self._all = together(self._objects) if together is not None else None
        self._set({name: 0 * array for name, array in weights.items()})

    def _set(self, gradients: Arrays) -> None:
        for name, (made, _, attribute) in self._places.items():
            value: Any = gradients[name].copy()
            setattr(made, attribute, SimpleNamespace(data=value) if self._boxed else value)

    def held(self) -> Given:
        """All objects."""
        every = self._objects if self._together is None else self._all
        return {Part.PARAMS: every, Part.HOLDERS: every, Part.HOLDER: every}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for each object, or one for all."""
        self._set(gradients)
        if self._together is not None:
            yield "", dict.fromkeys((Part.HOLDERS, Part.HOLDER, Part.PARAMS), self._all)
            return
        for number, made in enumerate(self._objects):
            parts = dict.fromkeys((Part.HOLDER, Part.HOLDERS, Part.PARAMS), made)
            yield str(number), {**parts, Part.KEY: number}

    def take(self, name: str, returned: Any) -> None:
        """Nothing: objects are changed."""

    def weights(self) -> Mapping[str, Any]:
        """What the attributes hold."""
        return {n: getattr(made, weight) for n, (made, weight, _) in self._places.items()}

    def gradients(self) -> Mapping[str, Any]:
        """What the attributes hold."""
        found = {n: getattr(made, gradient) for n, (made, _, gradient) in self._places.items()}
        return {n: g.data if self._boxed else g for n, g in found.items()}

    def zeros(self, name: str) -> Any:
        """Objects are for classes, which make their own."""
        raise NotImplementedError(name)


class InModel:
    """One object with `params` and `grads`, which hold the weights as another holder says."""

    apart = False

    def __init__(self, inner: InDict | InList) -> None:
        self._inner = inner
        held = inner.held()
        self._model = SimpleNamespace(params=held[Part.PARAMS], grads=held[Part.GRADS])

    def held(self) -> Given:
        """The object."""
        return dict.fromkeys((Part.HOLDERS, Part.HOLDER, Part.PARAMS), self._model)

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for all."""
        for _ in self._inner.calls(gradients):
            yield "", self.held()

    def take(self, name: str, returned: Any) -> None:
        """Nothing: the object is changed."""

    def weights(self) -> Mapping[str, Any]:
        """What `params` holds, which may be another dict or list than before."""
        self._inner.take("", self._model.params)
        return self._inner.weights()

    def gradients(self) -> Mapping[str, Any]:
        """What `grads` holds."""
        return self._inner.gradients()

    def zeros(self, name: str) -> Any:
        """Objects are for classes, which make their own."""
        raise NotImplementedError(name)


Make = Callable[[Arrays], Holder]

_OF_DICTS = frozenset(("items", "keys"))
_OF_LISTS = frozenset(("zip", "enumerate", "range", "len"))
_DATA = ("data", "value", "val", "w", "weight", "weights", "array", "param", "theta", "params")
_GRADIENT = ("grad", "gradient", "g", "dw", "grads", "dweight")


def holders_for(form: Form, value: Any) -> list[Make]:
    """The ways in which weights may be held, the likeliest first, by what its text uses."""
    names = {name for code in codes_of(value) for name in (*code.co_names, *code.co_varnames)}
    texts = {c for code in codes_of(value) for c in code.co_consts if isinstance(c, str)}
    if form.has(Part.GRADS) or form.holds(Part.GRADS):
        return _arrays(form, names, texts)
    return [*_objects(form, names), *_models(names)]


def _arrays(form: Form, names: set[str], texts: set[str]) -> list[Make]:
    """Dicts, lists or single arrays."""

    def alone(weights: Arrays) -> Holder:
        return EachAlone(weights, named=form.has(Part.KEY))

    with_d: Make = lambda weights: InDict(weights, _with_d)  # noqa: E731 - one of several makers
    dicts: list[Make] = [InDict, with_d]
    if {"dW", "db"} & texts or any(f"d{text}" in texts for text in texts if text):
        dicts.reverse()
    lists: list[Make] = [InList]
    several = [*dicts, *lists] if names & _OF_DICTS or texts & {"W", "dW"} else [*lists, *dicts]
    if not names & (_OF_DICTS | _OF_LISTS):
        several = [*dicts, *lists]
    return [alone, *several] if form.one or form.has(Part.KEY) else [*several, alone]


def _objects(form: Form, names: set[str]) -> Iterator[Make]:
    """Layers with attributes such as `W` and `dW`, or objects with `data` and `grad`."""
    pairs = sorted(_pairs(names), key=lambda pair: (_is_bias(pair[0]), pair))
    if pairs and not any(_is_bias(weight) for weight, _ in pairs):
        # A layer has a bias, even where nothing reads its gradient.
        pairs += [(each, f"d{each}") for each in sorted(names) if each.lower() in _BIASES]
    data = [(d, g) for d in _DATA for g in _GRADIENT if {d, g} <= names and (d, g) not in pairs]
    for found in ([pairs[:2]] if pairs else []) + [[each] for each in data]:
        for boxed in (False, True):
            yield from _with_pairs(form, found, boxed, names)


_BIASES = ("b", "bias", "biases")


def _is_bias(name: str) -> bool:
    return name.lower().startswith("b")


def _with_pairs(
    form: Form, pairs: Sequence[tuple[str, str]], boxed: bool, names: set[str]
) -> Iterator[Make]:
    def each(weights: Arrays) -> Holder:
        return InObjects(weights, pairs, boxed=boxed)

    def in_list(weights: Arrays) -> Holder:
        return InObjects(weights, pairs, together=list, boxed=boxed)

    def in_model(weights: Arrays) -> Holder:
        def model(objects: list[Any]) -> Any:
            return SimpleNamespace(layers=objects, params=objects, parameters=lambda: objects)

        return InObjects(weights, pairs, together=model, boxed=boxed)

    if form.has(Part.HOLDERS) or form.holds(Part.HOLDERS):
        yield from (in_model, in_list) if names & {"layers", "parameters"} else (in_list, in_model)
    elif form.has(Part.HOLDER) or form.has(Part.PARAMS):
        yield each
        yield in_list
    else:
        yield in_list


def _pairs(names: set[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        for gradient in (
            f"d{name}",
            f"d_{name}",
            f"grad_{name}",
            f"{name}_grad",
            f"{name}_gradient",
        ):
            if gradient in names and len(name) < len(gradient) and not name.startswith("_"):
                yield name, gradient


def _models(names: set[str]) -> Iterator[Make]:
    if {"params", "grads"} <= names:
        yield lambda weights: InModel(InDict(weights))
        yield lambda weights: InModel(InList(weights))
