"""The weights of a network that is made of functions: their names, and shapes that may fit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trigrad.contracts.declared_groups import BRACKETS
from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.making import LENGTHS, SIZES, values_of, ways_to_make
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.experiments import ERRORS

_KEPT = re.compile(r"^(d[A-Z]|d_|grad|nabla|velocit|moment|cache|mask|v[Wwb]|m[Wwb]|history|loss)")
_OFFSETS = re.compile(r"b$|bs$|bias|offset", re.IGNORECASE)
_MATRIX = re.compile(r"(w|u|v|theta|weights?|kernel)(\d*)", re.IGNORECASE)
_VECTOR = re.compile(r"(b|bias|biases)(\d*)", re.IGNORECASE)


@dataclass(frozen=True)
class Weights:
    """The fields that declare weights, and the shapes of inputs and outputs that go with them."""

    shapes: tuple[tuple[str, str], ...]
    """The name of each array and its sizes."""
    inputs: str
    outputs: str
    columns: bool = False
    """Whether samples are columns."""
    group: str = ""
    """The name of the dict, list or tuple that they are in; "" if each is passed for itself."""
    bracket: str = "{"
    written: str = ""
    """Their declaration, where they are in several groups."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays."""
        return tuple(name for name, _ in self.shapes)

    @property
    def of_one_sample(self) -> Weights:
        """The same for one sample at a time, which is a row or a column."""
        one = [axes.replace("N", "1") for axes in (self.inputs, self.outputs)]
        return replace(self, inputs=one[0], outputs=one[1])

    @property
    def of_a_vector(self) -> Weights:
        """The same for one sample at a time, which has one axis."""
        one = [axes.replace("N", "").strip() for axes in (self.inputs, self.outputs)]
        return replace(self, inputs=one[0], outputs=one[1])

    @property
    def is_sized(self) -> bool:
        """Whether its sizes are letters: numbers are those that the file has chosen."""
        return any(axis in LENGTHS for _, axes in self.shapes for axis in axes.split())

    @property
    def entries(self) -> int:
        """How many numbers they have, of weights whose sizes are numbers."""
        sizes = ([int(a) for a in axes.split() if a.isdigit()] for _, axes in self.shapes)
        return sum(map(math.prod, sizes))

    @property
    def fields(self) -> str:
        """The declaration of them all."""
        if self.written:
            return self.written
        parts = [f"{name}: {axes}".strip() for name, axes in self.shapes]
        if not self.group:
            return "; ".join(parts)
        return f"{self.group}: {self.bracket}{'; '.join(parts)}{BRACKETS[self.bracket]}"


def held_by(made: Any) -> Iterator[Weights]:
    """The weights that an object holds: as attributes, or in dicts and lists of it."""
    shapes: list[tuple[str, str]] = []
    fields: list[str] = []
    groups: dict[str, list[str]] = {}
    for path, array in arrays_in(made):
        *before, last = path.steps
        attribute = str(path.steps[0].key)
        if array.dtype.kind != "f" or not 1 <= array.ndim <= 2 or _KEPT.search(attribute):
            continue
        name = str(last.key)
        if len(before) == 1 and isinstance(last.key, int):
            name = f"{'b' if _OFFSETS.match(attribute) else 'w'}{last.key + 1}"
        if not name.isidentifier() or name in dict(shapes) or len(before) > 1:
            return
        shapes.append((name, _axes(array.shape)))
        field = f"{name}: {shapes[-1][1]}"
        if isinstance(last.key, int):
            groups.setdefault(attribute, []).append(field)
        else:
            fields.append(field)
    fields += [f"{group}: [{'; '.join(inside)}]" for group, inside in groups.items()]
    ordered = tuple(sorted(shapes, key=lambda each: _number(each[0])))
    for found in _with_data(ordered):
        yield replace(found, written="; ".join(fields))


def from_values(value: Any, names: Sequence[str], group: str) -> Iterator[Weights]:
    """The weights that a function has returned: a dict, list or tuple of arrays, or one array."""
    arrays: list[tuple[str, Any]]
    bracket = "{"
    if isinstance(value, dict):
        arrays = [(str(key), each) for key, each in value.items()]
    elif isinstance(value, list) and value and all(isinstance(v, list | tuple) for v in value):
        yield from _nested(value, group)
        return
    elif isinstance(value, list | tuple):
        bracket = "[" if isinstance(value, list) else "("
        arrays = list(zip(_names_for(value, names), value, strict=True))
    else:
        arrays = [(names[0] if names else "W", value)]
        group = ""
    if not arrays or not all(name.isidentifier() and _is_array(a) for name, a in arrays):
        return
    shapes = tuple((name, _axes(np.shape(array))) for name, array in arrays)
    for found in _with_data(shapes):
        yield replace(found, group=group, bracket=bracket)


def _nested(value: Sequence[Sequence[Any]], group: str) -> Iterator[Weights]:
    """A list of layers, each a tuple or list of arrays."""
    shapes: list[tuple[str, str]] = []
    layers = []
    for number, layer in enumerate(value, 1):
        if not all(map(_is_array, layer)) or not 1 <= len(layer) <= 2:
            return
        names = [f"{letter}{number}" for letter in "Wb"[: len(layer)]]
        inside = [(n, _axes(np.shape(a))) for n, a in zip(names, layer, strict=True)]
        shapes += inside
        fields = "; ".join(f"{name}: {axes}" for name, axes in inside)
        layers.append(f"({fields})" if isinstance(layer, tuple) else f"[{fields}]")
    for found in _with_data(tuple(shapes)):
        yield replace(found, group=group, written=f"{group}: [{'; '.join(layers)}]")


