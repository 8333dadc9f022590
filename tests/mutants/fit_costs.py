"""Fit the costs of edits to one half of the known mistakes, and say what they do on the other.

`python tests/mutants/fit_costs.py` takes the mistakes in the learners' files and every sixth
mutant, asks of each which edits are offered for it and which of them undo it, and prints how early
the first of those comes, for both halves. `--write` fits the costs to the half "fitted" first and
writes them to `reference/repair/edits/costs.py`. No edit is judged, so this takes minutes.

The cost of a kind is -log((u + S·p) / (n + S)): u edits of the kind undid a mistake, of n that were
offered for some mistake; p is the same share for all kinds together, and S (SMOOTHING) says how
many offers it takes to trust a kind's own share. Costs are scaled so that the rarest is HIGHEST.
What people do counts more than what our own edits make: a learner's mistake counts WEIGHT times.

What is repaired, and whether the original comes first, is measured by `mutants.py --half unseen`.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

sys.path.append(str(Path(__file__).parents[1] / "learners"))

from halves import FITTED, UNSEEN, half_of
from learners_table import load_catalogue
from meant import KNOWN, MEANT, WRONG, definition_in, text_with
from mutants import Job, jobs, mutants_of, name_of

from trigrad.contracts.registry import CONTRACTS
from trigrad.repair.edits import costs
from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import applied
from trigrad.repair.edits.families import FAMILIES
from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.results import Results

EVERY = 6
"""The share of the mutants that is taken: each sixth."""

SMOOTHING = 20.0
WEIGHT = 5
HIGHEST = 3.0
NEAR = 200
"""An edit that begins further from a mistake (in characters) cannot undo it."""


@dataclass(frozen=True)
class Mistake:
    """A wrong text, and what one edit should make of it."""

    name: str
    text: str
    definition: str
    """The name of the class or function that is wrong."""
    goal: str
    """The normal form of the right definition."""
    at: int
    """The character at which the wrong text begins to differ."""
    weight: int = 1
    known: frozenset[str] = KNOWN
    usual: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
    """An edit that is offered for a mistake."""

    kind: str
    changed: int
    """See `costs.characters_changed`."""
    undoes: bool


def of_learners() -> Iterator[Mistake]:
    """Each step from a learner's text to what was meant."""
    layers = {learner.file: learner.layer for learner in load_catalogue()}
    usual = {contract.name: contract.notation.usual for contract in CONTRACTS}
    for file, name, steps in MEANT:
        text = text_with(WRONG / file, name, steps[0][0])
        for before, after in steps:
            start = text.index(before, text.index(f" {name}"))
            right = text[:start] + after + text[start + len(before) :]
            expected = usual.get(layers[f"wrong/{file}"], ())
            goal = _form(right, name)
            yield Mistake(f"wrong/{file}", text, name, goal, start, WEIGHT, usual=expected)
            text = right


def of_mutants(job: Job) -> list[Mistake]:
    """The mutants of one layer.

    They are made of right code, so what is usual undoes nearly all of them, which says nothing of
    what people get wrong: it is offered for the learners' mistakes alone.
    """
    draft, options, subject = mutants_of(job)
    for candidate in subject.candidates:
        candidate.face.close()
    found = []
    for option in options:
        unit, edit = option.unit, option.edit
        right = draft.text_of(unit)
        name = name_of(job, draft, option)
        text = applied(right, [edit])
        goal = _form(right, unit.name)
        found.append(Mistake(name, text, unit.name, goal, edit.start, 1, unit.known))
    return found


def _form(text: str, name: str) -> str:
    node = definition_in(text, name)
    return simplified(node) if node is not None else ""


def offers(mistake: Mistake) -> tuple[Mistake, list[Offer]]:
    """The edits that are offered for a mistake."""
    text, name = mistake.text, mistake.definition
    node = definition_in(text, name)
    assert node is not None, "the text has the definition"
    context = Context(text, node, mistake.known, mistake.usual)
    results = Results(context, plausible=True)
    found: list[Offer] = []
    # Edits that compute the same are not left out, as their costs would say which of them stays.
    undoing: dict[tuple[int, str], bool] = {}
    for edit in dict.fromkeys(edit for family in FAMILIES for edit in family.edits(context)):
        result = results.of(edit)
        if result is None:
            continue
        key = result.start, result.form
        if key not in undoing:
            near = edit.start - NEAR <= mistake.at <= edit.end + NEAR
            undoing[key] = near and _form(applied(text, [edit]), name) == mistake.goal
        changed = costs.characters_changed(text[edit.start : edit.end], edit.replacement)
        found.append(Offer(edit.kind, changed, undoing[key]))
    return mistake, found


def fitted(kinds: Iterable[str], known: Iterable[tuple[int, list[Offer]]]) -> dict[str, float]:
    """The cost of every kind, from the weights of mistakes and what is offered for them."""
    offered: Counter[str] = Counter()
    undoing: Counter[str] = Counter()
    for weight, each in known:
        for offer in each:
            offered[offer.kind] += weight
        # Of the edits that undo a mistake, the one counts that changes least.
        for offer in sorted(filter(lambda offer: offer.undoes, each), key=_changed)[:1]:
            undoing[offer.kind] += weight
    overall = undoing.total() / offered.total()
    raw = {
        kind: -math.log((undoing[kind] + SMOOTHING * overall) / (offered[kind] + SMOOTHING))
        for kind in kinds
    }
    scale = HIGHEST / max(raw.values())
    return {kind: round(scale * cost, 2) for kind, cost in raw.items()}


def _changed(offer: Offer) -> int:
    return offer.changed


def place(found: Sequence[Offer], table: dict[str, float]) -> int | None:
    """How many edits are tried before one that undoes the mistake; None if there is none."""
    ordered = sorted(found, key=lambda offer: costs.cost_of(offer.kind, offer.changed, table))
    return next((number for number, offer in enumerate(ordered) if offer.undoes), None)


def write(table: dict[str, float]) -> None:
    """Put the costs into costs.py, the lowest first."""
    path = Path(costs.__file__)
    lines = "".join(
        f'    "{kind}": {table[kind]},\n' for kind in sorted(table, key=table.__getitem__)
    )
    text = path.read_text("utf-8")
    new = re.sub(
        r"(?s)(COSTS: dict\[str, float\] = \{\n).*?(\n?\}\n)", rf"\g<1>{lines}}}\n", text, count=1
    )
    path.write_text(new, "utf-8")


def main() -> None:
    """Fit, if that is asked for, and print the two halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="fit the costs and write them")
    parser.add_argument("--every", type=int, default=EVERY, help="take each so manyth mutant")
    parser.add_argument("--jobs", type=int, default=multiprocessing.cpu_count())
    arguments = parser.parse_args()
    with multiprocessing.get_context("spawn").Pool(arguments.jobs) as pool:
        layers = jobs(every=arguments.every)
        mutants = [mistake for found in pool.map(of_mutants, layers) for mistake in found]
        known = pool.map(offers, [*of_learners(), *mutants], chunksize=8)
    halves = {
        half: [(m.weight, o) for m, o in known if half_of(m.name) == half]
        for half in (FITTED, UNSEEN)
    }
    table = dict(costs.COSTS)
    if arguments.write:
        table = fitted(table, halves[FITTED])
        write(table)
    for half, lists in halves.items():
        places = [place(each, table) for _, each in lists]
        reached = [each for each in places if each is not None]
        print(
            f"{half}: {len(places)} mistakes, {len(reached)} undone by one edit; edits tried before"
            f" it: median {median(reached):.0f}, mean {mean(reached):.0f}"
        )


if __name__ == "__main__":
    main()
