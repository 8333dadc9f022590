"""How a worker comes to its end, in words."""

from __future__ import annotations

import signal
from dataclasses import dataclass

TIMEOUT, ENDED, NONSENSE, FAILED = "Timeout", "Ended", "Nonsense", "Failed"
"""How a worker comes to its end: by hanging, by itself, by what it answers, by our mistake."""


@dataclass(frozen=True)
class Ending:
    """How a worker came to its end."""

    error: str
    """TIMEOUT, ENDED, NONSENSE or FAILED."""
    message: str
    places: list[tuple[str, int]]
    """Files and lines, innermost first, where it was as far as Python could still tell."""
    done: int
    """How many commands it had carried out, by its own word."""
    since: float
    """Seconds since it had come so far."""
    functions: tuple[str, ...] = ()
    """The names of the functions it was in, innermost first."""


_SIGNALS = {
    signal.SIGSEGV: "crashed Python (segmentation fault)",
    signal.SIGBUS: "crashed Python (bus error)",
    signal.SIGABRT: "crashed Python (abort)",
    signal.SIGFPE: "crashed Python (floating point exception)",
    signal.SIGILL: "crashed Python (illegal instruction)",
    signal.SIGKILL: "got its process killed; perhaps it used too much memory",
    signal.SIGXCPU: "used up its processor time",
    signal.SIGXFSZ: "wrote too much",
}


def in_words(status: int) -> str:
    """What a worker has done that ended with this status, negative for a signal."""
    known = next((words for number, words in _SIGNALS.items() if number == -status), None)
    if known is not None:
        return known
    if status < 0:  # a signal, or else a status over 128, which looks like one
        return f"ended its process, with status {128 - status}"
    return f"ended its process, with status {status}"
