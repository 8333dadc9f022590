"""What the commands on digits have in common: which digits, and options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from trigrad.digits.finding import Digits

Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder of the four files of MNIST. Without it: $TRIGRAD_MNIST, what was "
        "downloaded before, a download, or the sample that is brought along.",
    ),
]
Sample = Annotated[
    bool, typer.Option("--sample", help="Take the sample of MNIST that is brought along.")
]
Hidden = Annotated[int, typer.Option(min=1, max=10_000, help="Neurons in the hidden layer.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Decides weights and batches.")]


def digits_of(data: str | None, sample: bool) -> Digits:
    """The digits that are asked for; ends where they cannot be read."""
    from trigrad.digits.finding import find_digits
    from trigrad.impl.mnist import MnistError

    if sample and data is not None:
        end("--sample or --data: one of the two")
    try:
        return find_digits(data, Console(stderr=True), sample=sample)
    except MnistError as error:
        end(str(error))


def end(message: str) -> NoReturn:
    """Say why there is nothing to do, and end with status 2."""
    typer.echo(f"trigrad: {message}", err=True)
    raise typer.Exit(2)
