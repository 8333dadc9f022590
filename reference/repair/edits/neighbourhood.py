"""Every single edit of a class or function that computes something else, the likeliest first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.costs import KEPT_ARGUMENT, MEANT, UNREAD, priced
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families import FAMILIES
from trigrad.repair.edits.positions import Definition
from trigrad.repair.edits.results import Results
from trigrad.repair.edits.settled import Settled


def neighbourhood(
    text: str,
    definition: Definition,
    known: frozenset[str] = frozenset(),
    usual: Sequence[str] = (),
    tick: Callable[[], None] = lambda: None,
    *,
    plausible: bool = True,
) -> Iterator[Edit]:
    """Every edit of one expression or statement of a definition, in the order of their costs.

    Edits of one cost come in the order in which the families offer them. Of two that compute the
    same, the first is given; those that give no Python, or compute what is there, are left out.

    text: a whole cell or file. definition: a class or function of its tree. known: the names that
    are global there. usual: expressions that such a layer consists of, in the names of its
    contract. tick: called for every edit; what it raises ends the search. plausible: leave out
    edits that give code which nobody means to write.
    """
    context = Context(text, definition, known, usual)
    settled = Settled(context)
    offered: list[Edit] = []
    for family in FAMILIES:
        for edit in family.edits(context):
            tick()
            if plausible and settled.turns_switch(edit):
                continue
            more = KEPT_ARGUMENT if settled.keeps_another(edit) else 0.0
            offered.append(priced(edit, text, more))
    results = Results(context, plausible=plausible)
    # An edit is parsed only when it is the cheapest: most are never reached.
    queue = [(edit.cost, number, edit) for number, edit in enumerate(offered)]
    heapq.heapify(queue)
    given: set[tuple[int, str]] = set()
    raised: dict[int, tuple[int, str]] = {}
    while queue:
        tick()
        _, number, edit = heapq.heappop(queue)
        key = raised.get(number)
        if key is None:
            result = results.of(edit)
            if result is None:
                continue
            key = result.start, result.form
            if result.unread and plausible and edit.kind not in MEANT:
                raised[number] = key
                edit = replace(edit, cost=edit.cost + UNREAD)
                heapq.heappush(queue, (edit.cost, number, edit))
                continue
        if key not in given:
            given.add(key)
            yield edit
