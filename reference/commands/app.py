"""The command line: `trigrad check PATH`; `fix` and `digits` are from modules of their own."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from trigrad.commands.digits import digits
from trigrad.commands.fix import fix, itself_failed
from trigrad.contracts.registry import CONTRACTS, contract_named
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Three independent witnesses for hand-written back-propagation.",
)


class Format(StrEnum):
    """How the report is printed."""

    TEXT = "text"
    JSON = "json"


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
    path: Annotated[
        str | None,
        typer.Argument(
            help="A .py, .ipynb or .md file, a folder of modules, or an importable module's name; "
            "without one, trigrad's own impl is checked."
        ),
    ] = None,
    layer: Annotated[
        str | None, typer.Option(help="Judge only this layer, by its contract's name or its own.")
    ] = None,
    require: Annotated[
        str, typer.Option(help="Contracts that must be there, separated by commas.")
    ] = "",
    seed: Annotated[int, typer.Option(min=0, help="Decides every case that is drawn.")] = 0,
    output: Annotated[
        Format, typer.Option("--format", help="What is printed: text or one JSON object.")
    ] = Format.TEXT,
    examples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Cases drawn for each layer.")
    ] = EXAMPLES,
    timeout: Annotated[
        float,
        typer.Option(min=0.1, max=86_400, help="Seconds for a claim; then it is a hang."),
    ] = TIMEOUT,
    in_process: Annotated[
        bool, typer.Option("--in-process", help="No sandbox, no time limit: for a debugger.")
    ] = False,
    numpy_only: Annotated[
        bool, typer.Option("--numpy-only", help="A layer that uses PyTorch or the like fails.")
    ] = False,
    hints: Annotated[
        Hints,
        typer.Option(help="How much is given away: the law, also the line, or also the fix."),
    ] = Hints.FIX,
    repair_seconds: Annotated[
        float,
        typer.Option(
            min=0, max=86_400, help="Seconds to look for a failing layer's fix; 0: don't."
        ),
    ] = REPAIR_SECONDS,
) -> None:
    """Check hand-written layers three ways.

    Exit status: 0 all that was found holds; 1 something fails, or a required layer is missing;
    2 nothing could be judged; 3 nothing fails, but something is undecided or not written yet.
    """
    required = [name.strip() for name in require.split(",") if name.strip()]
    unknown = [name for name in required if contract_named(name) is None]
    if unknown:
        known = ", ".join(c.name for c in CONTRACTS)
        _finish_without(
            f"no contract is named {', '.join(unknown)}; choose from {known}", output, path, seed
        )
    try:
        from trigrad.api import check as judge

        report = judge(
            path,
            layer=layer,
            require=required,
            seed=seed,
            examples=examples,
            timeout=timeout,
            in_process=in_process,
            numpy_only=numpy_only,
            hints=hints,
            repair_seconds=repair_seconds,
        )
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _finish_without(
            itself_failed(error),
            output,
            path,
            seed,
        )
    if output is Format.JSON:
        typer.echo(json.dumps(report.to_dict(), ensure_ascii=False))
    else:
        from trigrad.report.as_text import show

        show(report, Console(file=sys.stdout))
    raise typer.Exit(report.exit_status)


app.command()(fix)
app.add_typer(digits, name="digits")


def _finish_without(message: str, output: Format, path: str | None, seed: int) -> None:
    """End with status 2 and one message, as text or as the JSON object."""
    from trigrad.report.report import Report

    if output is Format.JSON:
        typer.echo(json.dumps(Report(path or "impl", "", seed, 0, error=message).to_dict()))
    else:
        typer.echo(f"trigrad: {message}", err=True)
    raise typer.Exit(2)
