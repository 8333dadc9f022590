"""`trigrad digits check` and `trigrad digits train`."""

from __future__ import annotations

import math
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

if TYPE_CHECKING:
    from impl.network import TwoLayerNet
    from reference.digits.finding import Digits
    from reference.digits.training import Log
    from reference.subject.recognition import Candidate

digits = typer.Typer(
    no_args_is_help=True,
    help="Real digits: TwoLayerNet verified on MNIST, and trained.",
)

LOG, CURVES, MISTAKES = "log.csv", "curves.png", "mistakes.png"


def _above_zero(value: float) -> float:
    if not 0 < value < math.inf:
        raise typer.BadParameter(f"{value} is no number above 0")
    return value


_Data = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="DIR",
        help="The folder of the four files of MNIST. Without it: $TRIGRAD_MNIST, what was "
        "downloaded before, a download, or the sample that is brought along.",
    ),
]
_Sample = Annotated[
    bool, typer.Option("--sample", help="Take the sample of MNIST that is brought along.")
]
_Hidden = Annotated[int, typer.Option(min=1, max=10_000, help="Neurons in the hidden layer.")]
_Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Decides weights and batches.")]


@digits.command()
def check(
    impl: Annotated[
        str | None,
        typer.Option(
            "--impl",
            metavar="PATH",
            help="A file, notebook or folder with a TwoLayerNet; without it trigrad's own.",
        ),
    ] = None,
    book_loss: Annotated[
        bool, typer.Option("--book-loss", help="With the book's loss, -log(y + 1e-7).")
    ] = False,
    data: _Data = None,
    sample: _Sample = False,
    hidden: _Hidden = 50,
    seed: _Seed = 0,
    timeout: Annotated[
        float, typer.Option(min=0.01, max=3600.0, help="Seconds that one call may take.")
    ] = 10.0,
) -> None:
    """The gradient check of section 5.7.3: four ways to the gradient of the loss of three digits.

    With --impl the network runs in the sandbox. The numerical gradient is the book's, taken by
    trigrad: a numerical_gradient of the network's own is for `trigrad check`.

    Exit status: 0 they agree; 1 they don't, or the network raises; 2 there is nothing to compare.
    """
    console = Console(file=sys.stdout)
    if impl is not None and book_loss:
        _end("--book-loss is for trigrad's own network; --impl brings its own loss")
    candidate, notes = _network(impl, book_loss, timeout)
    try:
        found = _digits(data, sample)
        from reference.digits.comparing import case_of_digits, compare
        from reference.digits.network import NetworkOnTrial, UnjudgedError
        from reference.digits.showing import show_comparison

        case = case_of_digits(found.x_train[:3], found.t_train[:3], hidden, seed)
        loss = ", with the book's loss" if book_loss else ""
        digits_of = f"the first {len(case.operands['x'])} digits of:"
        console.print(f"TwoLayerNet 784-{hidden}-10{loss}, {digits_of}", highlight=False)
        console.print(found.source, highlight=False, soft_wrap=True)
        for note in notes:
            console.print(f"note: {note}", style="dim", highlight=False, markup=False)
        status = Console(stderr=True)
        try:
            with status.status("") as spinner:
                network = NetworkOnTrial(candidate.face, case, timeout)
                comparison = compare(network, spinner.update)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except UnjudgedError as error:
            sign, exit_code = ("?", 2) if error.undecided else ("✗", 1)
            console.print(f"{sign} {candidate.name}: {error}", highlight=False, markup=False)
            raise typer.Exit(exit_code) from None
        show_comparison(comparison, console)
        if not comparison.agrees and impl is not None:
            again = f"Which layer it is, and which line: trigrad check {shlex.quote(impl)}"
            console.print(again, highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(0 if comparison.agrees else 1)
    finally:
        candidate.face.close()


@digits.command()
def train(
    data: _Data = None,
    sample: _Sample = False,
    steps: Annotated[int, typer.Option(min=1, help="Steps of gradient descent.")] = 10_000,
    batch: Annotated[int, typer.Option(min=1, help="Images in a step.")] = 100,
    lr: Annotated[float, typer.Option(callback=_above_zero, help="The learning rate.")] = 0.1,
    hidden: _Hidden = 50,
    seed: _Seed = 0,
    verify_every: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="K",
            help="Confirm the gradients after the first and every Kth step; 0: don't.",
        ),
    ] = 1000,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Where the log and the pictures are written.")
    ] = Path("digits"),
) -> None:
    """Train trigrad's own TwoLayerNet on digits, as in section 5.7.4.

    Writes log.csv, curves.png and mistakes.png. Ctrl-C ends training and keeps what there is.

    Exit status: 0 trained; 1 the gradients were found to be wrong; 2 there are no digits, nothing
    can be written, or the weights grew beyond all numbers; 130 ended by Ctrl-C.
    """
    from impl.train import accuracy
    from reference.digits.training import (
        DivergedError,
        Log,
        Settings,
        WrongGradientError,
        new_network,
        run,
    )

    console = Console(file=sys.stdout)
    found = _digits(data, sample)
    if batch > len(found.x_train):
        _end(f"--batch {batch}: there are {len(found.x_train)} images to draw from")
    settings = Settings(steps, batch, lr, hidden, seed, verify_every)
    network = new_network(settings, found.x_train.shape[1])
    log = Log(len(found.x_train), batch, out / LOG)
    _make_room(out, log)
    console.print(found.source, highlight=False, soft_wrap=True)
    try:
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
    except OSError as error:
        _end(f"{log.path}: cannot be written to: {error.strerror or error}")
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


