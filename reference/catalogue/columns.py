"""Text in columns: a character of Chinese, Japanese or Korean takes two, and may end a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len

width = cell_len
"""How many columns of a terminal a text takes."""

_UNIT = re.compile(
    r"\s+"
    r"|[\u2e80-\u30ff\u31c0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]"  # no Hangul
    r"|[^\s\u2e80-\u30ff\u31c0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]+"
)
"""What stays together: a space, a Chinese or Japanese character, or anything else between spaces.
Korean has spaces between its words, so its syllables stay together."""

_NOT_FIRST = frozenset(
    "、。，．：；？！」』）］｝〉》】・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)]}…"
)
_NOT_LAST = frozenset("「『（［｛〈《【([{")
"""Characters that begin no line, and that end none (JIS X 4051, "kinsoku")."""


def padded(text: str, columns: int) -> str:
    """The text with spaces after it, up to that many columns."""
    return text + " " * (columns - width(text))


def wrapped(text: str, columns: int) -> list[str]:
    """The lines of a text, of at most that many columns each, unless one word has more.

    In English they are those of `textwrap.wrap` that breaks no word.
    """
    lines: list[str] = []
    line = gap = ""
    for unit in _units(re.sub(r"\s", " ", text.expandtabs())):
        if unit.isspace():
            gap = unit
        elif not line.strip() or width(line + gap + unit) <= columns:
            line, gap = line + gap + unit, ""
        else:
            lines.append(line)
            line, gap = unit, ""
    return [*lines, line] if line else lines


def _units(text: str) -> Iterator[str]:
    """What stays together, with the signs that may not be parted from it."""
    held = ""
    for unit in _UNIT.findall(text):
        together = held and not unit.isspace() and not held.isspace()
        if held and not (together and (unit[0] in _NOT_FIRST or held[-1] in _NOT_LAST)):
            yield held
            held = ""
        held += unit
    if held:
        yield held
