"""The report as text: in a terminal, with colours, or as a plain string."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.text import Text

from trigrad.catalogue.columns import width
from trigrad.claim.claim import Claim, Outcome
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.report import words
from trigrad.report.failures import apart_lines, diagnosis_lines, failure, failures, first_failure
from trigrad.report.fixes import repair_lines
from trigrad.report.locations import place, span, suggestion_place, with_place
from trigrad.report.withholding import withheld
from trigrad.verdict.results import LayerReport, Results, Verdict

MARKS = {
    Verdict.PASS: ("✓", "green"),
    Verdict.FAIL: ("✗", "bold red"),
    Verdict.INCONCLUSIVE: ("?", "yellow"),
    Verdict.UNIMPLEMENTED: ("…", "yellow"),
    Verdict.MISSING: ("✗", "bold red"),
}

WHERE_COLUMN = 52
"""The column in which places are printed, beside the layers' names."""


FOLDED = "report.suggestions"
"""Where a reader of the plain text finds the suggestions."""


def show(report: Results, console: Console, folded: str | None = FOLDED) -> None:
    """Print the report; lines are never cut, whatever the terminal's width.

    `folded` says where the suggestions are found, which are only counted; None: they are shown.
    """
    plain = not _can_show(console.encoding)
    for line in _lines(report, folded):
        shown_line = Text(line.plain.translate(_ASCII)) if plain else line
        console.print(shown_line, soft_wrap=True, highlight=False)


_ASCII = str.maketrans({"✓": "ok", "✗": "x ", "…": "...", "·": "|", "±": "+-", "→": "->"})


def _can_show(encoding: str) -> bool:
    """Whether a console's encoding has the marks; otherwise others in ASCII are used."""
    try:
        "✓✗…·±→".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def as_text(report: Results) -> str:
    """The report without colours."""
    console = Console(
        file=StringIO(),
        no_color=True,
        color_system=None,
        width=100,
        force_jupyter=False,  # in a notebook, rich would display the lines and write none here
    )
    show(report, console)
    file = console.file
    assert isinstance(file, StringIO), "given above"
    return file.getvalue().rstrip("\n")


def suggestions(report: Results) -> str:
    """The suggestions of all layers, one a line, below each layer's name."""
    rows = []
    for layer in report.layers:
        lines = [line.plain for line in suggestion_lines(layer, report.hints)]
        rows += [layer.name, *lines] if lines else []
    return "\n".join(rows)


def _lines(report: Results, folded: str | None) -> Iterator[Text]:
    if report.error is not None:
        yield Text(f"trigrad: {report.error}", style="bold red")
        yield from _notes(report)
        return
    yield Text(heading(report))
    yield from _notes(report)
    yield Text()
    files = {layer.where.file for layer in report.layers if layer.where}
    for layer in report.layers:
        if layer.verdict is not Verdict.MISSING:
            yield from layer_lines(layer, report.hints, whose=len(files) > 1)
            if folded is None:
                yield from suggestion_lines(layer, report.hints)
    for name in report.required:
        yield Text(f"✗ {name}  {words.why_missing(report, name)}", style="bold red")
    for unjudged in report.unjudged:
        # Why a whole file cannot be read names the file itself.
        not_judged = Message("not_judged", why=unjudged.why)
        named = str(Message("told.not_judged", name=unjudged.name, why=not_judged))
        what = unjudged.why if unjudged.whole else named
        at = place(unjudged.where) if unjudged.where else ""
        yield Text(f"- {with_place(what, at)}", style="yellow")
        if unjudged.todo:
            yield Text(f"    {unjudged.todo}")
    yield Text()
    yield Text(words.summary(report, folded), style="bold")
    yield Text(footer(report), style="dim")
    again = words.run_again(report)
    if again:
        yield Text(again)


def _notes(report: Results) -> Iterator[Text]:
    for note in report.notes:
        yield Text(str(Message("note", note=note)), style="dim")


def heading(report: Results) -> str:
    """The subject, and what was found in it."""
    layers = [layer for layer in report.layers if layer.verdict is not Verdict.MISSING]
    return f"{report.path} · {words.found(layers)}"


def footer(report: Results) -> str:
    """What tells this run from others: how many claims, the seed, the subject's fingerprint."""
    claims = Message("claims", count=sum(len(layer.judgements) for layer in report.layers))
    return str(Message("footer", claims=claims, seed=report.seed, sha256=report.sha256[:4]))


def layer_lines(layer: LayerReport, hints: Hints, *, whose: bool = False) -> Iterator[Text]:
    """One layer's part of the report, its title first, without its suggestions.

    `whose`: whether to name the file of a layer that passes.
    """
    layer = withheld(layer, hints)
    mark, style = MARKS[layer.verdict]
    name = with_place(f"{mark} {layer.name}", str(layer.reading or ""))
    title = Text(name, style=style)
    if layer.verdict is Verdict.PASS:
        title.append(f"{' ' * max(1, 30 - width(name))}", style="default")
        title.append(words.passing(layer), style="default")
        if whose and layer.where:
            gap = " " * max(2, WHERE_COLUMN - width(title.plain))
            title.append(f"{gap}{layer.where.file}", style="dim")
        yield title
    else:
        where = span(layer)
        title.append(" " * max(2, WHERE_COLUMN - width(name)) + where if where else "", "dim")
        yield title
    if layer.verdict is Verdict.FAIL:
        yield from failures(layer)
        yield from apart_lines(layer)
        yield from diagnosis_lines(layer)
        yield from repair_lines(layer, hints)
    if layer.verdict is Verdict.INCONCLUSIVE:
        for message in words.unsettled(layer):
            yield Text(f"    {message}", style="yellow")
        yield from first_failure(layer)  # of a layer whose inputs are guessed
        yield from apart_lines(layer)
        yield from diagnosis_lines(layer)
    for note in layer.notes:
        yield Text(f"    {note}", style="dim")


def suggestion_lines(layer: LayerReport, hints: Hints) -> Iterator[Text]:
    """The suggestions of a layer, each in one line."""
    layer = withheld(layer, hints)
    for judgement in layer.advice:
        said = words.suggestion(layer, judgement)
        at = with_place(said, suggestion_place(layer, judgement))
        yield Text(f"    {Message('suggestion', words=at)}")


def judgement_as_text(layer: LayerReport, claim: Claim, hints: Hints = Hints.FIX) -> str:
    """One claim of a layer with its evidence, without colours; the first line sums it up.

    If it is a must-claim that is refuted, the diagnosis and the fix follow.
    """
    layer = withheld(layer, hints)
    judgement = layer.judgement_of(claim)
    assert judgement is not None, "the layer was judged by that claim"
    said = str(judgement.finding.message)
    rows = [Text(f"{layer.name}: {with_place(said, span(layer))}")]
    if judgement.finding.outcome is Outcome.FAIL:
        rows += failure(layer, [judgement])
    if judgement.fails:
        rows += diagnosis_lines(layer)
        rows += repair_lines(layer, hints)
    return "\n".join(row.plain for row in rows)
