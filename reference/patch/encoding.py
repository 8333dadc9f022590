"""A file's bytes ↔ its text, so that unchanged text gives the same bytes."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass

from trigrad.messages import Message
from trigrad.patch.refusal import RefusedError
from trigrad.subject.source.decoding import with_line_feeds

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True)
class Encoding:
    """How a file is encoded: its byte order mark, if it has one, and the encoding's name."""

    mark: bytes
    name: str

    def encoded(self, text: str) -> bytes:
        """The file's bytes for a text.

        Raises:
            UnicodeEncodeError: it has characters that this encoding does not.
        """
        return self.mark + text.encode(self.name)


def text_of(data: bytes, *, python: bool, shown: str) -> tuple[str, Encoding]:
    """A file's text, line ends and all, without its mark, and how it is written.

    `python` if one of its first two lines may name the encoding (PEP 263). The file was read
    before, by the rules of `trigrad.subject.source.decoding`, so it can be decoded.

    Raises:
        RefusedError: encoding its text again gives other bytes.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    name = _MARKS.get(mark, "utf-8")
    if python and not mark:
        name, _ = tokenize.detect_encoding(io.BytesIO(with_line_feeds(data)).readline)
    text = data[len(mark) :].decode(name)
    encoding = Encoding(mark, name)
    if encoding.encoded(text) != data:
        raise RefusedError(str(Message("patch.ambiguous", file=str(shown), encoding=name)))
    return text, encoding
