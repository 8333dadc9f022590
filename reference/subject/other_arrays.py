"""Code that works on arrays of another kind than NumPy's: it is not judged, and has no mistake."""

from __future__ import annotations

from types import ModuleType, TracebackType
from typing import Any

import numpy as np

from trigrad.messages import Message
from trigrad.subject.dialects.signatures import UnknownDialectError

_HOLDING = ("data", "value", "array", "grad")
"""Attributes in which a wrapper has its array."""


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


def _torch_beside(traceback: TracebackType | None) -> ModuleType | None:
    """PyTorch, if a function in which an error was raised has imported it."""
    while traceback is not None:
        for value in list(traceback.tb_frame.f_globals.values()):
            if isinstance(value, ModuleType) and value.__name__ == "torch":
                return value
        traceback = traceback.tb_next
    return None
