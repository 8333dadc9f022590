"""Parse Python without warnings: a learner's `"\\d"` must not print a SyntaxWarning."""

from __future__ import annotations

import ast
import threading
import warnings

FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)
"""The errors of parsing; the last two are raised when brackets are nested too deeply."""


_ONE_AT_A_TIME = threading.RLock()
"""CPython 3.11 counts the recursion depth of its parser over all threads, and two at once raise
SystemError ("AST constructor recursion depth mismatch"). Warning filters are shared, too."""


def parse(text: str, label: str = "<text>") -> ast.Module:
    """The syntax tree of a text.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it cannot be parsed.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, label)


def parsed(text: str, label: str = "<text>") -> ast.Module | None:
    """The syntax tree of a text; None if it cannot be parsed."""
    try:
        return parse(text, label)
    except FAILURES:
        return None
