"""The functions of the contract table, for layers that have another name or another spelling."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract, Domain, Kind
from trigrad.contracts.shelf.schema import Known, Seen, Way


def _ways(row: Contract, seen: Seen) -> Iterator[Way]:
    """The row and its readings, with the arrays in any order."""
    readings = [reading.contract for reading in row.readings.others if not reading.columns]
    for each in dict.fromkeys((row, *readings)):
        if each.twin is None:
            continue
        labels = [i for i, v in enumerate(each.variables) if v.domain is Domain.LABEL]
        ranks = [(len(v.shape),) for v in each.variables]
        for order in seen.orders(*ranks, labels=labels):
            yield Way(each.twin, order)


def _ways_with_any_axes(row: Contract, seen: Seen) -> Iterator[Way]:
    """The row's function, with the arrays in any order."""
    assert row.twin is not None, "every row of the table has one"
    labels = [i for i, v in enumerate(row.variables) if v.domain is Domain.LABEL]
    ranks = [range(MOST_AXES + 1)] * len(row.variables)
    for order in seen.orders(*ranks, labels=labels):
        yield Way(row.twin, order)


MOST_AXES = 6
"""No layer that learners write takes arrays with more axes."""


def with_any_axes(row: Contract) -> Known:
    """The function of a row, on arrays of any number of axes."""
    ways = partial(_ways_with_any_axes, row)
    notation = row.notation
    return Known(row.name, notation.formula, notation.aliases, ways, notation.usual)


OF_ROWS = tuple(
    Known(
        *(row.name, row.notation.formula, row.notation.aliases),
        partial(_ways, row),
        row.notation.usual,
    )
    for row in CONTRACTS
    if row.kind is Kind.LAYER
)
