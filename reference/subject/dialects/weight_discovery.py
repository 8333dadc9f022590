"""Find the attributes that hold an object's weights, and the layout of these."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Variable
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import parameter_named
from trigrad.subject.dialects.array_layout import ARRAY_LAYOUTS, COLUMN, ROW, ArrayLayout
from trigrad.subject.dialects.array_paths import ArrayPath, PathStep, arrays_in
from trigrad.subject.dialects.conventions import SETUP_METHODS, Conventions
from trigrad.subject.dialects.experiments import ERRORS, Experiments
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.layer_caller import LayerCaller
from trigrad.subject.dialects.named_gradients import looks_like_gradient
from trigrad.subject.dialects.returned_parts import value_shape
from trigrad.subject.dialects.signatures import UnknownDialectError


class WeightFinder:
    """Finds the weights of a class or of a pair of functions."""

    def __init__(self, experiments: Experiments) -> None:
        self._experiments = experiments
        self._contract = experiments.contract
        self._parameters = experiments.parameters

    # --- weights that are passed to the constructor or to forward ---

    def of_given_weights(self) -> Conventions | None:
        """The first layout in which forward returns an output of the right shape."""
        for layout in ARRAY_LAYOUTS:
            conventions = Conventions(layout)
            run = self._experiments.forward(conventions)
            if run is None:
                continue
            conventions = self._with_weight_paths(conventions, run[1])
            if layout == ArrayLayout() or self._gives_dx(conventions):
                return conventions
        return None

    def _gives_dx(self, conventions: Conventions) -> bool:
        """Whether backward works in this layout, which is not the book's; else forward is wrong."""
        run = self._experiments.run(conventions)
        if run is None:
            return False
        names = [v.name for v in self._contract.operands if v.name in self._contract.gradients]
        due = [x.shape for x in self._experiments.operands]
        return [value_shape(run.gradients.get(n)) for n in names] == due

    def _with_weight_paths(self, conventions: Conventions, instance: Instance) -> Conventions:
        """The attributes that hold the given weights, and whether these are transposed."""
        weight_paths: dict[str, tuple[ArrayPath, ...]] = {}
        transposed: set[str] = set()
        for name, given in instance.weights.items():
            found = [(p, a) for p, a in arrays_in(instance.subject) if _holds_weight(a, given)]
            # Both W and its transpose may be there: the one in the layout that was passed counts.
            found.sort(key=lambda f: (f[1].shape != given.shape, _name_rank(f[0], name)))
            weight_paths[name] = tuple(p for p, _ in found)
            due = self._parameters[name].shape
            own = found[0][1].shape if found else given.shape
            if len(due) == 2 and own == due[::-1]:
                transposed.add(name)
        return replace(conventions, weight_paths=weight_paths, transposed=frozenset(transposed))

    # --- weights that the object creates ---

    def of_own_weights(self) -> Conventions | None:
        """The attributes that hold the weights an object creates; None if forward can't run.

        Raises:
            UnknownDialectError: they are not found.
        """
        plain = LayerCaller(self._contract, self._experiments.adapter, Conventions())
        # What the constructor raises here is not caught: it is reported.
        plain.new(self._parameters, self._experiments.sizes)
        error: BaseException | None = None
        for setup in self._setup_methods(plain):
            for lazy in (False, True):
                conventions = Conventions(setup_method=setup, lazy=lazy)
                caller = LayerCaller(self._contract, self._experiments.adapter, conventions)
                try:
                    instance = caller.new(self._parameters, self._experiments.sizes)
                except ERRORS as raised:
                    error = raised
                    continue
                found = self._found_among(conventions, instance)
                if found is not None:
                    return found
        by_name = self._by_name()
        if by_name is not None:
            return by_name
        if isinstance(error, NameError):
            return None  # a mistake of the learner's: forward raises it again, and it is reported
        names = tuple(self._parameters)
        words = Message("unread.attributes", names=names)
        if error is not None:
            why = f"{type(error).__name__}: {error}"
            words = Message("unread.attributes_why", names=names, why=why)
        raise UnknownDialectError(str(words))

    def _setup_methods(self, caller: LayerCaller) -> list[str]:
        subject = caller.new(self._parameters, self._experiments.sizes).subject
        return ["", *(name for name in SETUP_METHODS if callable(getattr(subject, name, None)))]

    def _found_among(self, conventions: Conventions, instance: Instance) -> Conventions | None:
        """The conventions if every parameter is found among the arrays that an object holds."""
        arrays = list(arrays_in(instance.subject))
        weight_paths: dict[str, tuple[ArrayPath, ...]] = {}
        shapes: dict[str, tuple[int, ...]] = {}
        for variable in self._contract.parameters:
            due = self._parameters[variable.name].shape
            fits = [(p, a) for p, a in arrays if _fits(a.shape, due)]
            chosen = _chosen(variable, fits)
            if chosen is None:
                read = self._that_forward_reads(conventions, instance, fits)
                chosen = _chosen(variable, read)
            if chosen is None:
                return None
            weight_paths[variable.name] = tuple(p for p, a in arrays if a is chosen)
            shapes[variable.name] = chosen.shape
        weights = [n for n, a in self._parameters.items() if a.ndim == 2]
        transposed = frozenset(n for n in weights if shapes[n] == self._parameters[n].shape[::-1])
        rows = [s for n, s in shapes.items() if n not in weights]
        bias: tuple[int, ...] = (-1,)
        if rows and len(rows[0]) == 2:
            bias = ROW if rows[0][0] == 1 else COLUMN
        layout = ArrayLayout(bool(transposed), bias)
        found = replace(
            conventions, weight_paths=weight_paths, transposed=transposed, layout=layout
        )
        first = replace(found, layout=replace(layout, features_first=True))
        if (
            self._experiments.forward(found) is None
            and self._experiments.forward(first) is not None
        ):
            return first
        return found

    def _that_forward_reads(
        self, conventions: Conventions, instance: Instance, fits: list[tuple[ArrayPath, Array]]
    ) -> list[tuple[ArrayPath, Array]]:
        """Those of an object's arrays on which its output depends, by changing each of them."""
        caller = self._experiments.caller(conventions)

        def output() -> Any:
            try:
                return caller.forward(instance, [x.copy() for x in self._experiments.operands])
            except ERRORS:
                return None

        before, found = output(), []
        for path, array in fits:
            if not array.flags.writeable or array.dtype.kind != "f":
                continue
            kept = array.copy()
            array += 1.0
            if not np.array_equal(before, output()):
                found.append((path, array))
            array[...] = kept
        return found

    def _by_name(self) -> Conventions | None:
        """The conventions of an object whose weights are set from outside, by attribute names."""
        subject = (
            LayerCaller(self._contract, self._experiments.adapter, Conventions())
            .new(self._parameters, self._experiments.sizes)
            .subject
        )
        weight_paths: dict[str, tuple[ArrayPath, ...]] = {}
        for attribute, value in vars(subject).items() if hasattr(subject, "__dict__") else ():
            name = parameter_named(attribute.lower().replace("_", ""), list(self._parameters))
            if name and (value is None or isinstance(value, np.ndarray)):
                weight_paths.setdefault(name, (ArrayPath((PathStep(True, attribute),)),))
        if set(weight_paths) != set(self._parameters):
            return None
        for layout in ARRAY_LAYOUTS:
            transposed = frozenset(n for n, a in self._parameters.items() if a.ndim == 2)
            conventions = Conventions(
                layout, weight_paths, transposed if layout.transposed else frozenset()
            )
            if self._experiments.forward(conventions) is not None and (
                layout == ArrayLayout() or self._gives_dx(conventions)
            ):
                return conventions
        return Conventions(weight_paths=weight_paths)


