"""The command line: `trigrad draw PATH --layer NAME`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from trigrad.commands.fix import itself_failed
from trigrad.commands.options import Contracts, Declare, InProcess, Seed, Timeout
from trigrad.contracts.declaration import DeclarationError
from trigrad.contracts.own import ContractsError, read_contracts
from trigrad.defaults import TIMEOUT
from trigrad.messages import Message


def draw(
    layer: Annotated[
        str, typer.Option(help="The layer, function or network, by its own name or its contract's.")
    ],
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="PATH",
            help="A .py, .ipynb or .md file, a folder, or an importable module's name; without "
            "one, a layer of trigrad's own impl is drawn.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The SVG file that is written; by default NAME.svg."),
    ] = None,
    at: Annotated[
        str,
        typer.Option(
            metavar="NAME=NUMBER,…",
            help="Numbers for the arrays of the case: 'x=100, y=2, dout=1.1'.",
        ),
    ] = "",
    seed: Seed = 0,
    timeout: Timeout = TIMEOUT,
    in_process: InProcess = False,
    declare: Declare = None,
    contracts: Contracts = None,
) -> None:
    """Draw the computational graph of a layer's forward on its smallest case, as SVG.

    Above each arrow is the value, below it the gradient that comes back. Where the layer's own
    gradient is another one, both are shown.

    Exit status:
    0 it is drawn, whether or not the layer is right;
    2 it is not: there is no such layer, it cannot be followed, or the file cannot be written.
    """
    try:
        numbers = {n.strip(): float(v) for n, _, v in (p.partition("=") for p in _parts(at))}
    except ValueError:
        _refuse(str(Message("usage.at", at=repr(at))))
    try:
        from trigrad.api import OWN_IMPL, check
        from trigrad.pictures.picture import picture

        report = check(
            OWN_IMPL if path is None else path,
            declare,
            layer=layer,
            seed=seed,
            timeout=timeout,
            in_process=in_process,
            repair_seconds=0,
            contracts=() if contracts is None else read_contracts(contracts),
            draw=numbers or True,
        )
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except (ContractsError, DeclarationError) as error:
        _refuse(str(error))
    except Exception as error:
        if os.environ.get("TRIGRAD_DEBUG"):
            raise
        _refuse(itself_failed(error))
    if report.error is not None:
        _refuse(report.error)
    exact = sorted(report.layers, key=lambda each: each.name != layer)
    drawn = next(((each, svg) for each in exact if (svg := picture(each))), None)
    if drawn is None:
        reasons = [(each.name, str(each.drawing)) for each in report.layers if each.drawing]
        reasons += [(each.name, each.why) for each in report.unjudged]
        name, why = reasons[0] if reasons else (layer, str(Message("draw.no_case")))
        _refuse(str(Message("draw.none", name=name, why=why)))
    found, svg = drawn
    file = out or Path(f"{found.name.partition('/')[0]}.svg")  # of a pair the first function
    try:
        file.write_text(svg, encoding="utf-8")
    except OSError as error:
        _refuse(str(Message("file.not_written", file=str(file), why=str(error.strerror))))
    typer.echo(
        str(
            Message(
                "draw.written",
                file=str(file),
                name=found.name,
                verdict=Message(f"verdict.{found.verdict}"),
            )
        )
    )


def _parts(text: str) -> list[str]:
    return [part for part in text.split(",") if part.strip()]


def _refuse(why: str) -> NoReturn:
    typer.echo(f"trigrad: {why}", err=True)
    raise typer.Exit(2)
