"""The contract table: what each layer, function and network of chapter 5 promises.

A row says everything the court needs to know about a layer: operands and parameters with their
symbolic shapes and domains, the output, the gradients, the PyTorch twin, and the properties from
which `plan` derives the claims. Adding a row here adds a layer to the court; nothing else changes.

The twins take the operands and then the parameters, in the row's order, as float64 tensors (class
labels as int64). They are written with tensor methods wherever there is one, so that this module
does not import PyTorch. Formulas: Saito, "Deep Learning from Scratch", chapter 5 (chapter 3 for
softmax, 4 for cross-entropy and the numerical gradient).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from reference.contract import (
    Array,
    Arrays,
    Contract,
    Design,
    Domain,
    Kind,
    Misreading,
    Variable,
    Variant,
)

if TYPE_CHECKING:
    import torch

STABILISER = 1e-7
"""What most learners add inside the logarithm, as the book does (section 4.2.2)."""


# --- the twins, where a line is not enough ------------------------------------------------------


def _cross_entropy(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    # 0 log 0 is 0: a class that is certain not to be there adds nothing.
    return -t.xlogy(y).sum(-1).mean()


def _cross_entropy_of_labels(y: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -y.log().gather(-1, t.unsqueeze(-1)).mean()


def _softmax_with_loss(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -(t * x.log_softmax(-1)).sum(-1).mean()


def _softmax_with_loss_of_labels(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -x.log_softmax(-1).gather(-1, t.unsqueeze(-1)).mean()


@dataclass(frozen=True)
class _Network:
    """A network with one hidden layer, and what lies between its two Affine layers."""

    activation: str
    """The name of a method of tensors."""

    def scores(
        self,
        x: torch.Tensor,
        t: torch.Tensor,  # noqa: ARG002 - every twin takes all operands of its row
        W1: torch.Tensor,
        b1: torch.Tensor,
        W2: torch.Tensor,
        b2: torch.Tensor,
    ) -> torch.Tensor:
        hidden: torch.Tensor = getattr(x @ W1 + b1, self.activation)()
        return hidden @ W2 + b2

    def probabilities(self, *arrays: torch.Tensor) -> torch.Tensor:
        return self.scores(*arrays).softmax(-1)

    def loss(self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return _softmax_with_loss(self.scores(x, t, *weights), t)

    def accuracy(self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        right = self.scores(x, t, *weights).argmax(-1) == t.argmax(-1)
        return right.double().mean()


# --- what else the rows need to compute ---------------------------------------------------------


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _target_probability(y: Array, t: Array) -> float:
    """The smallest probability that y gives to a target, one-hot or label."""
    if t.ndim == y.ndim:
        return float((y * t).sum(axis=-1).min())
    return float(np.take_along_axis(y, t[..., None].astype(np.intp), axis=-1).min())


def _stabilised_logits(a: Arrays) -> float:
    return STABILISER / _target_probability(_softmax(a["x"]), a["t"])


def _stabilised_probabilities(a: Arrays) -> float:
    return STABILISER / _target_probability(a["y"], a["t"])


def _stabilised_network(a: Arrays) -> float:
    """The stabiliser's effect on the loss and on every gradient behind it, with Relu.

    What it adds to the gradient of the scores reaches W2 times hidden, b2 as it is, b1 through
    W2, and W1 through W2 times x.
    """
    return _effect_behind(np.maximum(a["x"] @ a["W1"] + a["b1"], 0), a)


def _stabilised_sigmoid_network(a: Arrays) -> float:
    """The same with a sigmoid, whose slope is at most 1 as Relu's is."""
    return _effect_behind(1 / (1 + np.exp(-(a["x"] @ a["W1"] + a["b1"]))), a)


def _stabilised_tanh_network(a: Arrays) -> float:
    """The same with tanh."""
    return _effect_behind(np.tanh(a["x"] @ a["W1"] + a["b1"]), a)


