"""Bytes that come back."""

from __future__ import annotations

import codecs

import pytest

from trigrad.patch.encoding import text_of
from trigrad.patch.refusal import RefusedError
from trigrad.subject.source.decoding import decode_python


@pytest.mark.parametrize(
    "data",
    [
        b"a = 1\r\n",
        codecs.BOM_UTF8 + "é = 1\n".encode(),
        codecs.BOM_UTF16_LE + "é = 1\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é = 1\n".encode("utf-16-be"),
        "# coding: latin-1\né = 1\n".encode("latin-1"),
        "#!/bin/python\r# coding: shift_jis\r# 層\r".encode("shift_jis"),
        codecs.BOM_UTF8 + b"# coding: utf-8\n",
    ],
)
def test_every_byte(data: bytes) -> None:
    text, encoding = text_of(data, python=True, shown="a.py")
    assert encoding.encoded(text) == data
    assert text.replace("\r\n", "\n").replace("\r", "\n") == decode_python(data, "a.py").lstrip(
        "\ufeff"
    )


def test_a_page_names_no_encoding() -> None:
    data = "# coding: latin-1\né".encode()
    assert text_of(data, python=False, shown="a.md")[0] == "# coding: latin-1\né"


def test_an_encoding_in_which_they_would_not_come_back_is_refused() -> None:
    data = b"# coding: utf-7\n# +AGE-\n"
    with pytest.raises(RefusedError, match=r"a\.py: its encoding, utf-7, is ambiguous, so"):
        text_of(data, python=True, shown="a.py")
