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
from trigrad.messages import Message

_MOST = 5
"""So many mistakes are shown; the page for the class has all."""


@contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on standard error, if that is a terminal, with the rate and a guess of the end.

    What is given is called after each submission.
    """
    console = Console(file=sys.stderr)
    columns = (
        *(TextColumn(str(Message("grading.bar"))), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total, rate="")

        def advance() -> None:
            bar.advance(task)
            speed = bar.tasks[0].speed
            bar.update(task, rate=_rate(speed) if speed else "")

        yield advance


def _rate(speed: float) -> str:
    return str(Message("grading.rate", count=f"{60 * speed:.0f}"))


def show(found: Summary, run: Run, count: int, folder: Path, *, whole: bool) -> None:
    """Print what the class, or a part of it, came to."""
    console = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
    console.print(f"{Message('grading.count', graded=found.graded, count=count)}\n")
    console.print(_table(found))
    if found.mistakes:
        console.print(f"\n{Message('grading.mistakes')}")
    by_number = sorted(found.mistakes.items(), key=lambda each: (-each[1], each[0]))
    for (layer, what), number in by_number[:_MOST]:
        console.print(f"{number:>6}  {layer}: {what}")
    console.print()
    for name, layer in found.undecided:
        console.print(str(Message("grading.undecided", layer=layer, name=name)))
    for name, why in found.not_graded:
        console.print(str(Message("grading.not_graded", name=name, why=why)))
    if not whole:
        console.print(str(Message("grading.parts", folder=str(folder))))
        return
    if run.missing:
        console.print(str(Message("grading.missing", names=", ".join(run.missing))))
    for note in run.notes:
        console.print(str(Message("note", note=note)))
    console.print(str(Message("grading.done", folder=str(folder))))


def _table(found: Summary) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(str(Message("grading.layer")))
    for head in ("grading.all_points", "grading.mean", "grading.of"):
        table.add_column(str(Message(head)), justify="right")
    among = max(found.graded, 1)
    for name, item in found.items.items():
        table.add_row(name, str(item.full), f"{item.points / among:.2f}", f"{item.of:g}")
    of = sum(item.of for item in found.items.values())
    table.add_row(str(Message("grading.together")), "", f"{found.points / among:.2f}", f"{of:g}")
    return table
