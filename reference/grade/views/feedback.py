"""`feedback/ID.md` and `feedback/ID.html`: what a student reads of the own submission."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trigrad.grade.record import Record, Run
from trigrad.grade.views.marks import Mark
from trigrad.grade.views.pages import CLASSES, rendered
from trigrad.grade.views.plain_text import in_markdown, legal, shown_name
from trigrad.grade.views.told import Told, hints_of, points_of, remarks, told
from trigrad.messages import Message
from trigrad.report.locations import with_place


def feedback_md(run: Run, record: Record) -> str:
    """The feedback in Markdown. A student's own text is in it, too, and shown as it is."""
    hints = hints_of(run)
    said = told(record, hints)
    points = points_of(record.grade.points, record.grade.of)
    parts = [f"# {in_markdown(shown_name(record.name))}", f"**{points}**"]
    notes = [f"- {in_markdown(each)}" for each in remarks(record, hints)]
    parts.append("\n".join(notes))
    parts.append("\n".join(_table([each for each in said if each.item is not None])))
    parts.extend(part for each in _explained(said) for part in _section(each))
    return "\n\n".join(filter(None, parts)) + "\n"


def _table(items: Sequence[Told]) -> Iterator[str]:
    if items:
        heads = ("feedback.layer", "feedback.points", "feedback.why")
        yield f"| | {' | '.join(in_markdown(str(Message(head))) for head in heads)} |"
        yield "|---|---|---|---|"
    for each in items:
        cells = [each.mark.value, in_markdown(each.name), each.short_points, in_markdown(each.why)]
        yield f"| {' | '.join(cells)} |"


def _section(each: Told) -> Iterator[str]:
    yield f"## {each.mark} {with_place(in_markdown(each.name), in_markdown(each.place))}"
    if each.lines:
        text = legal("\n".join(each.lines))
        fence = "`" * max(3, 1 + _longest_run(text))
        yield f"{fence}text\n{text}\n{fence}"
    if each.suggestions:
        yield "\n".join(f"- {in_markdown(line)}" for line in each.suggestions)


def _longest_run(text: str) -> int:
    """How many backticks stand together in a text, at most."""
    longest = run = 0
    for character in text:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest


def _explained(said: Sequence[Told]) -> list[Told]:
    """Those of which there is more to say than that they are right."""
    return [each for each in said if each.lines or each.suggestions]


def feedback_html(run: Run, record: Record) -> str:
    """The same as a page."""
    hints = hints_of(run)
    said = told(record, hints)
    return rendered(
        "feedback",
        name=shown_name(record.name),
        points=str(points_of(record.grade.points, record.grade.of)),
        remarks=list(remarks(record, hints)),
        items=[_shown(each) for each in said if each.item is not None],
        details=[_shown(each) for each in _explained(said)],
    )


def _shown(each: Told) -> dict[str, object]:
    mark: Mark = each.mark
    return {
        "mark": mark.value,
        "words": str(mark.words),
        "kind": CLASSES[mark],
        "name": each.name,
        "points": each.short_points,
        "why": each.why,
        "place": each.place,
        "lines": [legal(line) for line in each.lines],
        "suggestions": each.suggestions,
    }
