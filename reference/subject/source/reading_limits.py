"""The limits within which a file is read, so that no file takes up this process's memory or time.

Whoever reads the text parses it, several times, in trigrad's own process.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from pathlib import Path

from trigrad.messages import Message
from trigrad.subject.source.text import UnreadableError

_MOST_BYTES = 5_000_000
"""Of a text. Code written by hand has a hundredth of that."""

_MOST_BYTES_OF_NOTEBOOK = 100_000_000
"""Of a notebook, which may have pictures in its outputs."""

_MOST_WORDS = 200_000
"""Words and signs of the Python in one file. Parsing takes 0.2 KB and 1 µs of each, and loading
about 10 µs. The longest modules of NumPy and scikit-learn have about 50,000."""

_WORDS = re.compile(r"\w+|[^\w\s]")

_MOST_JSON_VALUES = 4_000_000
"""In a notebook. The smallest of Python's objects take 100 bytes each in memory."""


def bytes_of(path: Path, shown: str) -> bytes:
    """The content of a file; `shown` is its name in messages.

    Raises:
        UnreadableError: it is too large.
        OSError: it cannot be read.
    """
    most = _MOST_BYTES_OF_NOTEBOOK if path.suffix.lower() == ".ipynb" else _MOST_BYTES
    with path.open("rb") as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise UnreadableError(str(Message("large.bytes", file=str(shown), megabytes=most // 10**6)))
    return data


def refuse_if_long(texts: Iterable[str], shown: str) -> None:
    """Refuse Python that is too long to be parsed here.

    Raises:
        UnreadableError: the texts of this file have more words and signs than can be read.
    """
    words = itertools.chain.from_iterable(map(_WORDS.finditer, texts))
    if next(itertools.islice(words, _MOST_WORDS, None), None) is not None:
        raise UnreadableError(str(Message("large.words", file=str(shown), most=f"{_MOST_WORDS:,}")))


def refuse_if_full(data: bytes, shown: str) -> None:
    """Refuse JSON that would take too much memory when it is parsed.

    Raises:
        UnreadableError: it has too many values.
    """
    if sum(map(data.count, (b",", b"[", b"{"))) > _MOST_JSON_VALUES:
        raise UnreadableError(
            str(Message("large.values", file=str(shown), most=f"{_MOST_JSON_VALUES:,}"))
        )
