"""Validate what a worker sends: plain values of the expected kinds, or a WireError."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from trigrad.messages import Message

_LONGEST = 2000
"""The most characters of one text that are accepted from a worker."""


class WireError(Exception):
    """What was received is not what was expected; the message names what was received."""


class WireTimeoutError(WireError):
    """Nothing was received in time."""


class InternalError(WireError):
    """trigrad's own code in the worker has failed; the message says how."""


class WireClosedError(WireError):
    """The other side has closed the connection."""


def text(value: Any) -> str:
    """A text in one line without control characters; WireError for anything else."""
    if not isinstance(value, str):
        raise WireError("something that is not a text")
    return clean(value)


@lru_cache(maxsize=1024)
def clean(words: str) -> str:
    """A text, shortened if it is too long, without characters that control a terminal."""
    short = shortened(words)
    if short.isprintable():
        return short
    return "".join(c if _printable(c) else " " if c.isspace() else "\ufffd" for c in short)


def shortened(words: str) -> str:
    """A text, cut off if it is too long."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def texts(value: Any) -> tuple[str, ...]:
    """Several texts; WireError for anything else."""
    return tuple(text(item) for item in sequence(value))


def sequence(value: Any) -> list[Any]:
    """A list; WireError for anything else."""
    if not isinstance(value, list):
        raise WireError("something that is not a list")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """A dict whose keys are texts; WireError for anything else."""
    if not isinstance(value, dict):
        raise WireError("something that is not a mapping")
    for key in value:
        if not isinstance(key, str):
            raise WireError("a mapping whose keys are not texts")
    return value


def number(value: Any) -> int:
    """A whole number from 0 on; WireError for anything else."""
    if not is_natural(value):
        raise WireError("something that is not a count")
    return int(value)


def is_natural(value: Any) -> bool:
    """Whether it is a whole number from 0 on."""
    return type(value) is int and value >= 0


def raise_internal_error(message: Mapping[str, Any]) -> None:
    """Raise InternalError if a message reports one."""
    if message.keys() == {"failed"}:
        raise InternalError(str(Message("sandbox.internal", why=text(message["failed"]))))
