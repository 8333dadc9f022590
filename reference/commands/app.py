"""The command line: `trigrad check PATH …`; the other commands are in modules of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from trigrad.commands.digits import digits
from trigrad.commands.draw import draw
from trigrad.commands.exercise import exercise
from trigrad.commands.fix import fix, itself_failed
from trigrad.commands.grade import grade
from trigrad.commands.gradescope_zip import gradescope_zip
from trigrad.commands.group import Commands, finish_without
from trigrad.commands.options import (
    Advice,
    Contracts,
    Declare,
    InProcess,
    Layer,
    RepairSeconds,
    SamplesAxis,
    Seed,
    Timeout,
)
from trigrad.commands.output import print_json
from trigrad.commands.watch import watch
from trigrad.contracts.declaration import DeclarationError
from trigrad.contracts.optimisers import OPTIMISERS
from trigrad.contracts.own import ContractsError, read_contracts
from trigrad.contracts.registry import CONTRACTS, contract_named, names_in
from trigrad.contracts.shelf.registry import SHELF
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints
from trigrad.messages import Message

if TYPE_CHECKING:  # at its first use, so that --help costs nothing
    from trigrad.report.report import Report

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Three independent witnesses for hand-written back-propagation.",
)


class Format(StrEnum):
    """How the report is printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    LINES = "lines"


def _version(asked: bool) -> None:
    if asked:
        from trigrad.report.as_json import installed_version

        typer.echo(f"trigrad {installed_version()}")
        raise typer.Exit


@app.callback()
def _trigrad(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Three independent witnesses for hand-written back-propagation."""


@app.command()
def check(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="A .py, .ipynb or .md file, a folder of modules, or an importable module's name, "
            "or several of these; without one, trigrad's own impl is checked.",
            show_default=False,
        ),
    ] = None,
    layer: Layer = None,
    require: Annotated[
        str, typer.Option(help="Contracts that must be there, separated by commas.")
    ] = "",
    seed: Seed = 0,
    output: Annotated[
        Format,
        typer.Option(
            "--format",
            help="What is printed: text, one JSON object, annotations for GitHub, or a line for "
            "each place, as editors read them.",
        ),
    ] = Format.TEXT,
    examples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Cases drawn for each layer.")
    ] = EXAMPLES,
    timeout: Timeout = TIMEOUT,
    in_process: InProcess = False,
    numpy_only: Annotated[
        bool,
        typer.Option("--numpy-only", help="Gradients from a library are a mistake."),
    ] = False,
    hints: Annotated[
        Hints,
        typer.Option(help="How much to reveal: law; line adds the lines; fix adds the correction."),
    ] = Hints.FIX,
    advice: Advice = False,
    repair_seconds: RepairSeconds = REPAIR_SECONDS,
    samples: SamplesAxis = None,
    declare: Declare = None,
    contracts: Contracts = None,
    known: Annotated[
        bool,
        typer.Option("--known", help="Leave out gradient code whose name trigrad does not know."),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also write the report as one HTML page, with pictures."),
    ] = None,
    guess: Annotated[
        bool,
        typer.Option(help="Try layers that trigrad does not know on inputs that it guesses."),
    ] = True,
) -> None:
    """Check hand-written layers three ways.

    Exit status:
    0 everything that looks like gradient code was judged and holds;
    1 something fails, or a required layer is missing;
    2 there is nothing to judge;
    3 nothing fails, but something is undecided, not written yet or not judged.
    Of several paths the worst counts: 1 before 2, 2 before 3.
    """
    targets: Sequence[str | None] = paths or [None]
    as_json = output is Format.JSON
    required = names_in(require)
    try:
        own = () if contracts is None else read_contracts(contracts)
    except ContractsError as error:
        finish_without(str(error), as_json=as_json, path=targets[0], seed=seed)
    on_shelf = [known.name for known in SHELF]
    tables = (*CONTRACTS, *OPTIMISERS)
    all_names = [*(c.name for c in tables), *on_shelf, *(c.name for c in own)]
    unknown = [
        name
        for name in required
        if contract_named(name) is None
        and name not in on_shelf
        and not any(each.is_of([name]) for each in own)
    ]
    if unknown:
        near = [each for name in unknown for each in get_close_matches(name, all_names)]
        names, listed = ", ".join(unknown), ", ".join(dict.fromkeys(near or all_names))
        said = (
            Message("usage.no_contract.near", names=names, near=listed)
            if near
            else Message("usage.no_contract.all", names=names, all=listed)
        )
        finish_without(str(said), as_json=as_json, path=targets[0], seed=seed)
    if html is not None and len(targets) > 1:
        words = str(Message("usage.html_one"))
        finish_without(words, as_json=as_json, path=targets[0], seed=seed)
    if declare is not None and layer is None:
        words = str(Message("declare.whose"))
        finish_without(words, as_json=as_json, path=targets[0], seed=seed)
    reports: list[Report] = []
    target = targets[0]
    try:
        from trigrad.api import OWN_IMPL
        from trigrad.api import check as judge

        for target in targets:
            report = judge(
                OWN_IMPL if target is None else target,
                declare,
                layer=layer,
                require=required,
                seed=seed,
                examples=examples,
                timeout=timeout,
                in_process=in_process,
                numpy_only=numpy_only,
                hints=hints,
                repair_seconds=repair_seconds,
                samples=samples,
                known=known,
                guess=guess,
                contracts=own,
                draw=html is not None,
            )
            if not as_json:
                _show(report, output, first=not reports, advice=advice)
            reports.append(report)
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except DeclarationError as error:
        finish_without(str(error), as_json=as_json, path=target, seed=seed)
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        finish_without(itself_failed(error), as_json=as_json, path=target, seed=seed)
    if html is not None:
        try:
            html.write_text(reports[0].to_html(), encoding="utf-8")
        except OSError as error:
            words = str(Message("file.not_written", file=str(html), why=str(error.strerror)))
            finish_without(words, as_json=as_json, path=target, seed=seed)
    if as_json:
        from trigrad.report.as_json import encode, encode_several

        several = len(reports) > 1
        found = encode_several(reports) if several else encode(reports[0])
        print_json(found)
    raise typer.Exit(worst(report.exit_status for report in reports))


app.command()(watch)
app.command()(fix)
app.command()(draw)
app.command()(exercise)
app.command()(grade)
app.command()(gradescope_zip)
app.add_typer(digits, name="digits")


def _show(report: Report, output: Format, *, first: bool, advice: bool) -> None:
    if output is Format.TEXT:
        from trigrad.report.as_text import show

        if not first:
            typer.echo()
        show(report, Console(file=sys.stdout), None if advice else "--advice")
        return
    from trigrad.report.annotations import annotated
    from trigrad.report.as_annotations import as_github, as_lines

    for each in annotated(report):
        shown = [as_github(each)] if output is Format.GITHUB else as_lines(each)
        typer.echo("\n".join(shown))


def worst(statuses: Iterable[int]) -> int:
    """The exit status of several reports: something fails, is not there, is undecided, or none."""
    return min(statuses, key=(1, 2, 3, 0).index)
