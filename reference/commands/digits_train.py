"""`trigrad digits train`."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from trigrad.commands.digits_options import Data, Sample, Seed, digits_of, end
from trigrad.commands.ending import interrupts_raised
from trigrad.commands.misuse import MisuseError
from trigrad.messages import Message

if TYPE_CHECKING:
    from trigrad.digits.finding import Digits
    from trigrad.digits.training import Log
    from trigrad.impl.train import Network

LOG, CURVES, MISTAKES = "log.csv", "curves.png", "mistakes.png"


class Which(StrEnum):
    """The networks of `trigrad.impl` that can be trained, by the names that it has for them."""

    TWO_LAYER = "two-layer"
    CNN = "cnn"


def _above_zero(value: float | None) -> float | None:
    if value is not None and not 0 < value < math.inf:
        raise MisuseError(str(Message("digits.not_above", value=value)))
    return value


def train(
    network: Annotated[
        Which,
        typer.Option(help="TwoLayerNet, or SimpleConvNet, a convolutional neural network."),
    ] = Which.TWO_LAYER,
    data: Data = None,
    sample: Sample = False,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help="Steps of gradient descent: 10000, for the cnn 6000."),
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, help="Images per step: 100, for the cnn 50.")
    ] = None,
    lr: Annotated[
        float | None,
        typer.Option(callback=_above_zero, help="The learning rate: 0.1, for the cnn 0.1."),
    ] = None,
    hidden: Annotated[
        int | None,
        typer.Option(min=1, max=10_000, help="Neurons in the hidden layer: 50, for the cnn 100."),
    ] = None,
    seed: Seed = 0,
    verify_every: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="K",
            help="Verify the gradients after the first and every Kth step; 0 disables it.",
        ),
    ] = 1000,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the log and the pictures are written.")
    ] = Path("digits"),
) -> None:
    """Train trigrad's own network on digits, as in section 5.7.4, or 7.5 for the cnn.

    Writes log.csv, curves.png and mistakes.png. Ctrl-C ends training and keeps them.

    Exit status:
    0 trained;
    1 the gradients are wrong;
    2 there are no digits, nothing can be written, or the weights are not finite any more;
    130 ended by Ctrl-C.
    """
    from trigrad.digits.training import (
        DivergedError,
        Log,
        Settings,
        WrongGradientError,
        run,
    )
    from trigrad.impl.train import NETWORKS, accuracy, new_network

    console = Console(file=sys.stdout)
    found = digits_of(data, sample)
    usual = NETWORKS[network]
    batch = batch or usual.batch
    if batch > len(found.x_train):
        end(str(Message("digits.batch", batch=batch, images=len(found.x_train))))
    settings = Settings(steps or usual.steps, batch, lr or usual.learning_rate, seed, verify_every)
    trained = new_network(network, found.x_train.shape[1:], hidden or usual.hidden, seed)
    log = Log(len(found.x_train), batch, out / LOG)
    _make_room(out, log)
    console.print(found.source, highlight=False, soft_wrap=True)
    try:
        with interrupts_raised():
            run(trained, found, settings, log, console)
    except WrongGradientError as error:
        _draw(trained, found, log, out, console)
        console.print(f"✗ {Message('digits.stopped', step=error.step)}")
        console.print(str(error.report), highlight=False, markup=False)
        raise typer.Exit(1) from None
    except DivergedError as error:
        log.write()
        console.print(_written(out, [LOG]), highlight=False, soft_wrap=True)
        console.print(
            f"✗ {Message('digits.smaller', error=str(error))}", highlight=False, markup=False
        )
        raise typer.Exit(2) from None
    except BrokenPipeError:  # nobody reads what is printed
        raise
    except OSError as error:
        end(_unwritten(log.path, error))
    if log.interrupted:
        console.print(str(Message("digits.interrupted", step=len(log.losses))), highlight=False)
    for often, key in ((log.verified, "confirmed"), (log.undecided, "undecided")):
        if often:
            console.print(str(Message(f"digits.gradients_{key}", count=often)), highlight=False)
    if log.has_grown:
        console.print(str(Message("digits.grown")), highlight=False)
    _draw(trained, found, log, out, console)
    final = accuracy(trained, found.x_test, found.t_test)
    console.print(str(Message("digits.accuracy", accuracy=f"{final:.4f}")), highlight=False)
    raise typer.Exit(130 if log.interrupted else 0)


def _unwritten(path: Path, error: OSError) -> str:
    return str(Message("digits.not_written", path=str(path), why=error.strerror or str(error)))


def _written(folder: Path, files: Sequence[str]) -> str:
    return str(Message("digits.written", folder=str(folder), files=", ".join(files)))


def _make_room(out: Path, log: Log) -> None:
    """Make the folder, with an empty log and no old pictures; exits with status 2 if it can't."""
    place = out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for place in (out / CURVES, out / MISTAKES):
            place.unlink(missing_ok=True)
        place = log.path
        log.write()
    except OSError as error:
        end(_unwritten(place, error))


def _draw(network: Network, found: Digits, log: Log, out: Path, console: Console) -> None:
    """Draw the pictures, and say where they are."""
    from trigrad.digits.pictures import WITHOUT, draw_curves, draw_mistakes, there_is_matplotlib

    try:
        log.write()
        written = [LOG]
        if there_is_matplotlib() and log.losses:
            draw_curves(log, out / CURVES)
            written.append(CURVES)
            if draw_mistakes(network, found.x_test, found.t_test, out / MISTAKES):
                written.append(MISTAKES)
    except OSError as error:
        end(_unwritten(out, error))
    console.print(_written(out, written), highlight=False, soft_wrap=True)
    if not there_is_matplotlib():
        console.print(str(WITHOUT), highlight=False, markup=False)
