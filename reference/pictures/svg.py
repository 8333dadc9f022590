"""A graph as SVG: static, without scripts, ids or anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from trigrad.catalogue.columns import wrapped
from trigrad.catalogue.in_force import language_in_force
from trigrad.messages import Message
from trigrad.pictures.graph import Arrow, Form, Graph
from trigrad.pictures.layout import CHARACTER, LINE, RADIUS, Box, Laid, laid_out, width_of

_STYLE = """
.tg{background:#fff;font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace}
.tg text{fill:#1a1a1a}.tg .g{fill:#0b57a4;font-style:italic}.tg .w{fill:#a40000;font-weight:bold}
.tg .k{fill:#5a5a5a}.tg path{fill:none;stroke:#555;stroke-width:1.3}.tg .h{fill:#555;stroke:none}
.tg .n{fill:#f3f0e6;stroke:#555;stroke-width:1.3}.tg .f{fill:#555}
.tg path.b{stroke:#a40000;stroke-width:3;stroke-dasharray:7 4}.tg path.c{fill:#a40000;stroke:none}
@media(prefers-color-scheme:dark){.tg{background:#1c1c1c}.tg text{fill:#eee}
.tg .g{fill:#8ec5ff}.tg .w{fill:#ff9d94}.tg .k{fill:#aaa}.tg path{stroke:#aaa}
.tg .h,.tg .f{fill:#aaa}.tg .n{fill:#33312b;stroke:#aaa}
.tg path.b{stroke:#ff9d94}.tg path.c{fill:#ff9d94}}
"""

HEAD = 6.0

NARROW = 44
"""A note has lines of so many characters at least."""


def as_svg(graph: Graph, title: str, description: str) -> str:
    """The picture; `title` and `description` are what a screen reader reads."""
    laid = laid_out(graph)
    there = any(arrow.gradient for arrow in graph.arrows)
    legend = str(Message("picture.legend")) if there else ""
    note = wrapped(graph.note, max(NARROW, int(laid.width / CHARACTER) - 4))
    below = [*((line, "w") for line in note), *([(legend, "k")] if legend else [])]
    width = max(laid.width, *(width_of(line) + 24 for line, _ in below), 0.0)
    height = laid.height + (LINE * len(below) + 8 if below else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tg" role="img"{_language()} '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>",
        f"<style>{_STYLE.strip()}</style>",
        *_arrows(laid),
        *_nodes(laid.boxes),
    ]
    for place, (line, kind) in enumerate(reversed(below)):
        parts.append(_text(12, height - 9 - LINE * place, line, kind))
    return "\n".join((*parts, "</svg>\n"))


def _language() -> str:
    """The language, by which a browser chooses a font; it needs none for English."""
    tag = language_in_force()
    return "" if tag == "en" else f' lang="{tag}" xml:lang="{tag}"'


def _nodes(boxes: Sequence[Box]) -> Iterator[str]:
    for box in boxes:
        node = box.node
        if node is None:
            continue
        middle = box.x + box.width / 2
        shape = ""
        match node.form:
            case Form.CIRCLE:
                shape = f'<circle class="n" cx="{middle:.1f}" cy="{box.y:.1f}" r="{RADIUS:g}"/>'
            case Form.BOX:
                shape = (
                    f'<rect class="n" x="{box.x:.1f}" y="{box.y - RADIUS:.1f}" rx="8" '
                    f'width="{box.width:.1f}" height="{2 * RADIUS:g}"/>'
                )
            case Form.FORK:
                yield f'<circle class="f" cx="{middle:.1f}" cy="{box.y:.1f}" r="3"/>'
                continue
        kind = "k" if node.form is Form.CONSTANT else ""
        words = _text(middle, box.y + 4, node.text, kind, middle=True)
        title = f"<title>{escape(node.title)}</title>" if node.title else ""
        yield f"<g>{title}{shape}{words}</g>"


def _arrows(laid: Laid) -> Iterator[str]:
    for arrow, way in laid.paths:
        yield _line(arrow, way)
        for box in way:
            if box.arrow is arrow:
                yield from _labels(arrow, box)


def _line(arrow: Arrow, way: Sequence[Box]) -> str:
    first, *between, last = way
    x, y = first.x + first.width, first.y
    drawn = [f"M{x:.1f} {y:.1f}"]
    for box in between:
        drawn.append(f"{_curve(x, y, box.x, box.y)}H{box.x + box.width:.1f}")
        x, y = box.x + box.width, box.y
    pointed = last.node is None or last.node.form is not Form.FORK
    end = last.x - (HEAD if pointed else 0)
    drawn.append(_curve(x, y, end, last.y))
    kind = ' class="b"' if arrow.wrong else ""
    line = f'<path{kind} d="{"".join(drawn)}"/>'
    if not pointed:
        return line
    head = f"M{last.x:.1f} {last.y:.1f}l-{HEAD + 2:g} -4v8z"
    return f'{line}<path class="{"c" if arrow.wrong else "h"}" d="{head}"/>'


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    if abs(y - to_y) < 0.05:
        return f"H{to_x:.1f}"
    middle = (x + to_x) / 2
    return f"C{middle:.1f} {y:.1f} {middle:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"


def _labels(arrow: Arrow, box: Box) -> Iterator[str]:
    middle = box.x + box.width / 2
    for place, line in enumerate(reversed(arrow.value)):
        kind = "w" if arrow.wrong_value else ""
        yield _text(middle, box.y - 5 - LINE * place, line, kind, middle=True)
    wrong = arrow.wrong and not arrow.wrong_value
    for place, line in enumerate(arrow.gradient):
        # As wide as the first line, so that the rows of a matrix are below each other.
        words = f"  {line}" if place else f"← {line}"
        yield _text(middle, box.y + 15 + LINE * place, words, "g w" if wrong else "g", middle=True)


def _text(x: float, y: float, words: str, kind: str = "", *, middle: bool = False) -> str:
    style = f' class="{kind}"' if kind else ""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text{style} x="{x:.1f}" y="{y:.1f}"{anchor} xml:space="preserve">{escape(words)}</text>'
    )
