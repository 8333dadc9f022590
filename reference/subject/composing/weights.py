"""The weights of a network that is made of functions: their names, and shapes that may fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from trigrad.contracts.declared_groups import BRACKETS
from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.roles import Role, plain, role_of
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.experiments import ERRORS

LENGTHS = {"D": 5, "H": 7, "K": 11, "G": 13}
"""Sizes with which weights are made, to be told in the shapes of the arrays."""

LETTERS = {1: "D", 2: "DK", 3: "DHK", 4: "DHGK"}
"""Which of them are passed, by how many sizes are taken."""

_SIZE_LIST = re.compile(
    r"layers?|sizes?|layers?(dims?|sizes?|list|shapes?)|(layer)?dims|arch\w*|nn\w*|units|structure|shape"
)
_SCALE = re.compile(
    r"scale|std|sigma|eps\w*|factor|weight.*|init.*|reg\w*|lambd\w*|l(ea)?r\w*|alpha|eta|l2|regularization"
)
_HIDDEN_LIST = re.compile(r"hidden(dims|sizes|layers|layersizes|units|layerdims)|hiddens")
_KEPT = re.compile(r"^(d[A-Z]|d_|grad|nabla|velocit|moment|cache|mask|v[Wwb]|m[Wwb]|history|loss)")
_OFFSETS = re.compile(r"b$|bs$|bias|offset", re.IGNORECASE)
_SEED = re.compile(r"seed|rng|random\w*|rs")
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
    def fields(self) -> str:
        """The declaration of them all."""
        if self.written:
            return self.written
        parts = [f"{name}: {axes}".strip() for name, axes in self.shapes]
        if not self.group:
            return "; ".join(parts)
        return f"{self.group}: {self.bracket}{'; '.join(parts)}{BRACKETS[self.bracket]}"


def arguments_for(function: FunctionText) -> list[tuple[str, str]] | None:
    """Arguments for a constructor or an initialising function, as text; None if one is unknown.

    Sizes are letters, and a list of sizes is a list of letters: with two hidden layers, so that
    a mistake in the loop over them shows.
    """
    needed = [t for t in function.takes if t.default is None or _is_wanted(t.name)]
    found: dict[str, str] = {}
    for name in (t.name for t in needed):
        if role_of(name) is Role.RATE:
            found[name] = "1.0"
        elif _SCALE.fullmatch(plain(name)):
            found[name] = "0.1"
        elif _SEED.fullmatch(plain(name)):
            found[name] = "0"
    sizes = [t for t in needed if t.name not in found]
    listed = [t for t in sizes if _HIDDEN_LIST.fullmatch(plain(t.name))]
    if len(listed) == 1 and len(sizes) == 3:
        found[listed[0].name] = "[H, G]"
        ends = [t for t in sizes if t not in listed]
        found |= {t.name: letter for t, letter in zip(ends, _in_order(ends, "DK"), strict=True)}
    elif len(sizes) == 1 and _SIZE_LIST.fullmatch(plain(sizes[0].name)):
        found[sizes[0].name] = "[D, H, G, K]"
    elif sizes:
        letters = LETTERS.get(len(sizes))
        if letters is None:
            return None
        found |= {
            t.name: letter for t, letter in zip(sizes, _in_order(sizes, letters), strict=True)
        }
    return [(t.name, found[t.name]) for t in needed]


def _is_wanted(name: str) -> bool:
    """Whether an argument is given although it has a default, so that sizes are small."""
    key = plain(name)
    sizes = r"(input|hidden|output|in|out)(s|size|dims?|nodes|layers?|units|features)|numclasses"
    if role_of(name) is Role.RATE:
        return True
    return bool(re.fullmatch(rf"{sizes}|n?classes|reg|lambd|l2|regularization", key))


def _in_order(sizes: Sequence[Any], letters: str) -> str:
    """The letters in the order of the arguments: inputs, hidden units, outputs."""
    kinds = [_kind(taken.name) for taken in sizes]
    if len(letters) == 3 and sorted(kinds) == [0, 1, 2]:
        return "".join("DHK"[kind] for kind in kinds)
    if len(letters) == 2 and sorted(kinds) == [0, 2]:
        return "".join("DK"[kind // 2] for kind in kinds)
    return letters


def _kind(name: str) -> int:
    key = plain(name)
    if re.search(r"hid|nh$|^h$", key):
        return 1
    return 2 if re.search(r"out|ny$|class|^k$|^c$|^o$", key) else 0


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
    """Inputs and outputs for weights of known shapes, in the orientations that are possible."""
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
    given = arguments_for(text)
    if given is None:
        return
    layers = max(map(_number, keys), default=0)
    sizes = {1: "[D, K]", 2: "[D, H, K]"}.get(layers, "")
    if sizes:
        given = [(name, sizes if value.startswith("[") else value) for name, value in given]
    try:
        made = function(**{name: valued(value) for name, value in given})
    except ERRORS:
        return
    yield from from_values(made, [result.name for result in text.results], group)


def valued(text: str, letters: Mapping[str, int] = LENGTHS) -> Any:
    """The value of such an argument: a letter, a list of letters, or a number."""
    if text.startswith("["):
        return [letters[letter] for letter in text[1:-1].split(", ")]
    if text in letters:
        return letters[text]
    return float(text) if "." in text else int(text)


def with_one_hidden_layer(given: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same arguments with shorter lists of sizes."""
    shorter = {"[D, H, G, K]": "[D, H, K]", "[H, G]": "[H]"}
    return [(name, shorter.get(value, value)) for name, value in given]
