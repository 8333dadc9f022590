"""What holds the weights that an optimiser moves: dicts, lists, or single arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from trigrad.contracts.schema import Array, Arrays
from trigrad.subject.dialects.optimiser_form import Part

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


def same_key(name: str) -> str:
    """`W1` for the gradient of W1."""
    return name


def with_d(name: str) -> str:
    """`dW1` for the gradient of W1."""
    return f"d{name}"


class InDict:
    """Two dicts, whose keys are the same, or `dW1` for `W1`."""

    apart = False

    def __init__(self, weights: Arrays, key: Callable[[str], str] = same_key) -> None:
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


class Several(list[Any]):
    """A list that is also a method which returns it: `model.params`, or `model.params()`."""

    def __call__(self) -> list[Any]:
        """The list."""
        return self


class InList:
    """Two lists in the same order."""

    apart = False

    def __init__(self, weights: Arrays, *, weights_first: bool = True) -> None:
        """`weights_first`: where pairs are wanted, of which."""
        self._names = list(weights)
        self._weights = Several(array.copy() for array in weights.values())
        self._gradients = Several(0 * array for array in weights.values())
        self._weights_first = weights_first

    def held(self) -> Given:
        """The lists themselves."""
        return {Part.PARAMS: self._weights, Part.GRADS: self._gradients}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for all."""
        self._gradients[:] = [gradients[name].copy() for name in self._names]
        first, second = self._weights, self._gradients
        if not self._weights_first:
            first, second = second, first
        zipped = list(zip(first, second, strict=True))
        parts = {Part.PARAMS: self._weights, Part.GRADS: self._gradients, Part.ZIPPED: zipped}
        yield "", parts

    def take(self, name: str, returned: Any) -> None:  # noqa: ARG002
        """A list of all weights, or the first one of several values."""
        first = returned[0] if isinstance(returned, tuple) and returned else None
        for value in (returned, first):
            if not isinstance(value, tuple | list) or len(value) != len(self._names):
                continue
            if all(map(_alike, value, self._weights)):
                self._weights = Several(value)
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

    def __init__(self, weights: Arrays, *, named: bool, changes: bool = False) -> None:
        """`named`: a call is given its name. `changes`: it returns the change, for others to make.

        Whether that is added or subtracted is not known: so that the first one goes down.
        """
        self._weights: dict[str, Any] = {name: array.copy() for name, array in weights.items()}
        self._gradients: dict[str, Array] = {}
        self.apart = not named
        self._changes, self._sign = changes, 0.0

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
        if isinstance(returned, tuple) and isinstance(value, np.number):
            self._weights[name] = value  # no weight: its shape will show that
        if not _alike(value, self._weights[name]):
            return
        if self._changes:
            self._sign = self._sign or -float(np.sign(np.sum(value * self._gradients[name])))
            value = self._weights[name] + self._sign * value
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


class InArguments:
    """Each weight and each gradient is an argument of its own: `update(W, b, dW, db)`.

    A call is given as many weights as there are `pairs`; it returns them in that order, or changes
    them in place. For those that are more than there are weights, others are passed.
    """

    def __init__(self, weights: Arrays, pairs: Sequence[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._weights: dict[str, Any] = {name: array.copy() for name, array in weights.items()}
        self._gradients: dict[str, Array] = {}
        names = list(weights)
        size = len(pairs)
        self._chunks = [names[i : i + size] for i in range(0, len(names), size)]
        self.apart = len(self._chunks) > 1

    def held(self) -> Given:
        """Nothing."""
        return {}

    def calls(self, gradients: Arrays) -> Iterator[tuple[str, Given]]:
        """One for as many weights as there are arguments."""
        for number, chunk in enumerate(self._chunks):
            parts: dict[Any, Any] = {}
            for place, (weight, gradient) in enumerate(self._pairs):
                name = chunk[place % len(chunk)]
                own = place < len(chunk)
                if own:
                    self._gradients[name] = gradients[name].copy()
                parts[weight] = self._weights[name] if own else self._weights[name].copy()
                parts[gradient] = self._gradients[name]
            yield str(number), parts

    def take(self, name: str, returned: Any) -> None:
        """The weights in the order of the arguments, the first of all that is returned."""
        chunk = self._chunks[int(name)]
        values = returned if isinstance(returned, tuple | list) else (returned,)
        if len(values) < len(chunk):
            return
        for weight, value in zip(chunk, values, strict=False):
            if _alike(value, self._weights[weight]):
                self._weights[weight] = value

    def weights(self) -> Mapping[str, Any]:
        """By the names that they have here."""
        return dict(self._weights)

    def gradients(self) -> Mapping[str, Any]:
        """Those of the last step."""
        return dict(self._gradients)

    def zeros(self, name: str) -> Any:
        """What is remembered of several weights has no known form."""
        raise NotImplementedError(name)
