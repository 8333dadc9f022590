"""Tables as CSV, which spreadsheets open without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from trigrad.grade.views.plain_text import number, on_one_line

Cell = str | float | None

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, in full width too."""


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A table with a line for each row; lines end as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_shown, heads))
    writer.writerows(map(_shown, row) for row in rows)
    return out.getvalue()


def _shown(cell: Cell) -> str:
    """Numbers as they are; a text that a spreadsheet would run gets an apostrophe before it."""
    if cell is None:
        return ""
    if isinstance(cell, float | int):
        return number(cell)
    text = on_one_line(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
