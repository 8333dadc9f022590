"""Places in a learner's text, in words: `cell 2, lines 14-15`."""

from __future__ import annotations

from collections.abc import Iterable

from trigrad.repair.line_changes import line_changes
from trigrad.subject.face import Where
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport


def place(where: Where) -> str:
    """`cell 2, line 14`, or `layers.py, line 14`."""
    file = "" if where.cell else f"{where.file}, "
    return f"{file}{_cell(where)}line {where.line}"


def _cell(where: Where) -> str:
    return f"cell {where.cell}, " if where.cell else ""


def beside(where: Where, layer: LayerReport) -> bool:
    """Whether a place is in the cell or file in which the layer is."""
    there = layer.where
    return there is not None and (where.file, where.cell) == (there.file, there.cell)


def seen_from(where: Where, layer: LayerReport) -> str:
    """A place as it is named where the layer is: `line 14`, `cell 3, line 7`, `b.py, line 2`."""
    if beside(where, layer):
        return f"line {where.line}"
    same_file = layer.where is not None and where.file == layer.where.file
    file = f"{where.file}, " if where.file and not same_file else ""
    return f"{file}{_cell(where)}line {where.line}"


def lines_in_words(numbers: Iterable[int]) -> str:
    """`line 14`, `lines 14-15`, `lines 14-15, 18`: each once, in order."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs]
    noun = "line" if len(runs) == 1 and len(runs[0]) == 1 else "lines"
    return f"{noun} {', '.join(parts)}"


def span(layer: LayerReport) -> str:
    """The lines that a verified repair changes; else the method that is wrong, or the whole."""
    if layer.where is None:
        return ""
    file = "" if layer.where.cell else f"{layer.where.file}, "
    return f"{file}{_cell(layer.where)}{lines_in_words(_wrong(layer) or _method(layer))}"


def _wrong(layer: LayerReport) -> list[int]:
    """The lines that the repair changes, where all of them are beside the layer."""
    changes = layer.repair.changes if layer.repair is not None else ()
    if not all(beside(change.where, layer) for change in changes):
        return []
    return [
        number for change in changes for piece in line_changes(change) for number in piece.numbers
    ]


def _method(layer: LayerReport) -> list[int]:
    assert layer.where is not None, "asked for only where there is a place"
    by_value = [j for j in layer.failures if j.claim.about]
    sides = {_side(layer, j) for j in by_value or layer.failures} - {""}
    method = sides.pop() if len(sides) == 1 else ""
    first, last = layer.lines.get(method) or layer.lines.get("", (layer.where.line,) * 2)
    return list(range(first, last + 1))


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


def advice_place(layer: LayerReport, judgement: Judgement) -> str:
    """` (cell 3, line 16)` behind advice, where its line or method is known."""
    raised = judgement.finding.evidence.raised if judgement.finding.evidence else None
    if raised is not None and raised.where is not None:
        return f" ({place(raised.where)})"
    for method in ("forward", "backward"):
        if judgement.claim.name.startswith(method) and method in layer.lines and layer.where:
            first, last = layer.lines[method]
            return f" ({_cell(layer.where)}{lines_in_words(range(first, last + 1))})"
    return ""
