"""A change, cut down to what changes."""

from __future__ import annotations

import pytest

from trigrad.repair.line_changes import LineChange, line_changes, without_after
from trigrad.repair.result import Change
from trigrad.subject.face import Where


def change(before: str, after: str) -> Change:
    """A change that begins in line 5."""
    return Change(Where("a.py", None, 5), before, after, "/a.py")


@pytest.mark.parametrize(
    ("before", "after", "due"),
    [
        ("a", "b", [LineChange(5, ("a",), ("b",))]),
        ("a\nb\nc", "a\nB\nc", [LineChange(6, ("b",), ("B",))]),
        ("a\nb\nc", "A\nb\nC", [LineChange(5, ("a",), ("A",)), LineChange(7, ("c",), ("C",))]),
        ("a\nb\nc", "b\na\nc", [LineChange(5, ("a", "b"), ("b", "a"))]),
        ("", "a\nb", [LineChange(5, (), ("a", "b"))]),
        ("a\nb", "", [LineChange(5, ("a", "b"), ())]),
        ("a\nb", "a\nx\nb", [LineChange(6, (), ("x",))]),
        ("a\nb\nc", "a\nc", [LineChange(6, ("b",), ())]),
        ("a\nb", "a\nx\ny", [LineChange(6, ("b",), ("x", "y"))]),
        ("a\na", "a", [LineChange(6, ("a",), ())]),
        ("a", "a", []),
        ("a\nb", "a\nb", []),
        ("", "", [LineChange(5, (), ())]),  # lines put in, whose text is withheld
    ],
)
def test_only_what_differs(before: str, after: str, due: list[LineChange]) -> None:
    assert list(line_changes(change(before, after))) == due


@pytest.mark.parametrize(
    ("piece", "due"),
    [
        (LineChange(5, ("a", "b"), ("c",)), [5, 6]),
        (LineChange(5, (), ("c", "d")), [5]),
        (LineChange(5, ("a",), ()), [5]),
    ],
)
def test_the_lines_that_are_there_now(piece: LineChange, due: list[int]) -> None:
    assert list(piece.numbers) == due


def test_without_a_word_of_what_should_be() -> None:
    found = list(without_after(change("a\nb\nc", "A\nb\nC")))
    assert [(c.where.line, c.before, c.after) for c in found] == [(5, "a", ""), (7, "c", "")]
    assert {c.path for c in found} == {"/a.py"}
