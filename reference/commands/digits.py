"""`trigrad digits check` and `trigrad digits train`."""

from __future__ import annotations

import typer

from trigrad.commands.digits_check import check
from trigrad.commands.digits_train import train
from trigrad.commands.group import Group

digits = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Real digits: TwoLayerNet verified on MNIST, and networks trained.",
)
digits.command()(check)
digits.command()(train)
