"""What trains with gradients that nothing sets to zero, and what may set them to zero."""

from __future__ import annotations

import textwrap

import pytest

from trigrad.subject.source.gradient_steps import trains_without_clearing
from trigrad.subject.source.text import Chunk

LAYER = """
class Affine:
    def __init__(self, W, b):
        self.W, self.b, self.dW, self.db = W, b, np.zeros_like(W), np.zeros_like(b)

    def backward(self, dout):
        self.dW += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.W.T
"""


def trains(*texts: str) -> bool:
    chunks = [Chunk(LAYER, "layers.py")]
    chunks += [Chunk(textwrap.dedent(text), f"{n}.py") for n, text in enumerate(texts)]
    return trains_without_clearing(chunks, ["dW", "db"], ["Affine", "object"])


@pytest.mark.parametrize(
    "text",
    [
        "for layer in net:\n  layer.W -= lr * layer.dW\n  layer.b -= lr * layer.db",
        "grads['W1'] = layer.dW\nfor k in params:\n  params[k] = params[k] - lr * grads[k]",
        "def gradients(net):\n  return [l.dW for l in net]\nopt.update(params, gradients(net))",
        "class Affine2:\n  def update(self, lr):\n    self.W -= lr * self.dW",
        # Only one of the two is set to zero.
        "layer.W -= lr * layer.dW\nlayer.dW[...] = 0",
    ],
)
def test_a_step_and_no_clearing(text: str) -> None:
    assert trains(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "y = layer.forward(x)",
        "out -= x.mean()",
        "print(layer.dW)",
        "layer.W -= lr * layer.dW\nnet.zero_grads()",
        "layer.W -= lr * layer.dW\nfor g in grads:\n  g.fill(0)",
        "all_grads = [layer.dW, layer.db]\nopt.update(params, all_grads)\n"
        "for each in all_grads:\n  each[...] = 0",
        "for batch in data:\n  layer = Affine(W, b)\n  layer.backward(dout)\n  W -= lr * layer.dW",
    ],
)
def test_what_does_not_train_or_may_clear(text: str) -> None:
    assert not trains(text)


def test_the_clearing_may_be_in_another_file() -> None:
    step = "class SGD:\n  def step(self):\n    self.layer.W -= self.layer.dW"
    assert trains(step)
    assert not trains(step, "for batch in data:\n  sgd.step()\n  model.clear_gradients()")