def _names_for(values: Sequence[Any], names: Sequence[str]) -> Sequence[str]:
    if len(names) == len(values) and all(name.isidentifier() for name in names):
        return names
    found, layer = [], 0
    for value in values:
        vector = np.ndim(value) < 2 or 1 in np.shape(value)
        layer += 0 if vector and layer else 1
        found.append(f"b{layer}" if vector and f"b{layer}" not in found else f"W{layer}")
    return found


def _is_array(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "fi" and value.ndim <= 2
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _axes(shape: Sequence[int]) -> str:
    letters = {length: letter for letter, length in LENGTHS.items()}
    return " ".join(letters.get(length, str(length)) for length in shape)


def _with_data(shapes: tuple[tuple[str, str], ...]) -> Iterator[Weights]:
    """Inputs and outputs for weights of known shapes, in the orientations that are possible.

    Weights that have the number of samples as a size come from data that lie the other way.
    """
    if any("N" in axes.split() for _, axes in shapes):
        return
    matrices = [
        axes.split()
        for name, axes in shapes
        if len(axes.split()) == 2 and not _VECTOR.fullmatch(name)
    ]
    if not matrices:
        for size in [axes for _, axes in shapes if len(axes.split()) == 1][:1]:
            yield Weights(shapes, f"N {size}", "N")
        return
    first, last = matrices[0], matrices[-1]
    rows = Weights(shapes, f"N {first[0]}", f"N {last[1]}")
    columns = Weights(shapes, f"{first[1]} N", f"{last[0]} N", columns=True)
    turned = Weights(shapes, f"N {first[1]}", f"N {last[0]}")
    if first[0] == "D":
        yield from (rows, Weights(shapes, f"{first[0]} N", f"{last[1]} N", columns=True))
    else:
        yield from (columns, turned)


def from_names(
    names: Sequence[str], group: str = "", bracket: str = "{", length: int = 0
) -> Iterator[Weights]:
    """Shapes for weights such as W1, b1, W2, b2 of which only the names are known.

    `length` is that of a single vector, if it is read at constant indices: `theta[0]`.
    """
    matrices = sorted(filter(_MATRIX.fullmatch, names), key=_number)
    vectors = [name for name in names if _VECTOR.fullmatch(name)]
    if not matrices or len(matrices) + len(vectors) < len(names) or len(matrices) > 3:
        return
    hidden = ["H", "G"][: len(matrices) - 1]
    place = {_number(name): i for i, name in enumerate(matrices)}
    if any(_number(name) not in place for name in vectors):
        return

    def made(last: str, matrix: str, vector: str, columns: bool) -> Weights:
        sizes = ["D", *hidden, last]
        axes: dict[str, str] = {}
        for index, name in enumerate(matrices):
            axes[name] = matrix.format(i=sizes[index], o=sizes[index + 1])
        for name in vectors:
            axes[name] = vector.format(o=sizes[place[_number(name)] + 1])
        shapes = tuple((name, axes[name]) for name in names)
        data = ("D N", f"{last} N") if columns else ("N D", f"N {last}")
        return Weights(shapes, *data, columns, group, bracket)

    biases = ["{o}", "1 {o}"] if vectors else [""]
    for last in ("K", "1"):
        for vector in biases:
            yield made(last, "{i} {o}", vector, columns=False)
        yield made(last, "{o} {i}", "{o} 1", columns=True)
        for vector in biases:
            yield made(last, "{o} {i}", vector, columns=False)
    if len(matrices) == 1:
        yield from _single(names, matrices[0], group, bracket, length)


def _single(
    names: Sequence[str], matrix: str, group: str, bracket: str, length: int
) -> Iterator[Weights]:
    """One vector of weights and a number, as in logistic regression."""
    indexed = [(str(length), "N", "N"), (str(length), "N", f"N {length}")] if length else []
    for shape, outputs, inputs in (
        ("D", "N", "N D"),
        ("D 1", "1 N", "D N"),
        ("D 1", "N 1", "N D"),
        ("1 D", "1 N", "D N"),
        ("", "N", "N"),
        *indexed,
    ):
        shapes = tuple((name, shape if name == matrix else "") for name in names)
        yield Weights(shapes, inputs, outputs, outputs == "1 N", group, bracket)


def _number(name: str) -> int:
    found = re.search(r"\d+$", name)
    return int(found[0]) if found else 0


def initialised(
    function: Callable[..., Any], text: FunctionText, group: str, keys: Sequence[str]
) -> Iterator[Weights]:
    """The weights that the file's own function makes; `keys` are those that are read of them."""
    ways = list(ways_to_make(text))
    sizes = {1: "[D, K]", 2: "[D, H, K]"}.get(max(map(_number, keys), default=0), SIZES)
    lists = [way for way in ways if any(value == SIZES for _, value in way)]
    if lists:  # as many layers as keys are read, else several
        ways = [tuple((name, sizes if v == SIZES else v) for name, v in lists[0])]
    for way in ways:
        try:
            made = function(**values_of(way))
        except ERRORS:
            continue
        yield from from_values(made, [result.name for result in text.results], group)
