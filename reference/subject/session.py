"""One object of a subject: carries out commands on it and observes the results."""

from __future__ import annotations

import itertools
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract
from trigrad.messages import Message
from trigrad.subject.dialects.completing import completed
from trigrad.subject.dialects.declared_dialect import DeclaredDialect
from trigrad.subject.dialects.dialect import Dialect
from trigrad.subject.dialects.engine_dialect import EngineDialect
from trigrad.subject.dialects.guessing_dialect import GuessingDialect
from trigrad.subject.dialects.met_layer_dialect import MetLayerDialect
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.optimiser_dialect import OptimiserDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.dialects.upstream_dialect import UpstreamDialect
from trigrad.subject.dissection import Layers, dissected
from trigrad.subject.drawn import drawn
from trigrad.subject.face import (
    Backward,
    Build,
    Command,
    Compute,
    Differentiate,
    Dissect,
    Draw,
    Form,
    Forward,
    Guess,
    Look,
    Method,
    Nudge,
    Odd,
    Optimise,
    Raised,
    Result,
    Returned,
    Rewrite,
    Sweep,
    called,
    itself,
)
from trigrad.subject.loading.helpers import LABELS_GIVEN
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.other_arrays import (
    refuse_other_arrays,
    wants_attributes,
    wants_tensors,
    wants_variables,
)
from trigrad.subject.own_gradients import differentiated
from trigrad.subject.returned_values import as_array, as_number, of_lists

Caught = tuple[type[BaseException], ...]

IN_THIS_PROCESS: Caught = (Exception, SystemExit)
"""The exceptions of a subject that become results in this process. Ctrl-C is not one of them."""

_FRESH = Build | Sweep | Differentiate | Compute | Optimise | Dissect | Draw
"""The commands that make an object of their own."""

Tick = Callable[[], None]
"""Called after each of the many calls of a single command, to show that it does not hang."""


