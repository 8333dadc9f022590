"""Training with a progress bar, a line per epoch, a log, and gradients that are verified."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from trigrad.digits.finding import Digits
from trigrad.gradient_check.arguments import GradcheckError
from trigrad.gradient_check.gradient_report import GradientReport
from trigrad.gradient_check.public import gradcheck
from trigrad.impl.train import Network, Step, accuracy, progress_line, reported_steps, train
from trigrad.messages import Message

SAMPLES = 3
"""Images of a batch on which a gradient is verified."""

LATEST = 10
"""Losses whose mean says how far training is: the loss of one batch fluctuates."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run."""

    steps: int
    batch: int
    learning_rate: float
    seed: int
    verify_every: int
    """Steps between two verifications of the gradients; 0 for none."""


@dataclass(frozen=True)
class Accuracies:
    """The share of digits that is read correctly after a step, 0 to 1."""

    step: int
    train: float
    test: float


@dataclass
class Log:
    """The losses and accuracies of a run so far."""

    images: int
    """The size of the training set."""
    batch: int
    path: Path
    """The file that it is written to."""
    losses: list[float] = field(default_factory=list)
    """Of each step's batch."""
    accuracies: list[Accuracies] = field(default_factory=list)
    verified: int = 0
    """How often the gradients were confirmed."""
    undecided: int = 0
    """How often they could not be told from wrong ones (float32, or a kink of the loss)."""
    interrupted: bool = False

    def epoch_of(self, step: int) -> float:
        """The number of epochs up to a step: images drawn, divided by images there are."""
        return step * self.batch / self.images

    @property
    def has_grown(self) -> bool:
        """Whether the last losses are far above the first: the learning rate is too large."""
        if len(self.losses) <= LATEST:
            return False
        return bool(np.mean(self.losses[-LATEST:]) > 2 * self.losses[0])

    def write(self) -> None:
        """Write one row per step, with accuracies where they were measured, as CSV."""
        known = {each.step: each for each in self.accuracies}
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["step", "epoch", "loss", "train_accuracy", "test_accuracy"])
            for number, loss in enumerate(self.losses, start=1):
                at = known.get(number)
                measured = [f"{at.train:.6f}", f"{at.test:.6f}"] if at else ["", ""]
                writer.writerow([number, f"{self.epoch_of(number):.4f}", f"{loss:.8g}", *measured])


class WrongGradientError(Exception):
    """The gradients are not the derivative of the loss; training was stopped."""

    def __init__(self, step: int, report: GradientReport) -> None:
        super().__init__(str(Message("digits.after_step", step=step, what=repr(report))))
        self.step = step
        self.report = report


class DivergedError(Exception):
    """The loss or the weights are not finite any more; the message says after which step."""


def run(network: Network, digits: Digits, settings: Settings, log: Log, console: Console) -> None:
    """Train, and write the log. Ctrl-C ends training and keeps the log.

    The log is written whenever accuracies are measured, so that little of it can be lost.

    Raises:
        WrongGradientError: the gradients were found to be wrong.
        DivergedError: the loss or the weights are not finite.
        OSError: the log cannot be written.
    """
    reported = reported_steps(settings.steps, log.images, settings.batch)
    with _progress(settings.steps, console) as advance:

        def after_step(step: Step) -> None:
            log.losses.append(step.loss)
            if not np.isfinite(step.loss):
                raise DivergedError(
                    str(Message("digits.diverged_loss", step=step.number, loss=str(step.loss)))
                )
            every = settings.verify_every
            if every and (step.number == 1 or step.number % every == 0):
                confirmed = verify(network, step)
                log.verified += confirmed
                log.undecided += not confirmed
            if step.number in reported:
                at = Accuracies(
                    step.number,
                    accuracy(network, digits.x_train, digits.t_train),
                    accuracy(network, digits.x_test, digits.t_test),
                )
                log.accuracies.append(at)
                epoch = log.epoch_of(at.step)
                line = progress_line(epoch, at.step, step.loss, at.train, at.test)
                console.print(line, highlight=False)
                log.write()
            advance(step.loss)

        try:
            # An overflow raises DivergedError or shows in the losses: no warning is needed.
            with np.errstate(all="ignore"):
                train(
                    network,
                    digits.x_train,
                    digits.t_train,
                    steps=settings.steps,
                    batch_size=settings.batch,
                    learning_rate=settings.learning_rate,
                    seed=settings.seed,
                    after_step=after_step,
                )
        except KeyboardInterrupt:
            log.interrupted = True


def verify(network: Network, step: Step) -> bool:
    """Verify the gradients of the loss of a few images of the batch, at the current weights.

    Returns whether all of them are confirmed; else some are undecided, and none is wrong.

    Raises:
        WrongGradientError: they are not the derivative of the loss.
        DivergedError: they, or the loss, are not finite.
    """
    x, t = step.x[:SAMPLES], step.t[:SAMPLES]
    try:
        report = gradcheck(lambda: network.loss(x, t), network.params, network.gradient(x, t))
    except GradcheckError as error:  # the last step was too large
        words = Message("digits.after_step", step=step.number, what=str(error))
        raise DivergedError(str(words)) from error
    if report.wrong:
        raise WrongGradientError(step.number, report)
    return report.ok


class _Rate(ProgressColumn):
    """Steps per second, once there are some."""

    def render(self, task: Task) -> Text:
        """The rate, in words."""
        return Text(str(Message("digits.rate", speed=f"{task.speed:,.0f}")) if task.speed else "")


@contextmanager
def _progress(steps: int, console: Console) -> Iterator[Callable[[float], None]]:
    columns = (
        TextColumn(str(Message("digits.training"))),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=steps, loss="")
        yield lambda loss: progress.update(
            task, advance=1, loss=str(Message("digits.loss_now", loss=f"{loss:.4f}"))
        )
