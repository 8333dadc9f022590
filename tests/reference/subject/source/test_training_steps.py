"""Whether the training step in a text divides gradients by the batch size."""

from __future__ import annotations

import pytest

from trigrad.subject.source.training_steps import step_divides

DIVIDES = (
    "W -= lr * dW / batch_size",
    "self.params[key] -= self.learning_rate * grads[key] / len(x)",
    "W1 = W1 - (alpha / m) * dW1",
    "b = b - eta * db / x.shape[0]",
    "grads[key] /= batch_size",
    "self.dW /= float(n)",
)
DOES_NOT = (
    "W -= lr * dW",
    "x -= x.sum() / len(x)",
    "W -= lr * dW / 2",
    "dx /= N",
    "accuracy[0] /= len(x)",
    "W -= lr * (",
)


@pytest.mark.parametrize("text", DIVIDES)
def test_a_step_that_divides(text: str) -> None:
    assert step_divides(text)


@pytest.mark.parametrize("text", DOES_NOT)
def test_anything_else(text: str) -> None:
    assert not step_divides(text)
