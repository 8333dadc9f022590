"""Shapes of a layer's arrays, found by running its forward: for layers whose names tell nothing.

An array gets a shape only when forward (or the constructor) first uses it; until then a stand-in is
in its place, which raises and says whose turn it is. So a wrong shape is found at once, by the
operation that refuses it, and of ten weights nine need not be tried again. This is how test
generators fill in structures lazily (Boyapati, Khurshid and Marinov: Korat, ISSTA 2002).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import chain, product
from typing import Any, NoReturn

import numpy as np

from trigrad.contracts.declaration import declared
from trigrad.contracts.schema import Array, Variable, symbols_in
from trigrad.subject.argument_kinds import OFFSET, kinds_of
from trigrad.subject.dialects.argument_roles import (
    VARARGS,
    Argument,
    arguments_of,
    auxiliary_role,
    size_kind,
)
from trigrad.subject.dialects.declared_calls import Passes
from trigrad.subject.dialects.declared_dialect import drawn
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.objects_made import SIZES, Made
from trigrad.subject.source.modes import Mode

RUNS = 800
"""How often forward is run at most: what is found, is found in the first two hundred."""

OTHER_INPUT, SOLID, WIDE = 3, 5, 9
"""What a choice costs beside its place among the others: the next input; a weight of three axes;
one with sizes that are sums or multiples, as of gates that stand beside each other."""

SECONDS = 10.0
"""An outer limit of processor time, for a slow forward; a whole search usually takes half a
second."""

_FIRST = ("N D", "N T D", "N C H W", "N H W C", "N C L", "T D", "D N", "D", "C H W", "H W C", "H W")
"""What layers take, the most usual first."""

_LETTERS = {**SIZES, "N": 2, "T": 3, "C": 4, "F": 6, "L": 9, "W": 12, "G": 17, "E": 19}
"""All different, so that no axis is taken for another."""

_FREE = ("M", "H", "K", "F", "G", "E")
"""Letters for sizes that only weights have."""

_NO_WEIGHTS = ("N", "T", "L", "W")
"""Sizes of a batch, a sequence or an image; weights seldom have them."""

_KERNEL = "3"


class _Used(BaseException):
    """An array without a shape was used. No handler of a learner's own shall catch it."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Unknown:
    """Stands for an array whose shape has not been chosen yet."""

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_called", name)

    def __getattribute__(self, name: str) -> Any:
        if name == "__class__":
            return _Unknown
        raise _Used(object.__getattribute__(self, "_called"))


def _use(self: _Unknown, *_: object, **__: object) -> NoReturn:
    raise _Used(object.__getattribute__(self, "_called"))


_OPERATORS = """
    add sub mul truediv floordiv mod pow matmul radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul
    iadd isub imul itruediv neg pos abs lt le gt ge eq ne len iter getitem setitem contains bool
    float int index array array_ufunc array_function
"""
for _operator in _OPERATORS.split():  # Python looks these up in the class, never in the object
    setattr(_Unknown, f"__{_operator}__", _use)


@dataclass
class _Search:
    """The arrays of a layer, and how forward is run with them."""

    run: Callable[[Mapping[str, Any]], Any]
    arrays: Sequence[Argument]
    """The first inputs of forward, then the weights."""
    operands: frozenset[str]
    known: tuple[str, ...] = ()
    """Letters of weights that an object already holds."""

    def found(self) -> Iterator[dict[str, str]]:
        """Shapes with which forward runs, by the names of the arrays, the least unusual first.

        The search is by cost (Dijkstra): a choice late in the list of one array is not tried in
        all combinations before the usual ones of the others.
        """
        first = self.arrays[0].name
        given = dict.fromkeys(chain(self._of_known(), _FIRST))
        waiting = [(OTHER_INPUT * i, i, {first: shape}) for i, shape in enumerate(given)]
        number = len(waiting)
        until = time.thread_time() + SECONDS
        for _ in range(RUNS):
            if not waiting or time.thread_time() > until:
                return
            cost, _, shapes = heappop(waiting)
            try:
                self._tried(shapes)
            except _Used as used:
                argument = next(a for a in self.arrays if a.name == used.name)
                for more, shape in self._shapes_of(argument, shapes):
                    number += 1
                    heappush(waiting, (cost + more, number, {**shapes, argument.name: shape}))
            except ERRORS:
                continue
            else:
                unused = [a for a in self.arrays if a.name not in shapes]
                yield shapes | {a.name: next(self._shapes_of(a, shapes))[1] for a in unused}

    def _of_known(self) -> Iterator[str]:
        """Inputs that go with the weights that an object holds."""
        for letter in self.known:
            yield from (f"N {letter}", f"N T {letter}", f"{letter} N", f"T {letter}")

    def _tried(self, shapes: Mapping[str, str]) -> None:
        np.random.seed(0)
        output = self.run(
            {
                a.name: _array(a.name, shapes[a.name]) if a.name in shapes else _Unknown(a.name)
                for a in self.arrays
            }
        )
        several = output if isinstance(output, tuple) else (output,)
        if not any(isinstance(each, np.ndarray | float) and np.size(each) for each in several):
            raise ValueError("forward gives no numbers")

    def _shapes_of(
        self, argument: Argument, shapes: Mapping[str, str]
    ) -> Iterator[tuple[int, str]]:
        """What an array may be, given those whose shapes are known, each with its cost."""
        whole = shapes[self.arrays[0].name]
        # With whole axes such as 4*H: what one weight has, others have, too.
        used = [*self.known, *(a for shape in shapes.values() for a in shape.split())]
        known = [a for a in dict.fromkeys(used) if a in _LETTERS or set(a) & {"*", "+"}]
        free = [s for s in _FREE if s not in known][:2]
        of_weights = [s for s in known if s not in _NO_WEIGHTS]
        solids = [*_of_axes([*reversed(of_weights), *free], 3)]
        if argument.name in self.operands:
            kinds = kinds_of(argument, whole, 1, {})
            usual = (whole, *_of_axes([*known, *free[:1]], 2), *kinds, *known)
            yield from _priced((usual, 0), (solids, SOLID))
            return
        axes = [*reversed(of_weights), *free[:1]]
        vectors = [*axes, *(f"1 {a}" for a in axes), *(f"{a} 1" for a in axes)]
        matrices = [*_kernels(whole, free), *_of_axes(axes, 2)]
        letters = [a for a in axes if a in _LETTERS]
        wide = [f"{k}*{a}" for k in (4, 3, 2) for a in letters]
        wide += [f"{a}+{b}" for a, b in product(letters, repeat=2) if a != b]
        several = (solids, SOLID), (_of_axes([*axes, *wide], 2), WIDE)
        if OFFSET.match(argument.key):
            yield from _priced(([*vectors, ""], 0), (matrices, 2), (wide, SOLID), *several)
        else:
            yield from _priced((matrices, 0), (vectors, 2), *several, ([""], WIDE))


