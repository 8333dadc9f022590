"""The dialect of a declared layer: called as its declaration and its signatures say."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from traceback import walk_tb
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from trigrad.cases.ladder import size_ladder
from trigrad.contracts.declaration import DOUT, LAYER, NO_BACKWARD, Declaration, Field
from trigrad.contracts.schema import Array, Arrays, Contract, Domain, Variable, shape_of, size_of
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import OUTPUTS, first_attribute
from trigrad.subject.dialects.alike_gradients import (
    Alike,
    alike_in,
    backward_of,
    order_returned,
)
from trigrad.subject.dialects.array_layout import can_be_subtracted
from trigrad.subject.dialects.array_paths import ArrayPath, PathStep, arrays_in
from trigrad.subject.dialects.declared_calls import (
    Passes,
    backward_values,
    forward_values,
    made,
    names_of_call,
    split,
    takes_dout,
)
from trigrad.subject.dialects.declared_gradients import (
    Source,
    held_by,
    numbers_with_gradient,
    slopes,
    sources,
    unread_in,
)
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.expression import Expression
from trigrad.subject.dialects.global_names import global_names_of, globals_set
from trigrad.subject.dialects.held_weights import DEPTH, paths_named
from trigrad.subject.dialects.own_generators import generators_of, restart
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.dialects.several_outputs import (
    are_several,
    given_in,
    joined,
    names_of_outputs,
    parted,
    shapes_of,
    unjudged_outputs,
)
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.weight_steps import (
    rate_given,
    rate_held,
    steps_back,
    weights_of,
)
from trigrad.subject.face import FUNCTION, Build

FEW = 3
"""How many sizes are tried of a guess."""

FURTHER = (1, 2)
"""By so much a size is made larger than an equal one: windows may need even sizes."""

SEED = 0
"""NumPy's generator begins anew with it before each forward, so that dropout drops the same."""


@dataclass
class DeclaredObject:
    """An object of a declared layer, and the values of its last calls."""

    layer: Any
    parameters: dict[str, Any]
    sizes: Mapping[str, int]
    operands: dict[str, Any] = field(default_factory=dict)
    out: Any = None
    """What forward returned, as it stands."""
    outputs: tuple[Any, ...] = ()
    """The judged ones of it."""
    caches: tuple[Any, ...] = ()
    returned: Any = None
    """What backward returned."""
    steps: dict[str, Array] = field(default_factory=dict)
    """What backward has taken off weights; they are put back."""


@dataclass(frozen=True)
class Fit:
    """Where the gradients are, and which of them are derivatives of forward."""

    sources: dict[str, Source]
    right: frozenset[str]
    lacking: frozenset[str]
    """What has no gradient."""
    apart: bool
    """Whether no two of the sizes are equal: else one may be taken for another."""
    weights: frozenset[str]
    unread: frozenset[str] = frozenset()
    """What is declared without a gradient, and seems to get one."""
    instead: bool = False
    """Whether backward returns an array of another shape in the place of each that is lacking."""
    unordered: tuple[str, ...] = ()
    """Arrays of one shape whose gradients, by their names, are returned in another order."""
    misshapen: frozenset[str] = frozenset()
    """What has a gradient of another shape: then this may be no array that it takes."""
    unused: frozenset[str] = frozenset()
    """What forward does not depend on."""

    @property
    def whole(self) -> bool:
        """Whether every gradient is there and right."""
        return self.apart and not self.lacking and len(self.right) == len(self.sources)

    @property
    def rank(self) -> tuple[bool, bool, int, int]:
        """The larger, the better it fits."""
        wrong = len(self.sources) - len(self.right) + len(self.lacking & self.weights)
        right = bool(self.right) and not wrong
        return right, self.apart, len(self.right) - wrong, len(self.sources)


