"""Curves of a training run, and a page of misread digits. Needs Matplotlib."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np

from trigrad.digits.finding import Bytes
from trigrad.digits.training import Log
from trigrad.impl.mnist import SIDE
from trigrad.impl.train import AT_ONCE, Network, as_input
from trigrad.messages import Message

WITHOUT = Message("digits.no_pictures")

SMOOTHED = 100
"""The loss of a batch fluctuates: the second curve is a moving mean of this many batches."""

ROWS, COLUMNS = 8, 10
"""Digits on the page."""

MARGIN = 3
WIDTH, HEIGHT = SIDE + 2 * MARGIN, SIDE + 14
"""Pixels for a digit, with its words above it."""


def there_is_matplotlib() -> bool:
    """Whether pictures can be drawn."""
    return importlib.util.find_spec("matplotlib") is not None


def draw_curves(log: Log, path: Path) -> None:
    """The loss by step, and the accuracies by epoch, as a PNG."""
    from matplotlib.figure import Figure  # without pyplot: no window, and nothing to close

    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    steps = np.arange(1, len(log.losses) + 1)
    style = "." if len(log.losses) == 1 else "-"
    left.plot(
        steps,
        log.losses,
        style,
        color="0.8",
        linewidth=0.5,
        label=str(Message("digits.each_batch")),
    )
    if len(log.losses) >= 2 * SMOOTHED:
        means = np.convolve(log.losses, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
        left.plot(
            steps[SMOOTHED - 1 :],
            means,
            color="C0",
            label=str(Message("digits.mean_batches", batches=SMOOTHED)),
        )
    left.set(xlabel=_axis("step"), ylabel=_axis("loss"), yscale="log")
    left.legend()
    epochs = [log.epoch_of(each.step) for each in log.accuracies]
    right.plot(
        epochs, [each.train for each in log.accuracies], "o-", markersize=3, label=_axis("train")
    )
    right.plot(
        epochs, [each.test for each in log.accuracies], "s--", markersize=3, label=_axis("test")
    )
    right.set(xlabel=_axis("epoch"), ylabel=_axis("accuracy"))
    right.grid(alpha=0.3)
    if epochs:
        right.legend()
    figure.savefig(path, dpi=120)


def _axis(name: str) -> str:
    return str(Message(f"digits.axis.{name}"))


def draw_mistakes(network: Network, images: Bytes, labels: Bytes, path: Path) -> int:
    """The first misread digits, each with its label and what the network read, as a PNG.

    Returns how many are misread altogether; if none is, no picture is drawn.
    """
    from matplotlib.figure import Figure

    said = read(network, images)
    wrong = np.flatnonzero(said != labels)
    if not len(wrong):
        return 0
    figure = Figure(figsize=(COLUMNS, 1.25 * ROWS + 0.6))
    chosen = wrong[: ROWS * COLUMNS]
    title = Message(
        "digits.wrong_first",
        wrong=f"{len(wrong):,}",
        all=f"{len(labels):,}",
        shown=len(chosen),
    )
    figure.suptitle(str(title), y=0.98)
    # One picture of all of them: axes for each take seconds.
    axes = figure.add_axes((0.0, 0.0, 1.0, 0.95))
    axes.set_axis_off()
    page = np.zeros((ROWS * HEIGHT, COLUMNS * WIDTH))
    for place, number in enumerate(chosen):
        bottom, left = (place // COLUMNS + 1) * HEIGHT, place % COLUMNS * WIDTH + MARGIN
        digit = images[number].reshape(SIDE, SIDE)
        page[bottom - SIDE : bottom, left : left + SIDE] = digit
        words = f"{labels[number]} → {said[number]}"
        axes.text(left + SIDE / 2, bottom - SIDE, words, fontsize=9, ha="center", va="bottom")
    axes.imshow(page, cmap="gray_r", vmin=0, vmax=255)
    figure.savefig(path, dpi=120)
    return len(wrong)


def read(network: Network, images: Bytes) -> np.ndarray:
    """The class that the network predicts for every image, (N,)."""
    dtype = network.params["W1"].dtype
    parts = [
        network.predict(as_input(images[start : start + AT_ONCE], dtype)).argmax(axis=1)
        for start in range(0, len(images), AT_ONCE)
    ]
    return np.concatenate(parts)
