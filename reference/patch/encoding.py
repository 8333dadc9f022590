"""A file's bytes ↔ its text, so that what is not changed comes back byte for byte."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass

from trigrad.patch.refusal import RefusedError
from trigrad.subject.source.decoding import with_line_feeds

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True)
class Encoding:
    """How a file is written: the byte order mark it begins with, if any, and the code behind."""

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

    `python` if its second line may name the encoding (PEP 263). The file has been read before, by
    the rules of `trigrad.subject.source.decoding`, so it can be decoded.

    Raises:
        RefusedError: its bytes would not come back from its text.
    """
    mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
    name = _MARKS.get(mark, "utf-8")
    if python and not mark:
        name, _ = tokenize.detect_encoding(io.BytesIO(with_line_feeds(data)).readline)
    text = data[len(mark) :].decode(name)
    encoding = Encoding(mark, name)
    if encoding.encoded(text) != data:
        raise RefusedError(f"{shown}: in {name}, one text can be written in several ways; save it "
                           "as UTF-8, then run this again")  # fmt: skip
    return text, encoding
