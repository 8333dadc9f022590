"""Lines of a text replaced by others: their ends, prefixes and no-break spaces stay."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from trigrad.messages import Message
from trigrad.patch.refusal import RefusedError
from trigrad.repair.line_changes import LineChange

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n)|([^\r\n]+)")

_CONTAINER = re.compile(r"[ \t\N{NO-BREAK SPACE}>]*((>>>|\.\.\.)( |$))?")
"""What a Markdown page has before a line of code: a list's indentation, quotes, a prompt."""


@dataclass(frozen=True)
class Line:
    r"""A line of a file, and what ends it: `\n`, `\r\n`, `\r`, or nothing at the very end."""

    body: str
    end: str


def split(text: str) -> list[Line]:
    """The lines of a text as Python counts them: a form feed does not end one."""
    return [Line(m[1] if m[3] is None else m[3], m[2] or "") for m in _LINE.finditer(text)]


def joined(lines: Sequence[Line]) -> str:
    """The text of lines."""
    return "".join(line.body + line.end for line in lines)


def spliced(
    lines: Sequence[Line], code: Sequence[str], pieces: Sequence[LineChange], shown: str
) -> list[Line]:
    """The lines with those of each piece replaced.

    `code` has the same lines as they were read as Python (magics blanked, prompts removed); `lines`
    may have more of them before and after. `shown` names the file in messages.

    Raises:
        RefusedError: a line is more than a plain prefix and its code, so that it is not clear
            what to replace; or two pieces touch the same line.
    """
    result = list(lines)
    ordered = sorted(pieces, key=lambda piece: (piece.line, bool(piece.before)), reverse=True)
    for piece, following in zip(ordered, [None, *ordered], strict=False):
        if following is not None and piece.line + len(piece.before) > following.line:
            raise RefusedError(
                str(Message("patch.two_changes", file=str(shown), line=following.line))
            )
        start, stop = piece.line - 1, piece.line - 1 + len(piece.before)
        bodies = _bodies(lines, code, piece, shown)
        _put(result, start, stop, bodies)
    return result


def _put(lines: list[Line], start: int, stop: int, bodies: Sequence[str]) -> None:
    """Replace lines by others that end as they do; the last line of all keeps its end."""
    ends = [line.end for line in lines[start:stop]]
    nearest = [*ends, *(line.end for line in lines[start::-1]), *(line.end for line in lines)]
    usual = next((end for end in nearest if end), "\n")
    if len(ends) != len(bodies):
        ends = [usual] * (len(bodies) - 1) + (ends[-1:] or [usual])
    if stop == len(lines) and start > 0 and (start == stop or not bodies):
        # Lines are added at the end or removed from it: another line is the last one now.
        above, last = lines[start - 1], lines[-1].end
        lines[start - 1] = Line(above.body, (above.end or usual) if bodies else last)
        ends[-1] = last
    lines[start:stop] = [Line(body, end) for body, end in zip(bodies, ends, strict=False)]


def _bodies(lines: Sequence[Line], code: Sequence[str], piece: LineChange, shown: str) -> list[str]:
    numbers = range(piece.line - 1, piece.line - 1 + len(piece.before))
    prefixes = [_prefix(lines, code, number, shown) for number in numbers]
    if len(piece.before) == len(piece.after):
        return [
            prefix + _kept(lines[number].body[len(prefix) :], old, new)
            for number, prefix, old, new in zip(
                numbers, prefixes, piece.before, piece.after, strict=True
            )
        ]
    if not piece.after:
        return []
    prefix = _nearest(lines, code, piece.line - 1, shown) if not prefixes else prefixes[0]
    further = prefix.replace(">>>", "...")
    first = prefix if prefixes else further
    return [first + piece.after[0], *(further + line for line in piece.after[1:])]


def _prefix(lines: Sequence[Line], code: Sequence[str], number: int, shown: str) -> str:
    """What a line has before its code."""
    raw = lines[number].body if number < len(lines) else ""
    expected = _plain(code[number])
    prefix = raw[: len(raw) - len(expected)]
    if not _plain(raw).endswith(expected) or not _CONTAINER.fullmatch(prefix):
        raise RefusedError(str(Message("patch.rewritten", file=str(shown), line=number + 1)))
    return prefix


def _nearest(lines: Sequence[Line], code: Sequence[str], number: int, shown: str) -> str:
    """The prefix of an inserted line: that of the nearest line of code above it, or below."""
    above = [n for n in range(number - 1, -1, -1) if n < len(code) and code[n].strip()]
    below = [n for n in range(number, len(code)) if code[n].strip()]
    return _prefix(lines, code, (above or below)[0], shown) if above or below else ""


def _kept(raw: str, old: str, new: str) -> str:
    """The new line, in which unchanged characters stay as in the file (no-break spaces)."""
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    return raw[:head] + new[head : len(new) - tail] + raw[len(raw) - tail :]


def _alike(one: str, other: str) -> int:
    """The length of the longest common beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")
