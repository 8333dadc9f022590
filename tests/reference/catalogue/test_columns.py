"""Text in columns: English as before, and Chinese, Japanese and Korean by their widths."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trigrad.catalogue.columns import padded, width, wrapped


@given(
    st.lists(st.text("ab,.()-`", min_size=1, max_size=12), min_size=1).map(" ".join),
    st.integers(1, 30),
)
def test_english_is_wrapped_as_before(text: str, columns: int) -> None:
    due = textwrap.wrap(text, columns, break_long_words=False, break_on_hyphens=False)
    assert wrapped(text, columns) == due


@given(st.text("あ漢。「」（）a ,`한", max_size=60), st.integers(8, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        broken = [c for c in line if c in "あ漢"]
        assert width(line) <= columns or len(broken) < 2 or "。" in line or "「" in line


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("勾配が違います", ["勾配が", "違いま", "す"]),
        ("勾配が。違う", ["勾配", "が。違", "う"]),
        ("勾「配」だ", ["勾", "「配」", "だ"]),
        ("xの勾配", ["xの勾", "配"]),
        ("기울기가 다르다", ["기울기가", "다르다"]),
        ("", []),
    ],
)
def test_lines_of_six_columns(text: str, lines: list[str]) -> None:
    assert wrapped(text, 6) == lines


def test_columns() -> None:
    assert (width("is"), width("正"), width("한글"), width("✓")) == (2, 2, 4, 1)
    assert [padded(label, 9) + "|" for label in ("is", "正しい値", "longer than that")] == [
        "is       |",
        "正しい値 |",
        "longer than that|",
    ]