def _holds_weight(array: Array, given: Array) -> bool:
    """Whether an array is the given weight, perhaps reshaped or transposed."""
    if array.size != given.size:
        return False
    return np.array_equal(array.reshape(-1), given.reshape(-1)) or np.array_equal(array.T, given)


def _name_rank(path: ArrayPath, name: str) -> int:
    """How well an attribute's name fits a parameter: 0 the same, 1 a synonym, 2 another name."""
    key = path.name.lower().replace("_", "")
    if key == name.lower():
        return 0
    return 1 if parameter_named(key, [name]) else 2


def _fits(shape: tuple[int, ...], due: tuple[int, ...]) -> bool:
    if len(due) == 2:
        return shape in (due, due[::-1])
    return shape in (due, (1, *due), (*due, 1))


def _chosen(variable: Variable, fits: list[tuple[ArrayPath, Array]]) -> Array | None:
    """The array that is the weight: told by its name, else the only one that is no gradient.

    None if several arrays may be.
    """
    fits = [(p, a) for p, a in fits if not looks_like_gradient(p, variable.name)]
    for rank in (0, 1):
        named = _different([(p, a) for p, a in fits if _name_rank(p, variable.name) == rank])
        if named:
            return named[0] if len(named) == 1 else None
    different = _different(fits)
    return different[0] if len(different) == 1 else None


def _different(fits: list[tuple[ArrayPath, Array]]) -> list[Array]:
    """The arrays, each of them once; a view of another one is not a second one."""
    held = {id(a): a for _, a in fits}
    return [a for a in held.values() if id(a.base) not in held]
