"""Declarations that may fit a class or a pair of functions, the most likely first.

They are guessed from the names of arguments. Nothing of the subject is run here, except that an
object is made whose arrays show which weights it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import (
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    is_gradient,
    size_kind,
)
from trigrad.subject.dialects.array_paths import arrays_in
from trigrad.subject.dialects.declared_calls import Passes
from trigrad.subject.dialects.experiments import ERRORS

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
_TARGET = re.compile(r"^(t|y|target|targets|label|labels|ytrue|truth|gt|tgt|yt|true|actual|onehot)$")
_INDEX = re.compile(r"idx|ids?$|ind(ex|ices)|tokens?|words?|^idx")
_MASK = re.compile(r"mask")
_STATE = re.compile(r"^(h|c|hprev|cprev|hidden|state|prevh|prevc|h0|c0)$")

_OPTIONS = re.compile(r"param|config|hyper|options|settings")
OPTIONS = (
    'dict(stride=1, pad=0, f=2, pool_height=2, pool_width=2, eps=1e-5, momentum=0.9, mode="train", '
    "p=0.5)"
)
"""What a dict of options may have, as the assignments of courses use them."""

_BINARY = re.compile(r"binary|bce|logistic|log_?loss", re.IGNORECASE)
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

_TARGETS = ("onehot {x}", "labels<{last} {rows}", "fixed {x}", "binary {x}", "fixed {rows}")
_WEIGHTS = ("D M", "F C 3 3", "M D", "D", "D H", "M", "V D")


@dataclass(frozen=True)
class _Made:
    """How an object is made, and the declarations of its weights."""

    weights: tuple[str, ...]
    build: str


def guesses(value: Any, passes: Passes) -> Iterator[Iterator[str]]:
    """Declarations to try, in tiers: the next where neither pass runs with those before."""
    name = passes.forward if passes.functions is not None else getattr(value, "__name__", "")
    first, *rest = _INPUTS
    # A loss of two classes usually has one score for each sample.
    for shapes in ((*first, "N 1") if _BINARY.search(name) else first, *rest):
        yield islice(_guesses(value, passes, shapes), MOST)


def _guesses(value: Any, passes: Passes, shapes: Sequence[str]) -> Iterator[str]:
    arguments = passes.arguments("forward")
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    operands = [a for a in needed if not _OPTIONS.search(a.key)]
    operands = operands or [a for a in arguments[:1] if a.key != VARARGS.key]
    if not operands:
        return
    call, back = "", _backward(passes, [a.name for a in needed])
    if len(operands) < len(needed):
        name = passes.forward if passes.functions is not None else f"layer.{passes.forward}"
        values = (OPTIONS if _OPTIONS.search(a.key) else a.name for a in needed)
        call = f"forward: {name}({', '.join(values)})"
    ways = list(_ways(value)) if passes.functions is None else [_Made((), "")]
    for shape, made in product(shapes, ways):
        for kinds in product(*(_kinds(a, shape, i) for i, a in enumerate(operands))):
            parts = [f"{a.name}: {k}" for a, k in zip(operands, kinds, strict=True)]
            yield "; ".join(filter(None, [*parts, *made.weights, made.build, call, back]))


def _backward(passes: Passes, operands: Sequence[str]) -> str:
    """How backward is called that takes the gradients of several outputs: but one, they are 0.

    They are in the order of what forward returns, and before its other results.
    """
    needed = [a for a in passes.arguments("backward") if a.needed and not auxiliary_role(a)]
    gradients = [a for a in needed if is_gradient(a) and a.name not in operands]
    if len(gradients) < 2:
        return ""
    returned = [*gradients[1:], *(a for a in needed if not is_gradient(a))]
    alone = len(returned) == 1
    values = {gradients[0].name: "dout"} | {
        a.name: f"{'0 * ' * is_gradient(a)}cache{'' if alone else f'[{i}]'}"
        for i, a in enumerate(returned)
        if a.name not in operands
    }
    name = passes.backward if passes.functions is not None else f"layer.{passes.backward}"
    return f"backward: {name}({', '.join(values.get(a.name, a.name) for a in needed)})"


def _kinds(argument: Argument, shape: str, place: int) -> Sequence[str]:
    """What an argument of forward may take, if the first takes arrays of that shape."""
    axes = [word for word in shape.split() if word[:1].isupper() or word.isdigit()]
    bare = " ".join(axes)
    last, rows = axes[-1], " ".join(axes[:-1]) or axes[0]
    if _INDEX.search(argument.key):
        return [f"labels<V {s}" for s in ("N", "N T")] if place == 0 else [f"labels<{last} {rows}"]
    if _TARGET.match(argument.key) and place:
        if last == "1":
            return [f"binary {bare}", f"fixed {bare}"]
        return [each.format(x=bare, last=last, rows=rows) for each in _TARGETS]
    if _MASK.search(argument.key):
        return [f"binary {bare}"]
    if _OFFSET.match(argument.key) and place:
        return [last, "M", "F", "1 M", "M 1"]
    if _WEIGHT.match(argument.key) and place:
        return [f"{last} M", "F C 3 3", f"M {last}", last, bare]  # the v of q, k and v
    if _STATE.match(argument.key) and place:
        return ["N H", bare]
    if _CHANCE.match(argument.key) and shape == bare:
        return [f"unit {bare}", f"prob {bare}", bare]
    return [shape]


def _ways(cls: type) -> Iterator[_Made]:
    """The ways to make an object, with what weights it then has."""
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


def _held(make: Callable[[], Any]) -> tuple[str, ...] | None:
    """The weights that an object holds, declared; None if it can't be made."""
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
            found[name] = " ".join(map(_axis, array.shape))
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
