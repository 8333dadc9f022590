"""What the tables of `gradient_checkers.py` share: the network, the clock, the printing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from trigrad.impl.functions import Array
from trigrad.impl.network import TwoLayerNet

SIZES = (784, 50, 10)
"""The book's network for MNIST: 39,760 parameters."""

BATCH = 3
DARK = 0.8
"""Share of an image's pixels that are 0."""


@dataclass(frozen=True)
class Limit:
    """A promise in words, with the measured numbers in them, and whether it is kept."""

    words: str
    kept: bool

    def __str__(self) -> str:
        return f"{self.words}: {'kept' if self.kept else 'exceeded'}"


class CountingNet(TwoLayerNet):
    """The network, with a count of the times its loss was computed."""

    evaluations = 0

    def loss(self, x: Array, t: ArrayLike) -> np.floating:
        """The loss of TwoLayerNet, counted."""
        self.evaluations += 1
        return super().loss(x, t)


@dataclass(frozen=True)
class Bench:
    """A network at its initial weights, a batch, and its gradients by back-propagation."""

    net: CountingNet
    x: Array
    t: Array
    grads: dict[str, Array]

    @property
    def parameters(self) -> int:
        """The number of entries of all parameters."""
        return sum(param.size for param in self.net.params.values())

    def loss(self) -> np.floating:
        """The loss at the present weights."""
        return self.net.loss(self.x, self.t)

    def gradient(self) -> dict[str, Array]:
        """Forward and back: the network's gradient computes the loss itself."""
        return self.net.gradient(self.x, self.t)

    def unit(self) -> None:
        """What a check is compared with: 2 x net.loss and 1 x net.gradient."""
        self.loss()
        self.loss()
        self.gradient()

    def two_forwards_one_backward(self) -> None:
        """Exactly that: one of the two forwards is the one within net.gradient."""
        self.loss()
        self.gradient()


def bench(seed: int, sizes: tuple[int, int, int] = SIZES) -> Bench:
    """A network of these sizes and a batch like MNIST's, both decided by the seed."""
    np.random.seed(seed)
    net = CountingNet(*sizes)
    shape = (BATCH, sizes[0])
    lit = np.random.rand(*shape) >= DARK
    lit[:, 0] = True  # an image of zeros and biases of 0 would put Relu at its kink
    x = np.random.rand(*shape) * lit
    t = np.random.randint(sizes[2], size=BATCH)
    return Bench(net, x, t, net.gradient(x, t))


@dataclass(frozen=True)
class Timed:
    """A call to be timed in every `every`-th round; one of every round is called warm."""

    call: Callable[[], object]
    every: int = 1


def milliseconds(call: Callable[[], object]) -> float:
    """The time of one call."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1e3


def interleaved(calls: Mapping[str, Timed], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of all calls, taken in turn in every round.

    A fast call comes twice in a row and the second is timed: otherwise whichever follows the
    largest would find the caches empty.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name, timed in calls.items():
            if number % timed.every:
                continue
            if timed.every == 1:
                timed.call()
            times[name].append(milliseconds(timed.call))
    return times


def medians(times: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The middle of each row's times."""
    return {name: statistics.median(taken) for name, taken in times.items()}


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A Markdown table: the first column to the left, numbers to the right."""
    print(f"\n### {title}\n")
    print(f"| {' | '.join(head)} |")
    print(f"|---|{'--:|' * (len(head) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def figure(value: float) -> str:
    """Three digits of a number of any size, without an exponent where it can be read."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
