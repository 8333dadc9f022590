"""What an entry of the shelf consists of: a function, and the ways in which it is written.

A row of the contract table says what a layer takes. An entry of the shelf does not: what it takes
is declared or guessed, and forward is compared with the function in each way that fits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from trigrad.catalogue.sentences.formulas import FORMULAS
from trigrad.contracts.schema import Array
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

Twin = Callable[..., "torch.Tensor | tuple[torch.Tensor, ...]"]


@dataclass(frozen=True)
class Way:
    """One way in which a function is written.

    `twin` takes the tensors of `arrays`, in that order, and by their keywords the settings that
    vary from case to case. It gives the output; or several, of which a layer may give the first.
    """

    twin: Twin
    arrays: tuple[str, ...]
    words: tuple[Message, ...] = ()
    """Says in a note how it is read."""
    grid: Grid | None = None
    """Where a window moves over an array, if one does."""
    at_odds_with: tuple[str, ...] = ()
    """Words that the name of such a layer should not have, in lower case without underscores."""


@dataclass(frozen=True)
class Grid:
    """A window that moves over an array: along which axes of it, and its size along them."""

    name: str
    axes: tuple[int, int]
    window: int


@dataclass(frozen=True)
class Setting:
    """A whole number that is chosen when a layer is made or called, such as a stride."""

    keyword: str
    """That of the twins."""
    names: tuple[str, ...]
    """Names that arguments have for it."""
    least: int
    greatest: int
    """Between these it is varied."""
    may_fail_at: int | None = None
    """A value at which layers fail that are right with those that their writers use."""


@dataclass(frozen=True)
class Seen:
    """What a layer was given on one case, and what its forward gave."""

    arrays: Mapping[str, Array]
    """The operands, then the weights, as they were declared; without the settings."""
    output: Array
    labels: frozenset[str] = frozenset()
    """Which of them are class labels, or other whole numbers that count something."""
    settings: Mapping[str, int] = field(default_factory=dict)
    """The settings that vary from case to case, by the keywords of twins, with their values."""
    ask: Callable[[Mapping[str, Array]], Array | None] = lambda _: None
    """What forward gives for other values of these arrays, of any shape; None for no numbers."""
    written: tuple[float, ...] = ()
    """Numbers in the text, where forward is not the function, so that its values show none."""

    def forward(self, arrays: Mapping[str, Array]) -> Array | None:
        """What forward gives with these arrays in the place of those that were seen."""
        return self.ask({**self.arrays, **arrays})

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array."""
        return self.arrays[name].shape

    def orders(
        self, *roles: Collection[int], labels: Collection[int] = ()
    ) -> Iterator[tuple[str, ...]]:
        """Which arrays may have these roles, as they were declared first.

        A role is the numbers of axes that it may have; `labels` are the places of the roles that
        take whole numbers. Every array has a role.
        """
        if len(roles) != len(self.arrays):
            return
        fitting = [
            [
                name
                for name, array in self.arrays.items()
                if array.ndim in role and (name in self.labels) == (i in labels)
            ]
            for i, role in enumerate(roles)
        ]
        yield from _each_once(fitting)

    def choices(self, setting: str, among: Sequence[int]) -> Sequence[int]:
        """The values to try of a setting: that of this case where it varies from case to case."""
        return [self.settings[setting]] if setting in self.settings else among


def _each_once(fitting: Sequence[Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The ways to take one of each, none twice, in the order of the first, then of the second."""
    if not fitting:
        yield ()
        return
    for name in fitting[0]:
        others = [[other for other in fit if other != name] for fit in fitting[1:]]
        for rest in _each_once(others):
            yield name, *rest


class Meant(StrEnum):
    """What an argument of dropout says by its name."""

    DROPPED = "dropped"
    KEPT = "kept"
    EITHER = "either"


@dataclass(frozen=True)
class Share:
    """The argument that says which share of the entries is dropped, or kept."""

    value: float
    """Not 1/2, with which the two are the same."""
    names: Mapping[str, Meant]


@dataclass(frozen=True)
class Mode:
    """What holds for the test mode of a layer that has one, after training on one input.

    Its output is then the mean of those in training (dropout), or the last one of them, to which a
    running mean and variance have converged (batch normalisation).
    """

    mean: bool = False
    share: Share | None = None


@dataclass(frozen=True, eq=False)
class Known:
    """A layer or function that is known by what its forward computes."""

    name: str
    formula: str
    """The function in one line, for the reader of the table."""
    aliases: tuple[str, ...]
    """Names for it, in lower case without underscores, without `forward` or `layer`."""
    ways: Callable[[Seen], Iterator[Way]]
    """The ways that may fit what was seen, the most usual first."""
    usual: tuple[str, ...] = ()
    """Expressions of which it usually consists, as in the rows of the table."""
    settings: tuple[Setting, ...] = ()
    """What can be chosen."""
    mode: Mode | None = None
    """What holds in test mode."""
    inputs: tuple[tuple[str, ...], ...] = ()
    """Sizes, and kinds, of what it takes: inputs and then weights, as declarations have them."""
    kin: tuple[str, ...] = ()
    """Functions with which it is confused: a layer that is named after one of them is in doubt."""
    precise: bool = False
    """Whether its names have one meaning: what is called so and is another function is in doubt."""
    only_named: bool = False
    """Whether a layer has to have one of its names: others may compute the same by chance."""

    @property
    def formula_words(self) -> Message | str:
        """The formula for a learner: where it has words in it, they are those of the catalogue."""
        key = f"formula.{self.name}"
        return Message(key) if key in FORMULAS else self.formula
