"""Options that the commands on digits share, and the digits that they select."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from trigrad.messages import Message

if TYPE_CHECKING:
    from trigrad.digits.finding import Digits

Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder with the four files of MNIST. Without it: $TRIGRAD_MNIST, an earlier "
        "download, a new download, or the sample that comes with trigrad.",
    ),
]
Sample = Annotated[
    bool, typer.Option("--sample", help="Use the sample of MNIST that comes with trigrad.")
]
Hidden = Annotated[int, typer.Option(min=1, max=10_000, help="Neurons in the hidden layer.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the weights and batches.")]


def digits_of(data: str | None, sample: bool) -> Digits:
    """The digits that the options select; exits with status 2 if they cannot be read."""
    from trigrad.digits.finding import find_digits
    from trigrad.impl.mnist import MnistError

    if sample and data is not None:
        end(str(Message("digits.one_source")))
    try:
        return find_digits(data, Console(stderr=True), sample=sample)
    except MnistError as error:
        end(str(error))


def end(message: str) -> NoReturn:
    """Print a message and exit with status 2."""
    typer.echo(f"trigrad: {message}", err=True)
    raise typer.Exit(2)
