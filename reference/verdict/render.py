"""The report as a person reads it: in a terminal (rich) and in a notebook (a table)."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from io import StringIO

import numpy as np
from rich.console import Console
from rich.text import Text

from reference.claim import Outcome
from reference.defaults import ENTRY_BY_ENTRY
from reference.report import Judgement, LayerReport, Report, Verdict
from reference.subject.face import DEFINITION, Raised, Where
from reference.verdict import words
from reference.verdict.arrays import shown, telling_digits
from reference.verdict.evidence import Evidence

MARKS = {
    Verdict.PASS: ("✓", "green"),
    Verdict.FAIL: ("✗", "bold red"),
    Verdict.INCONCLUSIVE: ("?", "yellow"),
    Verdict.UNIMPLEMENTED: ("…", "yellow"),
    Verdict.MISSING: ("✗", "bold red"),
}

WHERE_COLUMN = 52
"""Where places are printed: beside the layers' names, in one column."""

STRUCTURE = ("builds", "output shape", "backward runs")
"""Claims that only call; a call that raises in any other was a special one."""


def show(report: Report, console: Console) -> None:
    """Print the report; lines are never cut, whatever the terminal's width."""
    plain = not _can_show(console.encoding)
    for line in _lines(report):
        shown_line = Text(line.plain.translate(_ASCII)) if plain else line
        console.print(shown_line, soft_wrap=True, highlight=False)


_ASCII = str.maketrans({"✓": "ok", "✗": "x ", "…": "...", "·": "|", "±": "+-", "→": "->"})


def _can_show(encoding: str) -> bool:
    """Whether a console can show the marks; one that can't gets others, not all the same."""
    try:
        "✓✗…·±".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def as_text(report: Report) -> str:
    """The report without colours."""
    console = Console(file=StringIO(), no_color=True, color_system=None, width=100)
    show(report, console)
    file = console.file
    assert isinstance(file, StringIO), "given above"
    return file.getvalue().rstrip("\n")


def _lines(report: Report) -> Iterator[Text]:
    if report.error is not None:
        yield Text(f"trigrad: {report.error}", style="bold red")
        for note in report.notes:
            yield Text(f"note: {note}", style="dim")
        return
    yield Text(heading(report))
    for note in report.notes:
        yield Text(f"note: {note}", style="dim")
    yield Text()
    files = {layer.where.file for layer in report.layers if layer.where}
    for layer in report.layers:
        if layer.verdict is not Verdict.MISSING:
            yield from layer_lines(layer, whose=len(files) > 1)
    for name in report.required:
        there = any(u.layer == name for u in report.unjudged)
        why = "required, and can't be judged" if there else f"required, and not in {report.path}"
        yield Text(f"✗ {name}  {why}", style="bold red")
    for unjudged in report.unjudged:
        place = f"  ({_place(unjudged.where)})" if unjudged.where else ""
        yield Text(f"- {unjudged.name}: not judged, {unjudged.why}{place}", style="yellow")
    yield Text()
    yield Text(words.summary(report), style="bold")
    again = words.run_again(report)
    if again:
        yield Text(again)


def heading(report: Report) -> str:
    """Subject, fingerprint, what was found, how many claims, seed: in one line."""
    found = [layer for layer in report.layers if layer.verdict is not Verdict.MISSING]
    missing = [layer.layer for layer in report.layers if layer.verdict is Verdict.MISSING]
    parts = [report.path, f"sha256 {report.sha256[:4]}…", words.counted(found, missing)]
    claims = sum(len(layer.judgements) for layer in found)
    return " · ".join([*parts, words.plural(claims, "claim"), f"seed {report.seed}"])


def layer_lines(layer: LayerReport, *, whose: bool = False) -> Iterator[Text]:
    """One layer's part of the report, its title first; `whose` names the file where it passes."""
    mark, style = MARKS[layer.verdict]
    reading = next((n for n in layer.notes if n.startswith("read as")), "")
    name = f"{mark} {layer.name}" + (f" ({reading})" if reading else "")
    notes = [note for note in layer.notes if note != reading]
    title = Text(name, style=style)
    if layer.verdict is Verdict.PASS:
        title.append(f"{' ' * max(1, 30 - len(name))}", style="default")
        title.append(words.passing(layer), style="default")
        if whose and layer.where:
            title.append(f"  {layer.where.file}", style="dim")
        yield title
    else:
        where = span(layer)
        title.append(" " * max(2, WHERE_COLUMN - len(name)) + where if where else "", "dim")
        yield title
    if layer.verdict is Verdict.FAIL:
        yield from _failures(layer)
    if layer.verdict is Verdict.INCONCLUSIVE:
        for message in words.unsettled(layer):
            yield Text(f"    {message}", style="yellow")
    for note in notes:
        yield Text(f"    {note}", style="dim")
    for judgement in layer.advice:
        yield Text(f"    advice: {judgement.finding.message}{_advice_place(layer, judgement)}")


