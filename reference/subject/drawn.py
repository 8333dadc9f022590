"""A layer's forward, operation by operation: what a worker tells of it, as notes and arrays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Domain
from trigrad.messages import Message
from trigrad.subject.dialects.declared_dialect import SEED, DeclaredDialect
from trigrad.subject.dialects.dialect import Dialect
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.function_dialect import FunctionDialect
from trigrad.subject.dialects.layer_dialect import LayerDialect
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import Build, Draw, Odd, Returned, Where
from trigrad.subject.met import number_of, plain_place, text_of, where_of
from trigrad.subject.own_gradients import namespaces_of
from trigrad.subject.returned_values import as_array
from trigrad.subject.source.text import one_line

if TYPE_CHECKING:
    from trigrad.tracing.recording import Operation, Recording, Step

WIDTH = 100
"""Of a line of the learner's, so much is shown."""

OUT = "out"
"""What the output is called, where there is one."""

_NOT_DRAWN = (Domain.ONE_HOT, Domain.LABEL, Domain.BIT, Domain.WHOLE)
"""Operands for which nobody asks a gradient."""


@dataclass(frozen=True)
class Call:
    """A call of the learner's in which an operation was run."""

    number: int
    function: str
    """Its qualified name: `Affine.forward`."""
    where: Where | None
    """The line that is run; None if that is not the learner's own."""


@dataclass(frozen=True)
class Drawn:
    """The operations of a forward, and its values by their numbers.

    Large values are not there. `arriving` has the gradients that come back from single uses, by
    the place of an operation and of the operand in it. `own` are the learner's own gradients;
    `raised` says what backward raised instead.
    """

    leaves: Mapping[str, int]
    outputs: Mapping[str, int]
    operations: tuple[DrawnOperation, ...]
    shapes: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    values: Mapping[int, Array] = field(default_factory=dict)
    gradients: Mapping[int, Array] = field(default_factory=dict)
    arriving: Mapping[tuple[int, int], Array] = field(default_factory=dict)
    own: Mapping[str, Array] = field(default_factory=dict)
    raised: str = ""
    douts: Mapping[int, Array] = field(default_factory=dict)
    """What comes back to the outputs from outside."""


@dataclass(frozen=True)
class DrawnOperation:
    """A function that was run on values, all by their numbers."""

    name: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    calls: tuple[Call, ...] = ()
    """The learner's calls around it, the outermost first."""


Places = Callable[[str, int], Where | None]
"""Where a line of a file is in the learner's text."""


def drawn(dialect: Dialect, contract: Contract, command: Draw, places: Places) -> Returned:
    """What forward does on a case, packed; and the gradients that backward gives.

    Raises:
        UnknownDialectError: it cannot be followed.
    """
    if not isinstance(dialect, LayerDialect | NetworkDialect | FunctionDialect | DeclaredDialect):
        raise UnknownDialectError(str(Message("draw.not")))
    from trigrad.tracing import Untraceable  # PyTorch takes a second
    from trigrad.tracing.recording import record

    # What is sent lies in a buffer that is used again.
    parameters = {name: array.copy() for name, array in command.parameters.items()}
    operands = {name: array.copy() for name, array in command.operands.items()}
    given = {**parameters, **operands}
    floats = {name: array for name, array in given.items() if array.dtype.kind == "f"}
    leaves = {name: array for name, array in floats.items() if _differentiable(contract, name)}

    def run(stand_ins: dict[str, Any]) -> Any:
        np.random.seed(SEED)
        weights = {name: stand_ins.get(name, array) for name, array in parameters.items()}
        passed = [stand_ins.get(name, array) for name, array in operands.items()]
        return dialect.own_output(weights, command.sizes, passed)

    others = {name: array for name, array in given.items() if name not in leaves}
    try:
        names = list(namespaces_of(dialect.defined))
        recording = record(run, leaves, names, command.dout, named=others, seed=SEED)
    except (Untraceable, ValueError) as error:
        raise UnknownDialectError(str(error)) from error
    own, outputs, raised = _own(dialect, command)
    if len(outputs) != len(recording.outputs):
        outputs = tuple(f"{OUT} {n}" for n in range(1, len(recording.outputs) + 1))
    if len(recording.outputs) == 1:
        outputs = (OUT,)
    head = {"outputs": dict(zip(outputs, recording.outputs, strict=True)), "raised": raised}
    notes, arrays = _packed(recording, places, head)
    return Returned(arrays | own, notes=tuple(notes))


