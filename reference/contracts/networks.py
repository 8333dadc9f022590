"""TwoLayerNet (sections 4.5 and 5.7), with any of the usual activations in its hidden layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import (
    LABELS_AS_TARGETS,
    LABELS_ONLY,
    SUM_OR_MEAN,
    SUMMED,
)
from trigrad.contracts.losses import (
    softmax_with_loss,
    softmax_with_loss_of_labels,
    target_probability,
)
from trigrad.contracts.network_losses import other_losses
from trigrad.contracts.scales import LOSS_SCALES
from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Domain,
    Kind,
    Notation,
    Promises,
    Reading,
    Readings,
    Sign,
    Variable,
)
from trigrad.contracts.softmax import softmax
from trigrad.contracts.variables import STABILISER
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class _Network:
    """A network with one hidden layer, and the function between its two Affine layers."""

    activation: str
    """The name of PyTorch's tensor method for it."""

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

    def classes(self, *arrays: torch.Tensor) -> torch.Tensor:
        return self.scores(*arrays).argmax(-1).double()

    def loss(self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        return softmax_with_loss(self.scores(x, t, *weights), t)

    def accuracy(self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor) -> torch.Tensor:
        right = self.scores(x, t, *weights).argmax(-1) == t.argmax(-1)
        return right.double().mean()

    def loss_of_labels(
        self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor
    ) -> torch.Tensor:
        return softmax_with_loss_of_labels(self.scores(x, t, *weights), t)

    def accuracy_of_labels(
        self, x: torch.Tensor, t: torch.Tensor, *weights: torch.Tensor
    ) -> torch.Tensor:
        return (self.scores(x, t, *weights).argmax(-1) == t).double().mean()


def _effect_behind(hidden: Array, a: Arrays) -> float:
    scores = hidden @ a["W2"] + a["b2"]
    back = np.abs(a["W2"]).sum(axis=1).max()
    factor = max(1.0, np.abs(hidden).max(), back, np.abs(a["x"]).max() * back)
    return float(factor * STABILISER / target_probability(softmax(scores), a["t"]))


def _stabilised_network(a: Arrays) -> float:
    """The largest effect of the stabiliser on the loss and on any gradient, with Relu.

    Its effect on the gradient of the scores is multiplied by `hidden` in that of W2, by W2 in that
    of b1, by W2 and x in that of W1, and by 1 in that of b2.
    """
    return _effect_behind(np.maximum(a["x"] @ a["W1"] + a["b1"], 0), a)


def _stabilised_sigmoid_network(a: Arrays) -> float:
    """The same with a sigmoid, whose slope is at most 1 as Relu's is."""
    return _effect_behind(1 / (1 + np.exp(-(a["x"] @ a["W1"] + a["b1"]))), a)


def _stabilised_tanh_network(a: Arrays) -> float:
    """The same with tanh."""
    return _effect_behind(np.tanh(a["x"] @ a["W1"] + a["b1"]), a)


_RELU_NETWORK = _Network("relu")


def _methods(network: _Network) -> dict[str, tuple[Callable[..., torch.Tensor], ...]]:
    # In chapter 4 predict ends with softmax, in chapter 5 it does not; others give the class.
    scored = network.scores, network.probabilities, network.classes
    return {"predict": scored, "accuracy": (network.accuracy,)}


_TWO_LAYER_NET = Contract(
    name="TwoLayerNet",
    kind=Kind.NETWORK,
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
    promises=Promises(
        rows=True,
        mean=True,
        kinks=lambda a: a["x"] @ a["W1"] + a["b1"],
        allowance=_stabilised_network,
    ),
    readings=Readings(
        keywords=("relu", "maximum"),
        scales=LOSS_SCALES,
        meant_by=frozenset({Sign.SOFTMAX}),
    ),
    notation=Notation(
        formula="Affine → Relu → Affine → SoftmaxWithLoss; gradient(x, t) has the keys of params",
        aliases=("twolayernet", "twolayernetwork"),
    ),
    built_from=("I", "H", "O"),
    methods=_methods(_RELU_NETWORK),
    numerical_method="numerical_gradient",
    largest=3,
    smallest={"O": 2},
)


def _with_hidden(activation: str, allowance: Callable[[Arrays], float]) -> Reading:
    """The network with another activation (section 4.5 has a sigmoid)."""
    network = _Network(activation)
    row = replace(
        _TWO_LAYER_NET.promising(kinks=None, allowance=allowance),
        notation=replace(
            _TWO_LAYER_NET.notation, formula=f"Affine → {activation} → Affine → SoftmaxWithLoss"
        ),
        readings=Readings(),
        twin=network.loss,
        methods=_methods(network),
    )
    return Reading(
        key=activation,
        words=(Message("reading.hidden", activation=activation),),
        contract=row,
        keyword=activation,
    )


def _of_labels(row: Contract, network: _Network, words: tuple[Message, ...] = ()) -> Reading:
    """The network whose targets are class labels."""
    x, _ = row.operands
    labels = replace(
        row,
        operands=(x, Variable("t", ("N",), Domain.LABEL, classes="O")),
        twin=network.loss_of_labels,
        methods={**row.methods, "accuracy": (network.accuracy_of_labels,)},
        readings=Readings(),
    )
    return Reading(
        key=f"{network.activation}, labels",
        words=(*words, LABELS_AS_TARGETS),
        contract=labels,
        conditions=(LABELS_ONLY,),
        instead_of=row,
    )


def _of_sum(row: Contract, network: _Network, words: tuple[Message, ...] = ()) -> Reading:
    """The network whose loss is a sum over the batch."""
    mean = row.promises.allowance
    assert mean is not None, "every row has a stabiliser"
    summed = replace(
        row.promising(mean=False, allowance=lambda a: len(a["x"]) * mean(a)),
        twin=lambda x, *arrays: network.loss(x, *arrays) * len(x),
        readings=Readings(),
    )
    return Reading(
        key=f"{network.activation}, summed",
        words=(*words, SUMMED),
        contract=summed,
        conditions=(SUM_OR_MEAN,),
    )


_SIGMOID = _with_hidden("sigmoid", _stabilised_sigmoid_network)
_TANH = _with_hidden("tanh", _stabilised_tanh_network)

TWO_LAYER_NET = replace(
    _TWO_LAYER_NET,
    readings=replace(
        _TWO_LAYER_NET.readings,
        others=(
            _SIGMOID,
            _TANH,
            _of_labels(_TWO_LAYER_NET, _RELU_NETWORK),
            *(
                _of_labels(each.contract, _Network(each.key), each.words)
                for each in (_SIGMOID, _TANH)
            ),
            _of_sum(_TWO_LAYER_NET, _RELU_NETWORK),
            *(_of_sum(each.contract, _Network(each.key), each.words) for each in (_SIGMOID, _TANH)),
            *other_losses(_TWO_LAYER_NET, _RELU_NETWORK.activation),
            *(
                reading
                for each in (_SIGMOID, _TANH)
                for reading in other_losses(each.contract, each.key, each.words)
            ),
        ),
    ),
)
