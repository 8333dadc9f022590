"""What a contract consists of: operands with symbolic shapes and domains, a twin, properties.

Shapes are tuples of symbols ("N" is the batch); "P*Q" is a product of two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

Array = NDArray[Any]
Arrays = Mapping[str, Array]
Shape = tuple[str, ...]


class Kind(StrEnum):
    """What a row describes; the kind decides how it is called and which claims it can have."""

    LAYER = "layer"
    FUNCTION = "function"
    NETWORK = "network"


class Domain(StrEnum):
    """From which values an operand or parameter is drawn."""

    REAL = "real"
    LOGIT = "logit"  # moderate, so that a stabiliser in the logarithm stays a small effect
    WEIGHT = "weight"  # smaller still: two layers multiply them up to logits
    PROBABILITY = "probability"  # positive rows that sum to 1
    ONE_HOT = "one-hot"  # the last axis is the class
    LABEL = "label"  # class numbers below C


@dataclass(frozen=True)
class Variable:
    """An operand or a parameter of a layer."""

    name: str
    shape: Shape
    domain: Domain = Domain.REAL


@dataclass(frozen=True)
class Variant:
    """A capability: another kind of input that a right layer may or may not accept.

    What forward refuses is no fault. `words` begin a sentence about it. `contract` is the row with
    the operands and the twin that hold for this input; `equal` and `unequal` name two symbols
    whose sizes must (not) agree, `at_least_two` the symbols that must not be 1.
    """

    name: str
    words: str
    contract: Contract
    equal: tuple[str, str] | None = None
    unequal: tuple[str, str] | None = None
    at_least_two: tuple[str, ...] = ()


@dataclass(frozen=True)
class Design:
    """Another function that is as right for a class of the name.

    Which of them a class computes its numbers say (`designs.settled`); its text, where the numbers
    do not tell.
    """

    word: str
    """A word in the names that such a text has."""
    note: str
    """Says how it was read."""
    contract: Contract


@dataclass(frozen=True)
class Misreading:
    """A known misunderstanding of an operand; named only when its value is reproduced."""

    words: str
    operands: Arrays
    value: float
    should_be: float


@dataclass(frozen=True)
class Promises:
    """What holds for every right layer of a row: the laws and the tolerances follow from it."""

    rows: bool = False
    """Whether the first axis is a batch whose rows do not influence each other."""
    mean: bool = False
    """Whether the output is a mean over the batch: one row's gradient is divided by N."""
    added: tuple[str, ...] = ()
    """Parameters added to every row of the output (a bias)."""
    shift_invariant: tuple[str, ...] = ()
    """Operands to whose rows a constant can be added without changing the output."""
    row_sum: float | None = None
    """What every row of the output sums to."""
    kept: tuple[str, ...] = ()
    """Operands that the contract itself promises to leave as they were."""
    numbers: bool = False
    """Whether plain Python numbers are a duty (the apples of section 5.4)."""
    kinks: Callable[[Arrays], Array] | None = None
    """Distances of a case to the points where the function has no derivative."""
    kink_at: float | None = None
    """The kink's place on the operand, where it has one place."""
    allowance: Callable[[Arrays], float] | None = None
    """By how much a right value and its derivative may be off, beside rounding."""


@dataclass(frozen=True)
class Readings:
    """In which ways the contract can be kept, and in which it is misunderstood."""

    variants: tuple[Variant, ...] = ()
    designs: tuple[Design, ...] = ()
    words: tuple[str, ...] = ()
    """Words in the names of a text that speak for the row itself, and against its designs."""
    misreadings: tuple[Misreading, ...] = ()


@dataclass(frozen=True)
class Words:
    """How learners spell it, and what a reader is told of it."""

    formula: str
    """For those who read the table: what the chapter says in a line."""
    aliases: tuple[str, ...]
    """Other names for it, in small letters without underscores."""
    remark: str = ""
    """What a reader must know to do a case by hand, beside the operands."""
    usual: tuple[str, ...] = ()
    """Expressions that it usually consists of, in these names, with `dout` for what backward is
    given and `out` for what forward keeps: what is tried in place of a line that is wrong."""


@dataclass(frozen=True, eq=False)  # a row is itself: hashable by identity
class Contract:
    """One row of the table: the signature of a layer, and beside it what is promised and said."""

    name: str
    kind: Kind
    operands: tuple[Variable, ...]
    output: Shape
    twin: Callable[..., torch.Tensor]
    """The same function in PyTorch, of the operands and then the parameters."""
    words: Words
    parameters: tuple[Variable, ...] = ()
    gradients: tuple[str, ...] = ()
    """Names of the operands and parameters whose gradients `backward` must give."""
    promises: Promises = field(default_factory=Promises)
    readings: Readings = field(default_factory=Readings)
    arguments: Callable[[Arrays], tuple[Any, ...]] | None = None
    """How to call a function whose arguments are not simply the operands."""
    built_from: tuple[str, ...] = ()
    """The sizes that a network's constructor is given, in its order."""
    methods: Mapping[str, tuple[Callable[..., torch.Tensor], ...]] = field(default_factory=dict)
    """Further methods of a network, each with the twins of what it may give."""
    largest: int = 5
    """The largest size that is drawn for a symbol."""
    expected: bool = True
    """Whether the chapter has it: only then is it missed where it is not there."""

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Operands and parameters, in the twin's order."""
        return self.operands + self.parameters

    @property
    def symbols(self) -> tuple[str, ...]:
        """The sizes that a case fixes, in order of first appearance."""
        seen = [s for v in self.variables for axis in v.shape for s in axis.split("*")]
        return tuple(dict.fromkeys(seen))

    @property
    def scalar(self) -> bool:
        """Whether the output is a single number (a loss)."""
        return self.output == ()

    @property
    def differentiates(self) -> bool:
        """Whether there is a backward pass to judge."""
        return bool(self.gradients)

    def as_designed(self, names: Iterable[str]) -> Design | None:
        """The other design of which the names in a text speak; None where it is this row."""
        there = [name.lower() for name in names]

        def said(word: str) -> bool:
            return any(word in name for name in there)

        if any(map(said, self.readings.words)):
            return None
        return next((design for design in self.readings.designs if said(design.word)), None)

    def promising(self, **changes: Any) -> Contract:
        """The same row with other promises."""
        return replace(self, promises=replace(self.promises, **changes))

    def variable(self, name: str) -> Variable:
        """The operand or parameter of that name."""
        return next(v for v in self.variables if v.name == name)


def size_of(axis: str, sizes: Mapping[str, int]) -> int:
    """The length of one axis, for example "P*Q" with P = 2 and Q = 3 → 6."""
    if "*" not in axis:
        return sizes[axis]
    return math.prod(sizes[symbol] for symbol in axis.split("*"))


def shape_of(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A symbolic shape with numbers in place of its symbols."""
    return tuple(size_of(axis, sizes) for axis in shape)
