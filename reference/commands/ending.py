"""How the command line ends: with its status whatever happens, at once, with nothing left behind.

Ctrl-C ends it with status 130, and output that cannot be written with status 2: never with one that
is a verdict.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from trigrad.commands.output import OutputError, set_up_streams
from trigrad.messages import Message

INTERRUPTED = 130
"""128 and the number of SIGINT, as shells say it."""

UNWRITTEN = 2

_OBJECTS = 50_000
"""So many new objects are looked through for garbage: most are those of libraries, and stay."""


def run_to_the_end() -> NoReturn:
    """Run the command line, and end the process.

    At Ctrl-C it ends without an exception. That would be lost where Python ignores exceptions: in a
    callback that a library's C code calls, in a `__del__`. Wherever else it is raised, code may
    catch it.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else it is to be ignored
        signal.signal(signal.SIGINT, _interrupted)
    set_up_streams()
    gc.set_threshold(_OBJECTS)
    status: object = UNWRITTEN
    try:
        from trigrad.commands.app import app
        from trigrad.commands.language import speak_at_first

        speak_at_first()
        try:
            app()
        except SystemExit as end:
            status = end.code
        sys.stdout.flush()
    except OutputError as error:
        status = UNWRITTEN
        why = Message("output.not_written", why=str(error))
        sys.stderr.write(f"trigrad: {why}\n")
    except BaseException:  # noqa: BLE001 - Python itself would end with 1, "something fails"
        traceback.print_exc()
        sys.stderr.flush()
    _end(status if isinstance(status, int) else 0 if status is None else 1, "close")


@contextmanager
def interrupts_raised() -> Iterator[None]:
    """Have Ctrl-C raise KeyboardInterrupt again, for work that keeps what it has done."""
    before = signal.getsignal(signal.SIGINT)
    if before is _interrupted:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _interrupted(_: int, __: FrameType | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end(INTERRUPTED, "abandon")


def _end(status: int, how: str) -> NoReturn:
    """End the sandbox, if it was imported, and this process.

    Python's own end of a process takes a while, in which Ctrl-C gives another status.
    """
    end = getattr(sys.modules.get("trigrad.sandbox.host"), how, None)  # it may be half imported
    if end is not None:
        end()
    os._exit(status)
