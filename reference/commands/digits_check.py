"""`trigrad digits check`."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from trigrad.commands.digits_options import Data, Hidden, Sample, Seed, digits_of, end
from trigrad.messages import Message

if TYPE_CHECKING:
    from trigrad.subject.candidate import Candidate


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
    data: Data = None,
    sample: Sample = False,
    hidden: Hidden = 50,
    seed: Seed = 0,
    timeout: Annotated[
        float, typer.Option(min=0.01, max=3600.0, help="Time limit per call, in seconds.")
    ] = 10.0,
) -> None:
    """The gradient check of section 5.7.3: the gradient of the loss of three digits, four ways.

    With --impl the network runs in the sandbox. trigrad computes the book's numerical gradient
    itself; the network's own numerical_gradient is checked by `trigrad check`.

    Exit status:
    0 they agree;
    1 they don't, or the network raises;
    2 there is nothing to compare.
    """
    console = Console(file=sys.stdout)
    if impl is not None and book_loss:
        end(str(Message("digits.book_loss")))
    candidate, notes = _network(impl, book_loss, timeout)
    try:
        found = digits_of(data, sample)
        from trigrad.digits.comparing import case_of_digits, compare
        from trigrad.digits.network import JudgedNetwork, UnjudgedError
        from trigrad.digits.showing import show_comparison

        case = case_of_digits(found.x_train[:3], found.t_train[:3], hidden, seed)
        key = "digits.head_book" if book_loss else "digits.head"
        head = Message(key, hidden=hidden, count=len(case.operands["x"]))
        console.print(str(head), highlight=False)
        console.print(found.source, highlight=False, soft_wrap=True)
        for note in notes:
            console.print(
                str(Message("note", note=note)), style="dim", highlight=False, markup=False
            )
        status = Console(stderr=True)
        try:
            with status.status("") as spinner:
                network = JudgedNetwork(candidate.face, case, timeout)
                comparison = compare(network, spinner.update)
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
        except UnjudgedError as error:
            sign, exit_code = ("?", 2) if error.undecided else ("✗", 1)
            console.print(f"{sign} {candidate.name}: {error}", highlight=False, markup=False)
            raise typer.Exit(exit_code) from None
        show_comparison(comparison, console)
        if not comparison.agrees and impl is not None:
            again = str(Message("digits.which_layer", path=str(shlex.quote(impl))))
            console.print(again, highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(0 if comparison.agrees else 1)
    finally:
        candidate.face.close()


def _network(
    path: str | None, book_loss: bool, timeout: float
) -> tuple[Candidate, tuple[str, ...]]:
    """The network to compare, and notes on it; exits with status 2 if there is none."""
    from trigrad.contracts.registry import contract_named
    from trigrad.digits.stabiliser import BookTwoLayerNet
    from trigrad.impl.network import TwoLayerNet
    from trigrad.opening import open_subject
    from trigrad.sandbox.host import SandboxError
    from trigrad.sandbox.limits import Limits
    from trigrad.subject.source.text import UnreadableError
    from trigrad.trial.readings import settled

    try:
        if path is None:
            own = BookTwoLayerNet if book_loss else TwoLayerNet
            return open_subject(own, contract="TwoLayerNet").candidates[0], ()
        subject = open_subject(path, limits=Limits(timeout=timeout))
    except (UnreadableError, SandboxError) as error:
        end(str(error))
    networks = [c for c in subject.candidates if c.contract.name == "TwoLayerNet"]
    if not networks:
        names = ", ".join(c.name for c in subject.candidates) or str(Message("digits.nothing"))
        end(str(Message("digits.no_network", path=str(path), names=names)))
    network = settled(networks[-1]).candidate
    if network.contract is not contract_named("TwoLayerNet"):
        network.face.close()
        formula = network.contract.notation.formula
        end(str(Message("digits.another_network", path=str(path), formula=formula)))
    return network, (*subject.notes, *network.notes)
