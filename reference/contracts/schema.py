"""What a contract consists of: its signature, what it promises, how it is read and written.

Shapes are tuples of symbols: ("N", "D") is a batch of N rows of length D, and "P*Q" is an axis
whose length is the product of two sizes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray

from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

Array = NDArray[Any]
Arrays = Mapping[str, Array]
Shape = tuple[str, ...]


class Kind(StrEnum):
    """What a row describes: this decides how it is called and which claims are made."""

    LAYER = "layer"
    FUNCTION = "function"
    NETWORK = "network"
    ENGINE = "engine"
    OPTIMISER = "optimiser"


class Domain(StrEnum):
    """From which values an operand or parameter is drawn."""

    REAL = "real"
    LOGIT = "logit"  # moderate numbers: log(y + 1e-7) is then nearly log(y)
    WEIGHT = "weight"  # smaller numbers: two layers multiply them up to logits
    PROBABILITY = "probability"  # positive rows that sum to 1
    ONE_HOT = "one-hot"  # the last axis is the class
    LABEL = "label"  # class numbers below C
    CHANCE = "chance"  # each entry a probability of its own, below 1
    BIT = "bit"  # 0 or 1, each entry for itself
    POSITIVE = "positive"
    WHOLE = "whole"  # one of a few whole numbers, such as a stride


WHOLE_NUMBERS = (Domain.LABEL, Domain.WHOLE)
"""Of these the arrays have the dtype int64."""


@dataclass(frozen=True)
class Variable:
    """An operand or a parameter of a layer."""

    name: str
    shape: Shape
    domain: Domain = Domain.REAL
    classes: str = ""
    """Of class labels: the size that says how many there are; "": the last axis of the other."""
    between: tuple[int, int] = (0, 0)
    """Of whole numbers: the least and the greatest."""


@dataclass(frozen=True)
class Variant:
    """A further kind of input, which a right layer may accept or refuse.

    `name` is listed among the capabilities of a layer, `words` are used in sentences. `contract`
    is the row with the operands and the twin for this input. `equal` and `unequal` name two
    symbols whose sizes must (not) be equal, `at_least_two` the symbols whose sizes must not be 1.
    """

    name: str
    words: Message
    contract: Contract
    equal: tuple[str, str] | None = None
    unequal: tuple[str, str] | None = None
    at_least_two: tuple[str, ...] = ()


class Sign(StrEnum):
    """What the rest of a file, or its user, shows of the conventions in it."""

    ROWS = "rows"  # samples are rows
    COLUMNS = "columns"  # samples are columns
    BATCH = "batch"  # more than one sample is passed at a time
    SINGLE = "single"  # one sample is passed, or another function takes one only
    AXIS = "axis"  # something in its file works along an axis, as for a batch
    SAYS_SUM = "says sum"  # its own name or docstring says that it is a sum over the batch
    SAYS_ALL = "says all"  # ... that it is a mean over all entries
    ONE_HOT = "one-hot"  # targets are one-hot
    BINARY = "binary"  # there are two classes, and one probability for each sample
    TARGETS_FIRST = "targets first"  # by the names of arguments
    NAMED_FIRST = "targets and predictions, by their names"
    NAMED_LAST = "predictions and targets, by their names"
    SCORES = "scores"  # an argument is named so
    SOFTMAX = "softmax"  # its loss is meant as softmax cross-entropy
    DIVIDED_LATER = "divided later"  # gradients are divided by the batch size behind the loss
    DIVIDED_BEFORE = "divided before"  # a loss divides its gradient by the batch size
    NOT_DIVIDED = "not divided"  # a loss gives a gradient that is not divided
    ADDED = "added"  # a step adds a multiple of what backward gives to a weight
    SUBTRACTED = "subtracted"  # a step subtracts it
    ADDED_WITHIN = "added within"  # its own backward has a step that adds
    DESCENT = "descent"  # what is handed to backward has the opposite sign of the gradient
    ASCENT = "ascent"  # what is handed to backward is the gradient


class Decision(StrEnum):
    """Whether a reading in which the numbers are right is what was meant."""

    ACCEPTED = "accepted"
    UNDECIDED = "undecided"
    REFUSED = "refused"


class Reduced(StrEnum):
    """How the losses of the samples become the one loss whose gradient backward gives."""

    NOT = ""
    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True)
class Condition:
    """What decides whether a reading is meant that is a usual mistake as well."""

    shown_by: Sign | None = None
    refuted_by: Sign | None = None
    otherwise: Decision = Decision.ACCEPTED
    """The decision where neither is seen. Where both are, it is undecided."""
    also_shown_by: Sign | None = None
    refutes: Decision = Decision.REFUSED
    """The decision where only what refutes it is seen."""
    words: Message | None = None
    """Both possibilities and what decides between them, where it is undecided."""

    def decide(self, signs: Collection[Sign]) -> Decision:
        """The decision for what is seen."""
        shown = self.shown_by in signs or self.also_shown_by in signs
        refuted = self.refuted_by in signs
        if shown and refuted:
            return Decision.UNDECIDED
        if refuted:
            return self.refutes
        return Decision.ACCEPTED if shown else self.otherwise


@dataclass(frozen=True)
class Reading:
    """A convention in which a contract can be kept: every claim is then made about `contract`.

    Which of them a definition follows, its results decide (`trial.readings`); where these fit more
    than one convention or a usual mistake, the rest of its file.
    """

    key: str
    words: tuple[Message, ...]
    """Says in a note how it is read."""
    contract: Contract
    keyword: str = ""
    """Part of a name that is used in the text of such a definition."""
    order: tuple[str, ...] = ()
    """The operands in the order in which they are passed; () for the contract's."""
    columns: bool = False
    """Whether samples are the columns of what is passed and returned."""
    conditions: tuple[Condition, ...] = ()
    """() if right numbers leave no doubt. In doubt, gradients have to be right, too."""
    meant_by: frozenset[Sign] = frozenset()
    """Signs that show it where no reading has the right numbers."""
    numbers: bool = False
    """Whether it takes plain numbers only, one at a time."""
    reduced: Reduced = Reduced.NOT
    """What is made of its output, one loss for each sample, before it is judged."""
    by_gradients: bool = False
    """Whether another reading has the same output, so that the gradients have to be right, too."""
    instead_of: Contract | None = None
    """A row whose operands must be refused: with them, the definition would be wrong."""
    scale: GradientScale | None = None
    """None: its gradients are the contract's as they are."""


