"""The command line: `trigrad fix PATH`."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trigrad.commands.options import (
    Contracts,
    Declare,
    InProcess,
    Layer,
    RepairSeconds,
    SamplesAxis,
    Seed,
    Timeout,
)
from trigrad.contracts.declaration import DeclarationError
from trigrad.contracts.own import ContractsError, read_contracts
from trigrad.defaults import REPAIR_SECONDS, TIMEOUT, Samples
from trigrad.messages import Message

if TYPE_CHECKING:  # at their first use, so that --help costs nothing
    from trigrad.patch.choosing import Chosen
    from trigrad.repair.result import Change
    from trigrad.subject.declared import Declarations
    from trigrad.verdict.results import LayerReport, Results


def itself_failed(error: Exception) -> str:
    """The message for an error of trigrad's own."""
    return str(Message("itself_failed", kind=type(error).__name__, error=str(error)))


def fix(
    path: Annotated[
        str,
        typer.Argument(metavar="PATH", help="A .py, .ipynb or .md file, or a folder of modules."),
    ],
    layer: Layer = None,
    seed: Seed = 0,
    write: Annotated[
        bool, typer.Option("--write", help="Write the fixes; a backup (.bak) stays beside.")
    ] = False,
    repair_seconds: RepairSeconds = REPAIR_SECONDS,
    timeout: Timeout = TIMEOUT,
    in_process: InProcess = False,
    samples: SamplesAxis = None,
    declare: Declare = None,
    contracts: Contracts = None,
) -> None:
    """Show the verified fixes of the layers that fail, as a diff; with --write apply them.

    Fixes of several layers are also checked together.

    Exit status:
    0 nothing fails, or every layer that failed was fixed;
    1 something fails;
    2 nothing could be judged, or a fix could not be applied;
    3 nothing fails, but something is undecided, not written yet or could not be judged.
    """
    try:
        from trigrad.api import check, declarations_of

        if declare is not None and layer is None:
            _say(f"trigrad: {Message('declare.whose')}")
            raise typer.Exit(2)
        if not path.strip():
            _say(f"trigrad: {Message('path.empty')}")
            raise typer.Exit(2)
        own = () if contracts is None else read_contracts(contracts)
        report = check(
            path,
            declaration=declare,
            layer=layer,
            seed=seed,
            timeout=timeout,
            in_process=in_process,
            repair_seconds=repair_seconds,
            samples=samples,
            guess=False,  # what is guessed never fails
            contracts=own,
        )
        declarations = declarations_of(path, declare, layer, contracts=own)
        status = _fix(
            *(report, Path(path), declarations),
            write=write,
            in_process=in_process,
            samples=samples,
        )
    except typer.Exit:
        raise
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except (ContractsError, DeclarationError) as error:
        _say(f"trigrad: {error}")
        raise typer.Exit(2) from None
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _say(f"trigrad: {itself_failed(error)}")
        raise typer.Exit(2) from None
    raise typer.Exit(status)