def _effect_behind(hidden: Array, a: Arrays) -> float:
    scores = hidden @ a["W2"] + a["b2"]
    back = np.abs(a["W2"]).sum(axis=1).max()
    factor = max(1.0, np.abs(hidden).max(), back, np.abs(a["x"]).max() * back)
    return float(factor * STABILISER / _target_probability(_softmax(scores), a["t"]))


SMALLEST_STEP = 1e-6
"""The smallest step h for which a numerical gradient in float64 is still a good one."""


LARGEST_STEP = 1e-3
"""The largest step h for which it is one: the book takes 1e-4."""

CUBIC = 1 / 16
"""The coefficient of x³: central differences are off by h² times that."""


def _cancelled_digits(a: Arrays) -> float:
    """How far a central difference is off: the round-off of f divided by h, and truncation.

    f has about 8 roundings a term. A one-sided difference is off by about h * c2.
    """
    x = np.abs(a["x"])
    terms = float((CUBIC * x**3 + np.abs(a["c2"]) * x**2 + np.abs(a["c1"]) * x).sum())
    rounding = 8 * float(np.finfo(np.float64).eps) * terms / SMALLEST_STEP
    return rounding + CUBIC * LARGEST_STEP**2


def _cubic(a: Arrays) -> tuple[Any, ...]:
    """(f, x) with f(x) = sum(x³ / 16 + c2 * x² + c1 * x): a step that is too large is seen."""
    x, c1, c2 = a["x"], a["c1"], a["c2"]

    # Some learners call f() and let it read x, which they change in place.
    def f(point: Array = x) -> float:
        return float(np.sum(CUBIC * point**3 + c2 * point * point + c1 * point))

    return f, x


# --- the rows -----------------------------------------------------------------------------------

_X = Variable("x", ("N", "D"))
_Y = Variable("y", ("N", "D"))
_W = Variable("W", ("D", "M"))
_B = Variable("b", ("M",))
_LOGITS = Variable("x", ("N", "C"), Domain.LOGIT)
_ONE_HOT = Variable("t", ("N", "C"), Domain.ONE_HOT)
_LABELS = Variable("t", ("N",), Domain.LABEL)

_MUL = Contract(
    name="MulLayer",
    kind=Kind.LAYER,
    aliases=("mul", "mult", "multiply", "multiplication", "multiplier", "product", "times"),
    formula="out = x * y; dx = dout * y; dy = dout * x",
    operands=(_X, _Y),
    output=("N", "D"),
    twin=lambda x, y: x * y,
    gradients=("x", "y"),
    rows=True,
    numbers=True,
    usual=(
        "x * y",
        "dout * y",
        "dout * x",
        "dout * y, dout * x",
    ),
)

_ADD = Contract(
    name="AddLayer",
    kind=Kind.LAYER,
    aliases=("add", "adder", "addition", "plus"),
    formula="out = x + y; dx = dout; dy = dout",
    operands=(_X, _Y),
    output=("N", "D"),
    twin=lambda x, y: x + y,
    gradients=("x", "y"),
    rows=True,
    numbers=True,
    usual=(
        "x + y",
        "dout",
        "dout, dout",
    ),
)


def _broadcast(row: Contract) -> Variant:
    operands = (_X, Variable("y", ("D",)))
    return Variant(
        "broadcast operands",
        "a y that NumPy broadcasts to x's shape",
        replace(row, operands=operands, rows=False, numbers=False),
        at_least_two=("N",),
    )


_RELU = Contract(
    name="Relu",
    kind=Kind.LAYER,
    aliases=("relu", "rectifier", "rectifiedlinear", "rectifiedlinearunit"),
    formula="out = max(x, 0); dx = dout where x > 0, else 0",
    operands=(_X,),
    output=("N", "D"),
    twin=lambda x: x.relu(),
    gradients=("x",),
    rows=True,
    kinks=lambda a: a["x"],
    kink_at=0.0,
    usual=(
        "x * (x > 0)",
        "np.maximum(x, 0)",
        "x > 0",
        "x <= 0",
        "dout * (x > 0)",
        "dout * out",
        "dout * (out > 0)",
    ),
)

