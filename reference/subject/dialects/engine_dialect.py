"""The dialect of engines: make leaves, run the lines of a program, go back, read gradients."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Arrays
from trigrad.messages import Message
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import Build, Compute, Odd, Passes, Returned
from trigrad.subject.loading.called_functions import called_functions
from trigrad.subject.returned_values import as_array

VALUES = ("data", "value", "val", "v", "array", "item", "x", "number", "num", "_data", "_value")
GRADIENTS = ("grad", "gradient", "g", "_grad", "grads", "dv", "derivative", "adjoint", "_gradient")
CLEARING = ("zero_grad", "cleargrad", "clear_grad", "zerograd", "zero_gradient", "clear_gradient")
CLEARING_MORE = ("cleargrads", "zero_grads", "reset_grad", "clean_grad", "clear")
WANTED = ("requires_grad", "require_grad", "requires_gradient", "need_grad", "needs_grad")
"""Names that engines have for the same things."""

OF_ARRAYS = frozenset(
    (
        *("ones_like", "zeros_like", "full_like", "empty_like", "shape", "ndim", "ndarray"),
        *("matmul", "asarray", "transpose", "reshape", "broadcast_to"),
    )
)
"""Names that only a text about arrays uses."""

STUB = len((lambda: None).__code__.co_code)
"""The length of the code of a function that does nothing."""

PROBE = 3.25
"""A value that no attribute has by chance."""


@dataclass(frozen=True)
class _Spelling:
    """What an object of the engine is made of."""

    value: str
    gradient: str
    further: Mapping[str, Any]
    """Further arguments of the constructor."""
    clearing: str
    """The method that clears a gradient; "" where there is none."""
    upstream: bool
    """Whether backward has to be given the gradient of the output."""


class NoResultError(Exception):
    """An operation returns nothing."""


class EngineDialect(PlainDialect):
    """A class of numbers or arrays whose operators remember how to go back: it runs programs."""

    takes_dout = False
    refusal = Message("engine.no_layer")

    def __init__(self, engine: type, backward: str) -> None:
        self._engine = engine
        self._backward = backward
        self._known: _Spelling | None = None
        self.doing = ""
        """What is called just now, by the learner's names."""
        self._notes: tuple[str, ...] = ()
        self.calls: Mapping[str, str] = {"forward": engine.__name__, "backward": backward}

    @property
    def notes(self) -> tuple[str, ...]:
        """How it spells its values, once that was found out."""
        return self._notes

    # --- what an object is made of ---

    def build(self, command: Build) -> Any:  # noqa: ARG002
        """Find out how it spells its values; the notes tell it.

        Raises:
            UnknownDialectError: it holds no value or no gradient that is found.
        """
        self.doing = self._engine.__name__
        spelling = self._spelling
        arrays = self._is_for_arrays()
        further = "".join(f", {name}={value!r}" for name, value in spelling.further.items())
        call = f"{self._backward}({'1.0' if spelling.upstream else ''})"
        self._notes = (
            spelling.value,
            spelling.gradient,
            further,
            call,
            spelling.clearing,
            "arrays" if arrays else "",
            "numbers" if self._made(PROBE) is not None else "",
            "flat" if arrays and self._keeps_shape() else "",
        )
        return None

    @property
    def _spelling(self) -> _Spelling:
        if self._known is None:
            self._known = self._found()
        return self._known

    def _found(self) -> _Spelling:
        further = {name: True for name in WANTED if name in _arguments(self._engine)}
        made = next(
            (m for p in (PROBE, np.array([PROBE])) if (m := self._new(p, further)) is not None),
            None,
        )
        if made is None:
            raise UnknownDialectError(str(Message("engine.not_made")))
        held = dict(_attributes(made))
        value = next((n for n in (*VALUES, *held) if n in held and _is_probe(held[n])), "")
        named = [
            n for n in held if "grad" in n.lower() and n not in WANTED and self._may_be(held[n])
        ]
        fitting = (n for n in (*GRADIENTS, *named) if n in held and self._may_be(held[n]))
        gradient = next(fitting, "")
        if not value:
            raise UnknownDialectError(str(Message("engine.no_value")))
        if not gradient or gradient == value:
            raise UnknownDialectError(str(Message("engine.no_gradient")))
        clearing = (*CLEARING, *CLEARING_MORE)
        method = next((n for n in clearing if callable(getattr(made, n, None))), "")
        needed = _needed(getattr(self._engine, self._backward))
        return _Spelling(value, gradient, further, method, needed > 0)

    def _may_be(self, value: Any) -> bool:
        """Whether it may be a gradient before the way back: none yet, or a number, or an array."""
        kinds = int | float | np.number | np.ndarray | self._engine
        return value is None or (isinstance(value, kinds) and not isinstance(value, bool))

    def _is_for_arrays(self) -> bool:
        """Whether its gradients are arrays, or its text speaks of shapes.

        Operators of plain numbers often work with arrays by chance.
        """
        two = np.array([PROBE, PROBE])
        made = self._made(two)
        if made is None:
            return False
        gradient = getattr(made, self._spelling.gradient)
        if isinstance(gradient, self._engine):
            gradient = getattr(gradient, self._spelling.value)
        shaped = isinstance(gradient, np.ndarray) and gradient.shape == two.shape
        return shaped or bool(OF_ARRAYS & _names_in(self._engine))

    def _keeps_shape(self) -> bool:
        """Whether an array of one axis is kept as it is; some make a row or column of it."""
        made = self._made(np.array([PROBE, PROBE]))
        return bool(np.shape(getattr(made, self._spelling.value)) == (2,))

    def _made(self, value: Any) -> Any:
        return self._new(value, self._spelling.further)

    def _new(self, value: Any, further: Mapping[str, Any]) -> Any:
        """An object of that value; None if the constructor refuses it."""
        try:
            return self._engine(value, **further)
        except Exception:  # noqa: BLE001 - refused, for whatever reason: there is another kind
            return None

    # --- programs ---

    def compute(self, command: Compute, tick: Callable[[], None]) -> Returned:
        """The output of a program and the gradients of its leaves."""
        try:
            return self._computed(command, tick)
        except NoResultError:
            return Returned({"output": Odd("None")})

    def _computed(self, command: Compute, tick: Callable[[], None]) -> Returned:
        if command.passes is Passes.FORWARD:
            return self._stacked(command, tick)
        leaves = self._leaves(command.leaves, scalar=command.scalar)
        if command.passes is Passes.TRACED:
            with called_functions(self._engine) as names:
                output = self._forward(command, leaves)
            return Returned({"output": self._value(output)}, notes=tuple(names))
        before = {n: copy.copy(getattr(o, self._spelling.gradient)) for n, o in leaves.items()}
        output = self._forward(command, leaves)
        self._go_back(output)
        if command.passes is Passes.TWICE:
            leaves = self._leaves(command.leaves, scalar=command.scalar)
        if command.passes is Passes.CLEARED:
            for name, leaf in leaves.items():
                self._clear(leaf, before[name])
        if command.passes is not Passes.BOTH:
            output = self._forward(command, leaves)
            self._go_back(output)
        values: dict[str, Array | Odd] = {"output": self._value(output)}
        for name, leaf in leaves.items():
            values[name] = self._gradient(leaf)
        return Returned(values)

    def _stacked(self, command: Compute, tick: Callable[[], None]) -> Returned:
        outputs: list[Array] = []
        count = len(next(iter(command.leaves.values())))
        for index in range(count):
            here = {name: stack[index] for name, stack in command.leaves.items()}
            leaves = self._leaves(here, scalar=command.scalar)
            output = self._value(self._forward(command, leaves))
            if isinstance(output, Odd) or (outputs and output.shape != outputs[0].shape):
                return Returned({"output": output})
            outputs.append(output)
            tick()
        return Returned({"output": np.stack(outputs)})

    def _leaves(self, values: Arrays, *, scalar: bool) -> dict[str, Any]:
        self.doing = self._engine.__name__
        further = self._spelling.further
        return {
            name: self._engine(float(value) if scalar else np.array(value), **further)
            for name, value in values.items()
        }

    def _forward(self, command: Compute, leaves: Mapping[str, Any]) -> Any:
        names = {**self._namespace, **leaves, "__builtins__": {"abs": abs}}
        output: Any = None
        for name, expression in command.steps:
            self.doing = expression
            output = names[name] = eval(expression, names)
            if output is None and not self._unwritten:
                raise NoResultError
            if not isinstance(output, self._engine):
                kind = type(output).__name__
                raise UnknownDialectError(str(Message("engine.gives", what=expression, kind=kind)))
        return output

    @cached_property
    def _unwritten(self) -> bool:
        """Whether there are methods of which only the name is written, for an exercise."""
        codes = (getattr(v, "__code__", None) for v in vars(self._engine).values())
        return any(code is not None and len(code.co_code) <= STUB for code in codes)

    @property
    def _namespace(self) -> dict[str, Any]:
        """The names of the file in which the class is defined."""
        method = inspect.unwrap(getattr(self._engine, self._backward))
        return dict(getattr(method, "__globals__", {}))

    def _go_back(self, output: Any) -> None:
        self.doing = self._backward
        method = getattr(output, self._backward)
        if not self._spelling.upstream:
            method()
            return
        value = getattr(output, self._spelling.value)
        method(np.ones_like(value) if isinstance(value, np.ndarray) else 1.0)

    def _clear(self, leaf: Any, before: Any) -> None:
        spelling = self._spelling
        if spelling.clearing:
            self.doing = spelling.clearing
            getattr(leaf, spelling.clearing)()
        else:
            setattr(leaf, spelling.gradient, copy.copy(before))

    def _value(self, made: Any) -> Array | Odd:
        return as_array(getattr(made, self._spelling.value), {})

    def _gradient(self, leaf: Any) -> Array | Odd:
        """Of a leaf: a number, an array, or an object of the engine with one of these."""
        found = getattr(leaf, self._spelling.gradient)
        if isinstance(found, self._engine):
            found = getattr(found, self._spelling.value)
        return as_array(found, {})


