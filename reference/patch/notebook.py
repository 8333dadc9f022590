"""A notebook with the source of some of its cells replaced, byte for byte the same elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from trigrad.messages import Message
from trigrad.patch.lines import split
from trigrad.patch.refusal import RefusedError
from trigrad.patch.spans import Span, after_space, items, members

_CHARACTER = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]")
_ESCAPED = re.compile(r"\\u(?!00[01])[0-9a-fA-F]{4}")


def code_cells(text: str, shown: str) -> list[Span]:
    """Where the source of each code cell stands in a notebook's JSON.

    Raises:
        RefusedError: the notebook is of a format that is not written here.
    """
    top = members(text, after_space(text, 0))
    if "cells" in top:
        lists, source = [top["cells"]], "source"
    elif "worksheets" in top:  # nbformat 2 and 3
        sheets = [members(text, start) for start, _ in items(text, top["worksheets"][0])]
        lists, source = [sheet["cells"] for sheet in sheets if "cells" in sheet], "input"
    else:
        raise RefusedError(str(Message("patch.old_notebook", file=str(shown))))
    cells = [members(text, start) for found in lists for start, _ in items(text, found[0])]
    code = [c for c in cells if "cell_type" in c and _value(text, c["cell_type"]) == "code"]
    if any(source not in cell for cell in code):
        raise RefusedError(str(Message("patch.no_source", file=str(shown))))
    return [cell[source] for cell in code]


def source_of(text: str, span: Span) -> str:
    """A cell's source, whether it is written as one string or as a list of lines."""
    value = _value(text, span)
    return value if isinstance(value, str) else "".join(value)


def with_sources(text: str, sources: Mapping[Span, str]) -> str:
    """The notebook's JSON with other sources in these places."""
    for (start, end), source in sorted(sources.items(), reverse=True):
        text = text[:start] + _written(text, (start, end), source) + text[end:]
    return text


def _written(text: str, span: Span, source: str) -> str:
    """A source as the one in its place is written; a line that stays is spelt as it was."""
    start, end = span
    spans = [span] if text[start] == '"' else items(text, start)
    raw = [text[first + 1 : last - 1] for first, last in spans]  # without their quotes
    known = {_decoded(line): line for item in raw for line in _lines(item)}
    ascii_only = text.isascii() and _ESCAPED.search(text) is not None
    lines = [line.body + line.end for line in split(source)]
    written = [known.get(line) or _encoded(line, ascii_only=ascii_only) for line in lines]
    if text[start] == '"':
        return f'"{"".join(written)}"'
    if len(raw) == 1 and len(_lines(raw[0])) > 1:
        written = ["".join(written)]
    if not spans or not written:
        return f"[{', '.join(_quoted(line) for line in written)}]"
    lead = text[start + 1 : spans[0][0]]
    between = text[spans[0][1] : spans[1][0]] if len(spans) > 1 else f",{lead or ' '}"
    tail = text[spans[-1][1] : end - 1]
    return f"[{lead}{between.join(_quoted(line) for line in written)}{tail}]"


def _quoted(raw: str) -> str:
    return f'"{raw}"'


def _lines(raw: str) -> list[str]:
    """The inside of a JSON string, cut behind each line feed."""
    cut = [""]
    for character in _CHARACTER.findall(raw):
        cut[-1] += character
        if character.lower() in (r"\n", r"\u000a"):
            cut.append("")
    return [line for line in cut if line]


def _decoded(raw: str) -> str:
    return str(json.loads(_quoted(raw)))


def _encoded(line: str, *, ascii_only: bool) -> str:
    return json.dumps(line, ensure_ascii=ascii_only)[1:-1]


def _value(text: str, span: Span) -> str | list[str]:
    value: str | list[str] = json.loads(text[span[0] : span[1]])
    return value
