"""Declarations that may fit a class or a pair of functions, the most likely first.

They are guessed from the names of arguments. Nothing of the subject is run here, except that an
object is made whose arrays show which weights it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from types import MappingProxyType
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import (
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    is_upstream,
    size_kind,
)
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.declared_calls import Passes
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.source.modes import Mode
from trigrad.subject.source.own_calls import Shape

MOST = 1500
"""How many guesses are tried of one layer."""

SIZES = {"D": 5, "M": 7, "H": 11, "K": 13}
"""Sizes with which an object is made, to be told in the shapes of its arrays."""

_NUMBERS = (
    (re.compile(r"stride|pool|kernel|window|filtersize|fs|ksize|size$|^k$|^s$"), "2"),
    (re.compile(r"pad"), "0"),
    (re.compile(r"ratio|rate|^p$|prob|keep|drop"), "0.5"),
    (re.compile(r"alpha|slope|negative|leak|beta|delta|margin|scale|lambda|reg"), "0.1"),
    (re.compile(r"eps"), "1e-5"),
    (re.compile(r"momentum|decay"), "0.9"),
    (re.compile(r"axis"), "1"),
    (re.compile(r"head|group"), "1"),
)
"""Values of arguments of a constructor that are numbers, by their names."""

_WEIGHT = re.compile(r"^(w|weight|weights|kernel|filters?|[uvw][a-z0-9]{0,2}|w[a-z0-9]{1,3})$")
_OFFSET = re.compile(r"^(b|bias|biases|beta|gamma|scale|shift|offset|b[a-z0-9]{1,2})$")
_TARGET = re.compile(r"^(t|y|target|targets|label|labels|ytrue|truth|gt|tgt|yt|true|actual)$")
_INDEX = re.compile(r"idx|ids?$|ind(ex|ices)|tokens?|words?|^idx")
_MASK = re.compile(r"mask")
_STATE = re.compile(r"^(h|c|hprev|cprev|hidden|state|prevh|prevc|h0|c0)$")

_OPTIONS = re.compile(r"param|config|hyper|options|settings")
OPTIONS = (
    'dict(stride=1, pad=0, f=2, pool_height=2, pool_width=2, eps=1e-5, momentum=0.9, mode="train", '
    "p=0.5)"
)
"""What a dict of options may have, as the assignments of courses use them."""

_CHANCE = re.compile(r"^(p|prob|probs|yhat|ypred|pred|predictions?|al|a2)$")
_OF_STATE = ("wh", "whh", "u", "uh")
"""Weights by which a recurrent layer multiplies its state."""

_INPUTS = (
    ("N D", "N C H W", "N T D"),
    ("unit N D", "prob N D", "positive N D"),
    ("D N", "N C 6 6"),
    ("N", "unit N", "D 1", "D"),
)
"""Tiers: the next is tried where no layer runs with those before."""

_COLUMNS = "D N"
"""Samples are columns."""

_AFFINE = ("A", "W", "b")

_TARGETS = ("onehot {x}", "labels<{last} {rows}", "fixed {x}", "binary {x}", "fixed {rows}")
_WEIGHTS = ("D M", "F C 3 3", "M D", "D", "D H", "M", "V D")


@dataclass(frozen=True)
class _Made:
    """How an object is made, and the declarations of its weights."""

    weights: tuple[str, ...]
    build: str


@dataclass(frozen=True)
class Shown:
    """What the text of a file shows of what a layer takes."""

    documented: Mapping[str, str] = field(default_factory=dict)
    """The sizes of arguments, by their names, as docstrings and comments give them."""
    made: tuple[str, ...] = ()
    """The arguments with which the file makes objects of the class: literals."""
    given: tuple[tuple[Shape | None, ...], ...] = ()
    """The shapes of the arguments with which the file calls forward."""


NOTHING_SHOWN = Shown()


def guesses(
    value: Any, passes: Passes, mode: Mode | None = None, shown: Shown = NOTHING_SHOWN
) -> Iterator[Iterator[str]]:
    """Declarations to try, in tiers: the next where neither pass runs with those before.

    `mode` has the string for an argument that chooses what it does. What the text shows comes
    first.
    """
    mode = mode or {}
    arguments = [a for a in passes.arguments("forward") if a.key != VARARGS.key]
    named = [a.name for a in arguments]
    ways = [] if passes.functions is not None else list(_made_so(value, shown.made))
    for sizes in (shown.documented, *_as_called(named, shown, letters=not ways)):
        first = next((sizes[n] for n in named if n in sizes), "")
        if first:
            if ways:
                yield islice(_guesses(value, passes, (first,), mode, sizes, ways), MOST)
            yield islice(_guesses(value, passes, (first,), mode, sizes), MOST)
    if ways:
        yield islice(_guesses(value, passes, _beside(ways), mode, {}, ways), MOST)
    for shapes in _INPUTS:
        yield islice(_guesses(value, passes, shapes, mode), MOST)


def _as_called(names: Sequence[str], shown: Shown, *, letters: bool) -> Iterator[dict[str, str]]:
    """The sizes of arguments as in the calls of the file: the first axis is the batch."""
    for shapes in shown.given:
        symbols: dict[int, str] = {}
        found = {}
        for name, shape in zip(names, shapes, strict=False):
            if shape is None:
                continue
            for length in shape:
                free = next((each for each in "NDMHKGF" if each not in symbols.values()), "")
                symbols.setdefault(length, free if letters or not symbols else str(length))
            found[name] = " ".join(symbols[n] or str(n) for n in shape)
        yield found


def _made_so(cls: type, made: Sequence[str]) -> Iterator[_Made]:
    """The class as the file makes objects of it."""
    for text in made:
        build = f"{cls.__name__}({text})"
        held = _held(lambda: eval(build, {cls.__name__: cls}), letters=False)  # noqa: B023 - at once
        if held is not None:
            yield _Made(held, f"build: {build}")


def _beside(ways: Sequence[_Made]) -> list[str]:
    """Inputs that go with weights of known sizes."""
    found = []
    for weights in (each.partition(": ")[2].split() for way in ways for each in way.weights):
        if len(weights) == 2:
            found += [f"N {weights[0]}", f"N {weights[1]}", f"N T {weights[0]}"]
        elif len(weights) == 4:
            found += [f"N {weights[1]} 6 6"]
    return list(dict.fromkeys([*found, *_INPUTS[0]]))


def _guesses(
    value: Any,
    passes: Passes,
    shapes: Sequence[str],
    mode: Mode,
    known: Mapping[str, str] = MappingProxyType({}),
    made_so: Sequence[_Made] = (),
) -> Iterator[str]:
    """Declarations for inputs of these shapes; `known` are sizes of arguments."""
    arguments = [a for a in passes.arguments("forward") if a.name not in mode]
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    operands = [a for a in needed if not _OPTIONS.search(a.key)]
    operands = operands or [a for a in arguments[:1] if a.key != VARARGS.key]
    if not operands:
        return
    call = ""
    if len(operands) < len(needed):
        name = passes.forward if passes.functions is not None else f"layer.{passes.forward}"
        values = (OPTIONS if _OPTIONS.search(a.key) else a.name for a in needed)
        call = f"forward: {name}({', '.join(values)})"
    if mode and passes.functions is not None:
        names = [a.name for a in operands]
        call = f"forward: {passes.forward}({_with_mode(passes.arguments('forward'), names, mode)})"
        call += f"; backward: {_backward_with_mode(passes, names, mode)}"
    ways = made_so or (list(_ways(value, mode)) if passes.functions is None else [_Made((), "")])
    for shape, made in product(shapes, ways):
        for kinds in product(*(_kinds(a, shape, i, known) for i, a in enumerate(operands))):
            parts = [f"{a.name}: {k}" for a, k in zip(operands, kinds, strict=True)]
            yield "; ".join(filter(None, [*parts, *made.weights, made.build, call]))
            if mode and shape == _COLUMNS and len(operands) == len(_AFFINE):
                yield "; ".join([*parts, _divided(call)])


def _divided(call: str) -> str:
    """The same where backward divides the gradients of W and b by the number of samples.

    In courses that put samples in columns, the loss leaves that to the layers.
    """
    first, _, back = call.partition("; backward: ")
    return f"{first}; backward: (lambda dA, dW, db: (dA, N * dW, N * db))(*{back})"


def _with_mode(arguments: Sequence[Argument], names: Sequence[str], mode: Mode) -> str:
    """What a function with a mode is given: the operands, and the string by its name."""
    given = [a.name for a in arguments if a.name in names]
    return ", ".join([*given, *(f"{n}={v!r}" for n, v in mode.items() if _takes(arguments, n))])


def _takes(arguments: Sequence[Argument], name: str) -> bool:
    return any(a.name == name for a in arguments)


def _backward_with_mode(passes: Passes, names: Sequence[str], mode: Mode) -> str:
    """The call of backward: the upstream gradient, the cache, and the string by its name."""
    arguments = passes.arguments("backward")
    others = [a for a in arguments if a.name not in mode and a.needed]
    upstream = next((a for a in others if is_upstream(a)), others[0] if others else None)
    caches = [a for a in others if a is not upstream and a.name not in names]
    places = {a.name: f"cache[{i}]" if len(caches) > 1 else "cache" for i, a in enumerate(caches)}
    given = ["dout" if a is upstream else places.get(a.name, a.name) for a in others]
    strings = [f"{n}={v!r}" for n, v in mode.items() if _takes(arguments, n)]
    return f"{passes.backward}({', '.join([*given, *strings])})"


def _kinds(argument: Argument, shape: str, place: int, known: Mapping[str, str]) -> Sequence[str]:
    """What an argument of forward may take, if the first takes arrays of that shape."""
    if argument.name in known:
        return _kinds_of_known(argument, shape, place, known[argument.name])
    axes = [word for word in shape.split() if word[:1].isupper() or word.isdigit()]
    bare = " ".join(axes)
    last, rows = axes[-1], " ".join(axes[:-1]) or axes[0]
    if _INDEX.search(argument.key):
        return [f"labels<V {s}" for s in ("N", "N T")] if place == 0 else [f"labels<{last} {rows}"]
    if _TARGET.match(argument.key) and place:
        return [each.format(x=bare, last=last, rows=rows) for each in _TARGETS]
    if _MASK.search(argument.key):
        return [f"binary {bare}"]
    if _OFFSET.match(argument.key) and place:
        return ["M 1", "M"] if shape == _COLUMNS else [last, "M", "F", "1 M", "M 1"]
    if _WEIGHT.match(argument.key) and place:
        columns = [f"M {axes[0]}"] if shape == _COLUMNS else []
        # The last is the v of q, k and v.
        return [*columns, f"{last} M", "F C 3 3", f"M {last}", last, bare]
    if _STATE.match(argument.key) and place:
        return ["N H", bare]
    if _CHANCE.match(argument.key) and shape == bare:
        return [f"unit {bare}", f"prob {bare}", bare]
    return [shape]


def _kinds_of_known(argument: Argument, shape: str, place: int, sizes: str) -> Sequence[str]:
    """The kinds of values of an argument whose sizes are known."""
    last = shape.split()[-1] if shape else "C"
    if _INDEX.search(argument.key):
        return [f"labels<{'V' if place == 0 else last} {sizes}"]
    if _TARGET.match(argument.key) and place:
        several = len(sizes.split()) > 1
        classes = [f"onehot {sizes}"] if several else [f"labels<{last} {sizes}"]
        return [*classes, f"fixed {sizes}", f"binary {sizes}"]
    if _MASK.search(argument.key):
        return [f"binary {sizes}"]
    chance = _CHANCE.match(argument.key)
    return [sizes, f"unit {sizes}", f"prob {sizes}"] if chance else [sizes]


def _ways(cls: type, mode: Mode) -> Iterator[_Made]:
    """The ways to make an object, with what weights it then has."""
    if mode:
        strings = [(name, repr(value)) for name, value in mode.items()]
        yield from _with_strings(cls, strings, mode)
        return
    arguments = [a for a in arguments_of(cls) if a.key != VARARGS.key]
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    if needed and all(_is_weight(a) for a in needed):
        if any(a.key in _OF_STATE for a in needed):
            for width in ("H", "4*H", "3*H"):  # gates stand beside each other
                several = tuple(_recurrent_shape(a, width) for a in needed)
                yield _given_weights(cls, needed, several)
            return
        for each in product(*map(_weight_shapes, needed)):
            yield _given_weights(cls, needed, each)
        return
    unknown = [a for a in needed if not size_kind(a) and not _number_for(a)]
    if unknown and len(unknown) == len(needed):
        for shapes in product(("V D", "D", "D M"), repeat=len(unknown)):
            pairs = zip(unknown, shapes, strict=True)
            same = _named([(a.name, a.name) for a in unknown])
            yield _Made(tuple(f"{a.name}: {s}" for a, s in pairs), f"build: {cls.__name__}({same})")
    for given in _given(needed):
        text = f"{cls.__name__}({_named(given)})"
        held = _held(lambda: cls(**{name: _number(v) for name, v in given}))  # noqa: B023 - at once
        if held is not None:
            yield _Made(held, f"build: {text}" if given else "")


def _with_strings(cls: type, strings: list[tuple[str, str]], mode: Mode) -> Iterator[_Made]:
    """The same where an argument is a string."""
    needed = [a for a in arguments_of(cls) if a.needed and a.name not in mode]
    for given in _given([a for a in needed if not auxiliary_role(a)]):
        values = {name: _number(v) for name, v in given} | mode
        held = _held(lambda: cls(**values))  # noqa: B023 - at once
        if held is not None:
            yield _Made(held, f"build: {cls.__name__}({_named([*given, *strings])})")


def _named(given: Sequence[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={value}" for name, value in given)


def _is_weight(argument: Argument) -> bool:
    return bool(_WEIGHT.match(argument.key) or _OFFSET.match(argument.key))


def _weight_shapes(argument: Argument) -> Sequence[str]:
    if not _OFFSET.match(argument.key):
        return _WEIGHTS
    if argument.key in ("gamma", "beta"):
        return ("D", "C", "1 D")
    return ("M", "D", "F", "H", "1 M")


def _recurrent_shape(argument: Argument, width: str) -> str:
    """The shape of a weight of a recurrent layer whose gates are together so wide."""
    if _OFFSET.match(argument.key):
        return width
    return f"H {width}" if argument.key in _OF_STATE else f"D {width}"


def _given_weights(cls: type, needed: Sequence[Argument], shapes: Sequence[str]) -> _Made:
    weights = tuple(f"{a.name}: {s}" for a, s in zip(needed, shapes, strict=True))
    return _Made(weights, f"build: {cls.__name__}({_named([(a.name, a.name) for a in needed])})")


def _given(needed: Sequence[Argument]) -> Iterator[list[tuple[str, str]]]:
    """Values of the arguments that a constructor needs: letters for sizes, and numbers."""
    letters = iter(SIZES)
    sized: list[tuple[str, str]] = []
    plain: list[tuple[str, str]] = []
    for argument in needed:
        number = _number_for(argument)
        letter = next(letters, "D") if size_kind(argument) or not number else ""
        sized.append((argument.name, letter or number))
        plain.append((argument.name, number or "2"))
    yield sized
    if plain != sized:
        yield plain


def _number_for(argument: Argument) -> str:
    """The number that an argument of that name may be; "" if it may be anything."""
    return next((v for pattern, v in _NUMBERS if pattern.search(argument.key)), "")


def _number(text: str) -> float | int:
    if text in SIZES:
        return SIZES[text]
    return int(text) if text.isdigit() else float(text)


def _held(make: Callable[[], Any], *, letters: bool = True) -> tuple[str, ...] | None:
    """The weights that an object holds, declared; None if it can't be made."""
    axis = _axis if letters else str
    try:
        made = make()
    except ERRORS:
        return None
    found: dict[str, str] = {}
    for path, array in arrays_in(made):
        name = path.name
        if array.dtype.kind != "f" or not array.ndim or not name.isidentifier() or name in found:
            continue
        if np.size(array) and not re.match(r"d[A-Z]|grad|running|moving|cache|mask", name):
            found[name] = " ".join(map(axis, array.shape))
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