def _attributes(made: Any) -> Iterator[tuple[str, Any]]:
    """The attributes of an object: its own, those of its slots, and its properties."""
    names = [*getattr(made, "__dict__", {})]
    for cls in type(made).__mro__:
        slots = vars(cls).get("__slots__", ())
        names += [slots] if isinstance(slots, str) else list(slots)
        names += [n for n, v in vars(cls).items() if isinstance(v, property)]
    for name in dict.fromkeys(names):
        try:
            yield name, getattr(made, name)
        except Exception:  # noqa: BLE001 - a property that is for later
            continue


def _names_in(engine: type) -> set[str]:
    """The names that the methods of a class use."""
    codes = [
        getattr(inspect.unwrap(v), "__code__", None)
        for cls in engine.__mro__
        for v in vars(cls).values()
        if callable(v)
    ]
    names: set[str] = set()
    while codes:
        code = codes.pop()
        if code is not None:
            names |= set(code.co_names)
            codes += [c for c in code.co_consts if isinstance(c, CodeType)]
    return names


def _is_probe(value: Any) -> bool:
    if isinstance(value, int | float | np.number | np.ndarray):
        return bool(np.size(value)) and bool(np.all(np.asarray(value) == PROBE))
    return False


def _arguments(function: Any) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return []


def _needed(method: Any) -> int:
    """How many arguments a method needs beside its object."""
    try:
        parameters = list(inspect.signature(method).parameters.values())[1:]
    except (TypeError, ValueError):
        return 0
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(p.default is p.empty and p.kind in plain for p in parameters)
