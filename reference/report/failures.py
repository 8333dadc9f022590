"""What is wrong with a layer, refuted claim by claim: what is, what should be, the case."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import numpy as np
from rich.text import Text

from trigrad.claim.evidence import Evidence
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.report import words
from trigrad.report.locations import place
from trigrad.report.numbers import shown, telling_digits
from trigrad.subject.face import DEFINITION, Raised
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport

STRUCTURE = ("builds", "output shape", "backward runs")
"""Claims that only call; a call that raises in any other was a special one."""


def failures(layer: LayerReport) -> Iterator[Text]:
    """Every refuted claim: those about one quantity together, broken laws after them."""
    shown: set[str] = set()
    groups: dict[str, list[Judgement]] = {}
    for judgement in layer.failures:
        groups.setdefault(judgement.claim.about or judgement.claim.name, []).append(judgement)
    by_value = [g for g in groups.values() if g[0].claim.about]
    laws = [j for g in groups.values() if not g[0].claim.about for j in g]
    for group in by_value:
        yield from failure(layer, group)
        shown.update(j.claim.name for j in group)
    if by_value:
        if laws:
            broken = "; ".join(dict.fromkeys(j.claim.name for j in laws))
            yield from _wrapped(f"also refuted: {broken}")
    else:
        for judgement in laws:
            yield from failure(layer, [judgement])


def suspicion(layer: LayerReport) -> Iterator[Text]:
    """What the witnesses say together, where they do."""
    for line in layer.diagnosis.lines if layer.diagnosis else ():
        yield from _wrapped(line)


def _wrapped(text: str) -> Iterator[Text]:
    for line in textwrap.wrap(text, 92, break_long_words=False, break_on_hyphens=False):
        yield Text(f"    {line}")


def failure(layer: LayerReport, group: list[Judgement]) -> Iterator[Text]:
    """The refuted claims about one quantity, with the evidence of the first."""
    first = group[0]
    evidence = first.finding.evidence
    assert evidence is not None, "a refutation comes with its evidence"
    if evidence.raised is not None:
        yield from _raised(evidence.raised, evidence, layer.name, first)
        return
    wrong = words.what_is_wrong(layer, group)
    if wrong.startswith("it "):  # a function: it has no method to name
        wrong = f"{layer.name}{wrong.removeprefix('it')}"
    yield Text(f"    {wrong}", style="bold")
    yield from _case(evidence)
    if first.claim.contract.words.remark:
        yield Text(f"      where      {first.claim.contract.words.remark}")
    yield from _is_and_should_be(evidence, words.agreement(layer, group))


def _raised(raised: Raised, evidence: Evidence, name: str, judgement: Judgement) -> Iterator[Text]:
    sentence = raised.sentence
    if raised.call == "it":  # a function: it has no method to name
        sentence = f"{name}{sentence.removeprefix('it')}"
    yield Text(f"    {sentence}", style="bold")
    if raised.where is not None:
        yield Text(f"      at         {place(raised.where)}:  {raised.where.text}")
    for hint in raised.hints:
        yield Text(f"      hint       {hint}")
    if judgement.claim.name not in STRUCTURE:
        yield Text(f"      while      checking: {judgement.claim.name}")
    if raised.call != DEFINITION:  # no case had anything to do with it
        yield from _case(evidence)


def _case(evidence: Evidence) -> Iterator[Text]:
    if evidence.case is None:
        return
    arrays = evidence.case.shown
    if any(array.size > ENTRY_BY_ENTRY for array in arrays.values()):
        # No one does such a case by hand; the evidence names a few entries.
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        yield Text(f"      case       random numbers in the shapes {shapes}")
        return
    parts = [f"{name} = {shown(array)}" for name, array in arrays.items()]
    if all("\n" not in part for part in parts) and len("  ".join(parts)) <= 84:
        yield Text(f"      case       {'  '.join(parts)}")
        return
    for number, part in enumerate(parts):
        label = "case" if number == 0 else ""
        for row, line in enumerate(part.split("\n")):
            yield Text(f"      {label if row == 0 else '':<9}  {line}")


def _is_and_should_be(evidence: Evidence, agreement: str) -> Iterator[Text]:
    digits = 6
    if isinstance(evidence.is_, np.ndarray) and isinstance(evidence.should_be, np.ndarray):
        digits = telling_digits(evidence.is_, evidence.should_be)
    pairs = [("is", evidence.is_, ""), ("should be", evidence.should_be, agreement)]
    for label, value, after in pairs:
        if value is None:
            continue
        text = value if isinstance(value, str) else shown(value, digits)
        lines = text.split("\n")
        for row, line in enumerate(lines):
            tail = f"         {after}" if after and row == len(lines) - 1 else ""
            yield Text(f"      {label if row == 0 else '':<9}  {line}{tail}")
    if evidence.remark:
        yield Text(f"      ({evidence.what}; {evidence.remark})", style="dim")
