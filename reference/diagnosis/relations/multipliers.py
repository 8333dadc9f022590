"""Numbers that a mistake multiplies by, as they are written: "2", "1/N", with what N is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from trigrad.cases.case import Case
from trigrad.contracts.schema import Contract
from trigrad.messages import Message

SYMBOLS = {
    "N": Message("size.batch"),
    "C": Message("size.classes"),
    "O": Message("size.classes"),
    "M": Message("size.outputs"),
    "H": Message("size.hidden"),
    "I": Message("size.inputs"),
}
"""What the sizes of the contract table are; D depends on the row."""

TINY = 1e-12
"""A smaller factor is taken for 0: it comes from rounding."""

FEW_DIGITS = 1e-5
"""A fitted constant is taken for a round one if it is this near, relatively."""


Powers = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Factor:
    """A number, times powers of sizes: 2, 1/N, N/C."""

    number: float
    size: str
    """How its absolute value is written."""
    divisor: str = ""
    """What it divides by, if its absolute value is one divided by something."""
    powers: Powers = ()
    """Sizes with their exponents."""
    base: int = 0
    """Of the logarithm, if it is 1/ln(base)."""

    @property
    def written(self) -> str:
        """The factor with its sign."""
        return f"-{self.size}" if self.number < 0 else self.size

    def equals(self, number: float, **powers: int) -> bool:
        """Whether it is that number, times the powers of these sizes."""
        return self.number == number and dict(self.powers) == powers

    def on(self, case: Case) -> float:
        """Its value on a case."""
        return self.number * math.prod(float(case.sizes[s]) ** p for s, p in self.powers)

    def times(self, name: str) -> str:
        """Its product with something: `2 * x`, `x/N`, `x`."""
        if self.equals(1.0):
            return name
        if self.divisor and self.number > 0:
            return f"{name}/{self.divisor}"
        return f"{self.written} * {name}"

    @property
    def absolute(self) -> Factor:
        """Without its sign."""
        return replace(self, number=abs(self.number))

    def explained(self, words: Message, contract: Contract) -> Message:
        """A sentence with the factor in it, and what the sizes are: `(N is the batch size)`."""
        if not self.powers:
            return words
        found = ((s, size_words(contract, s)) for s, _ in self.powers)
        meaning = tuple(Message("size.is", symbol=s, meaning=m) for s, m in found if m != s)
        return Message("relation.sizes", relation=words, meaning=meaning) if meaning else words


def size_words(contract: Contract, symbol: str) -> Message | str:
    """What a size is: `the batch size`; the letter itself where only its writer knows that."""
    if contract.declaration and symbol != "N":
        return symbol
    if symbol in SYMBOLS:
        return SYMBOLS[symbol]
    return Message("size.inputs" if contract.parameters else "size.columns")


def _inverse(divisor: str, powers: Powers) -> Factor:
    return Factor(1.0, f"1/{divisor}", divisor, powers)


def factors(contract: Contract) -> Iterator[Factor]:
    """Every factor made of sizes by which a mistake may multiply."""
    symbols = contract.symbols
    for s in symbols:
        yield Factor(1.0, s, powers=((s, 1),))
        yield _inverse(s, ((s, -1),))
        yield Factor(1.0, f"{s}**2", powers=((s, 2),))
        yield _inverse(f"{s}**2", ((s, -2),))
    for s, t in itertools.permutations(symbols, 2):
        yield Factor(1.0, f"{s}/{t}", powers=((s, 1), (t, -1)))
    for s, t in itertools.combinations(symbols, 2):
        yield _inverse(f"({s} * {t})", ((s, -1), (t, -1)))
        yield Factor(1.0, f"{s} * {t}", powers=((s, 1), (t, 1)))


def constant(number: float) -> Factor | None:
    """A fitted number as a factor, the nearest round one if there is one.

    None if it is 0 or not finite.
    """
    if not math.isfinite(number) or abs(number) < TINY:
        return None
    for factor in _CONSTANTS:
        if abs(number - factor.number) <= FEW_DIGITS * abs(factor.number):
            return factor
    return Factor(number, f"{abs(number):.4g}")


_POSITIVE = (
    *(Factor(float(n), str(n)) for n in range(1, 11)),
    *(Factor(1 / n, f"1/{n}", str(n)) for n in range(2, 11)),
)

_CONSTANTS = (
    *_POSITIVE,
    *(Factor(1 / math.log(b), f"1/ln({b})", f"ln({b})", base=b) for b in (10, 2)),
    *(replace(factor, number=-factor.number) for factor in _POSITIVE),
)


TWICE = (
    Factor(2.0, "2/N", powers=(("N", -1),)),
    Factor(-2.0, "2/N", powers=(("N", -1),)),
)
"""The difference between adding and subtracting a term, in a mean over the batch."""
