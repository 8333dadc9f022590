"""Lines replaced, with their ends, prefixes and odd spaces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigrad.patch.lines import joined, spliced, split
from trigrad.patch.refusal import RefusedError
from trigrad.repair.line_changes import LineChange
from trigrad.subject.source.text import lines_of

NBSP = "\N{NO-BREAK SPACE}"


def put(text: str, *pieces: LineChange, code: str | None = None) -> str:
    """The text with the pieces put in; it is its own code unless there is another."""
    return joined(spliced(split(text), lines_of(code or text), pieces, "n"))


@given(st.text(alphabet="a \t\f\x1c\u2028\r\n", max_size=30))
def test_lines_make_up_the_text_and_are_python_s(text: str) -> None:
    assert joined(split(text)) == text
    bodies = [line.body for line in split(text)]
    assert bodies == (lines_of(text) if lines_of(text)[-1] else lines_of(text)[:-1])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize(
    ("piece", "due"),
    [
        (LineChange(2, ("b",), ("B",)), "a B c"),
        (LineChange(3, ("c",), ("C",)), "a b C"),
        (LineChange(2, ("b",), ()), "a c"),
        (LineChange(3, ("c",), ()), "a b"),
        (LineChange(2, ("b", "c"), ()), "a"),
        (LineChange(2, (), ("x", "y")), "a x y b c"),
        (LineChange(1, (), ("x",)), "x a b c"),
        (LineChange(4, (), ("x",)), "a b c x"),
        (LineChange(4, (), ("x", "y")), "a b c x y"),
        (LineChange(3, ("c",), ("x", "y")), "a b x y"),
        (LineChange(2, ("b", "c"), ("x",)), "a x"),
    ],
)
def test_line_ends_stay_what_they_are(piece: LineChange, due: str, end: str, last: bool) -> None:
    text = end.join("abc") + end * last
    assert put(text, piece) == end.join(due.split()) + end * last


def test_a_line_keeps_an_end_that_the_others_do_not_have() -> None:
    assert put("a\nb\r\nc\n", LineChange(2, ("b",), ("B",))) == "a\nB\r\nc\n"


def test_several_pieces() -> None:
    pieces = [LineChange(3, ("c",), ("C",)), LineChange(1, ("a",), ()), LineChange(3, (), ("x",))]
    assert put("a\nb\nc\n", *pieces) == "b\nx\nC\n"


@pytest.mark.parametrize(
    "other", [LineChange(2, ("b",), ("x",)), LineChange(1, ("a", "b"), ("x",))]
)
def test_two_that_touch_a_line_are_refused(other: LineChange) -> None:
    with pytest.raises(RefusedError, match="two changes touch line 2"):
        put("a\nb\nc\n", LineChange(2, ("b",), ("B",)), other)


@pytest.mark.parametrize(
    ("raw", "code", "due"),
    [
        ("    x = 1", "x = 1", "    x = 2"),
        (">   x = 1", "  x = 1", ">   x = 2"),
        (">>> x = 1", "x = 1", ">>> x = 2"),
        ("  ...     x = 1", "    x = 1", "  ...     x = 2"),
        (f"{NBSP}{NBSP}x = 1  #{NBSP}a", "  x = 1  # a", f"{NBSP}{NBSP}x = 2  #{NBSP}a"),
    ],
)
def test_what_stands_before_the_code_stays(raw: str, code: str, due: str) -> None:
    piece = LineChange(1, (code,), (code.replace("1", "2"),))
    assert put(f"{raw}\n", piece, code=f"{code}\n") == f"{due}\n"


@pytest.mark.parametrize(
    ("raw", "code"), [("%matplotlib", ""), ("!ls", "pass"), ("a = !ls", "a = None"), ("b", "a")]
)
def test_a_line_that_was_read_as_another_is_refused(raw: str, code: str) -> None:
    with pytest.raises(RefusedError, match="n, line 1: this line was rewritten before checking"):
        put(f"{raw}\n", LineChange(1, (code,), ("x",)), code=f"{code}\n")


def test_a_line_put_into_a_session_has_its_prompt() -> None:
    raw, code = ">>> class A:\n...     a = 1\n", "class A:\n    a = 1\n"
    assert put(raw, LineChange(2, (), ("    b = 2",)), code=code) == (
        ">>> class A:\n...     b = 2\n...     a = 1\n"
    )
