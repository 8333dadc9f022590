"""The command line: `trigrad fix PATH`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reference.defaults import REPAIR_SECONDS, TIMEOUT

if TYPE_CHECKING:  # at their first use, so that --help costs nothing
    from reference.repair.outcome import Change
    from reference.report import LayerReport, Report


def itself_failed(error: Exception) -> str:
    """What is said of an error that is our own."""
    return (
        f"trigrad itself failed ({type(error).__name__}: {error}); please report it, with what "
        "TRIGRAD_DEBUG=1 adds"
    )


def fix(
    path: Annotated[str, typer.Argument(help="A .py, .ipynb or .md file, or a folder of modules.")],
    layer: Annotated[
        str | None, typer.Option(help="Mend only this layer, by its contract's name or its own.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides every case that is drawn.")] = 0,
    write: Annotated[
        bool, typer.Option("--write", help="Write the fixes; a backup (.bak) stays beside.")
    ] = False,
    repair_seconds: Annotated[
        float, typer.Option(min=0, max=86_400, help="Seconds to look for a failing layer's fix.")
    ] = REPAIR_SECONDS,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, max=86_400, help="Seconds for a claim; then it is a hang."),
    ] = TIMEOUT,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="No sandbox, no time limit: for a debugger.")
    ] = False,
) -> None:
    """Show the verified fixes of the layers that fail, as a diff; with --write make them.

    Exit status: 0 nothing fails, or all that failed was mended; 1 something fails; 2 nothing
    could be judged, or what would mend it could not be put in place.
    """
    try:
        from reference.api import check

        report = check(
            path,
            layer=layer,
            seed=seed,
            timeout=timeout,
            in_process=in_process,
            repair_seconds=repair_seconds,
        )
        status = _mend(report, write=write)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _say(f"trigrad: {itself_failed(error)}")
        raise typer.Exit(2) from None
    raise typer.Exit(status)


def _mend(report: Report, *, write: bool) -> int:
    """Show what would mend the layers that fail, or write it; the exit status."""
    from reference.patch.choosing import chosen, names_of
    from reference.report import Verdict

    if report.error is not None:
        _say(f"trigrad: {report.error}")
        return 2
    if not report.count(Verdict.FAIL):
        _say(f"nothing fails in {report.path}: there is nothing to mend")
        return 0
    found = chosen(report)
    done = [_put(file, changes, write=write) for file, changes in found.changes.items()]
    for layer, why in found.left:
        _explain(layer, why)
    if not all(done):
        return 2
    if not write and found.mended:
        _say(f"verified by all three witnesses; --write mends {names_of(found.mended)}")
    return 0 if write and not found.left else 1


def _put(file: Path, changes: Sequence[Change], *, write: bool) -> bool:
    """Show the diff of one file, and write it if that is wanted; whether nothing was refused."""
    from reference.patch.diff import encoding_of, unified
    from reference.patch.patching import patched
    from reference.patch.refusal import RefusedError
    from reference.patch.writing import write as put

    try:
        new = patched(file, changes)
        _show(unified(new, Path.cwd()), encoding_of(new))
        if write:
            _say(f"wrote {file.name}; as it was: {put(new).name}")
    except RefusedError as error:
        _say(f"trigrad: {error}")
        return False
    return True


def _explain(layer: LayerReport, why: str) -> None:
    """Say why a layer that fails is not mended, and where the mistake may be."""
    from reference.hints import Hints
    from reference.verdict.mending import repair_lines
    from reference.verdict.places import span

    place = f" ({span(layer)})" if layer.where else ""
    _say(f"{layer.name}{place} fails: {why}")
    if layer.repair is not None and layer.repair.suspects:
        for line in repair_lines(layer, Hints.FIX):
            _say(line.plain)


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _show(diff: bytes, encoding: str) -> None:
    """Print a diff as it is; on a terminal as text, in which no control character does anything."""
    if not sys.stdout.isatty():
        typer.echo(diff, nl=False)
        return
    from reference.subject.text import one_line

    for line in diff.decode(encoding, "replace").removesuffix("\n").split("\n"):
        typer.echo("\t".join(map(one_line, line.split("\t"))))
