"""`trigrad gradescope-zip`: an autograder for Gradescope."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from trigrad.commands.options import Seed, Timeout
from trigrad.contracts.own import ContractsError, read_contracts
from trigrad.contracts.registry import names_in
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints
from trigrad.messages import Message


def gradescope_zip(
    require: Annotated[str, typer.Option(help="Layers to be handed in, separated by commas.")] = "",
    rubric: Annotated[
        Path | None,
        typer.Option(help="A TOML file that says what gives how many points.", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="The zip file that is written.")] = Path(
        "autograder.zip"
    ),
    hints: Annotated[
        Hints,
        typer.Option(help="How much students are told: law; line adds the lines; fix the fix."),
    ] = Hints.LAW,
    seed: Seed = 0,
    examples: Annotated[
        int, typer.Option(min=1, max=10_000, help="Cases drawn for each layer.")
    ] = EXAMPLES,
    timeout: Timeout = TIMEOUT,
    numpy_only: Annotated[
        bool, typer.Option("--numpy-only", help="Gradients from a library are a mistake.")
    ] = False,
    contracts: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A Python file with contracts of your own.", show_default=False
        ),
    ] = None,
    torch_index: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The package index with PyTorch's CPU builds, from PyTorch's installation page.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write an autograder for Gradescope.

    Exit status:
    0 it is written;
    2 it is not: the rubric or the contracts cannot be used, or the file cannot be written.
    """
    from trigrad.grade.autograder import Settings
    from trigrad.grade.autograder_zip import write_zip
    from trigrad.grade.judging import Options
    from trigrad.grade.rubric import RubricError, read_rubric

    required = names_in(require)
    try:
        own = read_contracts(contracts) if contracts is not None else ()
        read_rubric(rubric, required, own)  # so that a mistake in it is said here, not there
        options = Options(
            seed=seed,
            examples=examples,
            timeout=timeout,
            hints=hints,
            numpy_only=numpy_only,
            repair_seconds=REPAIR_SECONDS if hints.names_lines else 0.0,
        )
        write_zip(
            out,
            Settings(tuple(required), options),
            rubric=rubric,
            contracts=contracts,
            torch_index=torch_index,
        )
    except (RubricError, ContractsError) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or out}: {error.strerror or error}")
    typer.echo(str(Message("grading.zip", file=str(out))))
    if not torch_index:
        typer.echo(str(Message("grading.torch")))


def _refuse(why: str) -> NoReturn:
    typer.echo(f"trigrad: {why}", err=True)
    raise typer.Exit(2)
