"""How a worker ended, and in which words to say so."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from trigrad.messages import Message

TIMEOUT, ENDED, NONSENSE, FAILED = "Timeout", "Ended", "Nonsense", "Failed"
"""Why a worker ended: it hung, its process ended, it sent an invalid message, or trigrad failed."""


@dataclass(frozen=True)
class WorkerExit:
    """How a worker ended."""

    error: str
    """TIMEOUT, ENDED, NONSENSE or FAILED."""
    message: str
    """What happened: for FAILED a sentence, otherwise a predicate; empty for TIMEOUT."""
    places: list[tuple[str, int]]
    """The files and lines where it was, innermost first, as far as Python could tell."""
    done: int
    """How many commands it had carried out, according to the worker."""
    since: float
    """Seconds since it carried out the last of them."""
    functions: tuple[str, ...] = ()
    """The names of the functions it was in, innermost first."""


_SIGNALS = {
    signal.SIGSEGV: Message("worker.segmentation"),
    signal.SIGBUS: Message("worker.bus"),
    signal.SIGABRT: Message("worker.abort"),
    signal.SIGFPE: Message("worker.floating"),
    signal.SIGILL: Message("worker.illegal"),
    signal.SIGKILL: Message("worker.memory"),
    signal.SIGXCPU: Message("worker.time"),
    signal.SIGXFSZ: Message("worker.wrote"),
}


def exit_in_words(status: int) -> str:
    """A predicate for what a worker did that ended with this status, negative for a signal."""
    known = next((words for number, words in _SIGNALS.items() if number == -status), None)
    if known is not None:
        return str(known)
    if status < 0:  # an unknown signal, or a status over 128, which looks like one
        return str(Message("worker.status", status=128 - status))
    return str(Message("worker.status", status=status))
