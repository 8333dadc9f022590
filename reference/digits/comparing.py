"""The gradient check of section 5.7.3: four ways to one gradient, on real digits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reference.case import Case
from reference.contract import Array
from reference.digits.finding import Bytes
from reference.digits.network import NetworkOnTrial, contract_of_network
from reference.digits.stabiliser import exact_and_book_loss, missing_share
from reference.gradient_check.outcome import GradientReport
from reference.gradient_check.public import gradcheck
from reference.witnesses import tolerance
from reference.witnesses.twin import answer_of_twin

STEP = 1e-4
"""The book's step h."""

WARM = 5
"""So many times PyTorch is asked; the fastest counts, as the first ones load parts of it."""

BOOK, BACKPROP, PYTORCH, GRADCHECK = (
    "the book's numerical gradient",
    "back-propagation",
    "PyTorch",
    "gradcheck",
)

Doing = Callable[[str], None]
"""Told what is being done, before it is."""


@dataclass(frozen=True)
class Difference:
    """Of two gradients of one parameter: the absolute differences of their entries."""

    mean: float
    largest: float


@dataclass(frozen=True)
class Row:
    """One parameter."""

    name: str
    entries: int
    numerical: Difference
    """Between the book's numerical gradient and back-propagation."""
    predicted: Difference
    """What the number inside the book's logarithm makes of that; 0 where there is none."""
    autograd: Difference
    """Between back-propagation and PyTorch."""
    rounding: float
    """How far the two may be apart through rounding alone."""


@dataclass(frozen=True)
class Comparison:
    """What was found."""

    rows: tuple[Row, ...]
    seconds: dict[str, float]
    """By way."""
    report: GradientReport
    stabilised: bool
    """Whether the loss is the book's, with 1e-7 inside the logarithm."""
    wrong: tuple[str, ...]
    """What is wrong, in sentences."""


def case_of_digits(images: Bytes, labels: Bytes, hidden: int, seed: int) -> Case:
    """Digits with one-hot targets, and the weights that the book begins with."""
    random = np.random.RandomState(seed)
    sizes = {"N": len(images), "I": images.shape[1], "H": hidden, "O": 10}
    weights = {
        "W1": 0.01 * random.randn(sizes["I"], hidden),
        "b1": np.zeros(hidden),
        "W2": 0.01 * random.randn(hidden, 10),
        "b2": np.zeros(10),
    }
    return Case(sizes, {"x": images / 255, "t": np.eye(10)[labels]}, weights)


def compare(network: NetworkOnTrial, doing: Doing) -> Comparison:
    """Ask for the gradient in four ways, and compare.

    Raises:
        UnjudgedError: the network raises, or gives no gradients to compare.
    """
    case = network.case
    loss = network.loss()
    exact, book = exact_and_book_loss(case)
    stabilised = abs(loss - book) < abs(loss - exact)
    seconds = {}

    doing("back-propagation")
    gradients, seconds[BACKPROP] = network.gradient()
    doing("PyTorch")
    seconds[PYTORCH], truth = _of_twin(case)

    missing = {name: share * stabilised for name, share in missing_share(case).items()}
    doing("gradcheck")
    moved = {name: array.copy() for name, array in case.parameters.items()}
    # What the book's loss lacks is known: the rest is judged as strictly as any gradient.
    derivative = {name: gradient - missing[name] for name, gradient in gradients.items()}
    began = time.perf_counter()
    report = gradcheck(lambda: network.loss(moved), moved, derivative)
    seconds[GRADCHECK] = time.perf_counter() - began

    numerical = {}
    began = time.perf_counter()
    for name, array in case.parameters.items():
        doing(f"{BOOK}: {name}, {2 * array.size:,} losses")
        numerical[name] = network.book_gradient(name, STEP)
    seconds[BOOK] = time.perf_counter() - began

    bounds = tolerance.network_roundoff(case)
    rows = tuple(
        Row(
            name,
            gradient.size,
            _difference(numerical[name], gradient),
            _difference(missing[name], np.zeros(())),
            _difference(gradient, truth[name]),
            bounds[name],
        )
        for name, gradient in gradients.items()
    )
    wrong = []
    if not min(abs(loss - exact), abs(loss - book)) <= bounds["output"]:
        wrong.append(
            f"the loss is {loss:.10g}, should be {exact:.10g} (or {book:.10g}, the book's)"
        )
    wrong += [
        f"the gradient of {row.name} is not what PyTorch finds: it is off by up to "
        f"{row.autograd.largest:.1e}, where rounding explains {row.rounding:.0e}"
        for row in rows
        if not row.autograd.largest <= row.rounding
    ]
    return Comparison(rows, seconds, report, stabilised, tuple(wrong))


def _of_twin(case: Case) -> tuple[float, dict[str, Array]]:
    """The seconds that PyTorch takes, its first times left out, and its gradients."""
    contract = contract_of_network()
    seconds = []
    for _ in range(WARM):
        began = time.perf_counter()
        answer = answer_of_twin(contract, case)
        seconds.append(time.perf_counter() - began)
    return min(seconds), dict(answer.gradients)


def _difference(one: Array, other: Array) -> Difference:
    off = np.abs(one - other)
    return Difference(float(off.mean()), float(off.max()))
