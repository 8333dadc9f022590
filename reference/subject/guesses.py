"""Declarations that may fit a class or a pair of functions, the most likely first.

They are guessed from the names of arguments, and, where these tell nothing, by running forward.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice, product
from types import MappingProxyType
from typing import Any

from trigrad.contracts.shelf.registry import known_as
from trigrad.subject.argument_kinds import COLUMNS, OFFSET, WEIGHT, kinds_of, table_in
from trigrad.subject.dialects.argument_roles import (
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    gradients_of_outputs,
    is_upstream,
)
from trigrad.subject.dialects.bytecode import returned_names, takes_logarithms
from trigrad.subject.dialects.declared_calls import Passes
from trigrad.subject.dialects.several_outputs import places_by_name
from trigrad.subject.objects_made import (
    Made,
    made_by_default,
    made_for_images,
    made_so,
    made_with_shapes,
    objects_of,
    ways_of,
)
from trigrad.subject.recurrent_guesses import group, recurrent
from trigrad.subject.shapes_by_trying import shapes_by_trying
from trigrad.subject.source.modes import Mode
from trigrad.subject.source.own_calls import Shape
from trigrad.subject.weight_families import families

MOST = 1500
"""How many guesses are tried of one layer."""

MOST_TRIED = 100
"""How many of those with which forward is known to run."""


FEW_WAYS = 40
"""How many ways to make an object are tried with images that go with its weights."""

_OPTIONS = re.compile(r"param|config|hyper|options|settings")
OPTIONS = (
    'dict(stride=1, pad=0, f=2, pool_height=2, pool_width=2, eps=1e-5, momentum=0.9, mode="train", '
    "p=0.4)"
)
"""What a dict of options may have, as the assignments of courses use them."""

_BINARY = re.compile(r"binary|bce|logistic|log_?loss", re.IGNORECASE)

_INPUTS = (
    ("N D", "N C H W", "N T D"),
    ("unit N D", "prob N D", "positive N D"),
    ("D N", "N C 6 6"),
    ("N", "unit N", "D 1", "D"),
)
"""Tiers: the next is tried where no layer runs with those before."""


_AFFINE = ("A", "W", "b")


@dataclass(frozen=True)
class Shown:
    """What the text of a file shows of what a layer takes."""

    documented: Mapping[str, str] = field(default_factory=dict)
    """The sizes of arguments, by their names, as docstrings and comments give them."""
    made: tuple[str, ...] = ()
    """The arguments with which the file makes objects of the class: literals."""
    given: tuple[tuple[Shape | None, ...], ...] = ()
    """The shapes of the arguments with which the file calls forward."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What forward reads of dicts, as in `parameters["Wf"]`, by the names of its arguments."""

    @property
    def sizes(self) -> dict[str, str]:
        """The documented sizes, with those of dicts of which all arrays are documented."""
        known = self.documented
        groups = {
            name: group({key: known[key] for key in keys})
            for name, keys in self.keys.items()
            if keys and set(keys) <= known.keys()
        }
        return {**known, **groups}


NOTHING_SHOWN = Shown()


