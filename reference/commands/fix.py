"""The command line: `trigrad fix PATH`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trigrad.defaults import REPAIR_SECONDS, TIMEOUT

if TYPE_CHECKING:  # at their first use, so that --help costs nothing
    from trigrad.patch.choosing import Chosen
    from trigrad.repair.result import Change
    from trigrad.verdict.results import LayerReport, Results


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

    Fixes of several layers are judged together, too.

    Exit status: 0 nothing fails, or all that failed was mended; 1 something fails; 2 nothing
    could be judged, or what would mend it could not be put in place.
    """
    try:
        from trigrad.api import check

        if not path.strip():
            _say("trigrad: no path is given")
            raise typer.Exit(2)
        report = check(
            path,
            layer=layer,
            seed=seed,
            timeout=timeout,
            in_process=in_process,
            repair_seconds=repair_seconds,
        )
        status = _mend(report, Path(path), write=write, in_process=in_process)
    except typer.Exit:
        raise
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _say(f"trigrad: {itself_failed(error)}")
        raise typer.Exit(2) from None
    raise typer.Exit(status)


def _mend(report: Results, target: Path, *, write: bool, in_process: bool = False) -> int:
    """Show what would mend the layers that fail, or write it; the exit status."""
    from trigrad.patch.choosing import chosen, names_of
    from trigrad.verdict.results import Verdict

    if report.error is not None:
        _say(f"trigrad: {report.error}")
        return 2
    if not report.count(Verdict.FAIL):
        if report.exit_status == 3 and not report.count(Verdict.PASS):
            _say(f"trigrad: nothing could be judged in {report.path}: trigrad check says why")
            return 2
        _say(f"nothing fails in {report.path}: there is nothing to mend")
        return 0
    found = chosen(report, target)
    if len(found.mended) > 1 and not _go_together(found, report, in_process=in_process):
        found = chosen(report, target, most=1)
    done = _put_all(found.changes, write=write)
    for layer in report.layers:
        for drawback in (
            layer.repair.drawbacks if layer.repair and layer.name in found.mended else ()
        ):
            _say(f"{layer.name} is right with that, but then {drawback}")
    for layer, why in found.left:
        _explain(layer, why)
    if not done:
        return 2
    if not write and found.mended:
        _say(f"verified by all three witnesses; --write mends {names_of(found.mended)}")
    waiting = [r.name for r in report.layers if r.verdict is Verdict.INCONCLUSIVE]
    if waiting:
        _say(f"{names_of(waiting)} could not be judged yet: run this again when that is mended")
    return 0 if write and not found.left and not waiting else 1


def _go_together(found: Chosen, report: Results, *, in_process: bool) -> bool:
    """Whether everything passes that is to be mended, with all the changes made at once."""
    from trigrad.api import open_target
    from trigrad.patch.together import failing, judged_with
    from trigrad.sandbox.limits import Limits

    subject = open_target(report.path, limits=None if in_process else Limits())
    changes = [change for changes in found.changes.values() for change in changes]
    after = judged_with(subject, changes, report.seed)
    if after is None or after.error is not None:
        return False
    left = {layer.name for layer, _ in found.left}
    return not (set(failing(after)) & {r.name for r in report.layers}) - left - _open(report)


def _open(report: Results) -> set[str]:
    """The names of layers that are undecided as it is."""
    from trigrad.verdict.results import Verdict

    return {r.name for r in report.layers if r.verdict is Verdict.INCONCLUSIVE}


def _put_all(changes: Mapping[Path, Sequence[Change]], *, write: bool) -> bool:
    """Show the diffs of all files, and write them if that is wanted: all of them or none."""
    from trigrad.patch.diff import encoding_of, unified
    from trigrad.patch.patching import patched
    from trigrad.patch.refusal import RefusedError
    from trigrad.patch.writing import refuse_if_closed
    from trigrad.patch.writing import write as put

    try:
        new = [patched(file, there) for file, there in changes.items()]
        for each in new:
            _show(unified(each, Path.cwd()), encoding_of(each))
        if write:
            for each in new:
                refuse_if_closed(each)
            for each in new:
                _say(f"wrote {each.path.name}; as it was: {put(each).name}")
    except RefusedError as error:
        _say(f"trigrad: {error}")
        return False
    return True


def _explain(layer: LayerReport, why: str) -> None:
    """Say why a layer that fails is not mended, and where the mistake may be."""
    from trigrad.hints import Hints
    from trigrad.report.fixes import repair_lines
    from trigrad.report.locations import span

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
    from trigrad.subject.source.text import one_line

    for line in diff.decode(encoding, "replace").removesuffix("\n").split("\n"):
        typer.echo("\t".join(map(one_line, line.split("\t"))))