def _digits(data: str | None, sample: bool) -> Digits:
    from impl.mnist import MnistError
    from reference.digits.finding import find_digits

    if sample and data is not None:
        _end("--sample or --data: one of the two")
    try:
        return find_digits(data, Console(stderr=True), sample=sample)
    except MnistError as error:
        _end(str(error))


def _network(
    path: str | None, book_loss: bool, timeout: float
) -> tuple[Candidate, tuple[str, ...]]:
    """The network to compare, and what is to be known of it; ends where there is none."""
    from impl.network import TwoLayerNet
    from reference.contracts import contract_named
    from reference.digits.stabiliser import BookTwoLayerNet
    from reference.sandbox.host import SandboxError
    from reference.sandbox.limits import Limits
    from reference.subject.subject import open_subject
    from reference.subject.text import UnreadableError

    try:
        if path is None:
            own = BookTwoLayerNet if book_loss else TwoLayerNet
            return open_subject(own, contract="TwoLayerNet").candidates[0], ()
        subject = open_subject(path, limits=Limits(timeout=timeout))
    except (UnreadableError, SandboxError) as error:
        _end(str(error))
    networks = [c for c in subject.candidates if c.contract.name == "TwoLayerNet"]
    if not networks:
        names = ", ".join(c.name for c in subject.candidates) or "nothing that trigrad knows"
        _end(f"{path}: no TwoLayerNet in it; found: {names}")
    if networks[-1].contract is not contract_named("TwoLayerNet"):
        formula = networks[-1].contract.formula
        _end(f"{path}: its network is {formula}; digits are compared with Relu between the layers")
    return networks[-1], (*subject.notes, *networks[-1].notes)


def _make_room(out: Path, log: Log) -> None:
    """A folder with an empty log and no pictures of an earlier run; ends where that cannot be."""
    place = out
    try:
        out.mkdir(parents=True, exist_ok=True)
        for place in (out / CURVES, out / MISTAKES):
            place.unlink(missing_ok=True)
        place = log.path
        log.write()
    except OSError as error:
        _end(f"{place}: cannot be written to: {error.strerror or error}")


def _draw(network: TwoLayerNet, found: Digits, log: Log, out: Path, console: Console) -> None:
    """Draw what there is to be drawn, and say what lies where."""
    from reference.digits.pictures import (
        WITHOUT,
        draw_curves,
        draw_mistakes,
        there_is_matplotlib,
    )

    try:
        log.write()
        written = [LOG]
        if there_is_matplotlib() and log.losses:
            draw_curves(log, out / CURVES)
            written.append(CURVES)
            if draw_mistakes(network, found.x_test, found.t_test, out / MISTAKES):
                written.append(MISTAKES)
    except OSError as error:
        _end(f"{out}: cannot be written to: {error.strerror or error}")
    console.print(f"in {out}: {', '.join(written)}", highlight=False, soft_wrap=True)
    if not there_is_matplotlib():
        console.print(WITHOUT, highlight=False, markup=False)


def _end(message: str) -> NoReturn:
    typer.echo(f"trigrad: {message}", err=True)
    raise typer.Exit(2)
