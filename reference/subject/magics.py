"""A notebook's cell → Python: magics, shell lines and help are blanked, every line stays."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings

from reference.subject.text import lines_of

# Cell magics whose cell is still Python; any other makes the cell something else's.
_PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun", "debug", "python3", "python"}


def without_magics(source: str) -> str:
    """The cell with magics, shell lines and help (`x?`) blanked; every line stays in its place."""
    lines = lines_of(source)
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        name = re.match(r"%%(\w*)", first)
        to_python = re.match(r"%%(writefile|file)\s.*\.py$", first)
        if to_python is None and (name is None or name[1] not in _PYTHON_CELL_MAGICS):
            return ""
    if _parses(source):
        return source  # a % or ? in here is Python's own, in a string perhaps
    kept: list[str] = []
    for line in lines:
        kept.append("" if _is_magic(line) and not _within("\n".join(kept)) else line)
    return "\n".join(kept)


def _within(text: str) -> bool:
    """Whether a text ends inside of brackets or of a string of several lines."""
    try:
        list(tokenize.generate_tokens(io.StringIO(text).readline))
    except tokenize.TokenError:
        return True
    except SyntaxError:
        return False
    return False


def _parses(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in a learner's string
            ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_magic(line: str) -> bool:
    bare = line.strip()
    return bare.startswith(("%", "!", "?")) or (bare.endswith("?") and not bare.startswith("#"))
