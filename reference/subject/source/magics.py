"""Turn a notebook's cell into Python: magics, shell lines and help become empty lines."""

from __future__ import annotations

import re

from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import lines_of

# Cell magics whose cell is still Python; with any other the cell is in another language.
_PYTHON_CELL_MAGICS = {"check", "time", "timeit", "capture", "prun", "debug", "python3", "python"}

_TOKEN = re.compile(r"""\\.|'''|\"\"\"|['"#()\[\]{}]""")
"""The tokens that begin or end a string, a comment or brackets, and escaped characters."""


def without_magics(source: str) -> str:
    """The cell with magics, shell lines and help (`x?`) emptied; line numbers stay the same."""
    lines = lines_of(source)
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        name = re.match(r"%%(\w*)", first)
        to_python = re.match(r"%%(writefile|file)\s.*\.py$", first)
        if to_python is None and (name is None or name[1] not in _PYTHON_CELL_MAGICS):
            return ""
    if parsed(source) is not None:
        return source  # it is Python already: a % or ? is in a string, say
    kept: list[str] = []
    inside = _OpenTokens()
    for line in lines:
        alone = bool(kept) and kept[-1].rstrip().endswith(":")
        kept.append(line if inside else _without_magic(line, alone=alone))
        inside.read(kept[-1])
    return "\n".join(kept)


_ASSIGNED = re.compile(r"([\w.,\s\[\]'\"]+=)\s*[!%]\s*\w")
"""`files = !ls` and `t = %time f()`."""


def _without_magic(line: str, *, alone: bool) -> str:
    """The line as Python: a magic becomes nothing, and its value None.

    `alone`: it may be the only line of a block, so that `pass` is needed.
    """
    assigned = _ASSIGNED.match(line)
    if assigned is not None:
        return f"{assigned[1]} None"
    if not _is_magic(line):
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass" if alone else ""


class _OpenTokens:
    """True while the lines read so far end inside of brackets or of a triple-quoted string.

    Every line is read once, so that the time is linear in the length of a cell.
    """

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._continued = False

    def __bool__(self) -> bool:
        return self._continued or self._depth > 0 or len(self._quote) == 3

    def read(self, line: str) -> None:
        """Read the next line."""
        if len(self._quote) == 1 and not self._continued:
            self._quote = ""  # a single-quoted string ends with its line, even if unclosed
        self._continued = line.endswith("\\")
        for token in _TOKEN.findall(line):
            if self._quote:
                self._quote = "" if token == self._quote else self._quote
            elif token == "#":
                self._continued = False
                return
            elif token[0] in "'\"":
                self._quote = token
            elif token[0] != "\\":
                self._depth = max(0, self._depth + (1 if token in "([{" else -1))


def _is_magic(line: str) -> bool:
    bare = line.strip()
    return bare.startswith(("%", "!", "?")) or (bare.endswith("?") and not bare.startswith("#"))
