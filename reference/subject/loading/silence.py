"""Keeping what a learner's code prints off our screen."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator


class _Sink(io.StringIO):
    """Takes what a learner's code prints, and keeps nothing of it."""

    def write(self, text: str) -> int:
        return len(text)


_SINK = _Sink()


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep what a learner's code prints off our screen; what it asks for is never there."""
    stdin, stdout, stderr = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _SINK, _SINK
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