def _advice_place(layer: LayerReport, judgement: Judgement) -> str:
    raised = judgement.finding.evidence.raised if judgement.finding.evidence else None
    if raised is not None and raised.where is not None:
        return f" ({_place(raised.where)})"
    for method in ("forward", "backward"):
        if judgement.claim.name.startswith(method) and method in layer.lines and layer.where:
            return f" ({_cell(layer.where)}{_range(*layer.lines[method])})"
    return ""


def _failures(layer: LayerReport) -> Iterator[Text]:
    """Every refuted claim: those about one quantity together, broken laws after them."""
    shown: set[str] = set()
    groups: dict[str, list[Judgement]] = {}
    for judgement in layer.failures:
        groups.setdefault(judgement.claim.about or judgement.claim.name, []).append(judgement)
    by_value = [g for g in groups.values() if g[0].claim.about]
    laws = [j for g in groups.values() if not g[0].claim.about for j in g]
    for group in by_value:
        yield from _failure(layer, group)
        shown.update(j.claim.name for j in group)
    if by_value:
        if laws:
            broken = "; ".join(dict.fromkeys(j.claim.name for j in laws))
            yield from _wrapped(f"also refuted: {broken}")
    else:
        for judgement in laws:
            yield from _failure(layer, [judgement])
    for line in layer.diagnosis.lines if layer.diagnosis else ():
        yield from _wrapped(line)


def _wrapped(text: str) -> Iterator[Text]:
    for line in textwrap.wrap(text, 92, break_long_words=False, break_on_hyphens=False):
        yield Text(f"    {line}")


def _failure(layer: LayerReport, group: list[Judgement]) -> Iterator[Text]:
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
    if first.claim.contract.remark:
        yield Text(f"      where      {first.claim.contract.remark}")
    yield from _is_and_should_be(evidence, words.agreement(layer, group))


def _raised(raised: Raised, evidence: Evidence, name: str, judgement: Judgement) -> Iterator[Text]:
    sentence = raised.sentence
    if raised.call == "it":  # a function: it has no method to name
        sentence = f"{name}{sentence.removeprefix('it')}"
    yield Text(f"    {sentence}", style="bold")
    if raised.where is not None:
        yield Text(f"      at         {_place(raised.where)}:  {raised.where.text}")
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


def _cell(where: Where) -> str:
    return f"cell {where.cell}, " if where.cell else ""


def _place(where: Where) -> str:
    file = "" if where.cell else f"{where.file}, "
    return f"{file}{_cell(where)}line {where.line}"


def span(layer: LayerReport) -> str:
    """The lines of the method that is wrong, or of the whole."""
    if layer.where is None:
        return ""
    by_value = [j for j in layer.failures if j.claim.about]
    sides = {_side(layer, j) for j in by_value or layer.failures} - {""}
    method = sides.pop() if len(sides) == 1 else ""
    first, last = layer.lines.get(method) or layer.lines.get("", (layer.where.line,) * 2)
    file = "" if layer.where.cell else f"{layer.where.file}, "
    return f"{file}{_cell(layer.where)}{_range(first, last)}"


def _range(first: int, last: int) -> str:
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _side(layer: LayerReport, judgement: Judgement) -> str:
    """Which method a refuted claim is about; one of another name has the lines of its side."""
    evidence = judgement.finding.evidence
    if evidence is not None and evidence.raised is not None:
        call = evidence.raised.call
        lines = layer.lines.get(call)
        alike = [s for s in ("forward", "backward") if lines and layer.lines.get(s) == lines]
        return call if call in ("forward", "backward") else next(iter(alike), "")
    if judgement.claim.about == "output":
        return "forward"
    return "backward" if judgement.claim.about.startswith("gradient") else ""


def judgement_as_text(layer: LayerReport, judgement: Judgement) -> str:
    """One claim of a layer with its evidence, without colours; the first line says it all."""
    finding = judgement.finding
    where = f" ({span(layer)})" if layer.where else ""
    lines = [f"{layer.name}: {finding.message}{where}"]
    if finding.outcome is Outcome.FAIL:
        lines += [line.plain for line in _failure(layer, [judgement])]
    return "\n".join(lines)
