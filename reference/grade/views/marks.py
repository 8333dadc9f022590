"""The sign of each item of a grade: right, wrong, undecided, not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from trigrad.contracts.naming import undecorated
from trigrad.grade.record import Item, Outcome, Record
from trigrad.messages import Message
from trigrad.verdict.results import Verdict


class Mark(StrEnum):
    """What is to be said of an item in one character; `words` says it to those who cannot see."""

    PASS = "✓"
    FAIL = "✗"
    UNDECIDED = "?"
    ABSENT = "–"

    @property
    def words(self) -> Message:
        """The sign in words."""
        return _WORDS[self]


_WORDS = {
    Mark.PASS: Message("mark.pass"),
    Mark.FAIL: Message("mark.fail"),
    Mark.UNDECIDED: Message("mark.undecided"),
    Mark.ABSENT: Message("mark.absent"),
}


_OF_A_VERDICT = {
    Verdict.PASS: Mark.PASS,
    Verdict.FAIL: Mark.FAIL,
    Verdict.INCONCLUSIVE: Mark.UNDECIDED,
    Verdict.UNIMPLEMENTED: Mark.ABSENT,
    Verdict.MISSING: Mark.ABSENT,
}


@dataclass(frozen=True)
class Marked:
    """A record without its reports, which are large, and the sign of each of its items."""

    record: Record
    marks: dict[str, Mark]

    def item(self, name: str) -> Item | None:
        """The item of that name, if the record has it."""
        return next((item for item in self.record.grade.items if item.name == name), None)


def marked(record: Record) -> Marked:
    """What tables need of a record."""
    marks = {item.name: mark_of(record, item) for item in record.grade.items}
    return Marked(replace(record, reports=()), marks)


def mark_of(record: Record, item: Item) -> Mark:
    """The sign of one item.

    What is undecided stays so, whatever points the rubric gives for it; what is there and cannot
    be judged is undecided, too.
    """
    if record.outcome is not Outcome.GRADED:
        return Mark.ABSENT
    if item.points <= 0 and _unjudged(record, item.name):
        return Mark.UNDECIDED
    seen = {mark_of_layer(layer) for layer in best_of(record, item)[0]}
    if Mark.FAIL not in seen and Mark.UNDECIDED in seen:
        return Mark.UNDECIDED
    if item.points >= item.of:
        return Mark.PASS
    if seen == {Mark.ABSENT} or (not seen and item.points <= 0):
        return Mark.ABSENT
    return Mark.FAIL


def _unjudged(record: Record, name: str) -> bool:
    """Whether something of that name is there, and is all there is of it, that was not judged."""
    if any(layer["layer"] == name and layer["where"] for layer in layers_of(record)):
        return False
    unjudged = [each for report in record.reports for each in report.get("unjudged", ())]
    return any(undecorated(each["name"]) == undecorated(name) for each in unjudged)


def mark_of_layer(layer: dict[str, Any]) -> Mark:
    """The sign of a layer in a report."""
    return _OF_A_VERDICT[Verdict(layer["verdict"])]


def layers_of(record: Record) -> Iterator[dict[str, Any]]:
    """The layers in all reports of a record, as `trigrad check --format json` has them."""
    for report in record.reports:
        yield from report.get("layers", ())


def best_of(record: Record, item: Item) -> tuple[list[dict[str, Any]], bool]:
    """The layer that has the points of the item, and whether the item names where it begins.

    Where it does not, all layers of that name; one that is missing in a file counts only if it is
    in no other.
    """
    found = [
        (layer, report["subject"]["path"])
        for report in record.reports
        for layer in report.get("layers", ())
        if layer["layer"] == item.name
    ]
    best = [layer for layer, path in found if _begins(layer, path, item)]
    there = [layer for layer, _ in found if layer["verdict"] != Verdict.MISSING]
    return best or there or [layer for layer, _ in found[:1]], bool(best)


def _begins(layer: dict[str, Any], path: str, item: Item) -> bool:
    """Whether the item names the line in which the layer, of the file at that path, begins."""
    where = layer["where"]
    if not where or (where["cell"], where["line"]) != (item.cell, item.line):
        return False
    file = where["file"]
    return item.file == (path if file == path.rsplit("/", 1)[-1] else file)
