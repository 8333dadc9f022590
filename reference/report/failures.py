"""The refuted claims of a layer: what is wrong, the case, what is and what should be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from rich.text import Text

from trigrad.cases.case import Case
from trigrad.catalogue.columns import width, wrapped
from trigrad.claim.claim import Aspect
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import Quantity
from trigrad.contracts.schema import Kind
from trigrad.defaults import ENTRY_BY_ENTRY
from trigrad.messages import Message, joined
from trigrad.report import words
from trigrad.report.array_text import shown, telling_digits
from trigrad.report.labels import labelled
from trigrad.report.locations import place
from trigrad.report.programs import program_failure, program_failures
from trigrad.subject.face import DEFINITION, FUNCTION, Raised
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport


def failures(layer: LayerReport) -> Iterator[Text]:
    """Every refuted claim: those about one quantity together, broken laws after them."""
    if layer.kind in (Kind.ENGINE, Kind.OPTIMISER):
        yield from program_failures(layer)
        return
    by_quantity: dict[Quantity, list[Judgement]] = {}
    laws = []
    for judgement in layer.failures:
        if judgement.claim.about is None:
            laws.append(judgement)
        else:
            by_quantity.setdefault(judgement.claim.about, []).append(judgement)
    known: Case | None = None
    for group in by_quantity.values():
        yield from failure(layer, group, known)
        evidence = group[0].finding.evidence
        known = evidence.case if evidence is not None and evidence.raised is None else None
    if by_quantity and laws:
        broken = joined("list.sentences", dict.fromkeys(str(j.claim.words) for j in laws))
        yield from _wrapped(str(Message("also_refuted", claims=broken)))
    elif laws:
        for judgement in laws:
            yield from failure(layer, [judgement])


def first_failure(layer: LayerReport) -> Iterator[Text]:
    """What is refuted first, with the refuted claims about the same quantity."""
    for first in layer.failures[:1]:
        about = first.claim.about
        group = [j for j in layer.failures if j is first or (about and j.claim.about == about)]
        yield from failure(layer, group)


def diagnosis_lines(layer: LayerReport) -> Iterator[Text]:
    """What the witnesses say together, where they do."""
    for line in layer.diagnosis.lines if layer.diagnosis else ():
        yield from _wrapped(str(line))


def apart_lines(layer: LayerReport) -> Iterator[Text]:
    """Which layer or joint in a network is wrong, with its case."""
    apart = layer.diagnosis.apart if layer.diagnosis else None
    if apart is None:
        return
    for fault in apart.faults:
        yield from _wrapped(str(Message("apart.inside", sentence=fault.sentence)), style="bold")
        if fault.evidence is not None:
            yield from _case(fault.evidence)
            numbers = isinstance(fault.evidence.is_, np.ndarray)
            yield from _is_and_should_be(fault.evidence, words.both_agree() if numbers else "")
    if apart.rest is not None:
        yield from _wrapped(str(Message("apart.inside", sentence=apart.rest)))


def _wrapped(text: str, style: str = "") -> Iterator[Text]:
    for line in wrapped(text, 92):
        yield Text(f"    {line}", style=style)


def failure(
    layer: LayerReport, group: list[Judgement], known: Case | None = None
) -> Iterator[Text]:
    """The refuted claims about one quantity, with the evidence of the first.

    `known` is the case that was shown just before: a long one is not shown again.
    """
    first = group[0]
    evidence = first.finding.evidence
    assert evidence is not None, "a refutation comes with its evidence"
    if evidence.program:
        yield from program_failure(layer, group)
        return
    if evidence.raised is not None:
        yield from _raised(evidence.raised, evidence, layer, first)
        return
    wrong = words.with_name(layer, words.what_is_wrong(layer, group))
    yield Text(f"    {wrong}", style="bold")
    case = list(_case(evidence))
    if len(case) > 1 and known is not None and _same(evidence.case, known):
        case = [Text(labelled("label.case", str(Message("case.same"))))]
    yield from case
    if first.claim.contract.notation.remark:
        yield Text(labelled("label.where", first.claim.contract.notation.remark))
    yield from _is_and_should_be(evidence, words.agreement(layer, group))


def _same(one: Case | None, other: Case) -> bool:
    """Whether two cases have the same arrays."""
    if one is None or one.shown.keys() != other.shown.keys():
        return False
    return all(np.array_equal(one.shown[name], other.shown[name]) for name in other.shown)


def _raised(
    raised: Raised, evidence: Evidence, layer: LayerReport, judgement: Judgement
) -> Iterator[Text]:
    if raised.call == FUNCTION:
        raised = replace(raised, call=layer.name)
    yield Text(f"    {raised.sentence}", style="bold")
    if raised.where is not None:
        yield Text(labelled("label.at", f"{place(raised.where)}:  {raised.where.text}"))
    for hint in raised.hints:
        yield Text(labelled("label.hint", str(hint)))
    if judgement.claim.aspect not in (Aspect.STRUCTURE, Aspect.SHAPE):  # these only call
        while_ = Message("raised.while", claim=judgement.claim.words)
        yield Text(labelled("label.while", str(while_)))
    if raised.call != DEFINITION:  # it raised before any case was tried
        yield from _case(evidence)


def _case(evidence: Evidence) -> Iterator[Text]:
    if evidence.case is None:
        return
    arrays = evidence.case.shown
    if any(array.size > ENTRY_BY_ENTRY for array in arrays.values()):
        # Too large to be done by hand; the evidence names a few entries.
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        yield Text(labelled("label.case", str(Message("case.large", shapes=shapes))))
        return
    parts = [f"{name} = {shown(array)}" for name, array in arrays.items()]
    if all("\n" not in part for part in parts) and width("  ".join(parts)) <= 84:
        yield Text(labelled("label.case", "  ".join(parts)))
        return
    for number, part in enumerate(parts):
        label = "label.case" if number == 0 else ""
        margin = " " * (part.index("=") + 2)  # the rows of a matrix stand below each other
        for row, line in enumerate(part.split("\n")):
            yield Text(labelled("" if row else label, f"{margin if row else ''}{line}"))


def _is_and_should_be(evidence: Evidence, agreement: str) -> Iterator[Text]:
    digits = 6
    if isinstance(evidence.is_, np.ndarray) and isinstance(evidence.should_be, np.ndarray):
        digits = telling_digits(evidence.is_, evidence.should_be)
    pairs = [
        ("label.is", evidence.is_, "", "red"),
        ("label.should_be", evidence.should_be, agreement, "green"),
    ]
    for label, value, after, style in pairs:
        if value is None:
            continue
        text = shown(value, digits) if isinstance(value, np.ndarray) else str(value)
        lines = text.split("\n")
        for row, line in enumerate(lines):
            tail = f"         {after}" if after and row == len(lines) - 1 else ""
            yield Text(labelled("" if row else label, f"{line}{tail}"), style=style)
    if evidence.remark:
        said = Message("evidence.remark", what=evidence.what, remark=evidence.remark)
        yield Text(f"      {said}", style="dim")
