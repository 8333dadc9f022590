"""Convert commands and results to plain values for a message, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.sandbox.packing import ArrayPacker, ArrayUnpacker
from trigrad.sandbox.validation import (
    WireError,
    mapping,
    number,
    raise_internal_error,
    sequence,
    shortened,
    text,
    texts,
)
from trigrad.subject.face import (
    Backward,
    BatchAxis,
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
    Passes,
    Raised,
    Result,
    Returned,
    Rewrite,
    Sizes,
    Sweep,
    Where,
)

LARGE = 1 << 20
"""So many bytes of arrays are enough for one message."""

_OTHER = 64
"""What a value takes beside the bytes of an array."""


def pack_runs(runs: Iterable[Sequence[Command]]) -> dict[str, Any]:
    """The commands of several runs as plain values.

    Those that make the message LARGE are the last: what is left is for another message.
    """
    arrays = ArrayPacker()
    packed: list[list[Any]] = []
    for commands in runs:
        packed.append([_pack_command(command, arrays) for command in commands])
        if arrays.size > LARGE:
            break
    return {"runs": packed, "arrays": arrays.packed()}


def _pack_command(command: Command, arrays: ArrayPacker) -> list[Any]:
    match command:
        case Build(parameters, sizes, which):
            return ["build", arrays.add_all(parameters), dict(sizes), which]
        case Forward(operands, form, which):
            return ["forward", arrays.add_all(operands), form.value, which]
        case Backward(dout, form, operands, which):
            upstream = None if dout is None else arrays.add(dout)
            return ["backward", upstream, form.value, arrays.add_all(operands), which]
        case Method(name, operands, which):
            return ["method", name, arrays.add_all(operands), which]
        case Sweep(parameters, operands, name, stack, sizes, form, which):
            given = [arrays.add_all(parameters), arrays.add_all(operands)]
            return ["sweep", *given, name, arrays.add(stack), dict(sizes), form.value, which]
        case Nudge(name, operands, step, which):
            return ["nudge", name, arrays.add_all(operands), step, which]
        case Look(which):
            return ["look", which]
        case Rewrite(parameters, choice, which):
            return ["rewrite", arrays.add_all(parameters), choice, which]
        case Guess(which):
            return ["guess", which]
        case Compute(leaves, steps, passes, scalar, which):
            lines = [list(step) for step in steps]
            return ["compute", arrays.add_all(leaves), lines, passes.value, scalar, which]
        case Optimise(parameters, gradients, settings, choice, beside, which):
            both = [arrays.add_all(parameters), arrays.add_all(gradients)]
            return ["optimise", *both, dict(settings), choice, beside, which]
        case Differentiate(parameters, operands, sizes, dout, wanted, which):
            both = [arrays.add_all(parameters), arrays.add_all(operands)]
            upstream = None if dout is None else arrays.add(dout)
            return ["differentiate", *both, dict(sizes), upstream, list(wanted), which]
        case Dissect(parameters, operands, sizes, dout, which):
            both = [arrays.add_all(parameters), arrays.add_all(operands)]
            upstream = None if dout is None else arrays.add(dout)
            return ["dissect", *both, dict(sizes), upstream, which]
        case Draw(parameters, operands, sizes, dout, which):
            both = [arrays.add_all(parameters), arrays.add_all(operands)]
            upstream = None if dout is None else arrays.add(dout)
            return ["draw", *both, dict(sizes), upstream, which]


def unpack_runs(message: Mapping[str, Any]) -> list[list[Command]]:
    """The runs in a message. They are not validated: a worker trusts the process it serves."""
    arrays = ArrayUnpacker(message["arrays"])
    return [[_unpack_command(value, arrays) for value in run] for run in message["runs"]]


def _unpack_command(value: list[Any], arrays: ArrayUnpacker) -> Command:
    kind, *rest = value
    if kind == "build":
        parameters, sizes, which = rest
        return Build(arrays.get_all(parameters), sizes, which)
    if kind == "forward":
        operands, form, which = rest
        return Forward(arrays.get_all(operands), _FORMS[form], which)
    if kind == "backward":
        dout, form, operands, which = rest
        upstream = None if dout is None else arrays.get(dout)
        return Backward(upstream, _FORMS[form], arrays.get_all(operands), which)
    if kind == "sweep":
        parameters, operands, name, stack, sizes, form, which = rest
        given = arrays.get_all(parameters), arrays.get_all(operands)
        return Sweep(*given, name, arrays.get(stack), sizes, _FORMS[form], which)
    if kind == "nudge":
        name, operands, step, which = rest
        return Nudge(name, arrays.get_all(operands), step, which)
    if kind == "look":
        return Look(*rest)
    if kind == "rewrite":
        parameters, choice, which = rest
        return Rewrite(arrays.get_all(parameters), choice, which)
    if kind == "guess":
        return Guess(*rest)
    if kind == "compute":
        leaves, steps, passes, scalar, which = rest
        lines = tuple((name, expression) for name, expression in steps)
        return Compute(arrays.get_all(leaves), lines, Passes(passes), scalar, which)
    if kind == "optimise":
        parameters, gradients, settings, choice, beside, which = rest
        given = arrays.get_all(parameters), arrays.get_all(gradients)
        return Optimise(*given, settings, choice, beside, which)
    if kind == "differentiate":
        parameters, operands, sizes, dout, wanted, which = rest
        given = arrays.get_all(parameters), arrays.get_all(operands)
        upstream = None if dout is None else arrays.get(dout)
        return Differentiate(*given, sizes, upstream, tuple(wanted), which)
    if kind in ("dissect", "draw"):
        parameters, operands, sizes, dout, which = rest
        given = arrays.get_all(parameters), arrays.get_all(operands)
        command = Dissect if kind == "dissect" else Draw
        return command(*given, sizes, None if dout is None else arrays.get(dout), which)
    name, operands, which = rest
    return Method(name, arrays.get_all(operands), which)


_FORMS = {form.value: form for form in Form}


def pack_results(results: Iterable[Result], largest: int) -> dict[str, Any]:
    """Results as plain values; an array of more than `largest` bytes is only described."""
    arrays = ArrayPacker()
    packed = [_pack_result(result, arrays, largest) for result in results]
    return {"results": packed, "arrays": arrays.packed()}


def size_of(result: Result) -> int:
    """How many bytes a result takes in a message, about."""
    if isinstance(result, Raised):
        return _OTHER
    values = result.values.values()
    return sum(_OTHER if isinstance(value, Odd) else _OTHER + value.nbytes for value in values)


def _pack_result(result: Result, arrays: ArrayPacker, largest: int) -> Any:
    """A result. Most have nothing but values, and are sent without the other fields."""
    if isinstance(result, Raised):
        return pack_raised(result)
    values: dict[str, Any] = {}
    for name, value in result.values.items():
        if not isinstance(value, Odd) and value.nbytes > largest:
            value = Odd(str(Message("returned.large", shape=str(value.shape))))
        values[name] = value.words if isinstance(value, Odd) else arrays.add(value)
    told = result.overwritten or result.shared or result.warnings or result.notes or result.turned
    told = told or result.unordered
    if not (told or result.misfits or result.uncleared) and result.batch_axis is BatchAxis.ROWS:
        return values
    shared = [list(pair) for pair in result.shared]
    warnings = [shortened(warning) for warning in result.warnings[:10]]
    notes = [shortened(note) for note in result.notes]
    misfits = {name: [list(s) for s in pair] for name, pair in result.misfits.items()}
    read = [
        *(result.batch_axis.value, list(result.turned), misfits, result.uncleared),
        list(result.unordered),
    ]
    return [values, list(result.overwritten), shared, warnings, notes, read]


def unpack_results(message: Any) -> list[Result]:
    """The results in a message, validated.

    Raises:
        WireError: it is anything else than results.
        InternalError: the worker reports an error of trigrad's own.
    """
    found = mapping(message)
    raise_internal_error(found)
    if not {"results", "arrays"} <= found.keys():
        raise WireError("a message without results")
    arrays = ArrayUnpacker(found["arrays"])
    return [_unpack_result(value, arrays) for value in sequence(found["results"])]


def _unpack_result(value: Any, arrays: ArrayUnpacker) -> Result:
    if type(value) is dict:
        return unpack_raised(value) if "call" in value else Returned(_values(value, arrays))
    match value:
        case [
            values,
            overwritten,
            shared,
            warnings,
            notes,
            [batch_axis, turned, misfits, uncleared, unordered],
        ]:
            return Returned(
                _values(values, arrays),
                texts(overwritten),
                tuple(_pair(pair) for pair in sequence(shared)),
                texts(warnings),
                texts(notes),
                _batch_axis(batch_axis),
                texts(turned),
                {text(name): _two_shapes(pair) for name, pair in mapping(misfits).items()},
                uncleared is True,
                texts(unordered),
            )
        case _:
            raise WireError("something that is not a result")


def _values(value: Any, arrays: ArrayUnpacker) -> dict[str, Array | Odd]:
    return {
        text(name): Odd(text(v)) if type(v) is str else arrays.get(v)
        for name, v in mapping(value).items()
    }


def _batch_axis(value: Any) -> BatchAxis:
    try:
        return BatchAxis(value)
    except ValueError as error:
        raise WireError("something that is not a batch axis") from error


def _two_shapes(value: Any) -> tuple[Sizes, Sizes]:
    match [tuple(map(number, sequence(shape))) for shape in sequence(value)]:
        case [one, other]:
            return one, other
        case _:
            raise WireError("something that is not a pair of shapes")


def _pair(value: Any) -> tuple[str, str]:
    match texts(value):
        case (one, other):
            return one, other
        case _:
            raise WireError("something that is not a pair of names")


def pack_raised(raised: Raised) -> dict[str, Any]:
    """What a call raised, as plain values."""
    return {
        "call": raised.call,
        "error": raised.error,
        "message": shortened(raised.message),
        "where": pack_where(raised.where),
        "hints": [shortened(hint) for hint in raised.hints],
        "absent": raised.absent,
        "ended": raised.ended,
        "unjudged": raised.unjudged,
    }


def unpack_raised(value: Any) -> Raised:
    """What a call raised, validated; WireError for anything else."""
    found = mapping(value)
    try:
        return Raised(
            call=text(found["call"]),
            error=text(found["error"]),
            message=text(found["message"]),
            where=unpack_where(found["where"]),
            hints=texts(found["hints"]),
            absent=None if found["absent"] is None else text(found["absent"]),
            ended=found["ended"] is True,
            unjudged=text(found["unjudged"]),
        )
    except KeyError as error:
        raise WireError(f"an error without {error}") from error


def pack_where(where: Where | None) -> list[Any] | None:
    """A place in the learner's text, as plain values."""
    return None if where is None else [where.file, where.cell, where.line, where.text]


def unpack_where(value: Any) -> Where | None:
    """A place in the learner's text, validated; WireError for anything else."""
    match value:
        case None:
            return None
        case [file, cell, line, shown]:
            return Where(
                text(file), None if cell is None else number(cell), number(line), text(shown)
            )
        case _:
            raise WireError("something that is not a place in a text")
