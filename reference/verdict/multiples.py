"""Relations of size: a multiple of what should be, or off by a multiple of something."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from reference.case import Case
from reference.contract import Array, Contract
from reference.verdict.sight import OUTPUT, Predict, Sight

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


def multiple(sights: Sequence[Sight]) -> Iterator[tuple[str, Predict]]:
    """A multiple of what it should be: by a constant, or by a number that a size decides."""
    contract, name = sights[0].contract, sights[0].name
    for factor in _fitted(sights, lambda s: s.is_, lambda s: s.should_be):
        yield _times(contract, name, factor), partial(_multiplied, factor)


def _multiplied(factor: Factor, sight: Sight) -> Array:
    return np.asarray(factor.of(sight.case) * sight.should_be)


def _fitted(
    sights: Sequence[Sight], of: Callable[[Sight], Array], to: Callable[[Sight], Array | None]
) -> Iterator[Factor]:
    """The constant by which one array is a multiple of the other, and what sizes may decide."""
    for sight in sights:
        base = to(sight)
        if base is None or sight.right or base.shape != of(sight).shape or not base.any():
            continue
        ratio = float(np.vdot(base, of(sight)) / np.vdot(base, base))
        found = constant(ratio)
        if found is not None:
            yield found
        break
    yield from factors(sights[0].contract)


def _times(contract: Contract, name: str, factor: Factor) -> str:
    if factor.text == "-1":
        return "the sign is the opposite of what it should be"
    how = "of" if factor.text.startswith("1/") else "times"
    words = f"{factor.text} {how} what it should be"
    if factor.text in ("1/ln(10)", "1/ln(2)"):
        base = factor.text[5:-1]
        return f"{words}: the logarithm to base {base} in place of the natural one"
    meaning = factor.meaning(contract)
    if meaning:
        words += f" ({meaning})"
    return words + _why(contract, name, factor)


def _why(contract: Contract, name: str, factor: Factor) -> str:
    size = symbol_words(contract, "N")
    match factor.text:
        case "N" if contract.mean:
            return f": the division by {size} is missing"
        case "1/N" if contract.mean:
            return f": it is divided by {size} twice"
        case "1/N" if name in {v.name for v in contract.parameters}:
            return ": the mean over the batch in place of the sum"
        case "1/N":
            return f": it is divided by {size}"
        case text if contract.mean and text.startswith("N/"):
            other = symbol_words(contract, text[2:])
            return f": it is divided by {other} in place of {size}"
        case text if text.startswith("1/") and factor.powers and "*" not in text:
            other = symbol_words(contract, factor.powers[0][0])
            also = " also" if contract.mean else ""
            return f": it is{also} divided by {other}"
    return ""


def off_by(sights: Sequence[Sight]) -> Iterator[tuple[str, Predict]]:
    """Off by a constant, or by a multiple of one of the case's own arrays."""
    contract, quantity = sights[0].contract, sights[0].name
    for name in ("", *sights[0].case.shown):
        for factor in _fitted(sights, _difference, partial(_base, name)):
            yield _more(contract, quantity, factor, name), partial(_shifted, name, factor)


def _difference(sight: Sight) -> Array:
    same = sight.is_.shape == sight.should_be.shape
    return np.asarray(sight.is_ - sight.should_be) if same else sight.is_


def _base(name: str, sight: Sight) -> Array | None:
    """An array of the case in the quantity's shape, as NumPy adds it; None where it does not."""
    array = sight.case.shown[name] if name else np.ones(())
    try:
        return np.broadcast_to(array, sight.should_be.shape)
    except ValueError:
        return None


def _shifted(name: str, factor: Factor, sight: Sight) -> Array | None:
    added = _base(name, sight)
    return None if added is None else sight.should_be + factor.of(sight.case) * added


def _more(contract: Contract, quantity: str, factor: Factor, name: str) -> str:
    less = factor.text.startswith("-")
    size = factor.text.removeprefix("-")
    meaning = factor.meaning(contract)
    where = f" ({meaning})" if meaning else ""
    if not name:
        return f"{size}{where} too {'small' if less else 'large'}, everywhere"
    what = name if size == "1" else f"{name}/{size[2:]}" if size[:2] == "1/" else f"{size} * {name}"
    if less:
        added = quantity == OUTPUT and name in contract.added and size == "1"
        return f"{what}{where} is missing" + (": it is not added" if added else "")
    lost = f": is {name} not subtracted?" if size in ("1", "1/N") else ""
    return f"{what}{where} too much{lost}"


def inverse(_: Sequence[Sight]) -> Iterator[tuple[str, Predict]]:
    """One divided by what it should be."""
    yield "1 divided by what it should be", lambda s: 1 / s.should_be
