"""One object made, fed and asked, in a given reading of its spelling."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract, Domain
from trigrad.subject.dialects.adapters import Speaker
from trigrad.subject.dialects.argument_matching import Weights
from trigrad.subject.dialects.argument_roles import (
    DEFAULTS,
    DOUT,
    FREE_RATE,
    OPTIMISER,
    OUTPUT,
    arguments_of,
)
from trigrad.subject.dialects.conventions import Made, Reading
from trigrad.subject.dialects.named_gradients import Stored, gradient_entry, stored_gradient
from trigrad.subject.dialects.sizes import SHAPE_OF, SIZE_OF, WHOLE_SHAPE, ends_of
from trigrad.subject.dialects.weight_snapshot import Kept

_CLEARING = (
    *("zerograd", "zerograds", "cleargrad", "cleargrads", "resetgrad", "resetgrads"),
    *("zerogradient", "zerogradients", "resetgradient", "resetgradients", "cleargradients"),
)
"""Methods that set the gradients to zero: adding up is right where there is one."""


@cache
def _clearing(cls: type) -> str:
    """The method of a class that sets its gradients to zero; "" if there is none."""
    names = (n for n in dir(cls) if n.lower().replace("_", "") in _CLEARING)
    return next((n for n in names if callable(getattr(cls, n))), "")


class Hand:
    """Makes and calls a subject's objects in the contract's shapes, whatever theirs are."""

    def __init__(self, contract: Contract, speaker: Speaker, reading: Reading) -> None:
        self._contract = contract
        self._speaker = speaker
        self.reading = reading
        self._names = [v.name for v in contract.parameters]

    # --- making ---

    def bare(self, parameters: Arrays, sizes: Mapping[str, int]) -> Made:
        """A new object, with nothing yet written into it."""
        reading = self.reading
        weights = {n: reading.layout.weight(a) for n, a in parameters.items()}
        values = {**DEFAULTS, **weights}
        if self._speaker.sized:
            values |= self._sizes(parameters, sizes)
        if reading.known_rate:
            values[FREE_RATE] = 1.0
        subject = self._speaker.make(values)
        if reading.rate:
            setattr(subject, reading.rate, 1.0)
        made = Made(subject, weights, {n: a.shape for n, a in parameters.items()})
        if reading.setup:
            method = getattr(subject, reading.setup)
            method(*(self._asked(a.bare, values) for a in arguments_of(method) if a.needed))
        if reading.lazy:
            operands = [self._plain_operand(v.shape, values) for v in self._contract.operands]
            self.forward(made, operands)
        return made

    def make(self, parameters: Arrays, sizes: Mapping[str, int]) -> Made:
        """A new object with these weights, given in the contract's shapes."""
        made = self.bare(parameters, sizes)
        if self._speaker.weights is Weights.PLACED:
            for name, paths in self.reading.places.items():
                for path in paths:
                    path.write(made.subject, made.weights[name])
        return made

    def _sizes(self, parameters: Arrays, sizes: Mapping[str, int]) -> dict[str, Any]:
        """The sizes by role; those of the weights are theirs, also where x has another shape."""
        known = dict(sizes)
        for variable in self._contract.parameters:
            if variable.name in parameters:
                known.update(zip(variable.shape, parameters[variable.name].shape, strict=True))
        ends = ends_of(self._contract)
        values: dict[str, Any] = {SIZE_OF + s: n for s, n in known.items()}
        values |= {SHAPE_OF + s: (n,) for s, n in known.items()}
        if all(end in known for end in ends):
            values[WHOLE_SHAPE] = tuple(known[end] for end in ends)
        return values

    def _plain_operand(self, shape: tuple[str, ...], values: Mapping[str, Any]) -> Array:
        sizes = tuple(values.get(SIZE_OF + symbol, 1) for symbol in shape)
        return np.linspace(-1.0, 1.0, int(np.prod(sizes))).reshape(sizes)

    def _asked(self, bare: str, values: Mapping[str, Any]) -> Any:
        """What a method that makes the weights is given."""
        into, out = ends_of(self._contract)
        if bare.startswith("opt"):
            return values[OPTIMISER]
        return values[(SHAPE_OF if "shape" in bare else SIZE_OF) + (out if "out" in bare else into)]

    # --- calling ---

    def _values(self, made: Made) -> dict[str, Any]:
        values = {**DEFAULTS, **made.operands, OUTPUT: made.output}
        if self._speaker.weights is not Weights.PLACED:
            values |= made.weights
        if self.reading.known_rate:
            values[FREE_RATE] = 1.0
        return values

    def forward(self, made: Made, operands: list[Any]) -> Any:
        """The output in the contract's layout."""
        layout = self.reading.layout
        named = dict(zip((v.name for v in self._contract.operands), operands, strict=True))
        made.operands = {n: layout.operand(self._handed(n, v, named)) for n, v in named.items()}
        kept = self._kept(made)
        made.output = self._speaker.forward(made.subject, self._values(made))
        made.overwritten, made.shared = kept.changed(), ()
        return layout.operand(made.output)

    def _handed(self, name: str, value: Any, operands: Mapping[str, Any]) -> Any:
        """An operand; a one-hot target as class labels where only they are taken."""
        if name != self.reading.labels or not isinstance(value, np.ndarray):
            return value
        first = next(iter(operands.values()))
        hot = self._contract.variable(name).domain is Domain.ONE_HOT
        return value.argmax(axis=-1) if hot and np.ndim(first) == value.ndim else value

    def backward(self, made: Made, dout: Any) -> dict[str, Any]:
        """The gradients by the contract's names, in the contract's layout."""
        self._clear(made.subject)
        values = self._values(made)
        if dout is not None:
            values[DOUT] = self.reading.layout.operand(dout)
        elif self._speaker.needs_dout:
            values[DOUT] = 1.0  # backward needs its dout: a loss is fed with 1
        kept = self._kept(made)
        returned = self._speaker.backward(made.subject, values)
        found = self._returned(returned)
        for name in self._names:
            if name not in found:
                value = self._kept_gradient(made, name, kept)
                if value is not None:
                    found[name] = value
        arrays = {n: v for n, v in found.items() if isinstance(v, np.ndarray)}
        made.shared = tuple((n, w) for n, v in arrays.items() for w in kept.sharing(v))
        result = {n: self._in_contract(made, n, kept.untied(v)) for n, v in found.items()}
        self._put_back(made, kept)
        return result

    def _clear(self, subject: Any) -> None:
        """Set the gradients to zero, where the class has a method for it."""
        cls: Any = type(subject)
        name = _clearing(cls)
        if name and not any(a.needed for a in arguments_of(getattr(subject, name))):
            # Before the first backward there may be nothing to clear, and no class promises
            # that it can; one that never clears is found by calling twice.
            with suppress(Exception):
                getattr(subject, name)()

    def _returned(self, returned: Any) -> dict[str, Any]:
        """What backward returns, by name: dx alone, or dx and the gradients of the weights."""
        names = self._contract.gradients
        operands = [n for n in names if n not in self._names]
        if isinstance(returned, dict):
            by_key = {n: gradient_entry(returned, n) for n in names}
            if all(entry.declared for entry in by_key.values()):
                return {n: entry.value for n, entry in by_key.items()}
        values = returned if isinstance(returned, tuple | list) else (returned,)
        if len(values) not in (len(operands), len(names)) and not isinstance(returned, np.ndarray):
            # A tuple where an array was due, or nothing at all: shown as it is.
            return dict.fromkeys(operands, returned)
        return dict(zip(names, values, strict=False))

    def stored(self, made: Made, name: str) -> Stored:
        """What the object keeps under a name that tells that it is the gradient of a parameter."""
        places = self.reading.places.get(name, ())
        own = [p.name for p in places if len(p.steps) == 1]
        given = self._speaker.spellings.get(name)
        alone = ["param"] if len(self._names) == 1 else []
        spellings = dict.fromkeys([name, *([given] if given else []), *own, *alone])
        return stored_gradient(made.subject, name, list(spellings), self._names, places)

    def _kept_gradient(self, made: Made, name: str, kept: Kept) -> Any:
        """A gradient that is not returned: by name, by its known place, or from an update."""
        stored = self.stored(made, name)
        if stored.declared:
            return stored.value
        if name in self.reading.gradients:
            return self.reading.gradients[name].read(made.subject)
        if name in self.reading.updates:
            return kept.taken(name)
        return None

    def _in_contract(self, made: Made, name: str, gradient: Any) -> Any:
        """A gradient of the object's own array in the contract's layout.

        One that has not the shape of the object's own array is shown as it is: it is wrong.
        """
        if not isinstance(gradient, np.ndarray):
            return gradient
        if name not in self._names:
            return self.reading.layout.operand(gradient)
        if self.reading.mean and gradient.dtype.kind == "f":
            batch = np.shape(next(iter(made.operands.values())))[-1:]
            gradient = gradient * gradient.dtype.type(batch[0] if batch else 1)
        shape = made.shapes[name]
        if gradient.ndim == 2 and len(shape) == 2:
            return gradient.T if name in self.reading.turned else gradient
        return gradient.reshape(shape) if gradient.shape == self.own_shape(made, name) else gradient

    def own_shape(self, made: Made, name: str) -> tuple[int, ...]:
        """The shape in which the object keeps a parameter, where that is another than given."""
        for path in self.reading.places.get(name, ()):
            own = path.read(made.subject)
            if isinstance(own, np.ndarray) and own.size == made.weights[name].size:
                return tuple(map(int, own.shape))
        return made.weights[name].shape

    # --- weights ---

    def _kept(self, made: Made) -> Kept:
        return Kept(made.subject, made.weights, self.reading.places)

    def _put_back(self, made: Made, kept: Kept) -> None:
        """Undo what backward did to the weights; it is remembered as advice."""
        made.overwritten = kept.changed()
        kept.restore()
