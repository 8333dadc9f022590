"""The report as a table, for a notebook."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.report import words
from trigrad.report.as_text import MARKS, footer, heading, layer_lines
from trigrad.report.locations import span
from trigrad.report.withholding import withheld
from trigrad.verdict.results import LayerReport, Results, Verdict


def as_html(report: Results) -> str:
    """The report as an HTML table, for a notebook."""
    from jinja2 import Environment

    template = Environment(autoescape=True).from_string(_TABLE)
    rows = [
        {
            "mark": MARKS[layer.verdict][0],
            "name": layer.name,
            "verdict": layer.verdict.value,
            "where": span(withheld(layer, report.hints)),
            "details": "\n".join(_plain(_details(layer, report.hints, report.path))),
        }
        for layer in report.layers
    ]
    title = report.error or heading(report)
    unjudged = ["; ".join(filter(None, (f"{u.name}: {u.why}", u.todo))) for u in report.unjudged]
    return template.render(
        heading=title,
        rows=rows,
        notes=report.notes,
        unjudged=unjudged,
        summary="" if report.error else words.summary(report),
        footer="" if report.error else footer(report),
    )


def _details(layer: LayerReport, hints: Hints, path: str) -> Iterable[Text]:
    if layer.verdict is Verdict.MISSING:
        return [Text(str(Message("required.missing", path=path)))]
    _, *rest = layer_lines(layer, hints)
    return rest or [Text(words.passing(layer))]


def _plain(lines: Iterable[Text]) -> list[str]:
    return [line.plain.removeprefix("    ") for line in lines]


_TABLE = """\
<p>{{ heading }}</p>
{% for note in notes %}<p><small>note: {{ note }}</small></p>{% endfor %}
{% if rows %}<table>
<thead><tr><th></th><th>layer</th><th>verdict</th><th>where</th><th>details</th></tr></thead>
<tbody>{% for row in rows %}
<tr><td>{{ row.mark }}</td><td>{{ row.name }}</td><td>{{ row.verdict }}</td>
<td>{{ row.where }}</td><td><pre style="text-align:left">{{ row.details }}</pre></td></tr>
{%- endfor %}
</tbody></table>{% endif %}
{% for line in unjudged %}<p>not judged: {{ line }}</p>{% endfor %}
{% if summary %}<p><b>{{ summary }}</b></p>
<p><small>{{ footer }}</small></p>{% endif %}
"""