def guesses(
    value: Any, passes: Passes, mode: Mode | None = None, shown: Shown = NOTHING_SHOWN
) -> Iterator[Iterator[str]]:
    """Declarations to try, in tiers: the next where neither pass runs with those before.

    `mode` has the string for an argument that chooses what it does. What the text shows comes
    first.
    """
    mode = mode or {}
    if passes.functions is not None and "im2col" in passes.forward:
        yield iter((_of_windows(passes),))
    if passes.functions is not None:
        mode = numbers_of(passes.arguments("forward")) | mode
    arguments = [a for a in passes.arguments("forward") if a.key != VARARGS.key]
    named = [a.name for a in arguments]
    ways = [] if passes.functions is not None else list(made_so(value, shown.made))
    by_name = iter(()) if ways else _by_name(value, passes, mode)
    for sizes in (shown.sizes, *_as_called(named, shown, letters=not ways)):
        first = next((sizes[n] for n in named if n in sizes), "")
        if first:
            if ways:
                yield islice(_guesses(value, passes, (first,), mode, sizes, ways), MOST)
            # In one tier: sizes that are only documented may be too small for each other.
            shown_so = _guesses(value, passes, (first,), mode, sizes)
            yield islice(chain(shown_so, by_name), MOST)
    if passes.functions is None:
        yield _with_ignored(value, passes)
    if ways:
        yield islice(_guesses(value, passes, _beside(ways), mode, {}, ways), MOST)
    yield islice(by_name, MOST)
    if passes.functions is None:
        yield _of_predictions(passes)
    for sizes in recurrent([a for a in arguments if a.needed], shown.keys) if not ways else ():
        yield islice(_guesses(value, passes, (sizes[named[0]],), mode, sizes), MOST)
    if passes.functions is None:
        for image, made in made_for_images(value):
            yield islice(_guesses(value, passes, (image,), mode, {}, (made,)), MOST)
        for images, made in made_with_shapes(value):
            yield islice(_guesses(value, passes, images, mode, {}, (made,)), MOST)
        ways_to_make = list(islice(ways_of(value, mode), FEW_WAYS))
        yield islice(
            _guesses(value, passes, _images_of(ways_to_make), mode, {}, ways_to_make), MOST
        )
        defaults = made_by_default(value)
        beside = _beside(defaults) if defaults else []
        yield islice(_guesses(value, passes, beside, mode, {}, defaults), MOST)
    else:
        yield islice(_of_families(value, passes, mode), MOST)
    name = passes.forward if passes.functions is not None else getattr(value, "__name__", "")
    usual, *rest = _INPUTS
    binary = _BINARY.search(name)
    # A loss of two classes usually has one score for each sample.
    yield islice(_guesses(value, passes, (*usual, "N 1") if binary else usual, mode), MOST)
    if len(arguments) > 1:
        # Whole numbers only where others do not run: of them there is no gradient.
        for indices in (False, True):
            several = _guesses(value, passes, usual, mode, freely=True, indices=indices)
            yield islice(several, MOST)
    for shapes in rest:
        yield islice(_guesses(value, passes, shapes, mode), MOST)
    if not mode or passes.functions is None:
        ways_to_make = _without_arrays(value, passes, mode)
        yield islice(shapes_by_trying(value, passes, ways_to_make, mode), MOST_TRIED)


_STEPS = re.compile(r"^strides?$"), re.compile(r"^pad(ding)?$")
"""The names of what windows move by, and of the border around an image."""


def _of_windows(passes: Passes) -> str:
    """Windows of 3 by 2 of images, and their sum, with the strides and borders that both take."""
    sides = [[a.name for a in passes.arguments(side)] for side in ("forward", "backward")]
    image = sides[0][0]
    both = [n for n in sides[0] if n in sides[1] and any(p.match(n) for p in _STEPS)]
    more = "".join(f", {name}={name}" for name in both)
    chosen = (f"{n}: whole<{'1..2' if _STEPS[0].match(n) else '0..1'}>" for n in both)
    forward = f"forward: {passes.forward}({image}, 3, 2{more})"
    backward = f"backward: {passes.backward}(dout, {image}.shape, 3, 2{more})"
    return "; ".join([f"{image}: N C P Q", *chosen, forward, backward])


def _without_arrays(value: Any, passes: Passes, mode: Mode) -> list[Made]:
    """The ways to make an object for which no array is needed."""
    if passes.functions is not None:
        return []
    return [way for way in ways_of(value, mode) if not way.given]


def _of_families(value: Any, passes: Passes, mode: Mode) -> Iterator[str]:
    """Functions that are given several weights, which go together."""
    weights = [
        a for a in passes.arguments("forward")[1:] if WEIGHT.match(a.key) or OFFSET.match(a.key)
    ]
    for several in families([a.key for a in weights]):
        sizes = {a.name: size for a, size in zip(weights, several, strict=True)}
        yield from _guesses(value, passes, (*_INPUTS[0], COLUMNS), mode, sizes)


def _by_name(value: Any, passes: Passes, mode: Mode) -> Iterator[str]:
    """What is taken by layers of the shelf that have its name, in the order of arguments."""
    of_class = passes.functions is None
    several = [passes.arguments("forward"), arguments_of(value) if of_class else ()]
    names = [a.name for each in several for a in each if a.needed and not _OPTIONS.search(a.key)]
    for known in known_as([value.__name__]):
        for inputs in known.inputs:
            sizes = dict(zip(names, inputs, strict=False))
            yield from _guesses(value, passes, (inputs[0],), mode, sizes)


_PREDICTED = (
    ("N D", "fixed N D"),
    ("unit N D", "binary N D"),
    ("prob N C", "onehot N C"),
    ("prob N C", "labels<C N"),
    ("N C", "labels<C N"),
)
"""Predictions and targets of losses."""

