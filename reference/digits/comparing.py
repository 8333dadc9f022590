"""The gradient check of section 5.7.3: one gradient computed in four ways, on real digits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.contracts.schema import Array, Arrays
from trigrad.contracts.variables import STABILISER
from trigrad.digits.finding import Bytes
from trigrad.digits.network import JudgedNetwork, UnjudgedError, contract_of_network
from trigrad.digits.stabiliser import inside_of, loss_with, missing_share
from trigrad.gradient_check.arguments import GradcheckError
from trigrad.gradient_check.gradient_report import GradientReport
from trigrad.gradient_check.public import gradcheck
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.witnesses.twin import answer_of_twin

STEP = 1e-4
"""The book's step h."""

WARM = 5
"""How often PyTorch's gradient is timed; the fastest counts, since the first runs load code."""

BOOK, BACKPROP, PYTORCH, GRADCHECK = (
    Message("digits.way.book"),
    Message("digits.way.backprop"),
    Message("digits.way.pytorch"),
    Message("digits.way.gradcheck"),
)

TINY = 2.0**-30
"""1 + TINY is another number than 1 in float64, and the same in float32."""

Doing = Callable[[str], None]
"""Progress callback, called before each step with what it does."""


@dataclass(frozen=True)
class Difference:
    """The absolute differences between the entries of two gradients of one parameter."""

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
    """The part of it that the number inside the book's logarithm causes; 0 if there is none."""
    autograd: Difference
    """Between back-propagation and PyTorch."""
    rounding: float
    """How much the two may differ through rounding alone."""

    @property
    def as_pytorch(self) -> bool:
        """Whether back-propagation agrees with PyTorch."""
        return self.autograd.largest <= self.rounding


@dataclass(frozen=True)
class Comparison:
    """The four gradients compared."""

    rows: tuple[Row, ...]
    seconds: dict[Message, float]
    """For each way of computing the gradient."""
    inside: float | None
    """The number inside the logarithm of the loss, 0 for the exact loss; None for another loss."""
    report: GradientReport | None
    """gradcheck's; None for another loss, whose correct gradient is not known."""
    wrong: tuple[str, ...]
    """What is wrong, in sentences."""

    @property
    def agrees(self) -> bool:
        """Whether all four gradients agree."""
        return not self.wrong and self.report is not None and self.report.ok


def case_of_digits(images: Bytes, labels: Bytes, hidden: int, seed: int) -> Case:
    """Digits with one-hot targets, and initial weights as in the book."""
    random = np.random.RandomState(seed)
    x = images.reshape(len(images), -1) / 255
    sizes = {"N": len(images), "I": x.shape[1], "H": hidden, "O": 10}
    weights = {
        "W1": 0.01 * random.randn(sizes["I"], hidden),
        "b1": np.zeros(hidden),
        "W2": 0.01 * random.randn(hidden, 10),
        "b2": np.zeros(10),
    }
    return Case(sizes, {"x": x, "t": np.eye(10)[labels]}, weights)


def compare(network: JudgedNetwork, doing: Doing) -> Comparison:
    """Compute the gradient in four ways, and compare.

    Raises:
        UnjudgedError: the network raises, or returns no gradients that can be compared.
    """
    case = network.case
    seconds: dict[Message, float] = {}
    loss = network.loss()

    doing(str(BACKPROP))
    gradients, seconds[BACKPROP] = network.gradient()
    _require_float64(network, gradients)
    doing(str(PYTORCH))
    seconds[PYTORCH], truth = _of_twin(case)

    bounds = tolerance.network_roundoff(case)
    inside = inside_of(loss, case, bounds["output"])
    wrong = []
    if inside is None:
        due = str(
            Message(
                "digits.loss_or",
                exact=f"{loss_with(case, 0):.12g}",
                book=f"{loss_with(case, STABILISER):.12g}",
            )
        )
        wrong.append(str(Message("digits.loss_is", loss=f"{loss:.12g}", should_be=due)))
    missing = missing_share(case, inside or 0.0)
    report = None
    if inside is not None:
        doing(str(GRADCHECK))
        began = time.perf_counter()
        report = _confirmed(network, inside, gradients)
        seconds[GRADCHECK] = time.perf_counter() - began

    numerical = {}
    began = time.perf_counter()
    for name, array in case.parameters.items():
        losses = f"{2 * array.size:,}"
        doing(str(Message("digits.losses", way=BOOK, name=name, losses=losses)))
        numerical[name] = network.book_gradient(name, STEP)
    seconds[BOOK] = time.perf_counter() - began

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
    wrong += [
        str(
            Message(
                "digits.differs",
                name=row.name,
                off=f"{row.autograd.largest:.1e}",
                rounding=f"{row.rounding:.0e}",
            )
        )
        for row in rows
        if not row.as_pytorch
    ]
    return Comparison(rows, seconds, inside, report, tuple(wrong))


def _require_float64(network: JudgedNetwork, gradients: Arrays) -> None:
    """Raise an UnjudgedError for a network that computes, or keeps its weights, in float32."""
    dtypes = sorted({str(gradient.dtype) for gradient in gradients.values()} - {"float64"})
    # float32 holds every one of these weights exactly, and none of those moved by TINY.
    weights = {n: a.astype(np.float32).astype(float) for n, a in network.case.parameters.items()}
    weights = {n: a + (a.ndim == 1) for n, a in weights.items()}  # biases are 0 at first
    moved = {
        n: a * (1 + TINY * np.linspace(0, 1, a.size).reshape(a.shape)) for n, a in weights.items()
    }
    if dtypes or network.loss(moved) == network.loss(weights):
        why = Message("digits.float_weights")
        if dtypes:
            why = Message("digits.float_gradients", dtype=dtypes[0])
        raise UnjudgedError(str(why), undecided=True)


def _confirmed(network: JudgedNetwork, inside: float, gradients: Arrays) -> GradientReport:
    """gradcheck's report, on the loss without the number inside its logarithm.

    That number's effect is known and subtracted, so that gradcheck need not be less strict.

    Raises:
        UnjudgedError: the loss is not a number, or differs from call to call.
    """
    case = network.case
    moved = {name: array.copy() for name, array in case.parameters.items()}

    def loss() -> float:
        found = network.loss(moved)
        if inside:
            here = Case(case.sizes, case.operands, moved)
            found -= loss_with(here, inside) - loss_with(here, 0.0)
        return found

    try:
        return gradcheck(loss, moved, gradients)
    except GradcheckError as error:
        raise UnjudgedError(str(error)) from error


def _of_twin(case: Case) -> tuple[float, dict[str, Array]]:
    """The seconds that PyTorch takes once it is warm, and its gradients."""
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
