"""Objects that hold the weights that an optimiser moves: layers, models, parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from trigrad.contracts.schema import Arrays
from trigrad.subject.dialects.optimiser_form import Part
from trigrad.subject.dialects.optimiser_holders import Given, InDict, InList, Several


def model_of(objects: list[Any]) -> Any:
    """An object that has others, by the names that such an attribute or method usually has."""
    every = Several(objects)
    return SimpleNamespace(layers=every, params=every, parameters=every, modules=every)


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
            made: Any = _Layer()
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
    """One object with `params` and `grads`, which hold the weights as another holder says.

    `together` makes of that object what the optimiser is given.
    """

    apart = False

    def __init__(
        self, inner: InDict | InList, together: Callable[[list[Any]], Any] | None = None
    ) -> None:
        self._inner = inner
        held = inner.held()
        weights, gradients = held[Part.PARAMS], held[Part.GRADS]
        self._model: Any = _Layer(
            **dict.fromkeys(("params", "parameters"), weights),
            **dict.fromkeys(("grads", "gradients", "dparameters", "dparams"), gradients),
            params_and_grads=lambda: zip(weights, gradients, strict=True),
            trainable=True,
        )
        self._whole = self._model if together is None else together([self._model])

    def held(self) -> Given:
        """The object; gradients are where they are passed by themselves."""
        own = dict.fromkeys((Part.HOLDERS, Part.HOLDER, Part.PARAMS), self._whole)
        return {**own, Part.GRADS: self._inner.held()[Part.GRADS]}

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


class InLayerDicts:
    """Layers with the dicts `params` and `grads`; the keys of both are the same, or `dW` for `W`.

    `together` makes of all layers what the optimiser is given; None: each call is given a layer.
    """

    apart = False

    def __init__(
        self,
        weights: Arrays,
        key: Callable[[str], str],
        together: Callable[[list[Any]], Any] | None,
    ) -> None:
        self._key = key
        self._layers: dict[str, Any] = {}
        for name, array in weights.items():
            made = self._layers.setdefault(name[-1], _layer())
            made.params[name[:-1]] = array.copy()
            made.grads[key(name[:-1])] = 0 * array
        self._names = list(weights)
        self._together = together
        layers = list(self._layers.values())
        self._all = together(layers) if together is not None else layers

    def held(self) -> Given:
        """All layers."""
        return dict.fromkeys((Part.HOLDERS, Part.HOLDER, Part.PARAMS), self._all)

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for each layer, or one for all."""
        for name in self._names:
            self._layers[name[-1]].grads[self._key(name[:-1])] = gradients[name].copy()
        if self._together is not None:
            yield "", self.held()
            return
        for end, made in self._layers.items():
            parts = dict.fromkeys((Part.HOLDER, Part.HOLDERS, Part.PARAMS), made)
            yield end, {**parts, Part.KEY: end}

    def take(self, name: str, returned: Any) -> None:
        """Nothing: layers are changed."""

    def weights(self) -> Mapping[str, Any]:
        """What `params` holds."""
        return {n: self._layers[n[-1]].params[n[:-1]] for n in self._names}

    def gradients(self) -> Mapping[str, Any]:
        """What `grads` holds."""
        return {n: self._layers[n[-1]].grads[self._key(n[:-1])] for n in self._names}

    def zeros(self, name: str) -> Any:
        """Objects are for classes, which make their own."""
        raise NotImplementedError(name)


class _Layer:
    """What layers are, by their attributes; it may be a key of a dict."""

    def __init__(self, **held: Any) -> None:
        vars(self).update(held)


def _layer() -> _Layer:
    return _Layer(params={}, grads={}, trainable=True)
