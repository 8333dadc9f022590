"""Declarations that may fit a network made of functions, the most likely first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any

from trigrad.contracts.declaration import Field, declared
from trigrad.subject.composing.calls import Names, call, output_of
from trigrad.subject.composing.compositions import Composition, group_of
from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.making import values_of, ways_to_make
from trigrad.subject.composing.outside import data_beside, sequence_fields
from trigrad.subject.composing.roles import Role
from trigrad.subject.composing.weights import Weights, from_names, held_by, initialised
from trigrad.subject.dialects.experiments import ERRORS

MOST = 1500
"""How many declarations are tried of one network."""

LARGEST = 300
"""With more numbers than these in weights of fixed sizes, no cases can be drawn."""

USUAL_LOSSES = (
    "0.5 * np.sum(({o} - {t}) ** 2)",
    "0.5 * np.sum(({o} - {t}) ** 2) / N",
    "np.sum(({o} - {t}) ** 2)",
    "np.sum(({o} - {t}) ** 2) / N",
    "np.mean(({o} - {t}) ** 2)",
    "0.5 * np.mean(({o} - {t}) ** 2)",
    "-np.sum({t} * np.log({o}))",
    "-np.sum({t} * np.log({o})) / N",
    "-np.sum({t} * np.log({o}) + (1 - {t}) * np.log(1 - {o}))",
    "-np.sum({t} * np.log({o}) + (1 - {t}) * np.log(1 - {o})) / N",
)
"""Losses to try where the file has none: the gradients show which is meant."""

USUAL_LOSSES_OF_LABELS = ("-np.sum(np.log({p}))", "-np.mean(np.log({p}))")
"""The same for class labels; `p` are the probabilities of the targets."""


_USUAL = re.compile(r"-?(0\.5 \* )?np\.(sum|mean)\(")


def usual_loss_in(declaration: str) -> str:
    """The loss that a guess has because the file has none; "" if it has one of the file."""
    loss = declared(declaration).expression(Field.RETURNS)
    return loss if _USUAL.match(loss) else ""


def declarations(composition: Composition, namespace: Mapping[str, Any]) -> Iterator[str]:
    """Declarations to try; `namespace` has the names of the file, with their values."""
    if composition.outside:
        yield from sequence_fields(composition.backward, composition.outside)
    yield from _new(_all_lines(composition, w) for w in _weights(composition, namespace))


def declarations_of_class(composition: Composition, cls: type) -> Iterator[str]:
    """Declarations to try of a class that is a network."""
    text = next(iter(composition.initial), None)
    for way in ways_to_make(text) if text is not None else [()]:
        try:
            made = cls(**values_of(way))
        except ERRORS:
            continue
        build = f"build: {cls.__name__}({', '.join(f'{n}={v}' for n, v in way)})"
        lines = (_all_lines(composition, weights) for weights in held_by(made))
        yield from (f"{line}; {build}" for line in _new(lines))
        if "[" in build:  # a shorter list would hide a mistake in the loop over layers
            return


def _new(lines: Iterable[Iterator[str]]) -> Iterator[str]:
    """The lines, each once."""
    yield from dict.fromkeys(line for several in lines for line in several)


def _weights(composition: Composition, namespace: Mapping[str, Any]) -> Iterator[Weights]:
    if composition.outside:
        yield from data_beside(composition.outside)
        return
    groups = {group: keys for group, keys in group_of(composition).items() if keys}
    initial = list(_initialised(composition, namespace))
    yield from (weights for weights in initial if weights.is_sized)
    if any(weights.is_sized for weights in initial):
        return  # the file says which shapes they have
    for group, keys in groups.items():
        yield from from_names(keys, group, "{")
        yield from from_names(keys, group, "(")
    if not groups:
        bare = _bare(composition)
        for weights in from_names(bare, length=composition.length_of(next(iter(bare), ""))):
            # With one number as the weight, a product of matrices hides how its axes are meant.
            if any(axes for _, axes in weights.shapes) or not composition.multiplies_matrices:
                yield weights
    yield from (w for w in initial if not w.is_sized and w.entries <= LARGEST)


def _initialised(composition: Composition, namespace: Mapping[str, Any]) -> Iterator[Weights]:
    groups = group_of(composition)
    group = next(iter(groups), "")
    for text in composition.initial:
        function = namespace.get(text.name)
        if callable(function):
            yield from initialised(function, text, group, groups.get(group, ()))


def _bare(composition: Composition) -> tuple[str, ...]:
    """The weights that the functions take one by one."""
    first = composition.forward or next(iter(composition.losses), None) or composition.backward
    roles = (Role.WEIGHT, Role.PARAMS)
    return tuple(taken.name for taken in first.takes if taken.role in roles)


def _all_lines(composition: Composition, weights: Weights) -> Iterator[str]:
    if composition.single:
        yield from _lines(composition, weights.of_one_sample)
        yield from _lines(composition, weights.of_a_vector)
    else:
        yield from _lines(composition, weights)


def _lines(composition: Composition, weights: Weights) -> Iterator[str]:
    parts = [composition.forward, *composition.losses, composition.backward]
    inputs = _named(parts, Role.INPUT) or "X"
    target = _named(parts, Role.TARGET) or "Y"
    for kind, text in _targets(composition, weights, target, _meant(parts)):
        data = f"{inputs}: fixed {weights.inputs}; {target}: {kind}; {weights.fields}"
        names = Names(weights, inputs, text, composition.forward, kind.startswith("labels"))
        for fields in calls_of(composition, names):
            yield _with_classes(f"{data}; {fields}", kind, composition.classes_written)


def _with_classes(line: str, kind: str, count: str) -> str:
    """The line with the number of classes that the text gives in the place of a letter."""
    letter = re.match(r"labels<([A-Z])\s", kind)
    return re.sub(rf"\b{letter[1]}\b", count, line) if letter and count else line


def _named(parts: list[FunctionText | None], role: Role) -> str:
    for part in filter(None, parts):
        for taken in part.takes:
            if taken.role is role:
                return taken.name
    return ""


class Loss(Enum):
    """What the text shows of the loss."""

    BINARY = "binary cross-entropy"
    CLASSES = "cross-entropy of classes"
    OTHER = "other"


def _meant(parts: list[FunctionText | None]) -> Loss:
    text = " ".join(part.text for part in parts if part is not None)
    if re.search(r"log\(1(\.0?)? - |1(\.0?)? - [Yy]\w*\)? *[*)]", text) and "log" in text:
        return Loss.BINARY
    return Loss.CLASSES if re.search(r"log|softmax|one_?hot", text) else Loss.OTHER


def _targets(
    composition: Composition, weights: Weights, name: str, loss: Loss
) -> list[tuple[str, str]]:
    """The kinds and sizes that targets may have, and how they are passed."""
    outputs = weights.outputs
    axes = outputs.split()
    count = axes[0] if weights.columns else axes[-1]
    binary, fixed = (f"binary {outputs}", name), (f"fixed {outputs}", name)
    if len(axes) < 2 or count == "1":
        found = [fixed, binary] if loss is Loss.OTHER else [binary, fixed]
        return found + ([("binary N", name), ("fixed N", name)] if len(axes) == 2 else [])
    classes = [
        (f"onehot N {count}", f"{name}.T" if weights.columns else name),
        (f"labels<{count} N", name),
        (f"labels<{count} {'1 N' if weights.columns else 'N 1'}", name),
    ]
    if composition.counts_classes:  # the highest one has to be there
        classes = [(f"labels<{count} N", f"np.append({name}[1:], {count} - 1)"), *classes]
    if loss is Loss.BINARY:
        return [binary, *classes, fixed]
    return [*classes, binary, fixed] if loss is Loss.CLASSES else [fixed, *classes, binary]


def calls_of(composition: Composition, names: Names) -> Iterator[str]:
    """The fields that say how the functions are called."""
    backward = call(composition.backward, names)
    if backward is None:
        return
    if composition.gives_loss:
        results = composition.backward.results
        place = next((i for i, r in enumerate(results) if r.role is Role.LOSS), 0)
        fields = f"forward: {backward}" + (f"; returns: out[{place}]" if place else "")
        yield f"{fields}; backward: cache" if composition.backward.method else fields
        return
    first = call(composition.forward, names) if composition.forward else ""
    if first is None:
        return
    for loss in composition.losses:
        value = call(loss, names)
        if value is not None and not first:
            yield f"forward: {value}; backward: {backward}"
        elif value is not None:
            yield f"forward: {first}; returns: {value}; backward: {backward}"
    if not composition.losses and composition.forward is not None:
        output = output_of(composition.forward)
        chosen = (
            f"{output}[{'{t}, np.arange(N)' if names.weights.columns else 'np.arange(N), {t}'}]"
        )
        for usual in USUAL_LOSSES_OF_LABELS if names.labels else USUAL_LOSSES:
            value = usual.format(o=output, t=names.targets, p=chosen.format(t=names.targets))
            yield f"forward: {first}; returns: {value}; backward: {backward}"