_SCORED = (("N C", "onehot N C"), ("N C", "labels<C N"), ("N D", "binary N D"))
"""What a loss takes that begins with an activation, and targets."""


def _of_predictions(passes: Passes) -> Iterator[str]:
    """A loss for each sample, whose backward is given the predictions once more, not a gradient.

    So courses have it in which losses have a method that takes the mean.
    """
    forward, backward = (
        [a.name for a in passes.arguments(side) if a.needed] for side in ("forward", "backward")
    )
    if len(forward) != len(backward) or len(forward) != len(_PREDICTED[0]):
        return
    if forward[1] != backward[1]:
        return
    # Of a loss with an activation before it, backward is given the output of that.
    several = [(forward[0], kinds) for kinds in _PREDICTED]
    several += [("layer.output", kinds) for kinds in _SCORED]
    for predicted, kinds in several:
        arrays = "; ".join(f"{name}: {kind}" for name, kind in zip(forward, kinds, strict=True))
        call = f"layer.{passes.backward}({predicted}, {forward[1]})"
        yield f"{arrays}; backward: {call}; returns: out.mean()"


IGNORED = re.compile(r"ignore_?(label|index|idx)|pad(ding)?_?(idx|index|label|token|id)")
"""Names of a label or index that is left out: what is padded has no gradient."""


def _with_ignored(value: Any, passes: Passes) -> Iterator[str]:
    """A loss over time that leaves out steps with a label which it holds; never all of them."""
    needed = [a.name for a in passes.arguments("forward") if a.needed]
    held = getattr(next(iter(objects_of(value)), None), "__dict__", {})
    names = [n for n, own in held.items() if IGNORED.search(n) and isinstance(own, int)]
    for name in names if len(needed) == len(_SCORED[0]) else ():
        left_out = "(left_out == 1) & (np.arange(N * T).reshape(N, T) > 0)"
        labels = f"np.where({left_out}, layer.{name}, {needed[1]})"
        arrays = f"{needed[0]}: N T V; {needed[1]}: labels<V N T; left_out: binary N T"
        yield f"{arrays}; forward: layer.{passes.forward}({needed[0]}, {labels})"


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


def _beside(ways: Sequence[Made]) -> list[str]:
    """Inputs that go with weights of known sizes."""
    found = []
    for weights in (axes for way in ways for axes in way.shapes):
        if len(weights) == 2:
            found += [f"N {weights[0]}", f"N {weights[1]}", f"N T {weights[0]}"]
        elif len(weights) == 4:
            found += [f"N {weights[1]} 6 6"]
    return list(dict.fromkeys([*found, *_INPUTS[0]]))


def _images_of(ways: Sequence[Made]) -> list[str]:
    """Images, and sequences with channels, that go with weights of several axes."""
    found = []
    own = [way for way in ways if not way.given]
    of_vectors = [way for way in own if all(len(axes) == 1 for axes in way.shapes)]
    for weights in (axes for way in ways for axes in way.shapes):
        if len(weights) == 4:
            found += [f"N {weights[1]} P Q", f"N P Q {weights[2]}", f"N P Q {weights[3]}"]
        elif len(weights) == 3:
            found += [f"N {weights[1]} P", f"N P {weights[1]}", f"N {weights[0]} P"]
            found += [f"N {weights[0]} P Q", f"N P Q {weights[2]}"]
    for weights in (axes for way in of_vectors for axes in way.shapes):
        found += [f"N {weights[0]}", f"N {weights[0]} P Q", f"N P Q {weights[0]}"]
    return [each for each in dict.fromkeys(found) if not re.search(r" 1( |$)", each)]


