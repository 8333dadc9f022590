"""The ways to make an object of a class, and the weights that it then has."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any

from trigrad.contracts.declaration import KINDS
from trigrad.subject.argument_kinds import OFFSET, WEIGHT
from trigrad.subject.dialects.argument_roles import (
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    size_kind,
)
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.held_weights import beside, groups_in, names_of
from trigrad.subject.source.modes import Mode
from trigrad.subject.trained_numbers import kind_of
from trigrad.subject.weight_families import are_recurrent, families, multiplies_cell

SIZES = {"D": 5, "M": 7, "H": 11, "K": 13}
"""Sizes with which an object is made, to be told in the shapes of its arrays."""

_NUMBERS = (
    (re.compile(r"stride|pool|kernel|window|filtersize|fs|ksize|size$|^k$|^s$"), "2"),
    (re.compile(r"pad"), "0"),
    # With 0.5, what is kept and what is dropped would be one.
    (re.compile(r"ratio|rate|^p$|prob|keep|drop"), "0.4"),
    (re.compile(r"alpha|slope|negative|leak|beta|delta|margin|scale|lambda|reg"), "0.1"),
    (re.compile(r"eps"), "1e-5"),
    (re.compile(r"momentum|decay"), "0.9"),
    (re.compile(r"axis"), "1"),
    (re.compile(r"head|group"), "1"),
)
"""Values of arguments of a constructor that are numbers, by their names."""

_SEVERAL = re.compile(r"(size|dim|unit|neuron|node|layer)s?list$|(sizes|dims|units|neurons|nodes)$")
"""Sizes of several hidden layers in a list: hidden_size_list, hidden_sizes."""

_LIST = "[H, K]"

_SIDES = (6, 8, 12, 16)
"""Heights of images that are tried in place of larger ones; a filter may be 5 or 7 wide."""

MOST = 400
"""More combinations of shapes of single weights are not tried."""

_WEIGHTS = ("D M", "F C 3 3", "M D", "D D", "D", "D H", "M", "V D")


NO_SIZES: Mapping[str, str] = MappingProxyType({})


Strings = Sequence[tuple[str, str]]
"""Arguments that choose what a layer does, with their strings in quotes."""


@dataclass(frozen=True)
class Made:
    """How an object is made, and the declarations of its weights."""

    weights: tuple[str, ...]
    build: str
    given: bool = False
    """Whether the weights are given to the constructor."""
    times: int = 1
    """How many heads or groups there are, which divide the last axis of its input."""

    @property
    def shapes(self) -> list[list[str]]:
        """The axes of each weight."""
        fields = (each.partition(": ")[2].split() for each in self.weights)
        return [[axis for axis in axes if axis not in KINDS] for axes in fields]

    def beside(self, sizes: str) -> str:
        """Sizes of an input that go with it."""
        return sizes if self.times == 1 else re.sub(r"\bD\b", f"{self.times}*D", sizes)


def ways_of(cls: type, mode: Mode, known: Mapping[str, str] = NO_SIZES) -> Iterator[Made]:
    """The ways to make an object, with what weights it then has; `known` are sizes of arguments.

    Where the text gives the sizes of all weights, that is the first way.
    """
    strings = [(name, repr(value)) for name, value in mode.items()]
    arguments = [a for a in arguments_of(cls) if a.key != VARARGS.key and a.name not in mode]
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    if needed and all(a.name in known for a in needed):
        yield _given_weights(cls, needed, [known[a.name] for a in needed], strings)
    if needed and all(_is_weight(a) for a in needed):
        for several in families([a.key for a in needed]):
            yield _given_weights(cls, needed, several, strings)
        several_shapes = [_weight_shapes(a) for a in needed]
        if are_recurrent([a.key for a in needed]):
            return
        if math.prod(map(len, several_shapes)) <= MOST:
            for each in product(*several_shapes):
                yield _given_weights(cls, needed, each, strings)
        return
    if mode:
        yield from _with_strings(cls, strings, mode)
        return
    unknown = [a for a in needed if not size_kind(a) and not _number_for(a) and not _several(a)]
    if unknown and len(unknown) == len(needed):
        for shapes in product(("V D", "D", "D M"), repeat=len(unknown)):
            pairs = zip(unknown, shapes, strict=True)
            same = _named([(a.name, a.name) for a in unknown])
            weights = tuple(f"{a.name}: {s}" for a, s in pairs)
            yield Made(weights, f"build: {cls.__name__}({same})", given=True)
    optional = [] if needed else [a for a in arguments if _is_size(a)]
    for given in (*_given(needed), *(next(_given(optional)) for _ in optional[:1])):
        text = f"{cls.__name__}({_named(given)})"
        held = _held(lambda: cls(**{name: _number(v) for name, v in given}))  # noqa: B023 - at once
        if held is not None:
            times = 2 if any("*" in value for _, value in given) else 1
            yield Made(held, f"build: {text}" if given else "", times=times)


def _is_size(argument: Argument) -> bool:
    """Whether it is a size with a default."""
    default = argument.default
    return isinstance(default, int) and not isinstance(default, bool) and bool(size_kind(argument))


def made_by_default(cls: type) -> list[Made]:
    """The object with all defaults of its constructor, if it holds weights then."""
    arguments = [a for a in arguments_of(cls) if a.key != VARARGS.key]
    if any(a.needed and not auxiliary_role(a) for a in arguments):
        return []
    held = _held(cls, letters=False)
    return [Made(held, "")] if held else []


def objects_of(cls: type) -> Iterator[Any]:
    """An object that a constructor makes without arguments, if it does."""
    try:
        yield cls()
    except ERRORS:
        return


_SHAPE = re.compile(r"shape$|^(input|image|img|in|x)dims?$")
_SHAPES = ((2, 6, 6), (6, 6, 2), (6, 6))
"""Shapes of one sample that constructors are given."""


def made_with_shapes(cls: type) -> Iterator[tuple[tuple[str, ...], Made]]:
    """The objects of a constructor that takes the shape of an input, and such inputs."""
    needed = [a for a in arguments_of(cls) if a.needed and a.key != VARARGS.key]
    first = next((a for a in needed if _SHAPE.search(a.key)), None)
    for shape in _SHAPES if first is not None else ():
        given: list[tuple[str, str]] = []
        for argument in needed:
            value = str(shape) if argument is first else _number_for(argument) or "3"
            given.append((argument.name, value))
        build = f"{cls.__name__}({_named(given)})"
        held = _held(lambda: eval(build, {cls.__name__: cls}), letters=False)  # noqa: B023 - at once
        if held is not None:
            sample = " ".join(map(str, shape))
            yield (sample, f"N {sample}"), Made(held, f"build: {build}")


def _with_strings(cls: type, strings: Strings, mode: Mode) -> Iterator[Made]:
    """The same where an argument is a string."""
    needed = [a for a in arguments_of(cls) if a.needed and a.name not in mode]
    for given in _given([a for a in needed if not auxiliary_role(a)]):
        values = {name: _number(v) for name, v in given} | mode
        held = _held(lambda: cls(**values))  # noqa: B023 - at once
        if held is not None:
            yield Made(held, f"build: {cls.__name__}({_named([*given, *strings])})")


def made_so(cls: type, made: Sequence[str]) -> Iterator[Made]:
    """The class as the file makes objects of it."""
    for text in made:
        build = f"{cls.__name__}({text})"
        held = _held(lambda: eval(build, {cls.__name__: cls}), letters=False)  # noqa: B023 - at once
        if held is not None:
            yield Made(held, f"build: {build}")


def made_for_images(cls: type) -> Iterator[tuple[str, Made]]:
    """The images that a constructor names in a default, input_dim=(1, 28, 28), and its objects.

    Smaller images come first, since weights grow with them.
    """
    arguments = arguments_of(cls)
    if any(a.needed for a in arguments if a.key != VARARGS.key):
        return
    for argument in arguments:
        match argument.default:
            case (int(C), int(H), int(W)):
                sides = [(side, side) for side in _SIDES if side < min(H, W)]
                for image in ((C, *side) for side in (*sides, (H, W))):
                    given = {argument.name: image}
                    held = _held(lambda: cls(**given), letters=False)  # noqa: B023 - at once
                    if held is not None:
                        build = f"build: {cls.__name__}({argument.name}={image})"
                        yield f"N {C} {image[1]} {image[2]}", Made(held, build)


def _named(given: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={value}" for name, value in given)


def _is_weight(argument: Argument) -> bool:
    key = argument.key
    return bool(WEIGHT.match(key) or OFFSET.match(key)) or multiplies_cell(key)


def _weight_shapes(argument: Argument) -> Sequence[str]:
    if not OFFSET.match(argument.key):
        return _WEIGHTS
    if argument.key in ("gamma", "beta"):
        return ("D", "C", "1 D")
    return ("M", "D", "F", "H", "1 M")


def _given_weights(
    cls: type, needed: Sequence[Argument], shapes: Sequence[str], strings: Strings
) -> Made:
    times = next((a.default for a in arguments_of(cls) if _is_count_of_heads(a)), 1)
    made = Made((), "", times=times)
    weights = tuple(f"{a.name}: {made.beside(s)}" for a, s in zip(needed, shapes, strict=True))
    same = [(a.name, a.name) for a in needed]
    build = f"build: {cls.__name__}({_named([*same, *strings])})"
    return Made(weights, build, given=True, times=times)


def _is_count_of_heads(argument: Argument) -> bool:
    return bool(re.search(r"head|group", argument.key)) and isinstance(argument.default, int)


def _given(needed: Sequence[Argument]) -> Iterator[list[tuple[str, str]]]:
    """Values of the arguments that a constructor needs: letters for sizes, and numbers."""
    letters = (letter for letter in SIZES if letter not in _LIST or not any(map(_several, needed)))
    sized: list[tuple[str, str]] = []
    plain: list[tuple[str, str]] = []
    for argument in needed:
        if _several(argument):
            sized.append((argument.name, _LIST))
            plain.append((argument.name, "[2, 2]"))
            continue
        number = _number_for(argument)
        letter = next(letters, "D") if size_kind(argument) or not number else ""
        sized.append((argument.name, letter or number))
        plain.append((argument.name, number or "2"))
    heads = [a.name for a in needed if re.search(r"head|group", a.key)]
    if heads:  # they have to divide a size
        yield [(n, "2" if n in heads else f"2*{v}" if v in SIZES else v) for n, v in sized]
    if any(_is_window(a) for a in needed):  # a number, though its name is that of a size
        windows = {a.name: _number_for(a) for a in needed if _is_window(a)}
        yield [(n, windows.get(n, v)) for n, v in sized]
    yield sized
    if plain != sized:
        yield plain


def _is_window(argument: Argument) -> bool:
    return bool(re.search(r"kernel|filtersize|^fs$|ksize|pool|stride|window|pad", argument.key))


def _several(argument: Argument) -> bool:
    return bool(_SEVERAL.search(argument.key))


def _number_for(argument: Argument) -> str:
    """The number that an argument of that name may be; "" if it may be anything."""
    return next((v for pattern, v in _NUMBERS if pattern.search(argument.key)), "")


def _number(text: str) -> float | int | list[int]:
    if text.startswith("["):
        return [SIZES.get(each, 2) for each in text[1:-1].split(", ")]
    if text in SIZES:
        return SIZES[text]
    if "*" in text:
        return 2 * SIZES[text.removeprefix("2*")]
    return int(text) if text.isdigit() else float(text)


def _held(make: Callable[[], Any], *, letters: bool = True) -> tuple[str, ...] | None:
    """The weights that an object holds, declared; None if it can't be made."""
    axis = _axis if letters else str
    try:
        made = make()
    except ERRORS:
        return None
    found: dict[str, str] = {}
    groups = groups_in(made)
    names = names_of(groups)
    for name, (array, paths) in zip(names, groups, strict=True):
        last = paths[0].name
        if (
            array.ndim
            and name
            and not re.match(r"d([A-Z]|[wb]$|beta|gamma)|grad|running|moving|cache|mask", last)
            and not any(beside(other, name) for other in names)
        ):
            kind = kind_of(float(array[0])) if array.shape == (1,) else ""
            found[name] = " ".join(filter(None, [kind, *map(axis, array.shape)]))
    return tuple(f"{name}: {axes}" for name, axes in found.items())


def _axis(length: int) -> str:
    """A length in letters, where it is one of the sizes or a product of two."""
    for letter, size in SIZES.items():
        if length == size:
            return letter
    for (one, first), (other, second) in product(SIZES.items(), repeat=2):
        if length == first * second:
            return f"{one}*{other}"
    for letter, size in SIZES.items():
        if length in (2 * size, 3 * size, 4 * size):
            return f"{length // size}*{letter}"
    return str(length)
