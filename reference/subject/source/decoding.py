"""Decode a file: the encodings that Python, Jupyter and old editors use."""

from __future__ import annotations

import codecs
import io
import tokenize

from trigrad.messages import Message
from trigrad.subject.source.text import UnreadableError, with_plain_ends

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, shown: str) -> str:
    """Decode a page or notebook: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        UnreadableError: it is neither.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_WIDE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(
            str(Message("text.not_utf8", file=str(shown), start=error.start))
        ) from error
    return valid(text)


def decode_python(data: bytes, shown: str) -> str:
    """Decode as Python does (PEP 263: a coding line, a byte order mark, else UTF-8).

    UTF-16 with a byte order mark is accepted too, since some editors write it by default.

    Raises:
        UnreadableError: the bytes are not in that encoding, or the encoding is unknown.
    """
    try:
        if data.startswith(_WIDE):
            return valid(data.decode("utf-16"))
        encoding, _ = tokenize.detect_encoding(io.BytesIO(with_line_feeds(data)).readline)
        text = data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(
            str(Message("text.not_decoded", file=str(shown), error=str(error)))
        ) from error
    return valid(text)


def with_line_feeds(data: bytes) -> bytes:
    """The bytes with every line end replaced by a line feed, so that line 1 is found."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def valid(text: str) -> str:
    """The text with plain line ends, and lone surrogates replaced, which cannot be encoded."""
    return with_plain_ends(text).encode("utf-8", "replace").decode("utf-8")
