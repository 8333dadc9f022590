"""Edits that make one quantity right each, put together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from trigrad.repair.draft import Option
from trigrad.repair.screening import Level, Standing

Partial = tuple[Option, Standing]
"""An edit that makes something right, and what the layer computes with it."""


def completing(
    earlier: Sequence[Partial], option: Option, standing: Standing
) -> Iterator[list[Option]]:
    """One or two earlier edits that, together with this one, make everything right."""
    apart = [(o, s) for o, s in earlier if option.agrees_with(o)]
    for one, its in apart:
        if _all_right([standing, its]):
            yield [one]
    for (one, its), (two, other) in itertools.combinations(apart, 2):
        together = _all_right([standing, its, other])
        fewer = _all_right([standing, its]) or _all_right([standing, other])
        if together and not fewer and not _all_right([its, other]) and one.agrees_with(two):
            yield [one, two]


def _all_right(standings: Sequence[Standing]) -> bool:
    """Whether every quantity is right in one of them."""
    columns = zip(*(standing.levels for standing in standings), strict=True)
    return all(max(column) is Level.RIGHT for column in columns)
