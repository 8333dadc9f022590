"""Section 5.7.4: TwoLayerNet learns to read digits, by gradients from back-propagation.

`python -m trigrad.impl.train` trains on MNIST, where `find_mnist` finds it, and prints how it goes.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .functions import Array
from .mnist import SAMPLE, MnistError, find_mnist, load_mnist, normalized
from .network import TwoLayerNet

STEPS = 10_000
BATCH = 100
RATE = 0.1
HIDDEN = 50

LINES = 20
"""At most so many epochs, about evenly spaced, are reported."""


@dataclass(frozen=True)
class Step:
    """One step of training, just taken."""

    number: int
    """From 1."""
    loss: float
    """Of the batch, before the step."""
    x: Array
    """The batch: images (N, input_size)."""
    t: NDArray[Any]
    """Its targets."""


def train(
    network: TwoLayerNet,
    images: NDArray[Any],
    labels: NDArray[Any],
    *,
    steps: int = STEPS,
    batch_size: int = BATCH,
    learning_rate: float = RATE,
    seed: int = 0,
    after_step: Callable[[Step], None] | None = None,
) -> list[float]:
    """Stochastic gradient descent: every step goes down the gradient of the loss of a few images.

    network: its params are changed in place. images: (N, input_size), floats, or bytes, which
    become floats from 0 to 1 only when their batch is drawn: that takes little memory.
    labels: (N,), or one-hot (N, output_size). seed: decides which images are drawn; the same
    seed gives the same steps. after_step: called after every step; what it raises ends training.

    Returns the losses, one a step. Raises ValueError if there are no images.
    """
    generator = np.random.default_rng(seed)
    dtype = network.params["W1"].dtype
    losses = []
    for number in range(1, steps + 1):
        chosen = generator.integers(len(images), size=batch_size)
        x, t = as_input(images[chosen], dtype), labels[chosen]

        gradients = network.gradient(x, t)
        for key, param in network.params.items():
            param -= learning_rate * gradients[key]  # in place: the layers hold this very array

        losses.append(float(network.lastLayer.loss))
        if after_step is not None:
            after_step(Step(number, losses[-1], x, t))
    return losses


def as_input(images: NDArray[Any], dtype: Any = np.float64) -> Array:
    """Images as the network takes them: bytes as floats from 0 to 1, floats as they are."""
    return normalized(images, dtype) if images.dtype == np.uint8 else images


def accuracy(network: TwoLayerNet, images: NDArray[Any], labels: NDArray[Any]) -> float:
    """The fraction of images, 0 to 1, that the network reads right. A thousand at a time."""
    dtype = network.params["W1"].dtype
    right = 0.0
    for start in range(0, len(images), 1000):
        some = slice(start, start + 1000)
        x, t = as_input(images[some], dtype), labels[some]
        right += len(x) * network.accuracy(x, t)
    return right / len(images)


def reported_steps(steps: int, images: int, batch_size: int) -> set[int]:
    """The steps after which accuracies are reported: ends of epochs, and the last step.

    An epoch is as many steps as it takes to draw as many images as there are.
    """
    epoch = max(images // batch_size, 1)
    every = epoch * max(ceil(steps / epoch / LINES), 1)
    return {*range(every, steps + 1, every), steps}


def progress_line(epoch: float, step: int, loss: float, on_train: float, on_test: float) -> str:
    """How far training is, in one line; accuracies from 0 to 1."""
    return (
        f"epoch {epoch:5.1f}  step {step:6}  loss {loss:.4f}  "
        f"accuracy: train {on_train:.4f}, test {on_test:.4f}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and print; 0, or 2 if there are no digits to be read."""
    parser = argparse.ArgumentParser(prog="python -m trigrad.impl.train", description=__doc__)
    parser.add_argument("--data", metavar="DIR", help="the folder of the four files of MNIST")
    parser.add_argument("--seed", type=int, default=0, help="decides the weights and batches")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--batch", type=int, default=BATCH, help="images in a step")
    parser.add_argument("--lr", type=float, default=RATE, help="the learning rate")
    parser.add_argument("--hidden", type=int, default=HIDDEN, help="neurons in the hidden layer")
    options = parser.parse_args(arguments)
    for name in ("steps", "batch", "hidden"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} should be at least 1")
    if not 0 < options.lr < inf:
        parser.error("--lr should be a number above 0")
    if not 0 <= options.seed < 2**32:
        parser.error("--seed should be from 0 to 2**32 - 1")
    folder = find_mnist(options.data)
    try:
        (x_train, t_train), (x_test, t_test) = load_mnist(normalize=False, folder=folder)
    except MnistError as error:
        print(f"trigrad.impl.train: {error}", file=sys.stderr)
        return 2
    if options.batch > len(x_train):
        parser.error(f"--batch should be at most {len(x_train)}, the images to draw from")
    print(f"{len(x_train):,} digits to train on, {len(x_test):,} to test with, from {folder}")
    if folder == SAMPLE:
        print("These are a sample of MNIST; for all of it: --data DIR, or $TRIGRAD_MNIST.")

    np.random.seed(options.seed)
    network = TwoLayerNet(x_train.shape[1], options.hidden, 10)
    reported = reported_steps(options.steps, len(x_train), options.batch)

    def report(step: Step) -> None:
        if step.number in reported:
            epoch = step.number * options.batch / len(x_train)
            on_train = accuracy(network, x_train, t_train)
            on_test = accuracy(network, x_test, t_test)
            print(progress_line(epoch, step.number, step.loss, on_train, on_test))

    try:
        train(
            network,
            x_train,
            t_train,
            steps=options.steps,
            batch_size=options.batch,
            learning_rate=options.lr,
            seed=options.seed,
            after_step=report,
        )
    except KeyboardInterrupt:
        print("interrupted")
    print(f"test accuracy {accuracy(network, x_test, t_test):.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