def _fix(
    report: Results,
    target: Path,
    declarations: Declarations,
    *,
    write: bool,
    in_process: bool = False,
    samples: Samples | None = None,
) -> int:
    """Show the fixes of the layers that fail, or apply them; returns the exit status."""
    from trigrad.contracts.schema import Kind
    from trigrad.patch.choosing import chosen, names_of
    from trigrad.verdict.results import Verdict

    if report.error is not None:
        _say(f"trigrad: {report.error}")
        return 2
    if not report.count(Verdict.FAIL):
        if report.exit_status == 3 and not report.count(Verdict.PASS):
            _say(f"trigrad: {Message('fix.nothing_judged', path=str(report.path))}")
            return 2
        if report.exit_status == 3:
            _say(str(Message("fix.not_all_judged", path=str(report.path))))
            return 3
        _say(str(Message("fix.nothing_fails", path=str(report.path))))
        return 0
    found = chosen(report, target)
    if len(found.fixed) > 1 and not _go_together(
        found, report, declarations, in_process=in_process, samples=samples
    ):
        found = chosen(report, target, most=1)
    done = _put_all(found.changes, write=write)
    for layer in found.fixed:
        for drawback in layer.repair.drawbacks if layer.repair else ():
            _say(str(Message("fix.side_effect", name=layer.name, drawback=drawback)))
    for layer, why in found.left:
        _explain(layer, why)
    if not done:
        return 2
    if not write and found.fixed:
        steps = any(layer.kind is Kind.OPTIMISER for layer in found.fixed)
        key = "fix.verified_steps" if steps else "fix.verified"
        _say(str(Message(key, names=names_of(found.fixed))))
    waiting = [layer for layer in report.layers if layer.verdict is Verdict.INCONCLUSIVE]
    if waiting:
        _say(str(Message("fix.not_checked", names=names_of(waiting))))
    return 0 if write and not found.left and not waiting else 1


def _go_together(
    found: Chosen,
    report: Results,
    declarations: Declarations,
    *,
    in_process: bool,
    samples: Samples | None,
) -> bool:
    """Whether all the layers pass that are to be fixed, with all the changes made at once."""
    from trigrad.api import open_target
    from trigrad.contracts.schema import Sign
    from trigrad.patch.choosing import file_and_name
    from trigrad.patch.together import failing, judged_with
    from trigrad.sandbox.limits import Limits
    from trigrad.verdict.results import Verdict

    axis = None if samples is None else Sign(samples.value)
    limits = None if in_process else Limits()
    subject = open_target(report.path, limits=limits, declarations=declarations)
    changes = [change for changes in found.changes.values() for change in changes]
    after = judged_with(subject, changes, report.seed, axis)
    if after is None or after.error is not None:
        return False
    allowed = {file_and_name(layer) for layer, _ in found.left}
    undecided = [layer for layer in report.layers if layer.verdict is Verdict.INCONCLUSIVE]
    allowed |= set(map(file_and_name, undecided))
    judged_before = set(map(file_and_name, report.layers))
    return not (failing(after) & judged_before) - allowed


def _put_all(changes: Mapping[Path, Sequence[Change]], *, write: bool) -> bool:
    """Show the diffs of all files, and with `write` change the files: all of them or none."""
    from trigrad.patch.diff import encoding_of, unified
    from trigrad.patch.patching import patched
    from trigrad.patch.refusal import RefusedError
    from trigrad.patch.writing import write_all

    try:
        new = [patched(file, there) for file, there in changes.items()]
        for each in new:
            _show(unified(each, Path.cwd()), encoding_of(each))
        if write:
            for each, backup in zip(new, write_all(new), strict=True):
                _say(str(Message("fix.wrote", file=str(each.path.name), backup=backup.name)))
    except RefusedError as error:
        _say(f"trigrad: {error}")
        return False
    return True


def _explain(layer: LayerReport, why: str) -> None:
    """Say why a layer that fails is not fixed, and where the mistake may be."""
    from trigrad.hints import Hints
    from trigrad.report.fixes import repair_lines
    from trigrad.report.locations import span, with_place

    name = with_place(layer.name, span(layer))
    _say(str(Message("fix.fails", name=name, why=why)))
    if layer.repair is not None and layer.repair.suspects:
        for line in repair_lines(layer, Hints.FIX):
            _say(line.plain)


def _say(words: str) -> None:
    typer.echo(words, err=True)


def _show(diff: bytes, encoding: str) -> None:
    """Print a diff as it is; on a terminal with its control characters spelt out."""
    if not sys.stdout.isatty():
        typer.echo(diff, nl=False)
        return
    from trigrad.subject.source.text import one_line

    for line in diff.decode(encoding, "replace").removesuffix("\n").split("\n"):
        typer.echo("\t".join(map(one_line, line.split("\t"))))
