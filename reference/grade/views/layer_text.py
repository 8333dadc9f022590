"""A layer of a report in JSON as lines of text, with what a level of hints allows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from trigrad.catalogue.columns import padded, width
from trigrad.catalogue.in_force import in_force
from trigrad.claim.claim import Outcome, Severity, Witness
from trigrad.contracts.schema import Array
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.grade.views.marks import Mark, mark_of_layer
from trigrad.grade.views.plain_text import code_line, on_one_line, place_of
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.report.array_text import shown
from trigrad.report.locations import lines_in_words
from trigrad.report.withholding import without_fixes

Json = dict[str, Any]

WIDTH = 84
"""Characters of a case that fit on one line."""

_LABEL = 10
"""The column in which numbers stand, behind "should be"."""


def text_of(layer: Json, hints: Hints) -> Iterator[str]:
    """What is wrong with a layer, undecided or not written, in lines; nothing if it is right."""
    mark = mark_of_layer(layer)
    if mark is Mark.FAIL:
        yield from _failures(layer, hints)
        yield from _diagnosis(layer, hints)
    elif mark is Mark.UNDECIDED:
        yield from _undecided(layer)
    elif mark is Mark.ABSENT:
        yield from map(on_one_line, layer["notes"] or [str(Message("told.absent"))])


def suggestions(layer: Json) -> Iterator[str]:
    """The refuted should-claims, a line each."""
    for claim in layer["claims"]:
        if claim["severity"] == Severity.SHOULD and claim["outcome"] == Outcome.FAIL:
            said = without_fixes(claim["message"])
            yield on_one_line(str(Message("suggestion", words=said)))


def _failures(layer: Json, hints: Hints) -> Iterator[str]:
    """The first refuted claim of each quantity with its case; the broken laws by their names."""
    refuted = [c for c in layer["claims"] if _refuted(c)]
    # That of the learner's own forward first: it needs no other library to be understood.
    refuted.sort(key=lambda claim: claim["witness"] != Witness.FINITE_DIFFERENCES)
    by_value = [c for c in refuted if c["witness"] != Witness.LAWS]
    laws = [c for c in refuted if c["witness"] == Witness.LAWS]
    first: dict[str, Json] = {}
    for claim in by_value or laws:
        first.setdefault(claim["evidence"]["what"], claim)
    case = None
    for claim in first.values():
        yield on_one_line(quiet(claim["message"], hints))
        yield from _evidence(claim["evidence"], hints, case)
        case = claim["evidence"]["case"]
    if by_value and laws:
        names = dict.fromkeys(_law(claim["claim"]) for claim in laws)
        yield on_one_line(str(Message("also_refuted", claims="; ".join(names))))


def _law(name: str) -> str:
    """The name of a law for a reader; the record has the one that is never translated."""
    key = f"claim.{name}"
    return str(Message(key)) if key in in_force().templates else name


def quiet(words: str, hints: Hints) -> str:
    """A message without the fix in it, unless the hints show that."""
    return words if hints.shows_fix else without_fixes(words)


def _refuted(claim: Json) -> bool:
    return (
        claim["severity"] == Severity.MUST
        and claim["outcome"] == Outcome.FAIL
        and claim["evidence"] is not None
    )


def _evidence(evidence: Json, hints: Hints, known: Json | None = None) -> Iterator[str]:
    """The case, what is and what should be; `known` is the case that was shown just before."""
    if evidence.get("program"):
        yield from _labelled("label.case", map(on_one_line, evidence["program"]))
    elif evidence["case"] and evidence["case"] == known:
        yield from _labelled("label.case", [str(Message("case.same"))])
    elif evidence["case"]:
        yield from _labelled("label.case", _case(evidence["case"]))
    raised = evidence["raised"]
    if raised is not None:
        if hints.names_lines and raised["where"]:
            where = raised["where"]
            yield from _labelled(
                "label.at", [place_of(where["file"], where["cell"], where["line"])]
            )
            for hint in raised["hints"]:
                yield from _labelled("label.hint", [on_one_line(quiet(hint, hints))])
        return
    if evidence["is"] is not None:
        yield from _labelled("label.is", [_value(evidence["is"])])
    if evidence["should_be"] is not None and hints.names_lines:
        yield from _labelled("label.should_be", [_value(evidence["should_be"])])
    if evidence["remark"]:
        yield f"  ({on_one_line(evidence['remark'])})"


def _case(case: Json) -> list[str]:
    """The arrays, on one line if they fit; their shapes if they are too large to be read."""
    arrays = {name: _array(value) for name, value in case.items()}
    if any(array.size > ENTRY_BY_ENTRY for array in arrays.values()):
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        return [str(Message("case.large", shapes=shapes))]
    parts = [f"{name} = {_value(value)}" for name, value in case.items()]
    together = "  ".join(parts)
    return [together] if width(together) <= WIDTH else parts


def _value(value: Any) -> str:
    if isinstance(value, str):
        return on_one_line(value)
    return " ".join(shown(_array(value)).split("\n"))


def _array(value: Any) -> Array:
    """An array of a report, in which NaN and infinity are words."""
    found = np.array(value)
    return found if found.dtype.kind in "biu" else np.array(value, dtype=float)


def _labelled(label: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        word = str(Message(label)) if number == 0 else ""
        yield f"  {padded(word, _LABEL)} {line}"


def _diagnosis(layer: Json, hints: Hints) -> Iterator[str]:
    """The side of the mistake and its lines with `line`; the mistake and the fix with `fix`."""
    if not hints.names_lines:
        return
    for fault in (layer["network"] or {}).get("faults", ()):
        yield on_one_line(str(Message("apart.inside", sentence=fault["message"])))
        if fault["evidence"] is not None:
            yield from _evidence(fault["evidence"], hints)
    said = layer["diagnosis"] if hints.shows_fix else layer["side"]
    if said:
        yield on_one_line(said)
    repair = layer["repair"]
    if repair is None:
        return
    if repair["verified"] and hints.shows_fix:
        yield str(Message("repair.verified_but" if repair["drawbacks"] else "repair.verified"))
        for edit in repair["edits"]:
            yield from _edit(edit)
    elif repair["verified"]:
        yield str(Message("repair.mistake", places=_places(repair["edits"])))
    elif repair["suspects"]:
        yield str(Message("told.suspected", places=_places(repair["suspects"])))


def _edit(edit: Json) -> Iterator[str]:
    """The line before and after, without the indentation that both have."""
    yield f"  {place_of(edit['file'], edit['cell'], edit['line'])}"
    texts = [("-", edit["before"]), ("+", edit["after"])]
    there = [(sign, code_line(text)) for sign, text in texts if text and text.strip()]
    dedented = textwrap.dedent("\n".join(text for _, text in there)).split("\n")
    for (sign, _), text in zip(there, dedented, strict=True):
        yield f"    {sign} {text}"


def _places(edits: list[Json]) -> str:
    """`layers.py, lines 14-15`: the lines, by file and cell."""
    by_place: dict[tuple[str, int | None], list[int]] = {}
    for edit in edits:
        by_place.setdefault((edit["file"], edit["cell"]), []).append(edit["line"])
    places = (_place(file, cell, lines) for (file, cell), lines in by_place.items())
    return "; ".join(places)


def _place(file: str, cell: int | None, numbers: list[int]) -> str:
    lines = lines_in_words(numbers)
    if cell is None:
        return str(Message("place.in_file", file=file, lines=lines))
    return str(Message("place.in_file_and_cell", file=file, cell=cell, lines=lines))


def _undecided(layer: Json) -> Iterator[str]:
    if layer["undecided"]:
        yield on_one_line(layer["undecided"])
    messages = [
        claim["message"]
        for claim in layer["claims"]
        if claim["outcome"] == Outcome.INCONCLUSIVE and claim["severity"] == Severity.MUST
    ]
    yield from map(on_one_line, dict.fromkeys(filter(None, messages)))
