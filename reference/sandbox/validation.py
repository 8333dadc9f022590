"""What came from a worker → the plain values that were due, or a WireError: nothing is trusted."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_LONGEST = 2000
"""Characters of one text that are taken from a worker."""


class WireError(Exception):
    """What came is not what was due."""


class WireTimeoutError(WireError):
    """Nothing came in time."""


class OursError(WireError):
    """The worker's own code, which is ours, has failed; the message says how."""


class WireClosedError(WireError):
    """The other side is gone."""


def text(value: Any) -> str:
    """A text in one line, without characters that steer a terminal; WireError for none."""
    if not isinstance(value, str):
        raise WireError("no text")
    return clean(value)


@lru_cache(maxsize=1024)
def clean(words: str) -> str:
    """A text shortened where it is endless, without characters that steer a terminal."""
    short = shortened(words)
    if short.isprintable():
        return short
    return "".join(c if _printable(c) else " " if c.isspace() else "\ufffd" for c in short)


def shortened(words: str) -> str:
    """A text with its end left out where it is endless."""
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"


def _printable(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def texts(value: Any) -> tuple[str, ...]:
    """Several texts; WireError for anything else."""
    return tuple(text(item) for item in sequence(value))


def sequence(value: Any) -> list[Any]:
    """A list; WireError for anything else."""
    if not isinstance(value, list):
        raise WireError("no list")
    return value


def mapping(value: Any) -> dict[str, Any]:
    """A dict by text; WireError for anything else."""
    if not isinstance(value, dict):
        raise WireError("no mapping")
    for key in value:
        if not isinstance(key, str):
            raise WireError("no mapping by names")
    return value


def number(value: Any) -> int:
    """A whole number from 0 on; WireError for anything else."""
    if not is_size(value):
        raise WireError("no number")
    return int(value)


def is_size(value: Any) -> bool:
    """Whether it is a whole number from 0 on."""
    return type(value) is int and value >= 0


def raise_ours(message: Mapping[str, Any]) -> None:
    """OursError if that is what a message says."""
    if message.keys() == {"failed"}:
        raise OursError(f"{OURS} ({text(message['failed'])}): please report it")


OURS = "trigrad itself failed"
"""Begins what is said of a mistake of our own."""
