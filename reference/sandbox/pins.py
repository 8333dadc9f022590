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

_OWN = frozenset({"_", "last_exc", "last_type", "last_value", "last_traceback", "stdin", "stdout"})
"""What Python itself changes in them, or our own code."""


class Pins:
    """How the libraries looked when this was made."""

    def __init__(self) -> None:
        self._before = [(module, dict(vars(module))) for module in _PINNED]
        self._modules = dict(sys.modules)

    def put_back(self) -> list[str]:
        """Undo every change of a library; what was changed, for the reader."""
        changed = []
        for module, before in self._before:
            now = vars(module)
            names = [n for n in before if n not in _OWN and now.get(n) is not before[n]]
            for name in names:
                now[name] = before[name]
            changed += [f"{module.__name__}.{name}" for name in names]
        for name, module in self._modules.items():
            if sys.modules.get(name) is not module:
                sys.modules[name] = module
                changed.append(f"sys.modules[{name!r}]")
        if not changed:
            return []
        return [f"the text changes {', '.join(changed[:5])} while it is loaded: put back"]
