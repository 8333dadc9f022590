"""Python text → its syntax tree, without a word about it: a learner's `"\\d"` warns nobody."""

from __future__ import annotations

import ast
import threading
import warnings

FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What parsing raises: the last two where brackets are nested too deeply."""


_ONE_AT_A_TIME = threading.RLock()
"""CPython 3.11 counts how deep its parser is for all threads together, and then raises
SystemError ("AST constructor recursion depth mismatch"); filters of warnings are shared, too."""


def parse(text: str, label: str = "<text>") -> ast.Module:
    """The syntax tree of a text.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is no Python.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, label)


def parsed(text: str, label: str = "<text>") -> ast.Module | None:
    """The syntax tree of a text; None where it has none."""
    try:
        return parse(text, label)
    except FAILURES:
        return None
