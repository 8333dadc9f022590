"""The weights that an object holds, wherever it holds them: their names, places and shapes.

A network holds them in its layers, in lists and in dicts. What forward depends on is a weight, and
one array is one weight, by however many names the object holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations_with_replacement
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.named_gradients import means_gradient

MOST = 64
"""More arrays than these are not tried."""

DEPTH = 7
"""How deep networks hold their weights: `stages[0].blocks[1].conv.W`."""

LEARNED = re.compile(
    r"(^|\.)(weights?|kernel|filters?|bias(es)?|gamma|beta|[wb]\w{0,2}|param\w*\[\d+\])$",
    re.IGNORECASE,
)
"""Names of arrays that are learned: without a gradient, one of these is not right."""

_KEY = re.compile(r"\w+$")

ERRORS = (Exception, SystemExit)
"""What a learner's code may raise when it is tried with other values."""


def groups_in(layer: Any) -> list[tuple[Array, list[ArrayPath]]]:
    """The arrays of floats that an object holds, each once, with all paths to it."""
    groups: list[tuple[Array, list[ArrayPath]]] = []
    for path, array in arrays_in(layer, depth=DEPTH):
        if array.dtype.kind != "f" or not array.size:
            continue
        same = next((paths for other, paths in groups if other is array), None)
        if same is not None:
            same.append(path)
        elif len(groups) < MOST:
            groups.append((array, [path]))
    return groups


def names_of(
    groups: Sequence[tuple[Array, list[ArrayPath]]], taken: Sequence[str] = ()
) -> list[str]:
    """Names of arrays: the last on the way where that is enough (W1), else it all (fc[0].W)."""
    ends = [{path.name for path in paths} for _, paths in groups]
    found = []
    for place, (_, paths) in enumerate(groups):
        others = {end for i, names in enumerate(ends) if i != place for end in names}
        alone = [
            p.name
            for p in paths
            if p.steps[-1].key == p.name and p.name not in others and p.name not in taken
        ]
        ways = sorted(filter(None, map(way, paths)), key=lambda each: not LEARNED.search(each))
        found.append(next((n for n in alone if n.isidentifier()), "") or next(iter(ways), ""))
    return found


def way(path: ArrayPath) -> str:
    """A path as a declaration has it: `layers[0].W`, `layers.Affine1.W`; "" if it cannot."""
    parts = []
    for step in path.steps:
        key = str(step.key)
        if not _KEY.fullmatch(key):
            return ""
        named = step.attribute or (isinstance(step.key, str) and key.isidentifier())
        parts.append(f".{key}" if named else f"[{key}]")
    return "".join(parts).removeprefix(".")


def paths_named(layer: Any, name: str) -> list[ArrayPath]:
    """All paths to the array of that name; [] if there is none."""
    by_way = "." in name or "[" in name
    groups = groups_in(layer)
    if by_way:
        return next((paths for _, paths in groups if any(way(p) == name for p in paths)), [])
    alike = [p for _, paths in groups for p in paths if p.name.lower() == name.lower()]
    alike.sort(key=lambda path: (path.name != name, len(path.steps)))
    if not alike:
        return []
    return next(paths for _, paths in groups if alike[0] in paths)


def that_matter(
    make: Callable[[], Any], output: Callable[[Any], Any], groups: Sequence[list[ArrayPath]]
) -> list[list[ArrayPath]]:
    """The arrays on which an output depends; `make` makes equal objects, `output` calls one."""
    plain = np.asarray(output(make()), dtype=np.float64)
    found = []
    for paths in groups:
        layer = make()
        array = paths[0].read(layer)
        moved = array + 0.25 * np.random.RandomState(2).uniform(0.5, 1.0, np.shape(array))
        try:
            for path in paths:
                path.put(layer, moved)
            other = np.asarray(output(layer), dtype=np.float64)
        except ERRORS:
            continue
        if not np.array_equal(other, plain, equal_nan=True):
            found.append(paths)
    return found


def axes_of(
    shapes: Sequence[tuple[int, ...]], sizes: Sequence[Mapping[str, int]]
) -> tuple[str, ...] | None:
    """An array's shapes for some sizes, in letters; None if no simple expression fits them."""
    if len({len(shape) for shape in shapes}) != 1:
        return None
    axes = [_axis([shape[i] for shape in shapes], sizes) for i in range(len(shapes[0]))]
    return None if "" in axes else tuple(axes)


def _axis(lengths: Sequence[int], sizes: Sequence[Mapping[str, int]]) -> str:
    if len(set(lengths)) == 1 and len(lengths) > 1:
        return str(lengths[0])
    letters = [s for s in sizes[0] if s != "N"]
    for letter in letters:
        if all(length == each[letter] for length, each in zip(lengths, sizes, strict=True)):
            return letter
    for letter in letters:
        for factor in (2, 3, 4):
            pairs = zip(lengths, sizes, strict=True)
            if all(length == factor * each[letter] for length, each in pairs):
                return f"{factor}*{letter}"
    for count in (2, 3):
        for product in combinations_with_replacement(letters, count):
            pairs = zip(lengths, sizes, strict=True)
            if all(n == np.prod([each[s] for s in product]) for n, each in pairs):
                return "*".join(product)
    return str(lengths[0]) if not letters else ""


def beside(array: str, gradient: str) -> bool:
    """Whether what stands at one way may be the gradient of what stands at the other, beside it.

    As stem.dW of stem.W, fc.grads[0] of fc.params[0], and fc.grads.W of fc.params.W.
    """
    where, _, name = array.rpartition(".")
    there, _, other = gradient.rpartition(".")
    itself = name.lower() == other.lower()
    if where == there and not itself and "[" not in name and means_gradient(other, name):
        return True
    one, two = (_PARAMS.sub("*", array), _GRADS.sub("*", gradient))
    return "*" in one and one == two


_PARAMS = re.compile(r"\bparam\w*|\bweights\b", re.IGNORECASE)
_GRADS = re.compile(r"\bgrad\w*|\bd_?param\w*", re.IGNORECASE)
