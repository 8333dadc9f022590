"""Section 5.7.4: a network learns to read digits, by gradients from back-propagation.

`python -m trigrad.impl.train` trains TwoLayerNet on MNIST, where `find_mnist` finds it, and prints
how it goes; with `--network cnn`, SimpleConvNet (section 7.5).
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, inf, prod
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from .deep_network import DeepNetwork, SimpleConvNet
from .functions import Array
from .mnist import CLASSES, SAMPLE, MnistError, find_mnist, load_mnist, normalized
from .network import TwoLayerNet

Network: TypeAlias = TwoLayerNet | DeepNetwork


@dataclass(frozen=True)
class Usual:
    """How a network is trained where no option says otherwise."""

    steps: int
    batch: int
    """Images in a step."""
    learning_rate: float
    hidden: int
    """Neurons in the hidden layer."""


NETWORKS = {
    "two-layer": Usual(steps=10_000, batch=100, learning_rate=0.1, hidden=50),
    "cnn": Usual(steps=6_000, batch=50, learning_rate=0.1, hidden=100),
}
"""The networks by name; cnn is short for convolutional neural network."""

FILTERS = 16
"""Of the cnn: it is trained in minutes. The book has 30, which take nearly twice as long."""

LINES = 20
"""At most so many epochs, about evenly spaced, are reported."""

AT_ONCE = 50
"""Images that are read together. A cnn takes longer for more: their windows overflow the cache."""


@dataclass(frozen=True)
class Step:
    """One step of training, just taken."""

    number: int
    """From 1."""
    loss: float
    """Of the batch, before the step."""
    x: Array
    """The batch: images (N, ...)."""
    t: NDArray[Any]
    """Its targets."""


def new_network(name: str, image: tuple[int, ...], hidden: int, seed: int) -> Network:
    """A network of that name with random weights, for images of that shape (C, H, W)."""
    np.random.seed(seed)
    if name == "cnn":
        C, H, W = image
        return SimpleConvNet((C, H, W), FILTERS, hidden_size=hidden, output_size=CLASSES)
    return TwoLayerNet(prod(image), hidden, CLASSES)


def train(
    network: Network,
    images: NDArray[Any],
    labels: NDArray[Any],
    *,
    steps: int = 10_000,
    batch_size: int = 100,
    learning_rate: float = 0.1,
    seed: int = 0,
    after_step: Callable[[Step], None] | None = None,
) -> list[float]:
    """Stochastic gradient descent: every step goes down the gradient of the loss of a few images.

    network: its params are changed in place. images: (N, ...) as the network takes them, floats,
    or bytes, which become floats from 0 to 1 only when their batch is drawn: that takes little
    memory.
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


def accuracy(network: Network, images: NDArray[Any], labels: NDArray[Any]) -> float:
    """The fraction of images, 0 to 1, that the network reads right. Some at a time."""
    dtype = network.params["W1"].dtype
    right = 0.0
    for start in range(0, len(images), AT_ONCE):
        some = slice(start, start + AT_ONCE)
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


def usually(setting: str) -> str:
    """What a setting is where no option says it, for each network."""
    return ", ".join(f"{name}: {getattr(usual, setting)}" for name, usual in NETWORKS.items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and print; 0, or 2 if there are no digits to be read."""
    parser = argparse.ArgumentParser(prog="python -m trigrad.impl.train", description=__doc__)
    parser.add_argument("--network", choices=NETWORKS, default="two-layer")
    parser.add_argument("--data", metavar="DIR", help="the folder of the four files of MNIST")
    parser.add_argument("--seed", type=int, default=0, help="decides the weights and batches")
    parser.add_argument("--steps", type=int, help=usually("steps"))
    parser.add_argument("--batch", type=int, help=f"images in a step; {usually('batch')}")
    parser.add_argument(
        "--lr",
        type=float,
        help=f"the learning rate; {usually('learning_rate')}",
        dest="learning_rate",
    )
    parser.add_argument("--hidden", type=int, help=f"hidden neurons; {usually('hidden')}")
    options = parser.parse_args(arguments)
    for name, value in vars(NETWORKS[options.network]).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    for name in ("steps", "batch", "hidden"):
        if getattr(options, name) < 1:
            parser.error(f"--{name} should be at least 1")
    if not 0 < options.learning_rate < inf:
        parser.error("--lr should be a number above 0")
    if not 0 <= options.seed < 2**32:
        parser.error("--seed should be from 0 to 2**32 - 1")
    folder = find_mnist(options.data)
    try:
        (x_train, t_train), (x_test, t_test) = load_mnist(
            normalize=False, flatten=False, folder=folder
        )
    except MnistError as error:
        print(f"trigrad.impl.train: {error}", file=sys.stderr)
        return 2
    if options.batch > len(x_train):
        parser.error(f"--batch should be at most {len(x_train)}, the images to draw from")
    print(f"{len(x_train):,} digits to train on, {len(x_test):,} to test with, from {folder}")
    if folder == SAMPLE:
        print("These are a sample of MNIST; for all of it: --data DIR, or $TRIGRAD_MNIST.")

    network = new_network(options.network, x_train.shape[1:], options.hidden, options.seed)
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
            learning_rate=options.learning_rate,
            seed=options.seed,
            after_step=report,
        )
    except KeyboardInterrupt:
        print("interrupted")
    print(f"test accuracy {accuracy(network, x_test, t_test):.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
