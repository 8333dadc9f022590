"""What a learner should know of the conventions in which a layer is read, in sentences."""

from __future__ import annotations

from trigrad.subject.dialects.argument_roles import (
    DOUT,
    OPERAND_LIST,
    OPERAND_TUPLE,
    auxiliary_named,
)
from trigrad.subject.dialects.array_layout import COLUMN, ROW
from trigrad.subject.dialects.array_paths import ArrayPath
from trigrad.subject.dialects.conventions import Conventions, OneSample
from trigrad.subject.dialects.experiments import Experiments

_SAMPLES = {OneSample.COLUMN: "column", OneSample.ROW: "row", OneSample.VECTOR: "1-D array"}
_BIASES = {ROW: "(1, M)", COLUMN: "(M, 1)"}


def notes_on(conventions: Conventions, experiments: Experiments) -> tuple[str, ...]:
    """The notes on what is not as in the book."""
    read = [*_on_calls(conventions, experiments), *_on_returned(conventions)]
    read += _on_clearing(conventions, experiments)
    notes = [*conventions.notes, *_on_layout(conventions, experiments)]
    for name, path in conventions.gradient_paths.items():
        notes.append(f"the gradient of {name} is read from {path}")
    if conventions.given:
        names = " and ".join(n for n in experiments.parameters if n in conventions.given)
        verb = "is" if len(conventions.given) == 1 else "are"
        plural = "" if len(conventions.given) == 1 else "s"
        where = "what backward gives to its optimiser"
        notes.append(f"the gradient{plural} of {names} {verb} read from {where}")
    if conventions.updated:
        names = " and ".join(n for n in experiments.parameters if n in conventions.updated)
        plural, verb = ("s", "are") if len(conventions.updated) > 1 else ("", "is")
        notes.append(f"the gradient{plural} of {names} {verb} read from what backward subtracts")
    if read:
        notes.append("; ".join(read))
    return tuple(notes)


def _on_layout(conventions: Conventions, experiments: Experiments) -> list[str]:
    notes = []
    parameters = experiments.parameters
    if conventions.one_sample:
        names = " and ".join(f"d{n}" for n, array in parameters.items() if array.ndim == 1)
        what = _SAMPLES[conventions.one_sample]
        not_summed = f": {names} is not summed over a batch" if names else ""
        return [f"right for one sample at a time, passed as a {what}{not_summed}"]
    if conventions.layout.features_first:
        every = " and ".join(f"d{n}" for n in parameters)
        mean = f", {every} divided by m as in deeplearning.ai's course" if conventions.mean else ""
        undivided = " and nothing is divided by m" if conventions.mean else ""
        shown = f"; below, rows are samples{undivided}"
        notes.append(f"read as features-first{mean}{shown}")
    elif conventions.transposed:
        notes += [f"{n} is stored as (M, D)" for n in sorted(conventions.transposed)]
    if conventions.layout.bias in _BIASES and not conventions.layout.features_first:
        vectors = [n for n, array in parameters.items() if array.ndim == 1]
        notes += [f"{n} is passed as {_BIASES[conventions.layout.bias]}" for n in vectors]
    return notes


def _on_calls(conventions: Conventions, experiments: Experiments) -> list[str]:
    notes = []
    operands = " and ".join(v.name for v in experiments.contract.operands)
    for role, words in ((OPERAND_LIST, "list"), (OPERAND_TUPLE, "tuple")):
        if experiments.adapter.forward_call.takes(role):
            notes.append(f"{operands} are passed in one {words}")
    for argument in experiments.adapter.backward_plan.arguments:
        if argument.role == DOUT and auxiliary_named(argument.name):
            notes.append(f"{argument.name} is read as the upstream gradient")
    if conventions.output_index is not None and not experiments.adapter.is_pair:
        notes.append("forward also returns something beside its output")
    return notes


def _on_returned(conventions: Conventions) -> list[str]:
    if not conventions.returned:
        return []
    keys = {path.steps[0].key: name for name, path in conventions.returned.items()}
    flat = all(len(path.steps) == 1 for path in conventions.returned.values())
    if flat and len(keys) > 1 and sorted(keys, key=str) == list(range(len(keys))):
        order = ", ".join(f"d{keys[index]}" for index in range(len(keys)))
        return [f"backward returns {order}, in this order"]
    where = ", ".join(f"d{name} at {_place(path)}" for name, path in conventions.returned.items())
    return [f"read from what backward returns: {where}"]


def _place(path: ArrayPath) -> str:
    steps = (f".{s.key}" if s.attribute else f"[{s.key!r}]" for s in path.steps)
    return "".join(steps)


def _on_clearing(conventions: Conventions, experiments: Experiments) -> list[str]:
    names = " and ".join(f"d{n}" for n in experiments.parameters)
    if conventions.clearing_method and conventions.adds_up:
        return [f"{names} add up from call to call until {conventions.clearing_method}() is called"]
    if conventions.cleared_elsewhere:
        return [
            f"{names} add up from call to call and are set to zero at "
            f"{conventions.cleared_elsewhere}: judged by what one call adds"
        ]
    return []
