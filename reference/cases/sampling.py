"""Contract → Hypothesis strategy of cases.

Hypothesis draws the sizes and one buffer of bytes, from which the arrays are made: drawing them
element by element takes a thousand times as long. Each byte stands for a multiple of 1/4, the
simplest ones first. So a counterexample can be done by hand, and smaller bytes are simpler numbers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import hypothesis
import numpy as np
from hypothesis import strategies as st

from trigrad.cases.case import Case
from trigrad.cases.kinks import away_from_kinks
from trigrad.contracts.schema import (
    WHOLE_NUMBERS,
    Array,
    Arrays,
    Contract,
    Domain,
    Variable,
    Variant,
    shape_of,
    size_of,
)

# Multiples of 1/4, in the order in which they are easy to calculate with. There are no zeros: they
# hide the other factor of a product, and are Relu's kink. There are no ones in dout, with which it
# would not show if dout is ignored.
_REAL = np.array(
    (
        *(1, 2, -1, 3, -2, 0.5, -3, -0.5, 1.5, -1.5, 4, -4, 2.5, -2.5, 0.25, -0.25),
        *(0.75, -0.75, 1.25, -1.25, 1.75, -1.75, 3.5, -3.5),
    )
)
_LOGIT = _REAL[np.abs(_REAL) <= 2]
_WEIGHT = _REAL[np.abs(_REAL) <= 1]
_TABLES = {Domain.REAL: _REAL, Domain.LOGIT: _LOGIT, Domain.WEIGHT: _WEIGHT}
_DOUT = _REAL[_REAL != 1]

IRRATIONAL = np.pi / 3
"""Factor of the values of one case: results of multiples of 1/4 hardly need rounding."""

FAR = 5
"""Further factor of its real values, up to 21: shows a function that is clipped at 5 or 6."""

LARGE = 50
FEW_ROWS = 3
"""Sizes of the large case: 50 as in the hidden layer of the book's network, and its batch."""


@dataclass(frozen=True)
class Material:
    """What Hypothesis draws: sizes, in the order of the contract's symbols, and bytes."""

    sizes: tuple[int, ...]
    buffer: bytes


@st.composite
def materials(draw: st.DrawFn, contract: Contract) -> Material:
    """Sizes from 1 to the contract's largest, sometimes all equal, sometimes one of them 1."""
    count = len(contract.symbols)
    sizes = draw(st.tuples(*[st.integers(1, contract.largest)] * count))
    # 0 to 3: as drawn; 4: all equal, so that a wrong transpose raises no error; from 5 on: one of
    # the sizes is 1.
    special = draw(st.integers(0, 4 + count))
    if special == 4:
        sizes = sizes[:1] * count  # none, where all lengths are numbers
    elif special > 4:
        sizes = tuple(1 if i == special - 5 else size for i, size in enumerate(sizes))
    # Of the same length whatever the sizes: if a length does not fit, Hypothesis takes zeros, and
    # every other case would differ in its sizes only.
    longest = entries_of(contract, dict.fromkeys(contract.symbols, contract.largest))
    buffer = draw(st.binary(min_size=longest, max_size=longest))
    named = dict(zip(contract.symbols, sizes, strict=True))
    return Material(sizes, buffer[: entries_of(contract, named)])


def entries_of(contract: Contract, sizes: dict[str, int]) -> int:
    """How many numbers a case of these sizes consists of."""
    shapes = [*(v.shape for v in contract.variables), contract.output or ()]
    return sum(math.prod(shape_of(shape, sizes)) for shape in shapes)


class _Buffer:
    """Numbers made from the drawn bytes, which are used again from the start when they run out.

    The position is added to each byte: Hypothesis often draws bytes that are all equal, and shrinks
    towards zeros, but arrays of equal numbers hide a wrong axis or swapped operands.
    """

    def __init__(self, buffer: bytes) -> None:
        self._bytes = np.frombuffer(buffer, dtype=np.uint8).astype(np.int64)
        self._position = 0

    def take(self, shape: tuple[int, ...]) -> Array:
        count = int(np.prod(shape))
        places = self._position + np.arange(count)
        self._position += count
        return np.asarray((self._bytes[places % len(self._bytes)] + places).reshape(shape))

    def pick(self, table: Array, shape: tuple[int, ...]) -> Array:
        return np.asarray(table[self.take(shape) % len(table)])


def _values(
    variable: Variable,
    sizes: dict[str, int],
    buffer: _Buffer,
    factors: tuple[float, float],
    classes: int,
) -> Array:
    """An array for an operand or parameter, with values from its domain.

    `factors` are that of all values and the further one of real values.
    """
    shape = shape_of(variable.shape, sizes)
    if variable.domain is Domain.LABEL:
        among = size_of(variable.classes, sizes) if variable.classes else classes
        return np.asarray(buffer.take(shape) % among, dtype=np.int64)
    if variable.domain is Domain.WHOLE:
        least, greatest = variable.between
        return np.asarray(least + buffer.take(shape) % (greatest - least + 1), dtype=np.int64)
    if variable.domain is Domain.ONE_HOT:
        return np.asarray(np.eye(shape[-1])[buffer.take(shape[:-1]) % shape[-1]])
    factor, further = factors
    if variable.domain is Domain.BIT:
        return (buffer.take(shape) % 2).astype(np.float64)
    if variable.domain is Domain.POSITIVE:
        return np.abs(buffer.pick(_REAL, shape)) * factor
    if variable.domain is Domain.CHANCE:
        return np.asarray(((1 + buffer.take(shape) % 8) / 10) ** factor)
    if variable.domain is Domain.PROBABILITY:
        weights = 1.0 + buffer.take(shape) % 8
        weights = weights**factor
        return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
    if variable.domain is Domain.REAL:
        factor *= further
    return buffer.pick(_TABLES[variable.domain], shape) * factor


