"""Code that works on arrays of another kind than NumPy's: it is not judged, and has no mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import ModuleType, TracebackType
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.subject.dialects.signatures import UnknownDialectError

_HOLDING = ("data", "value", "array", "grad")
"""Attributes in which a wrapper has its array."""

_NO_ATTRIBUTE = re.compile(
    r"'(?P<kind>[\w.]+)' object has no attribute '(?P<name>g|grad|gradient|delta)'.*", re.S
)
"""An array of the file's own kind has its gradient there. Python 3.11 does not say in the error of
an assignment which object it was."""


def refuse_other_arrays(value: Any) -> None:
    """Refuse an output that wraps an array in an object: a tensor, or the file's own Variable.

    Raises:
        UnknownDialectError: it is one.
    """
    plain = (np.ndarray, np.generic, int, float, str, tuple, list, dict, set, type(None))
    if isinstance(value, plain) or callable(value):
        return
    if any(hasattr(value, name) for name in _HOLDING):
        raise UnknownDialectError(str(Message("unjudged.wrapped", kind=type(value).__name__)))


def wants_tensors(error: BaseException) -> bool:
    """Whether code failed because it was given NumPy arrays instead of PyTorch's tensors."""
    torch = _torch_beside(error.__traceback__)
    if torch is None:
        return False
    if isinstance(error, AttributeError):
        return isinstance(error.obj, np.ndarray) and hasattr(torch.Tensor, error.name or "")
    return isinstance(error, TypeError) and "must be Tensor, not" in str(error)


def wants_variables(error: BaseException) -> bool:
    """Whether code failed because it was given arrays instead of objects that hold one.

    It took the array out of them: of a NumPy array, `x.data` is a memoryview.
    """
    if isinstance(error, AttributeError):
        return isinstance(error.obj, memoryview)
    return isinstance(error, TypeError) and "memoryview" in str(error)


def wants_attributes(error: BaseException) -> str:
    """The attribute of an array without which code failed, if arrays of its own kind can have it.

    A plain array can have none: where the text has no kind of its own, that is a mistake. "" then.
    """
    found = _NO_ATTRIBUTE.fullmatch(str(error)) if isinstance(error, AttributeError) else None
    if found is None:
        return ""
    own = {
        value.__name__
        for value in _globals_along(error.__traceback__)
        if isinstance(value, type) and issubclass(value, np.ndarray)
        if value.__module__.partition(".")[0] != "numpy"
    }
    return found["name"] if own and found["kind"] in {"numpy.ndarray", *own} else ""


def _torch_beside(traceback: TracebackType | None) -> ModuleType | None:
    """PyTorch, if a function in which an error was raised has imported it."""
    for value in _globals_along(traceback):
        if isinstance(value, ModuleType) and value.__name__ == "torch":
            return value
    return None


def _globals_along(traceback: TracebackType | None) -> Iterator[object]:
    """What the functions know globally in which an error was raised."""
    while traceback is not None:
        yield from list(traceback.tb_frame.f_globals.values())
        traceback = traceback.tb_next
