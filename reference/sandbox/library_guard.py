"""Undo changes to libraries that a subject's text makes while it is loaded.

A class body that replaces `numpy.dot` would change the verdicts on all layers of the file. Such a
change is undone, and a note tells of it.
"""

from __future__ import annotations

import builtins
import math
import sys
import time

import numpy as np

from trigrad.messages import Message

_GUARDED = (builtins, sys, math, time, np, np.linalg, np.random)

_OWN = frozenset(
    (
        *("_", "last_exc", "last_type", "last_value", "last_traceback"),
        *("argv", "stdin", "stdout", "stderr"),
    )
)
"""Names in these modules that Python or trigrad itself changes, and puts back."""


class LibraryGuard:
    """Remembers the contents of the libraries when it is created."""

    def __init__(self) -> None:
        self._before = [(module, dict(vars(module))) for module in _GUARDED]
        self._modules = dict(sys.modules)
        self._changed: dict[str, None] = {}  # an ordered set

    def restore(self) -> None:
        """Undo every change of a library, and remember its name for the notes."""
        for module, before in self._before:
            now = vars(module)
            names = [n for n in before if n not in _OWN and now.get(n) is not before[n]]
            for name in names:
                now[name] = before[name]
            self._changed |= dict.fromkeys(f"{module.__name__}.{name}" for name in names)
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                self._changed[f"sys.modules[{name!r}]"] = None

    def notes(self) -> list[str]:
        """Which changes were undone, for the reader."""
        if not self._changed:
            return []
        names = ", ".join(list(self._changed)[:5])
        return [str(Message("loading.changes", names=names))]
