"""The standard streams of the command line: what cannot be written, and what cannot be encoded."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from typing import Any, TextIO


class OutputError(BaseException):
    """Standard output cannot be written to; the message says why.

    It is no Exception, so that nobody mistakes it for an error of the code on trial or of trigrad,
    and no OSError: rich and Typer end at a closed pipe with status 1, which means a failing layer.
    """


class _Output(io.FileIO):
    """Standard output; an error that is raised by writing to it is an OutputError."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise OutputError(error.strerror or str(error)) from None


class _Messages(io.FileIO):
    """Standard error; what cannot be written to it is lost."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)


def set_up_streams() -> None:
    """Put streams that keep to the rules above in place of standard output and error.

    A width of 0 columns, which some terminals say, is taken for an unknown one.

    A standard descriptor that is closed is opened first, so that no other file gets its number.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)  # gets the lowest free number; cannot be written to
    if os.environ.get("COLUMNS", "").strip("0") == "":
        os.environ.pop("COLUMNS", None)  # in which rich would print nothing at all
    sys.stdout = _stream(_Output(1, "w", closefd=False), sys.stdout)
    sys.stderr = _stream(_Messages(2, "w", closefd=False), sys.stderr)


def print_json(value: Any) -> None:
    """Print a value as JSON in one line, with escapes where the stream has not all characters."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value)
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _stream(raw: io.FileIO, before: TextIO | None) -> TextIO:
    """A text stream on a descriptor, with the encoding of the one before."""
    if before is not None:
        with contextlib.suppress(OSError):
            before.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=before.encoding if before is not None else "utf-8",
        errors="backslashreplace",
        line_buffering=True,
    )
