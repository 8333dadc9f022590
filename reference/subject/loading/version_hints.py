"""Hints for code that a newer NumPy or Python breaks.

The book is from 2016, and much of the code that learners copy was right at that time.
"""

from __future__ import annotations

import ast
import re

from trigrad.messages import Message
from trigrad.subject.source.walking import walk

_NUMPY = {
    **{name: ("1.24", name) for name in ("float", "int", "bool", "object", "str", "complex")},
    **{"long": ("1.24", "int"), "unicode": ("1.24", "str"), "asscalar": ("1.23", "x.item()")},
    **{"float_": ("2.0", "np.float64"), "complex_": ("2.0", "np.complex128")},
    **{"unicode_": ("2.0", "np.str_"), "string_": ("2.0", "np.bytes_")},
    **dict.fromkeys(("Inf", "Infinity", "PINF", "infty"), ("2.0", "np.inf")),
    **{"NINF": ("2.0", "-np.inf"), "NaN": ("2.0", "np.nan")},
    **{"product": ("2.0", "np.prod"), "cumproduct": ("2.0", "np.cumprod")},
    **{"sometrue": ("2.0", "np.any"), "alltrue": ("2.0", "np.all"), "msort": ("2.0", "np.sort")},
    **{"row_stack": ("2.0", "np.vstack"), "trapz": ("2.0", "np.trapezoid")},
    **{"in1d": ("2.0", "np.isin"), "round_": ("2.0", "np.round"), "cast": ("2.0", "np.asarray")},
}
"""Names removed from NumPy: the version that removed them, and the replacement."""

_NAMES = {
    "unicode": "str",
    "basestring": "str",
    "long": "int",
    "unichr": "chr",
    "raw_input": "input",
    "reduce": "functools.reduce",
    "reload": "importlib.reload",
    "execfile": "exec(open(...).read())",
    "cmp": "(a > b) - (a < b)",
}

_METHODS = {
    "iteritems": "items",
    "iterkeys": "keys",
    "itervalues": "values",
    "has_key": "key in d",
}

_NEEDS_INTEGER = re.compile(
    r"cannot be interpreted as an integer|slice indices must be integers"
    r"|only integers, slices|indices must be integers"
)

_NUMPY_MESSAGE = re.compile(r"module 'numpy' has no attribute '(\w+)'|`np\.(\w+)` was removed")

_SYNTAX = (
    (r"Missing parentheses in call to 'print'", "print(...)"),
    (r"Missing parentheses in call to 'exec'", "exec(...)"),
    (r"multiple exception types must be parenthesized", "except X as e"),
    (r"leading zeros in decimal integer literals", "0o17"),
)


def removal_hint(error: BaseException, function: ast.FunctionDef | None = None) -> str:
    """A hint if an error is due to a name or behaviour that NumPy or Python removed; else "".

    `function` is the one in which the error was raised.
    """
    name = str(getattr(error, "name", "") or "")
    if isinstance(error, AttributeError):
        found = _NUMPY_MESSAGE.match(str(error))  # NumPy does not set the error's name
        gone = (found[1] or found[2]) if found else ""
        if gone in _NUMPY:
            version, instead = _NUMPY[gone]
            said = Message("hint.removed", gone=gone, version=version)
            return f"{said}{_write(instead)}"
        if name in _METHODS and isinstance(getattr(error, "obj", None), dict):
            return f"{Message('hint.python2', name=name)}{_write(_METHODS[name])}"
    if isinstance(error, NameError) and name in _NAMES:
        return f"{Message('hint.python2', name=name)}{_write(_NAMES[name])}"
    divides = (isinstance(n, ast.Div) for n in (walk(function) if function else ()))
    if (
        isinstance(error, TypeError | IndexError)
        and _NEEDS_INTEGER.search(str(error))
        and any(divides)
    ):
        return str(Message("hint.division"))
    return ""


def syntax_hint(error: SyntaxError, text: str) -> str:
    """A syntax error's message, with a hint if the text is Python 2."""
    message = error.msg
    if isinstance(error, TabError):
        return str(Message("hint.tab", message=message))
    lines = text.split("\n")
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    for pattern, instead in _SYNTAX:
        if re.search(pattern, message):
            return f"{message}{_python_2(instead)}"
    if re.match(r"\s*raise\s+\w+\s*,", line):
        return f"{message}{_python_2('raise X(...)')}"
    if "<>" in line:
        return f"{message}{_python_2('!=')}"
    return message


def _write(instead: str) -> Message:
    return Message("fix.write", instead=instead)


def _python_2(instead: str) -> Message:
    return Message("fix.python_2", instead=instead)
