"""What a step of training TwoLayerNet 784-50-10 on digits costs, beside the same step in PyTorch.

`tox -e bench` prints medians taken in turn in one run, and their ratios, for float64 and float32:
100 images drawn as bytes, made floats, gradient, update. Then what `--verify-every 100` adds to a
hundred steps, and the most memory that `python -m trigrad.impl.train` holds. The digits are those
that `find_mnist` finds; where it finds none, the sample is taken, and the table says so.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import torch

from trigrad.digits.training import verify
from trigrad.impl.mnist import SAMPLE, find_mnist, load_mnist
from trigrad.impl.network import TwoLayerNet
from trigrad.impl.train import Step, accuracy, as_input, train

ROUNDS, STEPS = 40, 50
"""So many times so many steps each way, in turn."""

WARM = 3
"""Rounds that do not count."""

TRAINED = 3000
"""Steps after which accuracies are compared."""

RATE, BATCH, EVERY = 0.1, 100, 100

LIMITS = {np.float64: 1.0, np.float32: 1.5}
"""How many times as fast as PyTorch a step of impl must be."""

OVERHEAD_LIMIT = 0.05
MEMORY_LIMIT = 1000.0
"""Megabytes."""


class InTorch:
    """The same network with the same weights, trained by PyTorch in eager mode, as is usual."""

    def __init__(self, network: TwoLayerNet, images: np.ndarray, labels: np.ndarray) -> None:
        self._images = torch.from_numpy(images.copy())
        self._labels = torch.from_numpy(labels.astype(np.int64))
        weights = {name: torch.tensor(array) for name, array in network.params.items()}
        self._dtype = weights["W1"].dtype
        inputs, hidden = weights["W1"].shape
        self._model = torch.nn.Sequential(
            torch.nn.Linear(inputs, hidden, dtype=self._dtype),
            torch.nn.ReLU(),
            torch.nn.Linear(hidden, len(weights["b2"]), dtype=self._dtype),
        )
        own = (weights["W1"].T, weights["b1"], weights["W2"].T, weights["b2"])
        with torch.no_grad():
            for param, value in zip(self._model.parameters(), own, strict=True):
                param.copy_(value)
        self._optimizer = torch.optim.SGD(self._model.parameters(), lr=RATE)
        self._generator = np.random.default_rng(0)

    def train(self, steps: int) -> None:
        """Go down the gradient of the loss of a few images, as often."""
        for _ in range(steps):
            chosen = torch.from_numpy(self._generator.integers(len(self._images), size=BATCH))
            x, t = self._images[chosen].to(self._dtype).div_(255), self._labels[chosen]
            self._optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(self._model(x), t)
            loss.backward()
            self._optimizer.step()
            loss.item()  # it is looked at after every step, there as here

    def accuracy(self, images: np.ndarray, labels: np.ndarray) -> float:
        """The fraction that is read right."""
        x = torch.from_numpy(as_input(images, np.float64)).to(self._dtype)
        with torch.no_grad():
            said = self._model(x).argmax(dim=1).numpy()
        return float(np.mean(said == labels))


def network_of(dtype: type) -> TwoLayerNet:
    """The network at its beginning."""
    np.random.seed(0)
    return TwoLayerNet(784, 50, 10, dtype=dtype)


def medians(ways: list[Callable[[], object]], rounds: int = ROUNDS) -> list[float]:
    """The median seconds of every way, taken in turn."""
    times: list[list[float]] = [[] for _ in ways]
    for number in range(WARM + rounds):
        for way, taken in zip(ways, times, strict=True):
            began = time.perf_counter()
            way()
            if number >= WARM:
                taken.append(time.perf_counter() - began)
    return [statistics.median(taken) for taken in times]


def compare(dtype: type, digits: tuple) -> tuple[str, bool]:
    """A row of the table, and whether its limit is kept."""
    (x, t), (x_test, t_test) = digits
    ours, theirs = network_of(dtype), InTorch(network_of(dtype), x, t)
    impl, pytorch = medians(
        [lambda: train(ours, x, t, steps=STEPS), lambda: theirs.train(STEPS)],
    )
    trained, also = network_of(dtype), InTorch(network_of(dtype), x, t)
    train(trained, x, t, steps=TRAINED)
    also.train(TRAINED)
    name, ratio = np.dtype(dtype).name, pytorch / impl
    cells = (
        f"{1000 * impl / STEPS:.2f} | {1000 * pytorch / STEPS:.2f} | {ratio:.2f} | "
        f"{accuracy(trained, x_test, t_test):.4f} | {also.accuracy(x_test, t_test):.4f}"
    )
    return f"| {name} | {cells} |", ratio >= LIMITS[dtype]


def overhead(digits: tuple) -> float:
    """What confirming the gradients once adds to a hundred steps, as a share of them."""
    (x, t), _ = digits
    network = network_of(np.float64)

    def confirmed(step: Step) -> None:
        if step.number == EVERY:
            verify(network, step)

    plain, verified = medians(
        [
            lambda: train(network, x, t, steps=EVERY),
            lambda: train(network, x, t, steps=EVERY, after_step=confirmed),
        ]
    )
    return verified / plain - 1


def megabytes() -> float:
    """The most memory that a run of `trigrad.impl.train` holds at a time, its libraries too.

    Linux tells it of a process alone as VmHWM; ru_maxrss also counts what its parent had.
    """
    program = (
        "from trigrad.impl import train; train.main(['--steps', '1200']); "
        "print([line for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
    )
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-2]) / 1024


def main() -> int:
    """Print the table; status 1 if a limit is not kept."""
    torch.set_num_threads(1)
    folder = find_mnist()
    digits = load_mnist(normalize=False, folder=folder)
    what = "the sample" if folder == SAMPLE else "all of MNIST"
    print(f"a step of 100 images, median of {ROUNDS} × {STEPS}, one thread; {what}")
    print()
    print(f"| | impl, ms | PyTorch, ms | × as fast | accuracy after {TRAINED} | PyTorch's |")
    print("|---|--:|--:|--:|--:|--:|")
    kept = {}
    for dtype, limit in LIMITS.items():
        row, good = compare(dtype, digits)
        print(row)
        kept[f"{np.dtype(dtype).name}: at least {limit:g} × as fast as PyTorch"] = good
    share, memory = overhead(digits), megabytes()
    kept[f"--verify-every {EVERY} adds {share:.1%}, limit {OVERHEAD_LIMIT:.0%}"] = (
        share <= OVERHEAD_LIMIT
    )
    kept[
        f"python -m trigrad.impl.train holds {memory:.0f} MB at most, limit {MEMORY_LIMIT:.0f}"
    ] = memory <= MEMORY_LIMIT
    print()
    for words, good in kept.items():
        print(f"{words}: {'kept' if good else 'exceeded'}")
    return 0 if all(kept.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
