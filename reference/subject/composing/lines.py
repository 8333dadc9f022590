"""Declarations that may fit a network made of functions, the most likely first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trigrad.subject.composing.calls import Names, call, output_of
from trigrad.subject.composing.compositions import Composition, group_of
from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.roles import Role
from trigrad.subject.composing.weights import Weights, from_names, initialised

MOST = 1500
"""How many declarations are tried of one network."""

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


def declarations(composition: Composition, namespace: Mapping[str, Any]) -> Iterator[str]:
    """Declarations to try; `namespace` has the names of the file, with their values."""
    seen: set[str] = set()
    numpy = "np" in namespace
    for weights in _weights(composition, namespace):
        for line in _lines(composition, weights):
            if line not in seen and (numpy or "np." not in line):
                seen.add(line)
                yield line


def _weights(composition: Composition, namespace: Mapping[str, Any]) -> Iterator[Weights]:
    groups = group_of(composition)
    bare = _bare(composition)
    for text in composition.initial:
        function = namespace.get(text.name)
        if callable(function):
            yield from initialised(function, text, next(iter(groups), ""))
    for group, keys in groups.items():
        yield from from_names(keys, group, "{")
        yield from from_names(keys, group, "(")
    if not groups:
        yield from from_names(bare)


def _bare(composition: Composition) -> tuple[str, ...]:
    """The weights that the functions take one by one."""
    first = composition.forward or next(iter(composition.losses), None) or composition.backward
    names = [taken.name for taken in first.takes if taken.role is Role.WEIGHT]
    return tuple(names)


def _lines(composition: Composition, weights: Weights) -> Iterator[str]:
    parts = [composition.forward, *composition.losses, composition.backward]
    inputs = _named(parts, Role.INPUT) or "X"
    target = _named(parts, Role.TARGET) or "Y"
    for kind, text in targets(weights, target, _logarithmic(parts)):
        data = f"{inputs}: fixed {weights.inputs}; {target}: {kind}; {weights.fields}"
        for fields in calls_of(composition, Names(weights, inputs, text, composition.forward)):
            yield f"{data}; {fields}"


def _named(parts: list[FunctionText | None], role: Role) -> str:
    for part in filter(None, parts):
        for taken in part.takes:
            if taken.role is role:
                return taken.name
    return ""


def _logarithmic(parts: list[FunctionText | None]) -> bool:
    return any("log" in part.text for part in filter(None, parts))


def targets(weights: Weights, name: str, logarithmic: bool) -> list[tuple[str, str]]:
    """The kinds and sizes that targets may have, and how they are passed."""
    outputs = weights.outputs
    axes = outputs.split()
    count = axes[0] if weights.columns else axes[-1]
    found = [(f"binary {outputs}", name), (f"fixed {outputs}", name)]
    if len(axes) == 2 and count != "1":
        turned = f"{name}.T" if weights.columns else name
        classes = [(f"onehot N {count}", turned), (f"labels<{count} N", name)]
        found = [*classes, *found] if logarithmic else [found[1], *classes, found[0]]
        found.append((f"labels<{count} {'1 N' if weights.columns else 'N 1'}", name))
    else:
        found = found if logarithmic else found[::-1]
        if len(axes) == 2:
            found += [("binary N", name), ("fixed N", name)]
    return found


def calls_of(composition: Composition, names: Names) -> Iterator[str]:
    """The fields that say how the functions are called."""
    backward = call(composition.backward, names)
    if backward is None:
        return
    if composition.gives_loss:
        results = composition.backward.results
        place = next((i for i, r in enumerate(results) if r.role is Role.LOSS), 0)
        yield f"forward: {backward}" + (f"; returns: out[{place}]" if place else "")
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
        for usual in USUAL_LOSSES:
            value = usual.format(o=output, t=names.targets)
            yield f"forward: {first}; returns: {value}; backward: {backward}"
