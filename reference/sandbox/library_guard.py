"""What a subject's text must not change for the layers beside it: the libraries.

A class body that replaces `numpy.dot` would change the verdict on every layer of the file. What
definitions have changed while they were loaded is put back, and said.
"""

from __future__ import annotations

import builtins
import math
import sys
import time

import numpy as np

_PINNED = (builtins, sys, math, time, np, np.linalg, np.random)

_OWN = frozenset(
    (
        *("_", "last_exc", "last_type", "last_value", "last_traceback"),
        *("stdin", "stdout", "stderr"),
    )
)
"""What Python itself changes in them, or our own code."""


class Pins:
    """How the libraries looked when this was made."""

    def __init__(self) -> None:
        self._before = [(module, dict(vars(module))) for module in _PINNED]
        self._modules = dict(sys.modules)
        self._changed: dict[str, None] = {}  # an ordered set

    def put_back(self) -> None:
        """Undo every change of a library, and remember what was changed."""
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
        """What was changed, for the reader."""
        if not self._changed:
            return []
        names = ", ".join(list(self._changed)[:5])
        return [f"the text changes {names} while it is loaded: put back"]