class Session:
    """One object of the subject, with the arrays it was given."""

    def __init__(
        self,
        contract: Contract,
        dialect: Dialect,
        tracer: Tracer,
        warned: list[warnings.WarningMessage],
        caught: Caught,
        tick: Tick,
    ) -> None:
        self._contract = contract
        self._tick = tick
        self._dialect = dialect
        self._tracer = tracer
        self._warned = warned
        self._catch = caught
        self._built: Any = None
        self._parameters: dict[str, tuple[Array, Array]] = {}
        self._failed: Raised | None = None
        self._given_back: dict[str, Any] = {}
        self._noted: tuple[str, ...] = ()
        """The notes that the result of building the object has told."""
        self._watch: list[tuple[str, Array, Array]] = []
        self.layers: Layers = {}
        """The layers of a network that was taken apart."""

    def carry_out(self, command: Command) -> Result:
        """The result of one command; after an error, the same error until an object is built."""
        if isinstance(command, _FRESH):
            self._failed = None
        elif self._failed is not None:
            return self._failed
        before = len(self._warned)
        recursion = sys.getrecursionlimit()
        try:
            try:
                result = self._call(command)
            finally:
                sys.setrecursionlimit(recursion)  # before any other function is called
        except UnknownDialectError as error:  # raised by trigrad: the subject has no mistake
            what = called(command, self._dialect.calls)
            self._failed = Raised(what, type(error).__name__, str(error), unjudged=str(error))
            return self._failed
        except self._catch as error:
            what = called(command, self._dialect.calls)
            if isinstance(self._dialect, EngineDialect):
                what = self._dialect.doing or what
            self._failed = self._tracer.raised(what, error)
            if wants_tensors(error):
                why = str(Message("unjudged.tensors"))
                self._failed = replace(self._failed, unjudged=why)
            elif wants_variables(error):
                why = str(Message("unjudged.variables"))
                self._failed = replace(self._failed, unjudged=why)
            elif name := wants_attributes(error):
                why = str(Message("unjudged.attributes", name=name))
                self._failed = replace(self._failed, unjudged=why)
            return self._failed
        if len(self._warned) > before:
            messages = dict.fromkeys(str(w.message) for w in self._warned[before:])
            result = replace(result, warnings=tuple(messages))
        return result

    def _call(self, command: Command) -> Returned:
        match command:
            case Sweep():
                return self._sweep(command)
            case Nudge():
                return self._nudged(command)
            case Guess():
                return self._guessed()
            case Compute():
                return self._computed(command)
            case Optimise():
                return self._optimised(command)
            case Dissect():
                result, self.layers = dissected(self._dialect, command, self._tracer)
                return result
            case Differentiate():
                return self._differentiated(command)
            case Draw():
                return drawn(self._dialect, self._contract, command, self._tracer.where)
            case Build():
                given = {name: array.copy() for name, array in command.parameters.items()}
                self._parameters = {n: (given[n], a) for n, a in command.parameters.items()}
                self._watch, self._given_back = [], {}
                self._built = self._dialect.build(Build(given, command.sizes))
                self._noted = self._dialect.notes
                return Returned(
                    self._starting(),
                    notes=self._noted,
                    batch_axis=self._dialect.batch_axis,
                    turned=self._dialect.turned,
                    uncleared=self._dialect.uncleared,
                )
            case Forward():
                self._watch = []  # until the next forward, since backward may change its operands
                # Of scores of one class each, labels are all the targets that there are.
                arrays = command.operands.values()
                LABELS_GIVEN.set(any(map(_is_label, arrays)) and any(a.ndim > 1 for a in arrays))
                operands = self._passed_all(command.operands, command.form)
                value = self._dialect.forward(self._built, operands)
                refuse_other_arrays(value)
                self._given_back = {"output": value}
                result = self._returned({"output": value}, command.operands, command.form)
                return as_number(result) if self._contract.scalar else result
            case Backward():
                operands = self._passed_all(command.operands, Form.PLAIN)
                dout: Any = None
                if command.dout is not None:
                    dout = self._passed("dout", command.dout, command.form)
                gradients = self._dialect.backward(self._built, dout, operands)
                self._given_back |= gradients
                return self._returned(gradients, command.operands, command.form)
            case Method():
                operands = self._passed_all(command.operands, Form.PLAIN)
                given = dict(zip(command.operands, operands, strict=True))
                value = self._dialect.method(self._built, command.name, given)
                by_name = command.name == self._contract.numerical_method
                values = value if by_name else {"output": value}
                return self._returned(values, command.operands)
            case Look():
                now = self._given_back | self._dialect.stored(self._built)
                result = Returned({name: as_array(value, {}) for name, value in now.items()})
                return as_number(result) if self._contract.scalar else result
            case Rewrite():
                self._dialect.rewrite(self._built, command.parameters, command.choice)
                return Returned({})

    def _starting(self) -> dict[str, Array | Odd]:
        """The weights that a network has drawn by itself."""
        if not isinstance(self._dialect, NetworkDialect):
            return {}
        starting = self._dialect.starting(self._built)
        return {name: as_array(array, {}) for name, array in starting.items()}

    def _sweep(self, sweep: Sweep) -> Returned:
        """All outputs in one array; or the first that has another shape than those before it."""
        outputs: list[Array] = []
        for value in sweep.stack:
            arrays = {**sweep.parameters, **sweep.operands, sweep.name: value}
            parameters = {name: arrays[name].copy() for name in sweep.parameters}
            operands = [self._formed(arrays[name], sweep.form) for name in sweep.operands]
            built = self._dialect.build(Build(parameters, sweep.sizes))
            output = as_array(self._dialect.forward(built, operands), sweep.operands)
            if not isinstance(output, Odd) and self._contract.scalar and output.size == 1:
                output = output.reshape(())
            if isinstance(output, Odd) or (outputs and output.shape != outputs[0].shape):
                return Returned({"output": output})
            outputs.append(output)
            self._tick()
        return Returned({"output": np.stack(outputs)})

    def _differentiated(self, command: Differentiate) -> Returned:
        """The output and the gradients of the layer's own forward.

        Raises:
            UnknownDialectError: no library can follow what forward does.
        """
        if not isinstance(self._dialect, DeclaredDialect | MetLayerDialect | UpstreamDialect):
            raise UnknownDialectError("only a declared layer's own forward is differentiated")
        return differentiated(self._dialect, command)

    def _guessed(self) -> Returned:
        """The declaration that fits best, or the one that there is, with what it does not say.

        Raises:
            UnknownDialectError: none does; or it says all.
        """
        if isinstance(self._dialect, DeclaredDialect):
            return Returned({}, notes=completed(*self._dialect.row))
        if not isinstance(self._dialect, GuessingDialect):
            raise UnknownDialectError("only what is not known is guessed")
        notes = self._dialect.guess()
        return Returned({}, notes=notes, unordered=self._dialect.unordered)

    def _computed(self, command: Compute) -> Returned:
        """What an engine gives for a program.

        Raises:
            UnknownDialectError: it is no engine.
        """
        if not isinstance(self._dialect, EngineDialect):
            raise UnknownDialectError("only an engine runs programs")
        return self._dialect.compute(command, self._tick)

    def _optimised(self, command: Optimise) -> Returned:
        """The weights that an optimiser moves, after each step.

        Raises:
            UnknownDialectError: it is no optimiser.
        """
        if not isinstance(self._dialect, OptimiserDialect):
            raise UnknownDialectError("only an optimiser takes steps")
        return self._dialect.optimise(command, self._tick)

    def _nudged(self, nudge: Nudge) -> Returned:
        """The losses for every entry of a weight; or the first output that is no number."""
        if not isinstance(self._dialect, NetworkDialect):
            raise UnknownDialectError("only the weights of a network can be changed in place")
        weight = self._dialect.weight(self._built, nudge.name)
        operands = self._passed_all(nudge.operands, Form.PLAIN)
        losses = np.empty((2, *weight.shape))
        for index in np.ndindex(weight.shape):
            original = weight[index]
            for side, step in enumerate((nudge.step, -nudge.step)):
                weight[index] = original + step
                loss = as_array(self._dialect.forward(self._built, operands), nudge.operands)
                if isinstance(loss, Odd) or loss.size != 1:
                    return Returned({"output": loss})
                losses[(side, *index)] = loss.reshape(())
            weight[index] = original
            self._tick()
        return Returned({"output": losses})

    def _passed_all(self, operands: Mapping[str, Array], form: Form) -> list[Any]:
        return [self._passed(name, array, form) for name, array in operands.items()]

    def _passed(self, name: str, array: Array, form: Form) -> Any:
        formed = self._formed(array, form)
        if form not in (Form.NUMBER, Form.LIST):
            self._watch.append((name, formed, array))
        return formed

    def _formed(self, array: Array, form: Form) -> Any:
        """A copy of an array, in the form in which it is passed."""
        array = np.asarray(array)  # one of a stack of single numbers is none
        if form is Form.NUMBER:
            return float(array.reshape(-1)[0])
        if form is Form.LIST:
            return array.tolist()
        if form is Form.STRIDED:
            wide = np.zeros(
                (*array.shape[:-1], 2 * array.shape[-1]) if array.ndim else (), array.dtype
            )
            copy = wide[..., ::2] if array.ndim else wide
            copy[...] = array
        else:
            # A number may come as NumPy's scalar, which has no flags.
            copy = np.array(array, order="F" if form is Form.FORTRAN else "C")
        copy.flags.writeable = form is not Form.READ_ONLY
        return copy

    def _returned(
        self, values: dict[str, Any], operands: Mapping[str, Array], form: Form = Form.PLAIN
    ) -> Returned:
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
        read = of_lists if form is Form.LIST else as_array
        found = {n: read(v, operands) for n, v in values.items()}
        notes = tuple(note for note in self._dialect.notes if note not in self._noted)
        misfits = self._dialect.misfits(self._built)
        return Returned(
            found, tuple(dict.fromkeys(overwritten)), shared, notes=notes, misfits=misfits
        )


def _is_label(array: Array) -> bool:
    return array.ndim == 1 and array.dtype.kind in "iu"


def _differ(given: Array, kept: Array) -> bool:
    return given.tobytes() != kept.tobytes()
