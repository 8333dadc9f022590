"""Numbers that a mistake multiplies by, as they are said: "2", "1/N", "the batch size"."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from trigrad.cases.case import Case
from trigrad.contracts.schema import Contract

WORDS = {
    "N": "the batch size",
    "C": "the number of classes",
    "O": "the number of classes",
    "M": "the number of outputs",
    "H": "the number of hidden units",
    "I": "the number of inputs",
}
"""What the symbols of the table are called; D is the inputs' where there are weights."""

TINY = 1e-12
"""A factor that is rather 0: rounding, over the numbers that are drawn."""

FEW_DIGITS = 1e-5
"""How near a fitted constant must be to a round one, relatively, to be called that."""


Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Factor:
    """A number, or one that sizes decide: "2", "1/N", "N/C"."""

    text: str
    number: float = 1.0
    powers: Powers = ()
    """Symbols with their exponents."""

    def of(self, case: Case) -> float:
        """The number on a case."""
        return self.number * math.prod(float(case.sizes[s]) ** p for s, p in self.powers)

    def meaning(self, contract: Contract) -> str:
        """`N is the batch size`."""
        return ", ".join(f"{s} is {symbol_words(contract, s)}" for s, _ in self.powers)


def symbol_words(contract: Contract, symbol: str) -> str:
    """What a size is called."""
    if symbol in WORDS:
        return WORDS[symbol]
    return "the number of inputs" if contract.parameters else "the number of columns"


def factors(contract: Contract) -> Iterator[Factor]:
    """Every number that sizes decide and that a mistake may multiply by."""
    symbols = contract.symbols
    for s in symbols:
        yield Factor(s, powers=((s, 1),))
        yield Factor(f"1/{s}", powers=((s, -1),))
        yield Factor(f"{s}**2", powers=((s, 2),))
        yield Factor(f"1/{s}**2", powers=((s, -2),))
    for s, t in itertools.permutations(symbols, 2):
        yield Factor(f"{s}/{t}", powers=((s, 1), (t, -1)))
    for s, t in itertools.combinations(symbols, 2):
        yield Factor(f"1/({s} * {t})", powers=((s, -1), (t, -1)))
        yield Factor(f"{s} * {t}", powers=((s, 1), (t, 1)))


def constant(number: float) -> Factor | None:
    """A fitted number as it is said, a round one as the round one; None if it says nothing."""
    if not math.isfinite(number) or abs(number) < TINY:
        return None
    for text, value in _CONSTANTS:
        if abs(number - value) <= FEW_DIGITS * abs(value):
            return Factor(text, value)
    return Factor(f"{number:.4g}", number)


_CONSTANTS = (
    *((str(n), float(n)) for n in range(1, 11)),
    *((f"1/{n}", 1 / n) for n in range(2, 11)),
    ("1/ln(10)", 1 / math.log(10)),
    ("1/ln(2)", 1 / math.log(2)),
    *((str(-n), float(-n)) for n in range(1, 11)),
    *((f"-1/{n}", -1 / n) for n in range(2, 11)),
)


TWICE = (
    Factor("2/N", 2.0, (("N", -1),)),
    Factor("-2/N", -2.0, (("N", -1),)),
)
"""What is added in place of subtracted, or the other way round, in a mean over the batch."""


def times(size: str, name: str) -> str:
    """`2 * x`, `x/N`, `x` where the size is 1."""
    if size == "1":
        return name
    return f"{name}/{size[2:]}" if size[:2] == "1/" else f"{size} * {name}"
