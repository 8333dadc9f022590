"""One object of a subject: what it was given, what it is asked, what comes of it."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np

from trigrad.contracts.schema import Array, Contract
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Form,
    Forward,
    Method,
    Nudge,
    Odd,
    Raised,
    Result,
    Returned,
    Sweep,
    called,
    itself,
)
from trigrad.subject.loading.helpers import LABELS_GIVEN
from trigrad.subject.loading.traces import Tracer

Caught = tuple[type[BaseException], ...]

OURS: Caught = (Exception, SystemExit)
"""What a subject may raise where Ctrl-C is the user's: everything else goes on its way."""


Tick = Callable[[], None]


class Dialect(Protocol):
    """How one spelling of a layer is built and called; see `dialects`."""

    takes_dout: bool

    @property
    def calls(self) -> Mapping[str, str]:
        """What the learner's own methods are called, for "forward" and "backward"."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is known of the spelling, once an object has been made."""

    def build(self, command: Build) -> Any:
        """A new object."""

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """Its output."""

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """Its gradients by the contract's names."""

    def overwritten(self, built: Any) -> tuple[str, ...]:
        """WeightDelivery that the last call has changed in the object, and that were put back."""

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:
        """Gradients of the last backward that lie in a weight's memory, each with that weight."""

    def has(self, method: str) -> bool:
        """Whether there is a further method of that name."""

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """What a further method gives."""


