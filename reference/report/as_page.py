"""The report as one HTML page: no script, and nothing from elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup
from rich.text import Text

from trigrad.claim.evidence import Evidence
from trigrad.hints import Hints
from trigrad.messages import Message, joined
from trigrad.pictures.picture import picture
from trigrad.report import words
from trigrad.report.array_text import shown
from trigrad.report.as_text import MARKS, footer, heading, layer_lines
from trigrad.report.labels import labelled
from trigrad.report.locations import beside, span, suggestion_place, with_place, wrong_lines
from trigrad.report.matrices import Compared, compared
from trigrad.report.withholding import withheld
from trigrad.subject.source.text import one_line
from trigrad.trial.judgement import Judgement
from trigrad.verdict.results import LayerReport, Results, Verdict

SHORT = 60
"""A case of fewer characters is one line, on a telephone too."""


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    wrong: bool


@dataclass(frozen=True)
class _Failure:
    """What is wrong about one quantity, on its case."""

    sentence: str
    case: Sequence[str] = ()
    compared: Compared | None = None
    agreement: str = ""
    rest: Sequence[str] = ()
    """The report's own lines, where there are no two arrays to compare."""


def as_page(report: Results) -> str:
    """The whole report; pictures are there if it was asked to draw."""
    from jinja2 import Environment, StrictUndefined  # only here

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    folder = files("trigrad.report")
    template = environment.from_string(folder.joinpath("page.html").read_text("utf-8"))
    return template.render(
        say=Message,
        css=Markup(folder.joinpath("page.css").read_text("utf-8")),
        language=report.language,
        heading=report.error or heading(report),
        summary="" if report.error else words.summary(report),
        footer="" if report.error else footer(report),
        notes=report.notes,
        unjudged=list(map(words.unjudged, report.unjudged)),
        cards=[_card(layer, report) for layer in report.layers],
    )


def _card(whole: LayerReport, report: Results) -> dict[str, object]:
    layer = withheld(whole, report.hints)
    svg = picture(layer)
    if layer.verdict is Verdict.MISSING:
        lines = [str(Message("required.missing", path=report.path))]
    else:
        lines = list(_plain(layer_lines(whole, report.hints)))[1:]
    return {
        "mark": MARKS[layer.verdict][0],
        "name": layer.name,
        "verdict": layer.verdict.value,
        "verdict_words": str(Message(f"verdict.{layer.verdict}")),
        "where": span(layer),
        "passing": words.passing(layer) if layer.verdict is Verdict.PASS else "",
        "failures": list(_failures(layer)) if layer.verdict is Verdict.FAIL else [],
        "also": _also(layer),
        "diagnosis": [str(line) for line in layer.diagnosis.lines] if layer.diagnosis else [],
        "source": list(_source(layer)),
        "fix": list(_fix(layer, report.hints)),
        "drawbacks": _drawbacks(layer),
        "picture": Markup(svg) if svg else "",  # made by us, of escaped text
        "advice": [
            with_place(words.suggestion(layer, judgement), suggestion_place(layer, judgement))
            for judgement in layer.advice
        ],
        "lines": lines,
    }


def _failures(layer: LayerReport) -> Iterator[_Failure]:
    """The refuted claims about each quantity; broken laws only where there are none of these."""
    groups: dict[object, list[Judgement]] = {}
    for judgement in layer.failures:
        groups.setdefault(judgement.claim.about or judgement.claim.name, []).append(judgement)
    by_quantity = [group for group in groups.values() if group[0].claim.about]
    for group in by_quantity or groups.values():
        evidence = group[0].finding.evidence
        if evidence is not None and evidence.steps is not None:
            yield _steps(group[0], evidence)
            continue
        if evidence is None or evidence.raised is not None or evidence.program:
            continue  # the report's own lines say it
        sentence = str(words.with_name(layer, words.what_is_wrong(layer, group)))
        both = compared(evidence.is_, evidence.should_be)
        pairs = (("label.is", evidence.is_), ("label.should_be", evidence.should_be))
        rest = [labelled(k, _shown(v)).strip() for k, v in pairs if v is not None]
        case = evidence.case.shown if evidence.case else {}
        parts = [f"{name} = {_shown(array)}" for name, array in case.items()]
        short = sum(map(len, parts)) < SHORT and "\n" not in "".join(parts)
        yield _Failure(
            sentence,
            ["   ".join(parts)] if short else parts,
            both,
            words.agreement(layer, group),
            () if both else rest,
        )


def _steps(judgement: Judgement, evidence: Evidence) -> _Failure:
    """A number of an optimiser's after each step, beside what it should be."""
    assert evidence.steps is not None, "it was asked before"
    is_, due = (each.reshape(-1, 1) for each in evidence.steps)
    case = [*evidence.program, str(Message("optimiser.each_step"))]
    sentence = str(judgement.finding.message)
    return _Failure(sentence, case, compared(is_, due), str(evidence.remark or ""))


def _also(layer: LayerReport) -> str:
    """The laws that are broken beside what is wrong about a quantity."""
    laws = [str(j.claim.words) for j in layer.failures if j.claim.about is None]
    if not laws or len(laws) == len(layer.failures):
        return ""
    return str(Message("also_refuted", claims=joined("list.sentences", dict.fromkeys(laws))))


def _shown(value: object) -> str:
    from numpy import ndarray

    if not isinstance(value, ndarray):
        return str(value)
    return shown(value) if value.size <= 64 else str(Message("shape.array", shape=str(value.shape)))


def _source(layer: LayerReport) -> Iterator[_Line]:
    if layer.where is None:
        return
    first = layer.lines.get("", (layer.where.line, 0))[0]
    wrong = set(wrong_lines(layer)) if layer.verdict is Verdict.FAIL else set()
    for number, text in enumerate(layer.text, first):
        yield _Line(number, text, number in wrong)


def _fix(layer: LayerReport, hints: Hints) -> Iterator[str]:
    """The lines of a diff of each change, without its header."""
    if layer.repair is None or not layer.repair.verified or not hints.shows_fix:
        return
    for change in layer.repair.changes:
        here = beside(change.where, layer)
        lines = str(Message("place.lines", numbers=str(change.where.line), count=1))
        file = change.where.file
        at = lines if here else Message("place.in_file", file=file, lines=lines)
        yield f"@@ {at} @@"
        before, after = change.before.splitlines(), change.after.splitlines()
        for line in list(difflib.unified_diff(before, after, n=1, lineterm=""))[3:]:
            yield one_line(line)


def _drawbacks(layer: LayerReport) -> list[str]:
    drawbacks = layer.repair.drawbacks if layer.repair is not None else ()
    return [str(Message("repair.side_effect", drawback=each)) for each in drawbacks]


def _plain(lines: Iterator[Text]) -> Iterator[str]:
    return (line.plain.removeprefix("    ") for line in lines)
