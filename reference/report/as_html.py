"""The report as HTML, for a notebook: the verdict first, what is wrong open, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from rich.text import Text

from trigrad.messages import Message
from trigrad.pictures.picture import picture
from trigrad.report import words
from trigrad.report.as_text import MARKS, footer, heading, layer_lines, suggestion_lines
from trigrad.report.locations import span
from trigrad.report.withholding import withheld
from trigrad.verdict.results import LayerReport, Results, Verdict

LARGEST = 24_000
"""The most characters of evidence that a report shows, in all: a notebook stores every output."""

PICTURES = 30_000
"""The most characters of all pictures."""

SHORTEST = 1_200
"""So many are shown of each layer, however many there are."""


@dataclass(frozen=True)
class _Line:
    text: str
    look: str
    """The class of CSS by which it is coloured."""


def as_html(report: Results) -> str:
    """The report as HTML without scripts, whose colours are those of the notebook's theme."""
    from jinja2 import Environment

    shown = [layer for layer in report.layers if layer.verdict is not Verdict.PASS]
    room = max(SHORTEST, LARGEST // max(1, len(shown)))
    layers = [_layer(layer, report, room) for layer in report.layers]
    for row, svg in zip(layers, _pictures(report), strict=True):
        row["picture"] = Markup(svg)  # made by us, of escaped text
    template = Environment(autoescape=True, trim_blocks=True).from_string(_PAGE)
    return template.render(
        language=report.language,
        title=report.error or words.summary(report),
        look="fail" if report.error or report.exit_status == 1 else "",
        heading="" if report.error else heading(report),
        layers=layers,
        notes=report.notes,
        unjudged=list(map(words.unjudged, report.unjudged)),
        again="" if report.error else words.run_again(report),
        footer="" if report.error else footer(report),
        say=Message,
    )


def _pictures(report: Results) -> Iterator[str]:
    """The picture of each layer that fails, as far as there is room; else ""."""
    room = PICTURES
    for layer in report.layers:
        fails = layer.verdict is Verdict.FAIL
        svg = (picture(withheld(layer, report.hints)) or "") if fails else ""
        svg = svg if len(svg) <= room else ""
        room -= len(svg)
        yield svg


def _layer(layer: LayerReport, report: Results, room: int) -> dict[str, object]:
    title, *rest = layer_lines(layer, report.hints)
    if layer.verdict is Verdict.MISSING:
        title = Text(f"{MARKS[layer.verdict][0]} {layer.name}")
        rest = [Text(f"    {Message('required.missing', path=report.path)}")]
    passes = layer.verdict is Verdict.PASS
    return {
        "title": title.plain.split("  ")[0],
        "after": words.passing(layer) if passes else span(withheld(layer, report.hints)),
        "verdict": layer.verdict.value,
        "details": list(_within(room, _lines(rest))),
        "suggestions": [line.text for line in _lines(suggestion_lines(layer, report.hints))],
    }


def _lines(rows: Iterable[Text]) -> list[_Line]:
    looks = {"bold": "what", "dim": "dim", "green": "good", "red": "bad", "yellow": "unsure"}
    return [_Line(row.plain.removeprefix("    "), looks.get(str(row.style), "")) for row in rows]


def _within(room: int, lines: Sequence[_Line]) -> list[_Line]:
    """The lines, with long ones cut and the middle of long blocks left out, so that they fit.

    A block is what has one label: the rows of a matrix. Its first and last rows are kept.
    """
    if sum(len(line.text) for line in lines) <= room:
        return list(lines)
    blocks: list[list[_Line]] = []
    for line in lines:
        if line.text.startswith("             ") and blocks:  # a row below its label
            blocks[-1].append(line)
        else:
            blocks.append([line])
    found: list[_Line] = []
    for block in blocks:
        kept = [*block[:4], *block[-2:]] if len(block) > 8 else block
        for number, line in enumerate(kept):
            if number == 4 and kept is not block:
                left_out = Message("html.rows", count=len(block) - len(kept))
                found.append(_Line(f"             {left_out}", "dim"))
            long = len(line.text) > _LONGEST
            found.append(_Line(f"{line.text[:_LONGEST]} …", line.look) if long else line)
    used = 0
    for number, line in enumerate(found):
        used += len(line.text)
        if used > room and number < len(found) - 1:
            more = Message("html.lines", count=len(found) - number)
            return [*found[:number], _Line(str(more), "dim")]
    return found


_LONGEST = 240
"""The most characters of a line, where all of them would be too many."""

# A theme is known by what each program says of itself: JupyterLab and Notebook 7, VS Code, Colab.
# Where a program takes the style away, the signs and the words are still there.
_PAGE = """\
<div class="trigrad" lang="{{ language }}">
<style>
.trigrad{--bad:#b3261e;--good:#1a7f37;--unsure:#8a5a00;--dim:#666}
[data-jp-theme-light="false"] .trigrad,.vscode-dark .trigrad,[theme="dark"] .trigrad,\
.dark .trigrad{--bad:#ff8a80;--good:#7ee08f;--unsure:#ffc457;--dim:#aaa}
.trigrad p{margin:.3em 0}
.trigrad pre{margin:.2em 0 .4em 1.4em;white-space:pre;overflow-x:auto;text-align:left;\
font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:none;\
color:inherit;line-height:1.35}
.trigrad summary{cursor:pointer}
.trigrad .fail,.trigrad .missing,.trigrad .bad{color:var(--bad)}
.trigrad .pass,.trigrad .good{color:var(--good)}
.trigrad .inconclusive,.trigrad .unimplemented,.trigrad .unsure{color:var(--unsure)}
.trigrad .dim{color:var(--dim)}
.trigrad .what{font-weight:bold}
.trigrad .folded{margin-left:1.4em}
.trigrad .drawn{margin:.2em 0 .4em 1.4em;overflow-x:auto}
</style>
<p class="{{ look }}"><b>{{ title }}</b></p>
{% for row in layers %}
{% if row.verdict == "pass" and not row.details %}
<p><span class="pass">{{ row.title }}</span> <span class="dim">{{ row.after }}</span></p>
{% else %}
<details{{ "" if row.verdict == "pass" else " open" }}><summary><b class="{{ row.verdict }}">\
{{ row.title }}</b> <span class="dim">{{ row.after }}</span></summary>
<pre>{% for line in row.details %}<span class="{{ line.look }}">{{ line.text }}</span>
{% endfor %}</pre>
{% if row.picture %}
<div class="drawn">{{ row.picture }}</div>
{% endif %}
</details>
{% endif %}
{% if row.suggestions %}
<details class="folded"><summary class="dim">\
{{ say("summary.suggestions", count=row.suggestions|length) }}</summary>\
<pre>{% for line in row.suggestions %}{{ line }}
{% endfor %}</pre></details>
{% endif %}
{% endfor %}
{% for line in unjudged %}
<p class="unsure">- {{ say("html.not_judged", what=line) }}</p>
{% endfor %}
{% if notes %}
<details><summary class="dim">{{ say("notes", count=notes|length) }}</summary>
<pre>{% for note in notes %}{{ note }}
{% endfor %}</pre></details>
{% endif %}
{% if footer %}
<p class="dim"><small>{{ heading }} · {{ footer }}</small></p>
{% if again %}
<p class="dim"><small>{{ again }}</small></p>
{% endif %}
{% endif %}
</div>
"""