class Session:
    """The object that a run of commands is about, and what it was given."""

    def __init__(
        self,
        contract: Contract,
        dialect: Dialect,
        tracer: Tracer,
        said: list[warnings.WarningMessage],
        caught: Caught,
        tick: Tick,
    ) -> None:
        self._contract = contract
        self._tick = tick
        self._dialect = dialect
        self._tracer = tracer
        self._said = said
        self._catch = caught
        self._built: Any = None
        self._parameters: dict[str, tuple[Array, Array]] = {}
        self._failed: Raised | None = None
        self._watch: list[tuple[str, Array, Array]] = []

    def carry_out(self, command: Command) -> Result:
        """The result of one command; that of the last that raised until there is a new object."""
        if isinstance(command, Build | Sweep):
            self._failed = None
        elif self._failed is not None:
            return self._failed
        before = len(self._said)
        try:
            result = self._call(command)
        except UnknownDialectError as error:  # ours: nothing of the subject's has gone wrong
            what = called(command, self._dialect.calls)
            self._failed = Raised(what, type(error).__name__, str(error), unjudged=str(error))
            return self._failed
        except self._catch as error:
            self._failed = self._tracer.raised(called(command, self._dialect.calls), error)
            return self._failed
        if len(self._said) > before:
            said = tuple(dict.fromkeys(str(w.message) for w in self._said[before:]))
            result = replace(result, warnings=said)
        return result

    def _call(self, command: Command) -> Returned:
        match command:
            case Sweep():
                return self._sweep(command)
            case Nudge():
                return self._nudged(command)
            case Build():
                given = {name: array.copy() for name, array in command.parameters.items()}
                self._parameters = {n: (given[n], a) for n, a in command.parameters.items()}
                self._watch = []
                self._built = self._dialect.build(Build(given, command.sizes))
                return Returned({}, notes=self._dialect.notes)
            case Forward():
                self._watch = []  # what backward finds of it is watched until the next forward
                LABELS_GIVEN.set(any(_is_label(a) for a in command.operands.values()))
                operands = self._handed(command.operands, command.form)
                value = self._dialect.forward(self._built, operands)
                result = self._returned({"output": value}, command.operands)
                return self._as_number(result) if self._contract.scalar else result
            case Backward():
                operands = self._handed(command.operands, Form.PLAIN)
                dout: Any = None
                if command.dout is not None:
                    dout = self._hand("dout", command.dout, command.form)
                gradients = self._dialect.backward(self._built, dout, operands)
                return self._returned(gradients, command.operands)
            case Method():
                operands = self._handed(command.operands, Form.PLAIN)
                by_name = dict(zip(command.operands, operands, strict=True))
                value = self._dialect.method(self._built, command.name, by_name)
                return self._returned({"output": value}, command.operands)

    def _sweep(self, sweep: Sweep) -> Returned:
        """All outputs in one array; the first that does not fit the others, as it is."""
        outputs: list[Array] = []
        for value in sweep.stack:
            arrays = {**sweep.parameters, **sweep.operands, sweep.name: value}
            parameters = {name: arrays[name].copy() for name in sweep.parameters}
            operands = {name: arrays[name].copy() for name in sweep.operands}
            built = self._dialect.build(Build(parameters, sweep.sizes))
            output = self._as_array(
                self._dialect.forward(built, list(operands.values())), sweep.operands
            )
            if not isinstance(output, Odd) and self._contract.scalar and output.size == 1:
                output = output.reshape(())
            if isinstance(output, Odd) or (outputs and output.shape != outputs[0].shape):
                return Returned({"output": output})
            outputs.append(output)
            self._tick()
        return Returned({"output": np.stack(outputs)})

    def _nudged(self, nudge: Nudge) -> Returned:
        """The losses around a network's weights, one entry at a time; the first that is none."""
        if not isinstance(self._dialect, NetworkDialect):
            raise UnknownDialectError("only the weights of a network are moved in their places")
        weight = self._dialect.weight(self._built, nudge.name)
        operands = self._handed(nudge.operands, Form.PLAIN)
        losses = np.empty((2, *weight.shape))
        for index in np.ndindex(weight.shape):
            original = weight[index]
            for side, step in enumerate((nudge.step, -nudge.step)):
                weight[index] = original + step
                loss = self._as_array(self._dialect.forward(self._built, operands), nudge.operands)
                if isinstance(loss, Odd) or loss.size != 1:
                    return Returned({"output": loss})
                losses[(side, *index)] = loss.reshape(())
            weight[index] = original
            self._tick()
        return Returned({"output": losses})

    def _handed(self, operands: Mapping[str, Array], form: Form) -> list[Any]:
        return [self._hand(name, array, form) for name, array in operands.items()]

    def _hand(self, name: str, array: Array, form: Form) -> Any:
        if form is Form.NUMBER:
            return float(array.reshape(-1)[0])
        if form is Form.STRIDED:
            wide = np.zeros(
                (*array.shape[:-1], 2 * array.shape[-1]) if array.ndim else (), array.dtype
            )
            copy = wide[..., ::2] if array.ndim else wide
            copy[...] = array
        else:
            copy = array.copy()
        copy.flags.writeable = form is not Form.READ_ONLY
        self._watch.append((name, copy, array))
        return copy

    def _returned(self, values: dict[str, Any], operands: Mapping[str, Array]) -> Returned:
        overwritten = [name for name, given, kept in self._watch if _differ(given, kept)]
        overwritten += [
            name for name, (given, kept) in self._parameters.items() if _differ(given, kept)
        ]
        overwritten += self._dialect.overwritten(self._built)
        shared = tuple(
            (one, other)
            for one, other in itertools.combinations(values, 2)
            if isinstance(values[one], np.ndarray)
            and isinstance(values[other], np.ndarray)
            and np.shares_memory(values[one], values[other])
        )
        weights = ((one, itself(other)) for one, other in self._dialect.shared(self._built))
        shared += tuple(weights)
        found = {n: self._as_array(v, operands) for n, v in values.items()}
        return Returned(found, tuple(dict.fromkeys(overwritten)), shared)

    def _as_number(self, result: Returned) -> Returned:
        """A loss in a (1,) array is a number all the same."""
        output = result.values["output"]
        if isinstance(output, Odd) or output.size != 1:
            return result
        return replace(result, values={"output": output.reshape(())})

    def _as_array(self, value: Any, operands: Mapping[str, Array]) -> Array | Odd:
        """A copy of a numeric array or number; anything else in words."""
        if not isinstance(value, np.ndarray | np.number):
            if not isinstance(value, bool | int | float):
                return Odd(_in_words(value))
            # A Python number has no precision of its own: it takes that of its operands.
            dtypes = (a.dtype for a in operands.values() if a.dtype.kind == "f")
            return np.asarray(value, next(dtypes, np.dtype(np.float64)))
        array = np.array(value, copy=True, subok=False)
        if array.dtype.kind not in "fiu":
            return Odd(f"an array of {array.dtype}")
        return array


def _is_label(array: Array) -> bool:
    return array.ndim == 1 and array.dtype.kind in "iu"


def _differ(given: Array, kept: Array) -> bool:
    return given.tobytes() != kept.tobytes()


def _in_words(value: object) -> str:
    match value:
        case None:
            return "None"
        case str():
            return "a string"
        case list() | tuple() | dict() | set():
            return f"a {type(value).__name__} of {len(value)}"
        case _:
            name = type(value).__name__
            return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
