"""Which of the learner's functions a call runs through, by name."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

MOST = 50
"""So many names are kept."""


@contextmanager
def called_functions(engine: type) -> Iterator[dict[str, None]]:
    """Collects the names of functions, of the methods of `engine`, and of other classes.

    Of a method of another class, it is the class that is named: `Mul.forward` is in `Mul`.
    """
    names: dict[str, None] = {}
    own = {cls.__name__ for cls in engine.__mro__}

    def note(frame: FrameType, event: str, _: Any) -> None:
        if event != "call" or len(names) >= MOST:
            return
        module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if module in sys.stdlib_module_names - {"__main__"} or module in ("numpy", "trigrad"):
            return
        head, *rest = frame.f_code.co_qualname.split(".")
        name = rest[0] if head in own and rest else head
        if not name.startswith("<") and not (head in own and name == "__init__"):
            names[name] = None

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield names
    finally:
        sys.setprofile(before)