@dataclass(frozen=True)
class GradientScale:
    """A convention in which gradients differ from the contract's by a factor: batch size or sign.

    Mini-batch training divides by the batch size once: in the loss, where weight gradients are
    made, or in the step. A layer that leaves it to another place is right beside that one only.
    Likewise target - output, which has the opposite sign of the gradient, is right beside a step
    that adds.
    """

    words: tuple[Message, ...]
    power: int = 0
    """1: the gradients are multiplied by the batch size to be the contract's; -1: divided."""
    conditions: tuple[Condition, ...] = ()
    names: tuple[str, ...] = ()
    """Of which arrays; () for all gradients of the row."""
    negative: bool = False
    """Whether their sign is the opposite of the contract's."""

    def factor(self, batch: float) -> float:
        """By what the gradients of a batch of that size are multiplied to be the contract's."""
        return (-1.0 if self.negative else 1.0) * batch**self.power


@dataclass(frozen=True)
class Settings:
    """Numbers that the writer of a layer chooses, such as a slope: what forward gives shows them.

    `names` are the words for them. `at` is an operand with one entry for each place at which
    forward is asked, and `measured` makes the numbers from what it gives there; None if they are
    none that are meant. `row` is the row with these numbers, always the same one for the same.
    `arguments` are names of arguments that give one, in small letters without underscores, and
    the number that is passed where there is no default.
    """

    names: tuple[str, ...]
    at: Array
    measured: Callable[[Array], tuple[float, ...] | None]
    row: Callable[..., Contract]
    arguments: Mapping[str, float]
    beside: Arrays = field(default_factory=dict)
    """What is passed for the other operands."""
    words: tuple[Message, ...] = ()
    """Says what is written with such a number, where the name of the row does not."""
    first: bool = False
    """Whether they are looked for before the row itself, from which large cases do not tell them.
    """


