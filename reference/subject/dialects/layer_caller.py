"""Create one object of a layer and call its passes, with arrays in the contract's layout."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract, Domain
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.argument_matching import WeightDelivery
from trigrad.subject.dialects.argument_roles import (
    AUXILIARY_VALUES,
    DOUT,
    OPTIMISER,
    OPTIONAL_RATE,
    OUTPUT,
    arguments_of,
)
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.named_gradients import NamedGradient, gradient_entry, named_gradient
from trigrad.subject.dialects.sizes import SHAPE_OF, SIZE_OF, WHOLE_SHAPE, ends_of
from trigrad.subject.dialects.weight_snapshot import WeightSnapshot

_ZERO_GRAD_METHODS = (
    *("zerograd", "zerograds", "cleargrad", "cleargrads", "resetgrad", "resetgrads"),
    *("zerogradient", "zerogradients", "resetgradient", "resetgradients", "cleargradients"),
)
"""Methods that set the gradients to zero. With such a method, backward may add to the gradients."""


@cache
def _zero_grad_method(cls: type) -> str:
    """The method of a class that sets its gradients to zero; "" if there is none."""
    names = (n for n in dir(cls) if n.lower().replace("_", "") in _ZERO_GRAD_METHODS)
    return next((n for n in names if callable(getattr(cls, n))), "")


def loss_in(returned: Any) -> Any:
    """The one number in `return loss, y`; anything else as it is."""
    if not isinstance(returned, tuple | list):
        return returned
    numbers = [v for v in returned if isinstance(v, int | float | np.number | np.ndarray)]
    losses = [v for v in numbers if np.ndim(v) == 0]
    return losses[0] if len(losses) == 1 < len(returned) else returned


class LayerCaller:
    """Translates between the contract's layout and the conventions of the subject's objects."""

    def __init__(self, contract: Contract, adapter: Adapter, conventions: Conventions) -> None:
        self._contract = contract
        self._adapter = adapter
        self.conventions = conventions
        self._names = [v.name for v in contract.parameters]

    # --- creating an object ---

    def new(self, parameters: Arrays, sizes: Mapping[str, int]) -> Instance:
        """A new object; no weights are written into its attributes yet."""
        conventions = self.conventions
        weights = {n: conventions.layout.weight(a) for n, a in parameters.items()}
        values = {**AUXILIARY_VALUES, **weights}
        if self._adapter.needs_sizes:
            values |= self._sizes(parameters, sizes)
        if conventions.rate_passed:
            values[OPTIONAL_RATE] = 1.0
        subject = self._adapter.make(values)
        if conventions.rate_attribute:
            setattr(subject, conventions.rate_attribute, 1.0)
        instance = Instance(subject, weights, {n: a.shape for n, a in parameters.items()})
        if conventions.setup_method:
            method = getattr(subject, conventions.setup_method)
            method(*(self._setup_argument(a.key, values) for a in arguments_of(method) if a.needed))
        if conventions.lazy:
            operands = [self._plain_operand(v.shape, values) for v in self._contract.operands]
            self.forward(instance, operands)
        return instance

    def make(self, parameters: Arrays, sizes: Mapping[str, int]) -> Instance:
        """A new object with these weights, which have the contract's shapes."""
        instance = self.new(parameters, sizes)
        if self._adapter.weights is WeightDelivery.WRITTEN:
            for name, paths in self.conventions.weight_paths.items():
                for path in paths:
                    path.write(instance.subject, instance.weights[name])
        return instance

    def _sizes(self, parameters: Arrays, sizes: Mapping[str, int]) -> dict[str, Any]:
        """The sizes by role. Those of the weights come from the weights, not from the operands."""
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

    def _setup_argument(self, key: str, values: Mapping[str, Any]) -> Any:
        """The value of an argument of a setup method."""
        into, out = ends_of(self._contract)
        if key.startswith("opt"):
            return values[OPTIMISER]
        return values[(SHAPE_OF if "shape" in key else SIZE_OF) + (out if "out" in key else into)]

    # --- calling its passes ---

    def _values(self, instance: Instance) -> dict[str, Any]:
        values = {**AUXILIARY_VALUES, **instance.operands, OUTPUT: instance.output}
        if self._adapter.weights is not WeightDelivery.WRITTEN:
            values |= instance.weights
        if self.conventions.rate_passed:
            values[OPTIONAL_RATE] = 1.0
        return values

    def forward(self, instance: Instance, operands: list[Any]) -> Any:
        """The output in the contract's layout."""
        layout = self.conventions.layout
        named = dict(zip((v.name for v in self._contract.operands), operands, strict=True))
        instance.operands = {
            n: layout.operand(self._as_expected(n, v, named)) for n, v in named.items()
        }
        snapshot = self._snapshot(instance)
        returned = self._adapter.forward(instance.subject, self._values(instance))
        instance.output = loss_in(returned) if self._contract.scalar else returned
        instance.overwritten, instance.shared = snapshot.changed(), ()
        return layout.operand(instance.output)

    def _as_expected(self, name: str, value: Any, operands: Mapping[str, Any]) -> Any:
        """An operand; a one-hot target as class labels if the layer takes only labels."""
        if name != self.conventions.labels_for or not isinstance(value, np.ndarray):
            return value
        first = next(iter(operands.values()))
        hot = self._contract.variable(name).domain is Domain.ONE_HOT
        return value.argmax(axis=-1) if hot and np.ndim(first) == value.ndim else value

    def backward(self, instance: Instance, dout: Any) -> dict[str, Any]:
        """The gradients by the contract's names, in the contract's layout."""
        self._clear(instance.subject)
        values = self._values(instance)
        if dout is not None:
            values[DOUT] = self.conventions.layout.operand(dout)
        elif self._adapter.needs_dout:
            values[DOUT] = 1.0  # a loss whose backward requires dout gets 1
        snapshot = self._snapshot(instance)
        returned = self._adapter.backward(instance.subject, values)
        found = self._returned(returned)
        for name in self._names:
            if name not in found:
                value = self._stored_gradient(instance, name, snapshot)
                if value is not None:
                    found[name] = value
        arrays = {n: v for n, v in found.items() if isinstance(v, np.ndarray)}
        instance.shared = tuple(
            (n, w) for n, v in arrays.items() for w in snapshot.weights_sharing_memory(v)
        )
        result = {
            n: self._in_contract(instance, n, snapshot.independent(v)) for n, v in found.items()
        }
        self._restore(instance, snapshot)
        return result

    def _clear(self, subject: Any) -> None:
        """Set the gradients to zero, if the class has a method for it."""
        cls: Any = type(subject)
        name = _zero_grad_method(cls)
        if name and not any(a.needed for a in arguments_of(getattr(subject, name))):
            # Before the first backward there may be nothing to clear, and the method may raise.
            # One that never clears is found by the law that calls backward twice.
            with suppress(Exception):
                getattr(subject, name)()

    def _returned(self, returned: Any) -> dict[str, Any]:
        """The returned gradients by name: of the operands alone, or of the weights too."""
        names = self._contract.gradients
        operands = [n for n in names if n not in self._names]
        if isinstance(returned, dict):
            by_key = {n: gradient_entry(returned, n) for n in names}
            if all(entry.declared for entry in by_key.values()):
                return {n: entry.value for n, entry in by_key.items()}
        values = returned if isinstance(returned, tuple | list) else (returned,)
        if len(values) not in (len(operands), len(names)) and not isinstance(returned, np.ndarray):
            # A tuple instead of an array, or None: it is shown as it is.
            return dict.fromkeys(operands, returned)
        return dict(zip(names, values, strict=False))

    def named_gradient_of(self, instance: Instance, name: str) -> NamedGradient:
        """The gradient of a parameter that the object stores under a name that says so."""
        weight_paths = self.conventions.weight_paths.get(name, ())
        own = [p.name for p in weight_paths if len(p.steps) == 1]
        given = self._adapter.parameter_names.get(name)
        alone = ["param"] if len(self._names) == 1 else []
        spellings = dict.fromkeys([name, *([given] if given else []), *own, *alone])
        return named_gradient(instance.subject, name, list(spellings), self._names, weight_paths)

    def _stored_gradient(self, instance: Instance, name: str, snapshot: WeightSnapshot) -> Any:
        """A gradient that is not returned: told by its name, by discovery, or by an update."""
        found_by_name = self.named_gradient_of(instance, name)
        if found_by_name.declared:
            return found_by_name.value
        if name in self.conventions.gradient_paths:
            return self.conventions.gradient_paths[name].read(instance.subject)
        if name in self.conventions.updated:
            return snapshot.subtracted(name)
        return None

    def _in_contract(self, instance: Instance, name: str, gradient: Any) -> Any:
        """A gradient in the contract's layout.

        A gradient that does not have the shape of the object's own weight is wrong, and is
        shown as it is.
        """
        if not isinstance(gradient, np.ndarray):
            return gradient
        if name not in self._names:
            return self.conventions.layout.operand(gradient)
        if self.conventions.mean and gradient.dtype.kind == "f":
            batch = np.shape(next(iter(instance.operands.values())))[-1:]
            gradient = gradient * gradient.dtype.type(batch[0] if batch else 1)
        shape = instance.shapes[name]
        if gradient.ndim == 2 and len(shape) == 2:
            return gradient.T if name in self.conventions.transposed else gradient
        return (
            gradient.reshape(shape)
            if gradient.shape == self.own_shape(instance, name)
            else gradient
        )

    def own_shape(self, instance: Instance, name: str) -> tuple[int, ...]:
        """The shape in which the object stores a parameter; the given shape if that is unknown."""
        for path in self.conventions.weight_paths.get(name, ()):
            own = path.read(instance.subject)
            if isinstance(own, np.ndarray) and own.size == instance.weights[name].size:
                return tuple(map(int, own.shape))
        return instance.weights[name].shape

    # --- keeping its weights ---

    def _snapshot(self, instance: Instance) -> WeightSnapshot:
        return WeightSnapshot(instance.subject, instance.weights, self.conventions.weight_paths)

    def _restore(self, instance: Instance, snapshot: WeightSnapshot) -> None:
        """Undo what backward did to the weights; a suggestion will mention it."""
        instance.overwritten = snapshot.changed()
        snapshot.restore()
