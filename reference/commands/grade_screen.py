"""What `trigrad grade` shows: a bar while it works, and then what the class came to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from trigrad.grade.record import Run
from trigrad.grade.summary import Summary

_MOST = 5
"""So many mistakes are shown; the page for the class has all."""


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, if that is a terminal, with the rate and a guess of the end.

    What is given is called after each submission.
    """
    console = Console(file=sys.stderr)
    columns = (
        *(TextColumn("grading"), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rate="")

        def advance() -> None:
            bar.advance(task)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{60 * speed:.0f} a minute" if speed else "")

        yield advance


def show(found: Summary, run: Run, count: int, folder: Path, *, whole: bool) -> None:
    """Print what the class, or a part of it, came to."""
    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    console.print(f"{found.graded} of {count} submissions are graded.\n")
    console.print(_table(found))
    if found.mistakes:
        console.print("\nThe mistakes of most students:")
    by_number = sorted(found.mistakes.items(), key=lambda each: (-each[1], each[0]))
    for (layer, what), number in by_number[:_MOST]:
        console.print(f"{number:>6}  {layer}: {what}")
    console.print()
    for name, layer in found.undecided:
        console.print(f"look yourself: {layer} of {name} is not decided")
    for name, why in found.not_graded:
        console.print(f"not graded: {name}: {why}")
    if not whole:
        console.print(f"When all parts are graded: trigrad grade --views {folder}")
        return
    if run.missing:
        console.print(f"nothing from: {', '.join(run.missing)}")
    for note in run.notes:
        console.print(f"note: {note}")
    console.print(f"The tables and pages are in {folder}.")


def _table(found: Summary) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("layer")
    for head in ("all points", "mean", "of"):
        table.add_column(head, justify="right")
    among = max(found.graded, 1)
    for name, item in found.items.items():
        table.add_row(name, str(item.full), f"{item.points / among:.2f}", f"{item.of:g}")
    of = sum(item.of for item in found.items.values())
    table.add_row("together", "", f"{found.points / among:.2f}", f"{of:g}")
    return table