_SIGMOID = Contract(
    name="Sigmoid",
    kind=Kind.LAYER,
    aliases=("sigmoid", "logistic"),
    formula="y = 1 / (1 + exp(-x)); dx = dout * y * (1 - y)",
    operands=(_X,),
    output=("N", "D"),
    twin=lambda x: x.sigmoid(),
    gradients=("x",),
    rows=True,
    usual=(
        "1 / (1 + np.exp(-x))",
        "dout * out * (1 - out)",
    ),
)

_AFFINE = Contract(
    name="Affine",
    kind=Kind.LAYER,
    aliases=("affine", "linear", "dense", "fullyconnected", "fullconnected", "fc", "innerproduct"),
    formula="out = x @ W + b; dx = dout @ W.T; dW = x.T @ dout; db = dout summed over axis 0",
    operands=(_X,),
    parameters=(_W, _B),
    output=("N", "M"),
    twin=lambda x, W, b: x @ W + b,
    gradients=("x", "W", "b"),
    rows=True,
    added=("b",),
    usual=(
        "np.dot(x, W) + b",
        "np.dot(dout, W.T)",
        "np.dot(x.T, dout)",
        "np.sum(dout, axis=0)",
    ),
)
_AFFINE_TENSOR = replace(
    _AFFINE,
    operands=(Variable("x", ("N", "P", "Q", "R")),),
    parameters=(Variable("W", ("P*Q*R", "M")), _B),
    twin=lambda x, W, b: x.flatten(1) @ W + b,
    largest=3,
)
_AFFINE_SAMPLE = replace(
    _AFFINE, operands=(Variable("x", ("D",)),), output=("M",), rows=False, added=()
)

_MATMUL = Contract(
    name="MatMul",
    kind=Kind.LAYER,
    aliases=("matmul", "matrixmultiply", "matrixmultiplication", "weightmultiply"),
    formula="out = x @ W; dx = dout @ W.T; dW = x.T @ dout",
    operands=(_X,),
    parameters=(_W,),
    output=("N", "M"),
    twin=lambda x, W: x @ W,
    gradients=("x", "W"),
    rows=True,
    expected=False,  # the book's second volume has it
    usual=(
        "np.dot(x, W)",
        "np.dot(dout, W.T)",
        "np.dot(x.T, dout)",
    ),
)