def _guesses(
    value: Any,
    passes: Passes,
    shapes: Sequence[str],
    mode: Mode,
    known: Mapping[str, str] = MappingProxyType({}),
    chosen: Sequence[Made] = (),
    *,
    freely: bool = False,
    indices: bool = False,
) -> Iterator[str]:
    """Declarations for inputs of these shapes; `known` are sizes of arguments."""
    arguments = [a for a in passes.arguments("forward") if a.name not in mode]
    needed = [a for a in arguments if a.needed and not auxiliary_role(a)]
    options = [a for a in needed if _OPTIONS.search(a.key) and "{" not in known.get(a.name, "")]
    operands = [a for a in needed if a not in options]
    operands = operands or [a for a in arguments[:1] if a.key != VARARGS.key]
    if not operands:
        return
    call, back = "", _outputs(passes, [a.name for a in needed])
    if len(operands) < len(needed):
        name = passes.forward if passes.functions is not None else f"layer.{passes.forward}"
        values = (OPTIONS if a in options else a.name for a in needed)
        call = f"forward: {name}({', '.join(values)})"
    if mode and passes.functions is not None:
        names = [a.name for a in operands]
        call = f"forward: {passes.forward}({_with_mode(passes.arguments('forward'), names, mode)})"
        if any(_takes(passes.arguments("backward"), name) for name in mode):
            call += f"; backward: {_backward_with_mode(passes, names, mode)}"
            back = ""
    logs = takes_logarithms(value, passes.functions or ())
    heads = next((int(mode[n]) for n in mode if re.search(r"head|group", n)), 1)
    ways = chosen or (
        list(ways_of(value, mode, known))
        if passes.functions is None
        else [Made((), "", times=heads)]
    )
    for plain, made in product(shapes, ways):
        shape = made.beside(plain)
        table = table_in(known, made.weights)
        classes = _classes(made) if passes.of_loss else ""
        several = (
            kinds_of(a, shape, i, known, table, classes, logs=logs, freely=freely, indices=indices)
            for i, a in enumerate(operands)
        )
        for kinds in product(*several):
            parts = [f"{a.name}: {k}" for a, k in zip(operands, kinds, strict=True)]
            yield "; ".join(filter(None, [*parts, *made.weights, made.build, call, back]))
            if "backward: " in call and shape == COLUMNS and len(operands) == len(_AFFINE):
                yield "; ".join([*parts, _divided(call)])


def _classes(made: Made) -> str:
    """How many scores a network gives: the last axis of its last weight; "" if it has none."""
    return made.weights[-1].split()[-1] if made.weights else ""


def _divided(call: str) -> str:
    """The same where backward divides the gradients of W and b by the number of samples.

    In courses that put samples in columns, the loss leaves that to the layers.
    """
    first, _, back = call.partition("; backward: ")
    return f"{first}; backward: (lambda dA, dW, db: (dA, N * dW, N * db))(*{back})"


def _outputs(passes: Passes, operands: Sequence[str]) -> str:
    """Which of what forward returns are its outputs, if backward takes the gradients of several.

    Names tell them, else they are the first.
    """
    needed = [a for a in passes.arguments("backward") if a.needed and not auxiliary_role(a)]
    gradients = [a.name for a in gradients_of_outputs(needed) if a.name not in operands]
    if len(gradients) < 2:
        return ""
    names = returned_names(passes.function("forward")) or ()
    places = sorted(places_by_name(gradients, names) or range(len(gradients)))
    if places == list(range(len(places))):
        return f"returns: out[:{len(places)}]"
    return f"returns: {', '.join(f'out[{place}]' for place in places)}"


def _with_mode(arguments: Sequence[Argument], names: Sequence[str], mode: Mode) -> str:
    """What a function with a mode is given: operands, options, and the string by its name."""
    given = [
        a.name if a.name in names else OPTIONS
        for a in arguments
        if a.name in names or (a.needed and a.name not in mode and _OPTIONS.search(a.key))
    ]
    return ", ".join([*given, *(f"{n}={v!r}" for n, v in mode.items() if _takes(arguments, n))])


_NUMBERS: tuple[tuple[re.Pattern[str], float], ...] = (
    (re.compile(r"stride|^(pool|kernel|filter|window)?size|^ksize$|^(k|pool|window)$"), 2),
    (re.compile(r"^(n|num|number(of)?)?heads?$|groups?$"), 2),
    (re.compile(r"^pad(ding)?$"), 0),
    (re.compile(r"^eps(ilon)?$"), 1e-5),
    (re.compile(r"^axis$"), 1),
    (re.compile(r"^(negative)?slope$|^alpha$|^leak$"), 0.1),
    (re.compile(r"^(keepprob|(drop)?(out)?(rate|prob|ratio))$|^dropout$"), 0.4),
    (re.compile(r"^(reg|lambd|lambda|l2|weightdecay)$"), 0.1),
    (re.compile(r"^(delta|margin|huberdelta)$"), 1.0),
)
"""Numbers that functions need beside arrays, by their names."""


def numbers_of(arguments: Sequence[Argument]) -> dict[str, Any]:
    """The numbers for such arguments; the first one is an array."""
    return {
        a.name: value
        for a in arguments[1:]
        for pattern, value in _NUMBERS
        if a.needed and pattern.search(a.key)
    }


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