class DeclaredDialect(PlainDialect):
    """A class, a pair of functions, or one function that returns its gradients too."""

    refusal = Message("declared.no_places")

    def __init__(
        self,
        contract: Contract,
        declaration: Declaration,
        passes: Passes,
        defined: Any,
        *,
        guessed: bool = False,
    ) -> None:
        """`defined` is the class, or the forward function.

        If the declaration is `guessed`, nobody has said that names tell two gradients of one shape
        that are returned in another order than forward takes their operands.
        """
        self.defined = defined
        self._guessed = guessed
        self._contract = contract
        self._declaration = declaration
        self._passes = passes
        self._namespace = globals_of(defined)
        # Arrays and sizes that functions do not take, but find in their module.
        self._global_names = global_names_of(passes.functions or ())
        self._is_number = False
        self.takes_dout = takes_dout(declaration, passes)
        functions = passes.functions is not None
        self.calls = {
            "forward": FUNCTION if functions and not passes.backward else passes.forward,
            "backward": passes.backward or passes.forward,
        }
        self.forward_runs = False
        """Whether forward gives numbers with some of the sizes that were tried."""
        self.backward_raises = False
        """Whether a statement of its own raises there, and not only the call of it."""
        self.name_error: NameError | AttributeError | None = None
        """What its forward raises of a name that it uses, whatever it is given."""
        self.forward_error: BaseException | None = None
        """What a statement of its forward raises, with the first sizes of those that were tried."""
        self._edited = False
        self._first: int | None = None
        """Which of the sizes is the first with which forward runs."""
        self._sources: dict[str, Source] | None = None
        self._notes: dict[str, None] = {}  # an ordered set
        self._places: dict[str, list[ArrayPath]] = {}
        """Where it holds the weights that are not given to the constructor."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Gradients whose shape is not quite that of what they belong to."""
        return tuple(self._notes)

    @property
    def row(self) -> tuple[Contract, Declaration, Passes, Any]:
        """What it was made of."""
        return self._contract, self._declaration, self._passes, self.defined

    def found_as(self, original: DeclaredDialect) -> None:
        """Look for its gradients where the original of this text has them, if it has them all.

        To find them takes twenty times as long as one forward and backward, and an edited text is
        tried once. Where the original has none, as its backward raises, few sizes are tried, from
        those on with which its forward runs.
        """
        self._edited, self._first = True, original._first
        found = original._sources
        if found and found.keys() >= {*self._contract.gradients}:
            self._sources, self._is_number = dict(found), original._is_number
            self._places = dict(original._places)

    # --- making and calling ---

    def build(self, command: Build) -> DeclaredObject:
        """A new object with the weights of a case."""
        if self._sources is None:
            self._sources = {}  # while it is tried
            only_forward = self._declaration.expression(Field.BACKWARD) == NO_BACKWARD
            fit = None if only_forward else self.fit(few=self._edited)
            self._sources = fit.sources if fit is not None else {}
        np.random.seed(SEED)
        parameters = self._plain(command.parameters)
        layer, given = made(
            self._declaration, self._passes, self._namespace, parameters, command.sizes
        )
        for name in parameters.keys() - given:
            self._write(layer, name, parameters[name])
        return DeclaredObject(layer, parameters, command.sizes)

    def _plain(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """The same with a setting, such as a stride, as the Python number that it is."""
        chosen = (v for v in self._contract.variables if v.domain is Domain.WHOLE)
        whole = {v.name for v in chosen if not v.shape}
        return {n: int(value) if n in whole else value for n, value in arrays.items()}

    def _write(self, layer: Any, name: str, value: Any) -> None:
        """Put a weight that was not given to the constructor in the place of the object's own."""
        number = getattr(layer, "__dict__", {}).get(name)
        if isinstance(number, float):  # what stands for an array in a trace stays what it is
            setattr(layer, name, float(value) if type(value) is np.ndarray else value)
            return
        paths = self._places.get(name, [])
        if not paths or any(not isinstance(p.read(layer), np.ndarray) for p in paths):
            paths = self._places[name] = self._paths_to(layer, name)  # the same in the next object
        own = paths[0].read(layer) if paths else None
        if own is None or own.shape != np.shape(value):
            shape = "none" if own is None else str(own.shape)
            raise UnknownDialectError(str(Message("declared.own_shape", name=name, own=shape)))
        for path in paths:
            path.put(layer, value)

    def _paths_to(self, layer: Any, name: str) -> list[ArrayPath]:
        """All paths to a weight that an object holds: where a group has it, or under its name."""
        in_group = _path_in_group(name, self._declaration)
        own = in_group.read(layer) if in_group is not None else None
        if in_group is None or not isinstance(own, np.ndarray):
            return paths_named(layer, name)
        same = [path for path, array in arrays_in(layer, depth=DEPTH) if array is own]
        return same or [in_group]

    def forward(self, built: DeclaredObject, operands: list[Any]) -> Any:
        """Its output; of several, all numbers in one flat array."""
        output = self._run_forward(built, operands)
        return joined(output) if are_several(output) else output

    def _run_forward(self, built: DeclaredObject, operands: list[Any]) -> Any:
        restart(generators_of(built.layer, self._namespace), SEED)
        names = [v.name for v in self._contract.operands]
        built.operands = self._plain(dict(zip(names, operands, strict=True)))
        with globals_set(self._namespace, self._given_globally(built)):
            return self._forward(built)

    def _given_globally(self, built: DeclaredObject) -> dict[str, Any]:
        return {n: v for n, v in self._names(built).items() if n in self._global_names}

    def _forward(self, built: DeclaredObject) -> Any:
        text = self._declaration.expression(Field.FORWARD)
        if text:
            returned = Expression(text, Field.FORWARD).value(
                self._namespace, self._names(built) | {LAYER: built.layer}
            )
        else:
            given = self._declaration.folded(built.operands)
            args, kwargs = forward_values(self._passes.arguments("forward"), given)
            returned = self._passes.bound(built.layer, "forward")(*args, **kwargs)
        if returned is None:
            returned = first_attribute(built.layer, OUTPUTS)
        built.out = returned
        output, built.caches = split(
            returned,
            self._declaration.expression(Field.RETURNS),
            self._namespace,
            self._names(built) | {LAYER: built.layer},
        )
        if are_several(output):
            built.outputs = tuple(output)
            return built.outputs
        built.outputs = (output,)
        return output.reshape(()) if self._is_number and np.ndim(output) else output

    def _names(self, built: DeclaredObject) -> dict[str, Any]:
        arrays = {**built.parameters, **built.operands}
        return {**built.sizes, **arrays, **self._declaration.grouped(arrays)}

    def root(self, built: DeclaredObject) -> Any:
        """The layer or network itself."""
        return built.layer

    def own_weights(self, built: DeclaredObject) -> dict[str, Any]:
        """The arrays that it was given or that were put into it."""
        return built.parameters

    def own_output(
        self, parameters: Mapping[str, Any], sizes: Mapping[str, int], operands: list[Any]
    ) -> Any:
        """The output of a new object, or a tuple of them, for arrays of whatever kind."""
        return self._run_forward(self.build(Build(dict(parameters), sizes)), operands)

    def _call_backward(self, built: DeclaredObject, dout: Any) -> Any:
        kept = weights_of(built.layer, built.parameters) if self._passes.made else []
        with globals_set(self._namespace, self._given_globally(built)):
            returned = self._run_backward(built, dout)
        built.steps = steps_back(built.layer, kept)
        return returned

    def _run_backward(self, built: DeclaredObject, dout: Any) -> Any:
        if len(built.outputs) > 1 and dout is not None:
            dout = parted(dout, shapes_of(built.outputs))
        text = self._declaration.expression(Field.BACKWARD)
        if text:
            self._note_outputs(built, given_in(text, built.out, built.caches))
            names = names_of_call(built.layer, built.out, built.caches) | self._names(built)
            return Expression(text, Field.BACKWARD).value(self._namespace, names | {DOUT: dout})
        if not self._passes.backward:
            return built.caches  # what forward returns beside its output
        arguments = self._passes.arguments("backward")
        fold = self._declaration.folded
        names_out = self.names_of_outputs(built)
        args, kwargs = backward_values(
            arguments, fold(built.operands), fold(built.parameters), built.caches, dout, names_out
        )
        given = [*args, *kwargs.values()]
        given += [each for value in given if isinstance(value, tuple) for each in value]
        self._note_outputs(built, given)
        return self._passes.bound(built.layer, "backward")(*args, **kwargs)

    def names_of_outputs(self, built: DeclaredObject) -> tuple[str, ...]:
        """What forward calls the outputs that are judged, or numbers."""
        return names_of_outputs(built.out, built.outputs, self._passes.function("forward"))

    def _note_outputs(self, built: DeclaredObject, given: Sequence[Any]) -> None:
        """Say how several outputs are judged, and which are not.

        `given` is with what backward is called.
        """
        forward = self._passes.function("forward")
        if len(built.outputs) > 1:
            names = self.names_of_outputs(built)
            self._notes[str(Message("outputs.several", names=names))] = None
        left = tuple(unjudged_outputs(built.out, built.outputs, given, forward))
        if left:
            self._notes[str(Message("outputs.unjudged", names=left))] = None

    def backward(
        self,
        built: DeclaredObject,
        dout: Any,
        operands: list[Any],  # noqa: ARG002 - a layer stores its own
    ) -> dict[str, Any]:
        """Its gradients by the declared names."""
        if dout is not None and self._is_number:
            dout = np.reshape(dout, ())
        if self.repeats_forward:
            restart(generators_of(built.layer, self._namespace), SEED)
        built.returned = self._call_backward(built, dout)
        return self._read(built)

    @property
    def repeats_forward(self) -> bool:
        """Whether backward begins with forward, as gradient(x, t) does: it must drop the same."""
        text = self._declaration.expression(Field.BACKWARD)
        operands = {v.name for v in self._contract.operands}
        again = self._declaration.names_in(Field.BACKWARD) & operands
        return self._passes.of_loss or bool(text and again and not self.takes_dout)

    def _read(self, built: DeclaredObject) -> dict[str, Any]:
        found = {
            name: source.read(built.returned, built.layer, built.steps)
            for name, source in (self._sources or {}).items()
        }
        given = {**built.parameters, **built.operands}
        return {name: self._in_shape(name, value, given[name]) for name, value in found.items()}

    def _in_shape(self, name: str, gradient: Any, array: Array) -> Any:
        """A gradient in the shape of its array, if they differ in axes of length 1 only.

        Of shape (M,) it stays for an array of shape (M, 1): a step with it would raise, or give an
        array of shape (M, M). A plain number is right for what is declared as one.
        """
        number = isinstance(gradient, int | float | np.number)
        if number and self._contract.variable(name).shape == ("1",):
            return np.reshape(gradient, array.shape)
        if not isinstance(gradient, np.ndarray) or gradient.shape == array.shape:
            return gradient
        if not _same_sizes(gradient, array):
            return gradient
        if array.shape and not can_be_subtracted(gradient.shape, array.shape):
            return gradient
        found, own = str(gradient.shape), str(array.shape)
        self._notes[str(Message("declared.shape", name=name, found=found, own=own))] = None
        return gradient.reshape(array.shape)

    # --- where the gradients are ---

    def fit(self, *, few: bool = False) -> Fit | None:
        """How well it fits with arrays of its own; None if no size works of all, or of a `few`."""
        self._sources = self._sources or {}
        several = list(size_ladder(self._contract.symbols))
        first = (self._first if self._edited else None) or 0
        for number, sizes in enumerate(several[first : first + FEW] if few else several):
            random = np.random.RandomState(20)
            arrays = {v.name: drawn(v, sizes, random) for v in self._contract.variables}
            found: Fit | None = None
            with contextlib.suppress(*ERRORS):  # other sizes may fit
                found = self._sources_for(arrays, sizes, random)
            if self._first is None and self.forward_runs:
                self._first = number
            if found is None:
                continue
            return replace(found, apart=True) if self._free(found, sizes) else found
        return None

    def _free(self, found: Fit, sizes: Mapping[str, int]) -> bool:
        """Whether each of the sizes that are equal may be another one: then none is mistaken."""
        if found.apart or not found.rank[0] or found.lacking:
            return False
        equal = [s for s in sizes if list(sizes.values()).count(sizes[s]) > 1]
        return all(
            any(self._right_with({**sizes, s: sizes[s] + more}) for more in FURTHER) for s in equal
        )

    def _right_with(self, sizes: Mapping[str, int]) -> bool:
        random = np.random.RandomState(20)
        arrays = {v.name: drawn(v, sizes, random) for v in self._contract.variables}
        try:
            return self._sources_for(arrays, sizes, random).rank[0]
        except ERRORS:
            return False

    def _sources_for(
        self, arrays: Arrays, sizes: Mapping[str, int], random: np.random.RandomState
    ) -> Fit:
        parameters = {v.name: arrays[v.name].copy() for v in self._contract.parameters}
        operands = [arrays[v.name].copy() for v in self._contract.operands]
        built = self.build(Build(parameters, sizes))
        new = held_by(built.layer)
        try:
            output = np.asarray(self.forward(built, operands), dtype=np.float64)
        except ERRORS as error:
            if self.forward_error is None and self._is_in_its_text(error):
                self.forward_error = error
            if isinstance(error, NameError) or (
                isinstance(error, AttributeError)
                and (error.obj is built.layer or isinstance(error.obj, ModuleType))
            ):
                self.name_error = error
            raise
        if not output.size or not np.isfinite(output).all():
            raise ValueError("forward gives no finite number")
        self.forward_runs = True
        more = any(array.size > 1 for array in arrays.values())  # else one number is all there is
        self._is_number = output.size == 1 and more and min(sizes.values(), default=2) > 1
        output = output.reshape(()) if self._is_number else output
        dout = random.randn(*output.shape) if output.ndim else None
        before = held_by(built.layer)
        if self.repeats_forward:
            restart(generators_of(built.layer, self._namespace), SEED)
        try:
            built.returned = self._call_backward(built, dout)
        except ERRORS as error:
            self.backward_raises = self.backward_raises or self._is_in_its_text(error)
            raise
        differentiated = {n: arrays[n] for n in self._contract.gradients}
        weight = np.ones(()) if dout is None else dout

        def value_of(name: str) -> Callable[[Array], float]:
            def value(array: Array) -> float:
                given = {**arrays, name: array}
                weights = {v.name: given[v.name].copy() for v in self._contract.parameters}
                passed = [given[v.name].copy() for v in self._contract.operands]
                output = self.own_output(weights, sizes, passed)
                return float(np.sum(weight * (joined(output) if are_several(output) else output)))

            return value

        truth = {
            name: slopes(value_of(name), array, seed)
            for seed, (name, array) in enumerate(differentiated.items())
        }
        held = {**parameters, **built.operands}
        mine = {n: held.get(n, a) for n, a in differentiated.items()}
        alike = alike_in(self._contract, self._declaration, self._passes, self._namespace)
        # What has calls of its own is a network: its gradients are in an order of its own.
        calls = {Field.FORWARD, Field.BACKWARD} & self._declaration.expressions.keys()
        layer = self._guessed and not calls
        found = sources(
            *(built.returned, built.layer, before, mine, truth, new, built.steps, alike),
            rate=self._rate_of_steps(built.layer),
        )
        order = self._order(found, alike)
        if order and not self._guessed:  # what calls it must know that too
            self._notes[str(Message("declared.order", names=order))] = None
        self._note_steps(found)
        values = {n: s.read(built.returned, built.layer, built.steps) for n, s in found.items()}
        fitting = [n for n, value in values.items() if truth[n].fit(value)]
        if self._passes.of_loss:  # what is stored is not meant as the gradient of an input
            meant = {n for n, s in found.items() if s.returned and Field.BACKWARD in calls}
            found = {n: s for n, s in found.items() if n in {*fitting, *parameters, *meant}}
        weights = frozenset(parameters)
        apart = len(set(sizes.values())) == len(sizes)
        fixed = {n: arrays[n] for n in self._declaration.fixed if n in built.operands}
        backward = backward_of(self._declaration, self._passes, self._namespace)
        unread = unread_in(
            built.returned, built.layer, found.values(), fixed if layer else {}, backward
        )
        if self._guessed:
            unread |= numbers_with_gradient(built.layer, self._declaration.numbers_of_build)
        lacking = frozenset(truth) - found.keys()
        unordered = order if layer and alike.returned is not None else ()
        several = built.returned if isinstance(built.returned, tuple | list) else ()
        instead = bool(lacking) and len(several) == len(truth) and all(map(_is_array, several))
        instead |= self._has_other_arrays(several, found, lacking)
        misshapen = frozenset(n for n in found if not _same_sizes(values[n], mine[n]))
        unused = frozenset(n for n, slope in truth.items() if slope.flat)
        fit = frozenset(fitting), lacking, apart, weights, unread, instead, unordered, misshapen
        return Fit(found, *fit, unused)

    def _rate_of_steps(self, layer: Any) -> float | None:
        """The learning rate of the steps that backward takes; None if it is not known."""
        called = self._passes.backward and not self._declaration.expression(Field.BACKWARD)
        given = rate_given(self._passes.arguments("backward")) if called else None
        return rate_held(layer) if given is None else given

    def _note_steps(self, found: Mapping[str, Source]) -> None:
        """Say which gradients are read from what backward takes off the weights at once."""
        moved = [(name, source.rate) for name, source in found.items() if source.step]
        plain = [name for name, rate in moved if rate == 1]
        if plain:
            self._notes[str(Message("note.updated", names=tuple(plain), count=len(plain)))] = None
        for name, rate in moved:
            if rate != 1:
                text = Message("declared.stepped", name=name, rate=f"{rate:g}")
                self._notes[str(text)] = None

    def _is_in_its_text(self, error: BaseException) -> bool:
        """Whether something was run of its own module when this was raised."""
        frames = (frame for frame, _ in walk_tb(error.__traceback__))
        return any(frame.f_globals is self._namespace for frame in frames)

    def _has_other_arrays(
        self, several: Sequence[Any], found: Mapping[str, Source], lacking: frozenset[str]
    ) -> bool:
        """Whether backward returns an array for each operand, and in a lacking one's place some
        that is nothing's gradient."""
        operands = [v.name for v in self._contract.operands]
        if len(several) != len(operands) or len(operands) == 1:
            return False
        used = {source.path.steps[0].key for source in found.values() if source.returned}
        return any(
            name in lacking and place not in used and _is_array(value)
            for place, (name, value) in enumerate(zip(operands, several, strict=True))
        )

    def _order(self, found: Mapping[str, Source], alike: Alike) -> tuple[str, ...]:
        """The arrays whose gradients are returned in another order than they are taken in."""
        places = {
            name: int(source.path.steps[0].key)
            for name, source in found.items()
            if source.returned and len(source.path.steps) == 1 and not source.path.name
        }
        return order_returned(places, alike)

    # --- the rest of a dialect ---

    def stored(self, built: DeclaredObject) -> dict[str, Any]:
        """The gradients of the last backward, as they are now."""
        return self._read(built) if built.returned is not None else {}

    def rewrite(self, built: DeclaredObject, parameters: Arrays, choice: int) -> None:
        """Write other values into the weights that it holds, in place."""
        for name, value in parameters.items():
            own = [a for _, a in arrays_in(built.layer) if a is built.parameters[name]]
            if not own or choice:
                raise self._refused()
            own[0][...] = value


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.ndim > 0


def _same_sizes(gradient: Any, array: Any) -> bool:
    """Whether they have the same axes, but for those of length 1."""
    one, other = ([n for n in np.shape(each) if n != 1] for each in (gradient, array))
    return one == other


def globals_of(value: Any) -> dict[str, Any]:
    """The global names of the module of a class or function."""
    if isinstance(value, type):
        members = [member for cls in value.__mro__[:-1] for member in vars(cls).values()]
        functions = [getattr(member, "__func__", member) for member in members]
        value = next((f for f in functions if isinstance(f, FunctionType)), None)
    return getattr(value, "__globals__", {})


def _path_in_group(name: str, declaration: Declaration) -> ArrayPath | None:
    """The way to an array that an object holds where a group has it, as `layer.weights[0]`."""
    for attribute, group in declaration.groups.items():
        keys = group.keys_to(name)
        if keys is not None:
            return ArrayPath((PathStep(True, attribute), *(PathStep(False, key) for key in keys)))
    return None


def drawn(variable: Variable, sizes: Mapping[str, int], random: np.random.RandomState) -> Array:
    """Random values of its domain, float64 (whole numbers int64)."""
    shape = shape_of(variable.shape, sizes)
    classes = size_of(variable.classes, sizes) if variable.classes else 0
    match variable.domain:
        case Domain.ONE_HOT:
            return np.asarray(np.eye(shape[-1])[random.randint(shape[-1], size=shape[:-1])])
        case Domain.LABEL:
            return np.asarray(random.randint(max(classes, 1), size=shape))
        case Domain.WHOLE:
            least, greatest = variable.between
            return np.asarray(random.randint(least, greatest + 1, size=shape))
        case Domain.CHANCE:
            return np.asarray(random.uniform(0.1, 0.9, size=shape))
        case Domain.PROBABILITY:
            weights = random.uniform(0.1, 1.0, size=shape)
            return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
        case Domain.POSITIVE:
            return np.asarray(random.uniform(0.5, 2.0, size=shape))
        case Domain.BIT:
            return np.asarray(random.randint(2, size=shape), dtype=np.float64)
    return np.asarray(random.randn(*shape))
