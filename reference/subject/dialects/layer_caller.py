"""Create one object of a layer and call its passes, with arrays in the contract's layout."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from trigrad.contracts.schema import Arrays, Contract, Domain
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.argument_matching import WeightDelivery
from trigrad.subject.dialects.argument_roles import (
    AUXILIARY_VALUES,
    CACHE,
    DOUT,
    OPERAND_LIST,
    OPERAND_TUPLE,
    OPTIONAL_RATE,
    OUTPUT,
    arguments_of,
    setting_values,
)
from trigrad.subject.dialects.array_layout import can_be_subtracted
from trigrad.subject.dialects.array_paths import ArrayPath
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.named_gradients import (
    NamedGradient,
    named_gradient,
)
from trigrad.subject.dialects.optimiser_calls import given, optimisers_in, recorded
from trigrad.subject.dialects.returned_parts import usual_paths
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.sizes import plain_operand, setup_argument, size_values
from trigrad.subject.dialects.weight_snapshot import WeightSnapshot, distinct_arrays


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
        values = {**AUXILIARY_VALUES, **setting_values(self._contract), **weights}
        if self._adapter.needs_sizes:
            values |= size_values(self._contract, parameters, sizes)
        if conventions.rate_passed:
            values[OPTIONAL_RATE] = 1.0
        subject = self._adapter.make(values)
        if conventions.rate_attribute:
            setattr(subject, conventions.rate_attribute, 1.0)
        instance = Instance(subject, weights, {n: a.shape for n, a in parameters.items()})
        if conventions.setup_method:
            method = getattr(subject, conventions.setup_method)
            asked = (a.key for a in arguments_of(method) if a.needed)
            method(*(setup_argument(self._contract, key, values) for key in asked))
        if conventions.lazy:
            operands = [plain_operand(v.shape, values) for v in self._contract.operands]
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

    # --- calling its passes ---

    def _values(self, instance: Instance) -> dict[str, Any]:
        operands = list(instance.operands.values())
        values = {**AUXILIARY_VALUES, **setting_values(self._contract)}
        values |= {**instance.operands, OUTPUT: instance.output}
        values |= {OPERAND_LIST: operands, OPERAND_TUPLE: tuple(operands), CACHE: instance.caches}
        if self._adapter.weights is not WeightDelivery.WRITTEN:
            values |= instance.weights
        if self.conventions.rate_passed:
            values[OPTIONAL_RATE] = 1.0
        return values

    def forward(self, instance: Instance, operands: list[Any]) -> Any:
        """The output in the contract's layout; what it does to the weights is noted."""
        snapshot = self.snapshot(instance)
        output = self.output(instance, operands)
        instance.overwritten, instance.shared = snapshot.changed(), ()
        instance.misfits = {}
        return output

    def output(self, instance: Instance, operands: list[Any]) -> Any:
        """The output in the contract's layout, for arrays of whatever kind."""
        layout = self.conventions.layout
        named = dict(zip((v.name for v in self._contract.operands), operands, strict=True))
        instance.operands = {
            n: layout.operand(self._as_expected(n, v, named)) for n, v in named.items()
        }
        returned = self._adapter.forward(instance.subject, self._values(instance))
        instance.output, instance.caches = self._split(returned)
        return layout.operand(instance.output)

    def _split(self, returned: Any) -> tuple[Any, tuple[Any, ...]]:
        """The output, and what forward returns beside it."""
        index = self._output_index(returned)
        several = isinstance(returned, tuple | list) and len(returned) > 1
        if index is None or not several or len(returned) <= index:
            return returned, ()
        return returned[index], (*returned[:index], *returned[index + 1 :])

    def _output_index(self, returned: Any) -> int | None:  # noqa: ARG002 - for trial calls
        """Which entry of a tuple the output is; None if forward returns nothing else."""
        usual = 0 if self._adapter.is_pair else None
        return self.conventions.output_index if self.conventions.output_index is not None else usual

    def _as_expected(self, name: str, value: Any, operands: Mapping[str, Any]) -> Any:
        """An operand; a one-hot target as class labels if the layer takes only labels."""
        if name != self.conventions.labels_for or not isinstance(value, np.ndarray):
            return value
        first = next(iter(operands.values()))
        hot = self._contract.variable(name).domain is Domain.ONE_HOT
        return value.argmax(axis=-1) if hot and np.ndim(first) == value.ndim else value

    def backward(self, instance: Instance, dout: Any) -> dict[str, Any]:
        """The gradients by the contract's names, in the contract's layout."""
        self._clear(instance)
        values = self._values(instance)
        if dout is not None:
            values[DOUT] = self.conventions.layout.operand(dout)
        elif self._adapter.needs_dout:
            values[DOUT] = 1.0  # a loss whose backward requires dout gets 1
        snapshot = self.snapshot(instance)
        with recorded(self._optimisers(instance)) as instance.optimiser_calls:
            returned = self._adapter.backward(instance.subject, values)
        found = self._returned(instance, returned)
        left = {n: self.stored_gradient(instance, n) for n in self._names if n not in found}
        instance.stored = tuple(n for n, value in left.items() if value is not None)
        for name, stored in left.items():
            value = stored
            if value is None and name in self.conventions.updated:
                value = snapshot.subtracted(name)
            if value is not None:
                found[name] = value
        arrays = {n: v for n, v in found.items() if isinstance(v, np.ndarray)}
        instance.shared = tuple(
            (n, w) for n, v in arrays.items() for w in snapshot.weights_sharing_memory(v)
        )
        instance.misfits = {
            n: (v.shape, self.own_shape(instance, n))
            for n, v in arrays.items()
            if n in self._names
            and v.shape == instance.shapes[n]
            and not can_be_subtracted(v.shape, self.own_shape(instance, n))
        }
        result = {
            n: self._in_contract(instance, n, snapshot.independent(v)) for n, v in found.items()
        }
        self._restore(instance, snapshot)
        return result

    def _optimisers(self, instance: Instance) -> list[Any]:
        """The optimisers to which it gives gradients that are read there."""
        held = optimisers_in(instance.subject) if self.conventions.given else ()
        return [optimiser for _, optimiser in held]

    def _clear(self, instance: Instance) -> None:
        """Set the gradients to zero before backward, if it adds to them."""
        if self.conventions.clearing_method:
            # Before the first backward there may be nothing to clear, and the method may raise.
            # One that never clears is found by the law that calls backward twice.
            with suppress(Exception):
                getattr(instance.subject, self.conventions.clearing_method)()
        elif self.conventions.cleared_elsewhere or self.conventions.uncleared:
            for name in self._names:
                stored = self.stored_gradient(instance, name)
                if isinstance(stored, np.ndarray):
                    stored[...] = 0

    def _returned(self, instance: Instance, returned: Any) -> dict[str, Any]:  # noqa: ARG002
        """The returned gradients by name: of the operands alone, or of the weights too."""
        paths = self.conventions.returned or self._usual_paths(returned)
        if paths and not isinstance(returned, np.ndarray):
            return {name: path.read(returned) for name, path in paths.items()}
        operands = [n for n in self._contract.gradients if n not in self._names]
        if isinstance(returned, np.ndarray | np.number | int | float):
            return {operands[0]: returned}
        # A tuple instead of an array, or None: it is shown as it is.
        return dict.fromkeys(operands, returned)

    def _usual_paths(self, returned: Any) -> dict[str, ArrayPath]:
        operands = [n for n in self._contract.gradients if n not in self._names]
        return usual_paths(returned, self._contract.gradients, len(operands))

    def named_gradient_of(self, instance: Instance, name: str) -> NamedGradient:
        """The gradient of a parameter that the object stores under a name that says so."""
        weight_paths = self.conventions.weight_paths.get(name, ())
        own = [p.name for p in weight_paths if len(p.steps) == 1]
        given = self._adapter.parameter_names.get(name)
        alone = ["param"] if len(self._names) == 1 else []
        spellings = dict.fromkeys([name, *([given] if given else []), *own, *alone])
        return named_gradient(instance.subject, name, list(spellings), self._names, weight_paths)

    def stored(self, instance: Instance) -> dict[str, Any]:
        """The gradients that the last backward left in the object, in the contract's layout."""
        return {
            n: self._in_contract(instance, n, self.stored_gradient(instance, n))
            for n in instance.stored
            # In a weight's own memory it is gone by now: the weight was restored.
            if n not in dict(instance.shared)
        }

    def stored_gradient(self, instance: Instance, name: str) -> Any:
        """A gradient that the object holds, told by its name or by discovery; None without one."""
        if name in self.conventions.given:
            return given(instance.optimiser_calls, self.conventions.given[name])
        found_by_name = self.named_gradient_of(instance, name)
        if found_by_name.declared:
            return found_by_name.value
        if name in self.conventions.gradient_paths:
            return self.conventions.gradient_paths[name].read(instance.subject)
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

    # --- its weights ---

    def rewrite(self, instance: Instance, parameters: Arrays, choice: int) -> None:
        """Write other values, in the contract's layout, into the weights that an object holds.

        Raises:
            UnknownDialectError: there is no array of that number for any of them.
        """
        if self._adapter.weights is WeightDelivery.TO_FORWARD:
            held = {name: [instance.weights[name]] for name in parameters}
            values = {n: self.conventions.layout.weight(a) for n, a in parameters.items()}
        else:
            paths, transposed = self.conventions.weight_paths, self.conventions.transposed
            held = {n: distinct_arrays(instance.subject, paths.get(n, ())) for n in parameters}
            values = {n: a.T if n in transposed else a for n, a in parameters.items()}
        if not all(held.values()) or choice >= max(map(len, held.values()), default=0):
            raise UnknownDialectError(str(Message("unread.weights")))
        for name, value in values.items():
            own = held[name][min(choice, len(held[name]) - 1)]
            own[...] = value.reshape(own.shape)

    def snapshot(self, instance: Instance) -> WeightSnapshot:
        """Its weights as they are now, to compare with and to restore."""
        return WeightSnapshot(instance.subject, instance.weights, self.conventions.weight_paths)

    def _restore(self, instance: Instance, snapshot: WeightSnapshot) -> None:
        """Undo what backward did to the weights; a suggestion will mention it."""
        instance.overwritten = snapshot.changed()
        snapshot.restore()
