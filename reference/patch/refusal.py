"""Why a file is not changed."""

from __future__ import annotations

from trigrad.subject.source.text import one_line


class RefusedError(Exception):
    """Nothing is written; the message says why and what to do, in one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))