def case_from(contract: Contract, material: Material, *, irrational: bool = False) -> Case:
    """The case that is made from a material; the same material always gives the same case."""
    drawn = {s: material.sizes[i % len(material.sizes)] for i, s in enumerate(contract.symbols)}
    sizes = {symbol: allowed_size(contract, symbol, size) for symbol, size in drawn.items()}
    return _fill(contract, sizes, material.buffer, irrational)


def allowed_size(contract: Contract, symbol: str, drawn: int) -> int:
    """The size that a drawn number from 1 on stands for."""
    choices = contract.choices.get(symbol)
    if choices:
        return choices[(drawn - 1) % len(choices)]
    return max(drawn, contract.smallest.get(symbol, 1))


def variant_case(variant: Variant, contract: Contract, material: Material) -> Case:
    """A case of a further kind of input, from the material of a case of the contract itself."""
    drawn = dict(zip(contract.symbols, material.sizes, strict=True))
    largest = variant.contract.largest
    sizes = {s: min(drawn[s], largest) for s in variant.contract.symbols if s in drawn}
    # Further axes have different sizes, so that none is taken for another.
    further = (s for s in variant.contract.symbols if s not in drawn)
    sizes |= {s: 1 + (material.sizes[0] + i) % largest for i, s in enumerate(further)}
    for symbol in variant.at_least_two:
        sizes[symbol] = max(sizes[symbol], 2)
    if variant.equal:
        sizes[variant.equal[1]] = sizes[variant.equal[0]]
    if variant.unequal and sizes[variant.unequal[0]] == sizes[variant.unequal[1]]:
        sizes[variant.unequal[1]] += 1
    return _fill(variant.contract, sizes, material.buffer, irrational=False)


def _fill(contract: Contract, sizes: dict[str, int], raw: bytes, irrational: bool) -> Case:
    return away_from_kinks(contract, filled(contract, sizes, raw, irrational))


def filled(contract: Contract, sizes: dict[str, int], raw: bytes, irrational: bool) -> Case:
    """A case of these sizes made from bytes, which may be near a kink."""
    buffer = _Buffer(raw)
    arrayed = (v for v in contract.operands if v.shape and v.domain not in WHOLE_NUMBERS)
    classes = next((size_of(v.shape[-1], sizes) for v in arrayed), 1)
    # Of a declared layer it is not known what it can take.
    far = FAR if contract.own is None else 1.0
    factors = (IRRATIONAL, far) if irrational else (1.0, 1.0)
    arrays = {v.name: _values(v, sizes, buffer, factors, classes) for v in contract.variables}
    dout = None
    shape = _output_shape(contract, arrays, sizes) if contract.differentiates else ()
    if shape:
        dout = buffer.pick(_DOUT, shape) * (IRRATIONAL if irrational else 1.0)
    return Case(
        sizes=sizes,
        operands={v.name: arrays[v.name] for v in contract.operands},
        parameters={v.name: arrays[v.name] for v in contract.parameters},
        dout=dout,
    )


def _output_shape(contract: Contract, arrays: Arrays, sizes: dict[str, int]) -> tuple[int, ...]:
    """The shape of the output; a declared layer's own forward says it, or refuses the case."""
    if contract.output is not None:
        return shape_of(contract.output, sizes)
    assert contract.own is not None, "a declared layer is observed before cases are drawn"
    shape = contract.own.output_shape(arrays, sizes)
    if not shape or 0 in shape:
        raise hypothesis.errors.UnsatisfiedAssumption  # not reject(): some cases are not drawn
    return shape


def large_case(contract: Contract, seed: int) -> Case:
    """A case with few rows and all other sizes LARGE: shows mistakes that small cases may hide.

    Parameters of two axes are scaled by 1/sqrt(fan-in), so that sums over LARGE terms stay near 1
    and no probability is lost in rounding.
    """
    sizes = {s: FEW_ROWS if s == "N" else LARGE for s in contract.symbols}
    raw = np.random.Generator(np.random.PCG64(seed)).bytes(entries_of(contract, sizes))
    case = filled(contract, sizes, raw, irrational=True)
    scaled = {
        name: array / math.sqrt(len(array))
        for name, array in case.parameters.items()
        if array.ndim == 2
    }
    return case.with_values(**scaled)


def in_float32(case: Case) -> Case:
    """The case with every floating array as float32."""
    single = {
        name: array.astype(np.float32) if array.dtype.kind == "f" else array
        for name, array in case.arrays.items()
    }
    dout = None if case.dout is None else case.dout.astype(np.float32)
    return replace(case.with_values(**single), dout=dout)