def _differentiable(contract: Contract, name: str) -> bool:
    """Whether a gradient of it is drawn; of what has no backward, that of all that can have one."""
    if contract.gradients:
        return name in contract.gradients
    return contract.variable(name).domain not in _NOT_DRAWN


def _own(dialect: Dialect, command: Draw) -> tuple[dict[str, Any], tuple[str, ...], str]:
    """The learner's own gradients, the names of several outputs, and what backward raised."""
    parameters = {name: array.copy() for name, array in command.parameters.items()}
    operands = [array.copy() for array in command.operands.values()]
    dout = None if command.dout is None else command.dout.copy()
    np.random.seed(SEED)
    outputs: tuple[str, ...] = ()
    try:
        built = dialect.build(Build(parameters, command.sizes))
        dialect.forward(built, operands)
        if isinstance(dialect, DeclaredDialect):
            outputs = dialect.names_of_outputs(built)
        gradients = dialect.backward(built, dout, operands)
    except ERRORS as error:
        return {}, outputs, one_line(f"{type(error).__name__}: {error}")
    arrays = {name: as_array(value, {}) for name, value in gradients.items()}
    own = {f"own.{name}": a for name, a in arrays.items() if not isinstance(a, Odd)}
    return own, outputs, ""


# --- packing ------------------------------------------------------------------------------------


def _packed(
    recording: Recording, places: Places, told: Mapping[str, Any]
) -> tuple[list[str], dict[str, Any]]:
    head = json.dumps({"leaves": dict(recording.leaves), **told})
    notes = [head, *(json.dumps(_operation(each, places)) for each in recording.operations)]
    arrays: dict[str, Any] = {f"v.{n}": value for n, value in recording.values.items()}
    arrays |= {f"g.{n}": gradient for n, gradient in recording.gradients.items()}
    arrays |= {f"d.{n}": dout for n, dout in recording.douts.items()}
    arrays |= {f"a.{at}.{n}": each for (at, n), each in recording.arriving.items()}
    large = (n for n in recording.shapes if n not in recording.values)
    arrays |= {f"s.{n}": np.array(recording.shapes[n], np.int64) for n in large}
    return notes, arrays


def _operation(operation: Operation, places: Places) -> list[Any]:
    steps = [_step(step, places) for step in operation.steps]
    return [operation.name, list(operation.inputs), list(operation.outputs), steps]


def _step(step: Step, places: Places) -> list[Any]:
    where = places(step.file, step.line)
    if where is None:
        return [step.call, step.function, None]
    short = replace(where, text=one_line(where.text)[:WIDTH])
    return [step.call, step.function, plain_place(short)]


def unpacked(result: Returned) -> Drawn:
    """What was packed, from notes and arrays that something else may have written.

    Raises:
        ValueError: it is not that.
    """
    try:
        head, *operations = map(json.loads, result.notes)
        leaves = {text_of(name): number_of(number) for name, number in head["leaves"].items()}
        return Drawn(
            leaves,
            {text_of(name): number_of(number) for name, number in head["outputs"].items()},
            tuple(map(_read, operations)),
            {n: a.shape for (n,), a in _arrays(result, "v", 1)}
            | {n: tuple(map(int, a)) for (n,), a in _arrays(result, "s", 1)},
            {n: array for (n,), array in _arrays(result, "v", 1)},
            {n: array for (n,), array in _arrays(result, "g", 1)},
            {(at, n): array for (at, n), array in _arrays(result, "a", 2)},
            {
                name.removeprefix("own."): value
                for name, value in result.values.items()
                if name.startswith("own.") and not isinstance(value, Odd)
            },
            text_of(head["raised"]),
            {n: array for (n,), array in _arrays(result, "d", 1)},
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a forward that was followed: {error}") from error


def _arrays(result: Returned, kind: str, numbers: int) -> Iterator[tuple[tuple[int, ...], Array]]:
    for name, value in result.values.items():
        first, *rest = name.split(".")
        if first == kind and len(rest) == numbers and not isinstance(value, Odd):
            yield tuple(map(int, rest)), value


def _read(value: Any) -> DrawnOperation:
    name, inputs, outputs, calls = value
    numbers = tuple(map(number_of, inputs)), tuple(map(number_of, outputs))
    return DrawnOperation(text_of(name), *numbers, tuple(map(_call, calls)))


def _call(value: Any) -> Call:
    number, function, place = value
    return Call(number_of(number), text_of(function), None if place is None else where_of(place))
