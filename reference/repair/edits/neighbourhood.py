"""Every single edit of a class or function that gives other code, the most natural first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Sequence

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families import (
    analogy,
    calls,
    differences,
    factors,
    gradients,
    keys,
    loops,
    operators,
    products,
    reuse,
    shapes,
    siblings,
    slips,
    statements,
    storing,
)
from trigrad.repair.edits.families import constructors as making
from trigrad.repair.edits.families import identifiers as names
from trigrad.repair.edits.families import numbers as constants
from trigrad.repair.edits.families import usual as usual_lines
from trigrad.repair.edits.filter import DEAREST, Sieve
from trigrad.repair.edits.positions import Definition

_FAMILIES: tuple[Callable[[Context], Iterator[Edit]], ...] = (
    operators.edits,
    constants.edits,
    names.edits,
    calls.edits,
    products.edits,
    shapes.edits,
    factors.edits,
    statements.edits,
    storing.edits,
    analogy.edits,
    gradients.edits,
    reuse.edits,
    keys.edits,
    siblings.edits,
    loops.edits,
    making.edits,
    slips.edits,
    differences.edits,
    usual_lines.edits,
)


def neighbourhood(
    text: str,
    definition: Definition,
    known: frozenset[str] = frozenset(),
    usual: Sequence[str] = (),
    tick: Callable[[], None] = lambda: None,
    dearest: float = DEAREST,
) -> Iterator[Edit]:
    """Every edit of one expression or statement of a definition, the most natural first.

    None is in it twice, and none that gives no Python, or what computes the same. They come one
    by one: to judge an edit takes longer than to make it up, and the first ones may be enough.

    text: a whole cell or file. definition: a class or function of its tree. known: the names that
    are global there. usual: expressions that such a layer consists of, in the names of its
    contract. tick: called all the while; what it raises ends this. dearest: what an edit may
    cost that is worth a trial; more than that only mistakes cost, which make odd code of right.
    """
    context = Context(text, definition, known, usual)
    sieve = Sieve(context, dearest)
    raw: list[tuple[float, Edit]] = []
    for family in _FAMILIES:
        for edit in family(context):
            raw.append((sieve.at_least(edit), edit))
            tick()
    raw.sort(key=lambda pair: (pair[0], pair[1].start, pair[1].replacement))
    given: set[str] = set()
    judged: list[_Judged] = []
    for number, (least, edit) in enumerate(raw):
        yield from _below(least, judged, given)
        tick()
        kept = sieve.judged(edit)
        if kept is not None:
            key, priced = kept
            place = (priced.cost, priced.start, priced.replacement)
            heapq.heappush(judged, (*place, number, key, priced))
    yield from _below(math.inf, judged, given)


_Judged = tuple[float, int, str, int, str, Edit]
"""An edit in a heap, after what it is ordered by and what it computes."""


def _below(least: float, judged: list[_Judged], given: set[str]) -> Iterator[Edit]:
    """Those that nothing which comes later can precede; of two that compute the same, one."""
    while judged and judged[0][0] <= least:
        *_, key, edit = heapq.heappop(judged)
        if key not in given:
            given.add(key)
            yield edit
