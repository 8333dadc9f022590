"""What a learner should know of the conventions in which a layer is read, in sentences."""

from __future__ import annotations

from trigrad.messages import Message, joined
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

_SAMPLES = {OneSample.COLUMN: "column", OneSample.ROW: "row", OneSample.VECTOR: "vector"}
_BIASES = {ROW: "(1, M)", COLUMN: "(M, 1)"}


def notes_on(conventions: Conventions, experiments: Experiments) -> tuple[str, ...]:
    """The notes on what is not as in the book."""
    read = [*_on_calls(conventions, experiments), *_on_returned(conventions)]
    read += _on_clearing(conventions, experiments)
    notes = [*conventions.notes, *_on_layout(conventions, experiments)]
    for name, path in conventions.gradient_paths.items():
        notes.append(str(Message("note.gradient_path", name=name, path=str(path))))
    for key, those in (("given", conventions.given), ("updated", conventions.updated)):
        names = tuple(n for n in experiments.parameters if n in those)
        if names:
            notes.append(str(Message(f"note.{key}", names=names, count=len(names))))
    if read:
        notes.append(joined("list.sentences", read))
    return tuple(notes)


def _on_layout(conventions: Conventions, experiments: Experiments) -> list[str]:
    notes = []
    parameters = experiments.parameters
    if conventions.one_sample:
        names = tuple(f"d{n}" for n, array in parameters.items() if array.ndim == 1)
        key = f"note.one_sample.{_SAMPLES[conventions.one_sample]}"
        if not names:
            return [str(Message(key))]
        return [str(Message(f"{key}.not_summed", names=names, count=len(names)))]
    if conventions.layout.features_first:
        if conventions.mean:
            every = tuple(f"d{n}" for n in parameters)
            notes.append(str(Message("note.features_first_mean", names=every)))
        else:
            notes.append(str(Message("note.features_first")))
    elif conventions.transposed:
        notes += [str(Message("note.stored", name=n)) for n in sorted(conventions.transposed)]
    if conventions.layout.bias in _BIASES and not conventions.layout.features_first:
        vectors = [n for n, array in parameters.items() if array.ndim == 1]
        shape = _BIASES[conventions.layout.bias]
        notes += [str(Message("note.passed", name=n, shape=shape)) for n in vectors]
    return notes


def _on_calls(conventions: Conventions, experiments: Experiments) -> list[str]:
    notes = []
    operands = tuple(v.name for v in experiments.contract.operands)
    for role, words in ((OPERAND_LIST, "list"), (OPERAND_TUPLE, "tuple")):
        if experiments.adapter.forward_call.takes(role):
            notes.append(str(Message(f"note.in_one_{words}", names=operands)))
    for argument in experiments.adapter.backward_plan.arguments:
        if argument.role == DOUT and auxiliary_named(argument.name):
            notes.append(str(Message("note.upstream", name=argument.name)))
    if conventions.output_index is not None and not experiments.adapter.is_pair:
        notes.append(str(Message("note.beside")))
    return notes


def _on_returned(conventions: Conventions) -> list[str]:
    if not conventions.returned:
        return []
    keys = {path.steps[0].key: name for name, path in conventions.returned.items()}
    flat = all(len(path.steps) == 1 for path in conventions.returned.values())
    if flat and len(keys) > 1 and sorted(keys, key=str) == list(range(len(keys))):
        order = ", ".join(f"d{keys[index]}" for index in range(len(keys)))
        return [str(Message("note.order", names=order))]
    where = (
        str(Message("note.returned_at", name=f"d{name}", place=_place(path)))
        for name, path in conventions.returned.items()
    )
    return [str(Message("note.returned", places=", ".join(where)))]


def _place(path: ArrayPath) -> str:
    steps = (f".{s.key}" if s.attribute else f"[{s.key!r}]" for s in path.steps)
    return "".join(steps)


def _on_clearing(conventions: Conventions, experiments: Experiments) -> list[str]:
    names = tuple(f"d{n}" for n in experiments.parameters)
    if conventions.clearing_method and conventions.adds_up:
        return [str(Message("note.adds_up", names=names, method=conventions.clearing_method))]
    if conventions.cleared_elsewhere:
        return [str(Message("note.cleared", names=names, place=conventions.cleared_elsewhere))]
    return []