@dataclass(frozen=True)
class Misreading:
    """A known misunderstanding of an operand, which is named only if its value is reproduced.

    `operands` are the input, `value` is what the misunderstanding gives for it and `should_be` what
    is correct.
    """

    words: Message
    operands: Arrays
    value: float
    should_be: float


@dataclass(frozen=True)
class Promises:
    """What holds for every right layer of a row: laws and tolerances are derived from it."""

    rows: bool = False
    """Whether the first axis is a batch, whose rows do not influence each other."""
    mean: bool = False
    """Whether the output is a mean over the batch, so that a row's gradient is divided by N."""
    either_axis: bool = False
    """Whether the output is the same whichever axis has the samples: a mean over all entries."""
    added: tuple[str, ...] = ()
    """Parameters added to every row of the output (a bias)."""
    shift_invariant: tuple[str, ...] = ()
    """Operands to whose rows a constant can be added without changing the output."""
    row_sum: float | None = None
    """The sum of every row of the output."""
    kept: tuple[str, ...] = ()
    """Operands that must hold the same values after the call."""
    numbers: bool = False
    """Whether plain Python numbers must work, too (the apples of section 5.4)."""
    arrays: bool = True
    """Whether it takes arrays; else it takes one plain number at a time."""
    kinks: Callable[[Arrays], Array] | None = None
    """For the arrays of a case, how far its entries are from points without a derivative."""
    kink_at: float | None = None
    """The operand's value at the kink, if there is one such value."""
    allowance: Callable[[Arrays], float] | None = None
    """For the arrays of a case, by how much a right result may be off, beside rounding."""


@dataclass(frozen=True)
class Readings:
    """The other ways in which a contract can be kept, and known ways to misunderstand it."""

    variants: tuple[Variant, ...] = ()
    others: tuple[Reading, ...] = ()
    """In the order in which they are tried, after the row itself."""
    keywords: tuple[str, ...] = ()
    """Parts of names: a text that uses one of them means the row itself, not another reading."""
    misreadings: tuple[Misreading, ...] = ()
    scales: tuple[GradientScale, ...] = ()
    settings: Settings | None = None
    meant_by: frozenset[Sign] = frozenset()
    """Of a name that other functions have as well: what shows that the contract's is meant. Without
    it, something that is right in no reading may be another function."""


@dataclass(frozen=True)
class Notation:
    """How a contract is written: by learners in their code, and by us for the reader."""

    formula: str
    """The contract in one line, for the reader of the table."""
    aliases: tuple[str, ...]
    """Other names for it, in lower case without underscores."""
    remark: str = ""
    """What a reader must know besides the operands to do a case by hand."""
    usual: tuple[str, ...] = ()
    """Expressions of which it usually consists. They replace wrong ones when a fix is searched.

    They use the names of operands and parameters, `dout` for what backward is given, and `out` for
    the output that forward keeps.
    """


class OwnForward(Protocol):
    """A learner's own forward as the function that a declared layer stands for."""

    def output_shape(self, arrays: Arrays, sizes: Mapping[str, int]) -> tuple[int, ...] | None:
        """The shape of its output for these operands and parameters; None where it raises."""
        ...

    def values(self, arrays: Arrays, dout: Array | None) -> tuple[Array, dict[str, Array]]:
        """Its output, and the gradients of <dout, output> that PyTorch finds; dout None is 1."""
        ...

    def allowance(self, arrays: Arrays, dout: Array | None) -> float:
        """By how much a right gradient may be off, without the tiny constants of forward."""
        ...

    def distance_to_tie(self, arrays: Arrays) -> float:
        """How near two numbers are that it compares: there may be a kink where they are equal."""
        ...


