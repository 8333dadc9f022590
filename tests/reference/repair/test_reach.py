"""An optimiser is no part of a pass, and is not edited to make a layer right."""

from __future__ import annotations

import ast

import pytest

from trigrad.repair.reach import steps_weights
from trigrad.subject.source.definitions import ClassOrFunction


def node_of(text: str) -> ClassOrFunction:
    (node,) = ast.parse(text).body
    assert isinstance(node, ClassOrFunction)
    return node


@pytest.mark.parametrize(
    "text",
    [
        "class SGD:\n    def step(self, layer):\n        layer.W -= layer.dW",
        "class Rule:\n    def update_params(self, params, grads):\n        pass",
        "def adam_update(w, dw):\n    return w - dw",
        "def step(w, dw):\n    return w - dw",
    ],
)
def test_what_steps_weights(text: str) -> None:
    assert steps_weights(node_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "class Base:\n    def forward(self, x):\n        pass\n    def update(self):\n        pass",
        "class Maths:\n    def softmax(self, x):\n        return x",
        "def softmax_stepwise(x):\n    return x",
        "def sigmoid(x):\n    return x",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not steps_weights(node_of(text))