_SOFTMAX_WITH_LOSS = Contract(
    name="SoftmaxWithLoss",
    kind=Kind.LAYER,
    aliases=(
        "softmaxwithloss",
        "softmaxloss",
        "softmaxcrossentropy",
        "softmaxcrossentropyloss",
        "softmaxwithcrossentropy",
        "softmaxwithcrossentropyloss",
        "softmaxcrossentropywithlogits",
        "softmaxcrossentropyerror",
        "softmaxwithcrossentropyerror",
    ),
    formula="the mean over the batch of -log(softmax(x)[t]); dx = dout * (softmax(x) - t) / N",
    operands=(_LOGITS, _ONE_HOT),
    output=(),
    twin=_softmax_with_loss,
    gradients=("x",),
    rows=True,
    mean=True,
    shift_invariant=("x",),
    allowance=_stabilised_logits,
    usual=(
        "softmax(x)",
        "cross_entropy_error(out, t)",
        "-np.sum(t * np.log(out + 1e-7)) / t.shape[0]",
        "(out - t) / t.shape[0]",
        "t.shape[0]",
    ),
)
_SOFTMAX_WITH_LOSS_LABELS = replace(
    _SOFTMAX_WITH_LOSS, operands=(_LOGITS, _LABELS), twin=_softmax_with_loss_of_labels
)
_SOFTMAX_WITH_LOSS_SAMPLE = replace(
    _SOFTMAX_WITH_LOSS,
    operands=(
        Variable("x", ("C",), Domain.LOGIT),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
    rows=False,
    mean=False,
)

_SOFTMAX_FUNCTION = Contract(
    name="softmax",
    kind=Kind.FUNCTION,
    aliases=("softmax",),
    formula="exp(x) / the sum of exp(x) over the last axis",
    operands=(_LOGITS,),
    output=("N", "C"),
    twin=lambda x: x.softmax(-1),
    rows=True,
    shift_invariant=("x",),
    row_sum=1.0,
    usual=(
        "np.exp(x)",
        "x - np.max(x, axis=-1, keepdims=True)",
        "np.exp(x - np.max(x, axis=-1, keepdims=True))",
        "np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)",
    ),
)

_SIGMOID_FUNCTION = Contract(
    name="sigmoid",
    kind=Kind.FUNCTION,
    aliases=("sigmoid", "logistic"),
    formula="1 / (1 + exp(-x))",
    operands=(_X,),
    output=("N", "D"),
    twin=lambda x: x.sigmoid(),
    rows=True,
    usual=("1 / (1 + np.exp(-x))",),
)

_CROSS_ENTROPY = Contract(
    name="cross_entropy_error",
    kind=Kind.FUNCTION,
    aliases=("crossentropyerror", "crossentropy", "crossentropyloss"),
    formula="the mean over the batch of -log(y[t])",
    operands=(Variable("y", ("N", "C"), Domain.PROBABILITY), _ONE_HOT),
    output=(),
    twin=_cross_entropy,
    rows=True,
    mean=True,
    allowance=_stabilised_probabilities,
    usual=(
        "-np.sum(t * np.log(y + 1e-7)) / y.shape[0]",
        "y.shape[0]",
    ),
)
_CROSS_ENTROPY_LABELS = replace(
    _CROSS_ENTROPY,
    operands=(_CROSS_ENTROPY.operands[0], _LABELS),
    twin=_cross_entropy_of_labels,
)
_CROSS_ENTROPY_SAMPLE = replace(
    _CROSS_ENTROPY,
    operands=(
        Variable("y", ("C",), Domain.PROBABILITY),
        Variable("t", ("C",), Domain.ONE_HOT),
    ),
    rows=False,
    mean=False,
)

_NUMERICAL_GRADIENT = Contract(
    name="numerical_gradient",
    kind=Kind.FUNCTION,
    aliases=("numericalgradient", "numericalgrad"),
    formula="(f(x + h) - f(x - h)) / 2h for every element of x, x restored",
    # c1 and c2 are the coefficients of the function that it is asked to differentiate.
    operands=(Variable("x", ("D",)), Variable("c1", ("D",)), Variable("c2", ("D",))),
    output=("D",),
    twin=lambda x, c1, c2: 3 * CUBIC * x**2 + 2 * c2 * x + c1,
    arguments=_cubic,
    allowance=_cancelled_digits,
    remark="f(x) = sum(x**3 / 16 + c2 * x**2 + c1 * x)",
    kept=("x",),
)
_NUMERICAL_GRADIENT_2D = replace(
    _NUMERICAL_GRADIENT,
    operands=tuple(Variable(name, ("N", "D")) for name in ("x", "c1", "c2")),
    output=("N", "D"),
)

_RELU_NETWORK = _Network("relu")


def _methods(network: _Network) -> dict[str, tuple[Callable[..., torch.Tensor], ...]]:
    # Chapter 4 lets predict end with softmax, chapter 5 before it.
    scored = network.scores, network.probabilities
    return {"predict": scored, "accuracy": (network.accuracy,)}


_TWO_LAYER_NET = Contract(
    name="TwoLayerNet",
    kind=Kind.NETWORK,
    aliases=("twolayernet", "twolayernetwork"),
    formula="Affine → Relu → Affine → SoftmaxWithLoss; gradient(x, t) has the keys of params",
    operands=(
        Variable("x", ("N", "I"), Domain.WEIGHT),
        Variable("t", ("N", "O"), Domain.ONE_HOT),
    ),
    parameters=(
        Variable("W1", ("I", "H"), Domain.WEIGHT),
        Variable("b1", ("H",), Domain.WEIGHT),
        Variable("W2", ("H", "O"), Domain.WEIGHT),
        Variable("b2", ("O",), Domain.WEIGHT),
    ),
    output=(),
    twin=_RELU_NETWORK.loss,
    gradients=("W1", "b1", "W2", "b2"),
    rows=True,
    mean=True,
    kinks=lambda a: a["x"] @ a["W1"] + a["b1"],
    allowance=_stabilised_network,
    built_from=("I", "H", "O"),
    methods=_methods(_RELU_NETWORK),
    largest=3,
    said=("relu", "maximum"),
)


def _design(activation: str, allowance: Callable[[Arrays], float]) -> Design:
    """The network with another function between its layers, as section 4.5 has it."""
    network = _Network(activation)
    row = replace(
        _TWO_LAYER_NET,
        formula=f"Affine → {activation} → Affine → SoftmaxWithLoss",
        twin=network.loss,
        kinks=None,
        allowance=allowance,
        methods=_methods(network),
        said=(),
    )
    return Design(activation, f"with {activation} in the hidden layer", row)


def _labels(row: Contract) -> tuple[Variant, ...]:
    return (
        Variant(
            "labels",
            "a target of class labels",
            row,
            unequal=("N", "C"),
            at_least_two=("N", "C"),
        ),
        Variant(
            "labels where N = C",
            "a target of class labels, as many samples as classes,",
            row,
            equal=("N", "C"),
            at_least_two=("N",),
        ),
    )


CONTRACTS: tuple[Contract, ...] = (
    replace(_MUL, variants=(_broadcast(_MUL),)),
    replace(_ADD, variants=(_broadcast(_ADD),)),
    _RELU,
    _SIGMOID,
    replace(
        _AFFINE,
        variants=(
            Variant("4-D x", "a 4-D x", _AFFINE_TENSOR),
            Variant("1-D samples", "a single 1-D sample", _AFFINE_SAMPLE, at_least_two=("D",)),
        ),
    ),
    _MATMUL,
    replace(
        _SOFTMAX_WITH_LOSS,
        variants=(
            *_labels(_SOFTMAX_WITH_LOSS_LABELS),
            Variant(
                "1-D samples",
                "a single 1-D sample",
                _SOFTMAX_WITH_LOSS_SAMPLE,
                at_least_two=("C",),
            ),
        ),
    ),
    replace(
        _SOFTMAX_FUNCTION,
        variants=(
            Variant(
                "1-D samples",
                "a single 1-D sample",
                replace(
                    _SOFTMAX_FUNCTION,
                    operands=(Variable("x", ("C",), Domain.LOGIT),),
                    output=("C",),
                    rows=False,
                ),
            ),
        ),
    ),
    _SIGMOID_FUNCTION,
    replace(
        _CROSS_ENTROPY,
        variants=(
            *_labels(_CROSS_ENTROPY_LABELS),
            Variant(
                "1-D samples",
                "a single 1-D sample",
                _CROSS_ENTROPY_SAMPLE,
                at_least_two=("C",),
            ),
        ),
        misreadings=(
            Misreading(
                words=(
                    "one-hot targets are read as class labels: for y = [0.1, 0.2, 0.7] and the "
                    "one-hot t = [0, 0, 1] the class indices 0, 0, 1 were read, so the result is "
                    "-(log 0.1 + log 0.1 + log 0.2) = 6.2146, where -log 0.7 = 0.3567 was due"
                ),
                operands={"y": np.array([0.1, 0.2, 0.7]), "t": np.array([0, 0, 1])},
                value=float(-np.log([0.1, 0.1, 0.2]).sum()),
                should_be=float(-np.log(0.7)),
            ),
        ),
    ),
    replace(_NUMERICAL_GRADIENT, variants=(Variant("2-D x", "a 2-D x", _NUMERICAL_GRADIENT_2D),)),
    replace(
        _TWO_LAYER_NET,
        designs=(
            _design("sigmoid", _stabilised_sigmoid_network),
            _design("tanh", _stabilised_tanh_network),
        ),
    ),
)


def contract_named(name: str) -> Contract | None:
    """The row of that name, in its case if there is one (sigmoid, Sigmoid), else in any."""
    named = [c for c in CONTRACTS if c.name.lower() == name.lower()]
    exact = [c for c in named if c.name == name]
    return next(iter(exact or named), None)
