"""`trigrad digits train`."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from trigrad.commands.digits_options import Data, Hidden, Sample, Seed, digits_of, end
from trigrad.commands.ending import interrupts_raised

if TYPE_CHECKING:
    from trigrad.digits.finding import Digits
    from trigrad.digits.training import Log
    from trigrad.impl.network import TwoLayerNet

LOG, CURVES, MISTAKES = "log.csv", "curves.png", "mistakes.png"


def _above_zero(value: float) -> float:
    if not 0 < value < math.inf:
        raise typer.BadParameter(f"{value} is not a number above 0")
    return value


def train(
    data: Data = None,
    sample: Sample = False,
    steps: Annotated[int, typer.Option(min=1, help="Steps of gradient descent.")] = 10_000,
    batch: Annotated[int, typer.Option(min=1, help="Images per step.")] = 100,
    lr: Annotated[float, typer.Option(callback=_above_zero, help="The learning rate.")] = 0.1,
    hidden: Hidden = 50,
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
    """Train trigrad's own TwoLayerNet on digits, as in section 5.7.4.

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
        new_network,
        run,
    )
    from trigrad.impl.train import accuracy

    console = Console(file=sys.stdout)
    found = digits_of(data, sample)
    if batch > len(found.x_train):
        end(f"--batch {batch}: there are {len(found.x_train)} images to draw from")
    settings = Settings(steps, batch, lr, hidden, seed, verify_every)
    network = new_network(settings, found.x_train.shape[1])
    log = Log(len(found.x_train), batch, out / LOG)
    _make_room(out, log)
    console.print(found.source, highlight=False, soft_wrap=True)
    try:
        with interrupts_raised():
            run(network, found, settings, log, console)
    except WrongGradientError as error:
        _draw(network, found, log, out, console)
        console.print(f"✗ stopped after step {error.step}: the gradients are wrong")
        console.print(str(error.report), highlight=False, markup=False)
        raise typer.Exit(1) from None
    except DivergedError as error:
        log.write()
        console.print(f"in {out}: {LOG}", highlight=False, soft_wrap=True)
        console.print(f"✗ {error}; a smaller --lr may help", highlight=False, markup=False)
        raise typer.Exit(2) from None
    except BrokenPipeError:  # nobody reads what is printed
        raise
    except OSError as error:
        end(f"{log.path}: cannot be written to: {error.strerror or error}")
    if log.interrupted:
        console.print(f"interrupted after step {len(log.losses)}", highlight=False)
    if log.verified:
        times = "once" if log.verified == 1 else f"{log.verified} times"
        console.print(f"gradients confirmed {times}", highlight=False)
    if log.has_grown:
        console.print("the loss has grown: --lr is too large", highlight=False)
    _draw(network, found, log, out, console)
    final = accuracy(network, found.x_test, found.t_test)
    console.print(f"test accuracy {final:.4f}", highlight=False)
    raise typer.Exit(130 if log.interrupted else 0)


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
        end(f"{place}: cannot be written to: {error.strerror or error}")


def _draw(network: TwoLayerNet, found: Digits, log: Log, out: Path, console: Console) -> None:
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
        end(f"{out}: cannot be written to: {error.strerror or error}")
    console.print(f"in {out}: {', '.join(written)}", highlight=False, soft_wrap=True)
    if not there_is_matplotlib():
        console.print(WITHOUT, highlight=False, markup=False)
