"""The command line: `trigrad watch PATH`, which judges again at each save what has changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from trigrad.commands.options import Advice, Layer, RepairSeconds, SamplesAxis, Seed, Timeout
from trigrad.defaults import REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints
from trigrad.messages import Message

if TYPE_CHECKING:  # at its first use, so that --help costs nothing
    from trigrad.subject.source.text import Source
    from trigrad.verdict.kept import Kept

SECONDS = 0.1
"""So often the times of the files are looked at: a few microseconds each. Notices of the system
would come sooner, but not from network drives, containers and WSL, where notebooks often lie."""


def watch(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A file, notebook or folder.")],
    layer: Layer = None,
    seed: Seed = 0,
    timeout: Timeout = TIMEOUT,
    hints: Annotated[
        Hints,
        typer.Option(help="The law and the case; also the lines; also the correction."),
    ] = Hints.FIX,
    advice: Advice = False,
    repair_seconds: RepairSeconds = REPAIR_SECONDS,
    samples: SamplesAxis = None,
) -> None:
    """Check a file again at each save. Only layers whose text has changed, or what it uses, are
    judged again. Ctrl-C ends it.

    Exit status:
    2 the path is not there at the start;
    130 it was ended by Ctrl-C.
    """
    from trigrad.api import check
    from trigrad.report.as_text import show
    from trigrad.subject.source.sources import there
    from trigrad.verdict.kept import Kept

    if not path.strip() or not there(Path(path)):
        typer.echo(f"trigrad: {Message('path.none', path=str(path))}", err=True)
        raise typer.Exit(2)
    console = Console(file=sys.stdout)
    kept = Kept()
    for found in saved(Path(path)):
        began = time.perf_counter()
        console.print(
            str(Message("watch.judging")), style="dim", end="\r" if console.is_terminal else "\n"
        )
        kept.begin()  # what cannot be read is not judged, and would count as before
        report = check(
            found,
            layer=layer,
            seed=seed,
            timeout=timeout,
            hints=hints,
            repair_seconds=repair_seconds,
            samples=samples,
            kept=kept,
        )
        console.clear()
        show(report, console, None if advice else "--advice")
        _show_judged(console, kept, time.perf_counter() - began)


def _show_judged(console: Console, kept: Kept, seconds: float) -> None:
    """How much of the report is new."""
    said = Message(
        "watch.judged",
        time=time.strftime("%H:%M:%S"),
        judged=kept.judged,
        all=kept.judged + kept.answered,
        seconds=f"{seconds:.2f}",
    )
    console.print(f"\n{said}", style="dim", highlight=False)


def saved(path: Path, seconds: float = SECONDS) -> Iterator[Source | Path]:
    """The text of a path, at once and whenever it, or what it imports, has changed.

    The path itself is yielded where it cannot be read, so that it is said why.
    """
    from trigrad.subject.source.sources import UnreadableError, read

    last: object = None
    failed = ""
    files = [path]
    while True:
        before = _times(files)
        found: Source | Path = path
        told: Source | str
        needed = files
        try:
            source = read(path)
            needed = [path, *(Path(module.key) for module in source.modules)]
            found = told = source
        except UnreadableError as error:
            told = str(error)
        if needed != files:
            files = needed  # read again: they may have changed before their times were known
            continue
        if isinstance(told, str) and told != failed:
            failed = told
            time.sleep(seconds)  # it may be half written
            continue
        if told != last:
            last = told
            yield found
        while _times(files) == before:
            time.sleep(seconds)


def _times(files: list[Path]) -> list[tuple[int, int] | None]:
    """When each file was last written, and its size; also its folder's time, for new files."""
    found: list[tuple[int, int] | None] = []
    for file in dict.fromkeys([*files, *(file.parent for file in files)]):
        try:
            told = os.stat(file)
        except (OSError, ValueError):  # it is not there: an editor is just replacing it
            found.append(None)
        else:
            found.append((told.st_mtime_ns, told.st_size))
    return found
