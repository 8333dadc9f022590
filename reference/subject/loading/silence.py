"""Suppress what a learner's code prints."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator


class _Sink(io.StringIO):
    """A text stream that discards everything."""

    def write(self, text: str) -> int:
        return len(text)


_SINK = _Sink()


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Discard what a learner's code prints, and give it an empty standard input and no options."""
    argv, stdin, stdout, stderr = sys.argv, sys.stdin, sys.stdout, sys.stderr
    sys.argv = argv[:1]  # a parser of options gives their defaults
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _SINK, _SINK
    try:
        yield
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = argv, stdin, stdout, stderr
