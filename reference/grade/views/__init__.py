"""Tables and pages made from the records of a class."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trigrad.grade.record import Record, Run


def write(run: Run, records: Iterable[Record], folder: Path) -> None:
    """Placeholder until the views are merged."""
