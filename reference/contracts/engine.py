"""The row of an engine: a class of numbers or arrays with operators and `backward`."""

from __future__ import annotations

from trigrad.contracts.schema import Contract, Kind, Notation


def engine(name: str) -> Contract:
    """It takes programs, not operands; what its operations mean, `trigrad.programs` says."""
    notation = Notation(formula="", aliases=())
    return Contract(name, Kind.ENGINE, operands=(), output=None, twin=None, notation=notation)