@dataclass(frozen=True, eq=False)  # a row is itself: hashable by identity
class Contract:
    """One row of the table: the signature of a layer, what it promises, and how it is written."""

    name: str
    kind: Kind
    operands: tuple[Variable, ...]
    output: Shape | None
    """None: whatever shape `own` finds."""
    twin: Callable[..., torch.Tensor] | None
    """The same function in PyTorch, of the operands and then the parameters; None: `own` it is."""
    notation: Notation
    parameters: tuple[Variable, ...] = ()
    gradients: tuple[str, ...] = ()
    """Names of the operands and parameters whose gradients `backward` must give."""
    promises: Promises = field(default_factory=Promises)
    readings: Readings = field(default_factory=Readings)
    arguments: Callable[[Arrays], tuple[Any, ...]] | None = None
    """Makes the arguments of a function from the operands, where they are not the operands."""
    built_from: tuple[str, ...] = ()
    """The sizes that a network's constructor takes, in its order."""
    methods: Mapping[str, tuple[Callable[..., torch.Tensor], ...]] = field(default_factory=dict)
    """Further methods of a network, each with the twins of all results that are right."""
    numerical_method: str = ""
    """A further method of a network that gives the gradients by differences of its loss."""
    largest: int = 5
    """The largest size that is drawn for a symbol."""
    smallest: Mapping[str, int] = field(default_factory=dict)
    """The smallest size of a symbol where that is not 1: with one class there is no choice."""
    choices: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """The sizes of a symbol with which a declared layer works; without them, any is tried."""
    declaration: str = ""
    """The user's line from which the row was made; "" for a row of the table."""
    settings: tuple[float, ...] = ()
    """The numbers with which `readings.settings` has made it."""
    own: OwnForward | None = None
    """The forward as its writer wrote it, where the row does not say what it should be."""

    def __reduce__(self) -> tuple[Any, ...]:
        """A row of the registry, or what one of its readings or variants has, is its place there.

        So that a report can be pickled: what PyTorch computes is no data.
        """
        from trigrad.contracts.registry import at_place, place_of

        place = place_of(self)
        if place is not None:
            return at_place, place
        return object.__new__, (type(self),), dict(vars(self))

    @property
    def variables(self) -> tuple[Variable, ...]:
        """Operands and parameters, in the twin's order."""
        return self.operands + self.parameters

    @property
    def symbols(self) -> tuple[str, ...]:
        """The sizes that a case fixes, in order of first appearance."""
        seen = [s for v in self.variables for axis in v.shape for s in symbols_in(axis)]
        return tuple(dict.fromkeys(seen))

    @property
    def axes(self) -> Shape:
        """The shape of its output, of a row that says it."""
        assert self.output is not None, "only a declared layer does not say it"
        return self.output

    @property
    def scalar(self) -> bool:
        """Whether the output is a single number (a loss)."""
        return self.output == ()

    @property
    def differentiates(self) -> bool:
        """Whether there is a backward pass to judge."""
        return bool(self.gradients)

    def reading_named_in(self, names: Iterable[str]) -> Reading | None:
        """The reading that a text which uses these names means; None for the row itself."""
        used = [name.lower() for name in names]

        def mentioned(keyword: str) -> bool:
            return bool(keyword) and any(keyword in name for name in used)

        if any(map(mentioned, self.readings.keywords)):
            return None
        return next((r for r in self.readings.others if mentioned(r.keyword)), None)

    def promising(self, **changes: Any) -> Contract:
        """The same row with these promises changed."""
        return replace(self, promises=replace(self.promises, **changes))

    def is_batched(self, name: str) -> bool:
        """Whether it is an operand whose first axis is the batch."""
        return any(v.name == name and v.shape[:1] == ("N",) for v in self.operands)

    def variable(self, name: str) -> Variable:
        """The operand or parameter of that name."""
        return next(v for v in self.variables if v.name == name)


def symbols_in(axis: str) -> list[str]:
    """The symbols of one axis, for example "D+4*H" → ["D", "H"]."""
    return [each for each in re.split(r"[*+]", axis) if not each.isdigit()]


def size_of(axis: str, sizes: Mapping[str, int]) -> int:
    """The length of one axis: "P*Q" with P = 2 and Q = 3 → 6, "P+2*Q" → 8, and "1" → 1."""
    if "+" in axis:
        return sum(size_of(term, sizes) for term in axis.split("+"))
    if "*" in axis:
        return math.prod(size_of(factor, sizes) for factor in axis.split("*"))
    return int(axis) if axis.isdigit() else sizes[axis]


def shape_of(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A symbolic shape as numbers: ("N", "D") with N = 2 and D = 3 → (2, 3)."""
    return tuple(size_of(axis, sizes) for axis in shape)
