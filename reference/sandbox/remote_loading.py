"""Load a subject in a worker, statement by statement.

If the worker hangs or ends during a statement, the next worker loads the text without it, so that
one bad class body does not cost the other layers their verdicts.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from trigrad.messages import Message
from trigrad.sandbox.gaps import Gap
from trigrad.sandbox.limits import Limits
from trigrad.sandbox.load_requests import LoadRequest, ModuleRequest, Place, TextRequest
from trigrad.sandbox.validation import (
    WireError,
    mapping,
    number,
    raise_internal_error,
    sequence,
    text,
)
from trigrad.sandbox.worker_exit import FAILED, TIMEOUT, WorkerExit
from trigrad.sandbox.worker_process import WorkerProcess
from trigrad.subject.loading.statement_runner import SkipReason
from trigrad.subject.source.text import UnreadableError

RELOADS = 8
"""The most statements of a text that may hang or crash."""

WHOLE = 6
"""The time limit for a whole text, as a multiple of the limit for one statement."""

STEPS = 100_000
"""The most statements and layers of a text."""


def receive_loaded(
    worker: WorkerProcess, request: LoadRequest, passed: Callable[[Place], None]
) -> Mapping[str, Any]:
    """The worker's message about what it has loaded; `passed` is called before each statement.

    The time limit holds for every single statement. Code could forge the messages between them, so
    there is also a limit for the whole. For a module that Python itself imports, there is only
    that one.

    Raises:
        WireError: the worker hangs, ends or sends something invalid.
        UnreadableError: nothing can be judged.
    """
    whole = WHOLE * request.limits.timeout
    patience = request.limits.timeout if isinstance(request, TextRequest) else whole
    until = time.monotonic() + whole
    for _ in range(STEPS):
        message = mapping(worker.receive(min(until, time.monotonic() + patience)))
        raise_internal_error(message)
        match message:
            case {"at": at}:
                label, line = sequence(at)
                passed((text(label), number(line)))
            case {"unreadable": why}:
                raise UnreadableError(text(why))
            case {"loaded": loaded}:
                return mapping(loaded)
            case _:
                raise WireError("an unknown message")
    raise WireError("too many messages")


def load_in_worker(request: TextRequest | ModuleRequest) -> tuple[Mapping[str, Any], list[Gap]]:
    """What a worker finds in the subject, and which restrictions it lacks.

    Raises:
        UnreadableError: nothing can be judged, or too many statements hang or crash.
        SandboxError: no worker can be started.
    """
    until = time.monotonic() + (WHOLE + RELOADS) * request.limits.timeout
    at: deque[Place] = deque(maxlen=1)
    for _ in range(RELOADS):
        if time.monotonic() > until:
            break
        worker = request.start_worker()
        at.clear()
        try:
            worker.send(request.message(None), time.monotonic() + request.limits.timeout)
            loaded = receive_loaded(worker, request, at.append)
        except WireError as error:
            reason = _skip_reason(worker.end_after(error), request.limits)
            if not at or isinstance(request, ModuleRequest) or at[-1] in request.skip:
                what = (
                    str(Message("worker.statement", words=str(reason.words)))
                    if reason.own_fault
                    else reason.words
                )
                raise UnreadableError(
                    str(Message("worker.not_loaded", name=request.shown, why=what))
                ) from error
            request.skip[at[-1]] = reason
            continue
        finally:
            worker.end()
        return loaded, list(worker.gaps)
    last = _in_words(request, at[-1])
    raise UnreadableError(
        str(Message("worker.many", name=request.shown, statements=len(request.skip), last=last))
    )


def _skip_reason(worker_exit: WorkerExit, limits: Limits) -> SkipReason:
    """Why the statement during which a worker ended is not run again."""
    if worker_exit.error == FAILED:
        return SkipReason(worker_exit.message, own_fault=False)
    if worker_exit.error == TIMEOUT:
        return SkipReason(str(Message("worker.timeout", seconds=f"{limits.timeout:g}")))
    return SkipReason(worker_exit.message)


def _in_words(request: LoadRequest, place: Place) -> str:
    where = request.where([place])
    line = Message("place.lines", numbers=str(where.line if where else place[1]), count=1)
    return str(Message("place.in_file", file=where.file, lines=line) if where else line)