def _priced(*groups: tuple[Iterable[str], int]) -> Iterator[tuple[int, str]]:
    """Each shape once, with its cost: that of its group and its place in it."""
    seen = set()
    for shapes, least in groups:
        for place, shape in enumerate(s for s in shapes if s not in seen):
            seen.add(shape)
            yield least + place, shape


@cache
def _variable(shape: str) -> Variable:
    variable, _ = declared(f"x: {shape}; other: 1").variables
    return variable


def _array(name: str, shape: str) -> Array:
    return drawn(_variable(shape), _LETTERS, np.random.RandomState(len(name)))


def _letters_in(shape: str) -> Iterator[str]:
    for axis in shape.split():
        yield from symbols_in(axis)


def _of_axes(axes: Sequence[str], count: int) -> Iterator[str]:
    """All shapes of so many axes; those without a repeated size first."""
    every = list(product(axes, repeat=count))
    for each in sorted(every, key=lambda each: len(set(each)) < count):
        yield " ".join(each)


def _kernels(whole: str, free: Sequence[str]) -> Iterator[str]:
    """Weights of a convolution over images or sequences."""
    axes = whole.split()
    extents = sum(axis in ("H", "W", "L") for axis in axes)
    if not extents:
        return
    taps = " ".join([_KERNEL] * extents)
    channels, new = ("C", free[0]) if "C" in axes else ("", free[0])
    if not channels:
        yield taps
        return
    yield f"{new} {channels} {taps}"
    yield f"{taps} {channels} {new}"
    yield f"{channels} {new} {taps}"
    yield f"{channels} {taps}"


def shapes_by_trying(value: Any, passes: Passes, ways: Sequence[Made], mode: Mode) -> Iterator[str]:
    """Declarations with which forward runs; nothing where something else than arrays is needed.

    `ways` are those to make an object that need no arrays, `mode` has the string for an argument of
    the constructor.
    """
    operands = [
        a
        for a in passes.arguments("forward")
        if a.needed and not auxiliary_role(a) and a.key != VARARGS.key
    ]
    if not operands:
        return
    names = frozenset(a.name for a in operands)
    if passes.functions is not None:
        yield from map(_text, _Search(lambda v: value(**v), operands, names).found())
        return

    needed = [a for a in arguments_of(value) if a.needed and a.key != VARARGS.key]
    weights = [a for a in needed if a.name not in mode]
    sized = all(size_kind(a) for a in weights)
    of_weights: Iterator[str] = iter(())
    if weights and not names & {a.name for a in weights}:
        of_weights = _made_of_weights(value, passes, operands, weights, mode)
    if not sized:
        yield from of_weights
    for way in ways:

        def run(values: Mapping[str, Any], build: str = way.build) -> Any:
            made = build.partition(": ")[2] or f"{value.__name__}()"
            layer = eval(made, {value.__name__: value, **SIZES})
            return passes.bound(layer, "forward")(*values.values())

        letters = dict.fromkeys(s for w in way.weights for s in _letters_in(w.partition(": ")[2]))
        known = tuple(s for s in letters if s in SIZES)
        for shapes in _Search(run, operands, names, known).found():
            yield "; ".join(filter(None, [_text(shapes), *way.weights, way.build]))
    yield from of_weights  # an M may be a matrix, too


def _made_of_weights(
    value: Any,
    passes: Passes,
    operands: Sequence[Argument],
    weights: Sequence[Argument],
    mode: Mode,
) -> Iterator[str]:
    """Declarations of a layer that is given its weights when it is made."""

    def run(values: Mapping[str, Any]) -> Any:
        layer = value(**{a.name: values[a.name] for a in weights}, **mode)
        return passes.bound(layer, "forward")(*(values[a.name] for a in operands))

    same = [f"{a.name}={a.name}" for a in weights]
    build = ", ".join([*same, *(f"{name}={chosen!r}" for name, chosen in mode.items())])
    names = frozenset(a.name for a in operands)
    for shapes in _Search(run, [*operands, *weights], names).found():
        yield f"{_text(shapes)}; build: {value.__name__}({build})"


def _text(shapes: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {shape}" for name, shape in shapes.items())
