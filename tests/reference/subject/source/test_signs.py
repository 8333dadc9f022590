"""What a file's text shows of its conventions."""

from __future__ import annotations

import pytest

from trigrad.contracts.schema import Sign
from trigrad.subject.source.signs import signs_of_calls, signs_of_definition, signs_of_text


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("y = x @ W", {Sign.ROWS}),
        ("y = np.dot(self.x, self.params['W1']) + b", {Sign.ROWS}),
        ("dx = dout.dot(W.T)", {Sign.ROWS}),
        ("y = W1 @ x", {Sign.COLUMNS}),
        ("dA = np.matmul(weights.T, dZ)", {Sign.COLUMNS}),
        ("y = np.dot(W1, W2)", set()),
        ("y = np.dot(a, b)", set()),
        ("for x_batch in data: pass", {Sign.BATCH}),
        ("t = to_categorical(labels)", {Sign.ONE_HOT}),
        ("y = sigmoid(z)", {Sign.BINARY}),
        ("y = softmax(sigmoid(z))", set()),
        ("def binary_loss(): softmax(x)", {Sign.BINARY}),
        ("y = (", set()),
        ("def softmax(a):\n    return np.exp(a) / np.sum(np.exp(a))", {Sign.SINGLE}),
        ("def softmax(a):\n    return np.exp(a) / np.exp(a).sum(axis=-1)", set()),
    ],
)
def test_text(text: str, signs: set[Sign]) -> None:
    assert signs_of_text(text) == signs


@pytest.mark.parametrize(
    ("texts", "signs"),
    [
        (["f(np.array([0.1, 0.9]), np.array([0, 1]))"], {Sign.ONE_HOT, Sign.SINGLE}),
        (["f([0.1, 0.9], [1, 1])"], {Sign.SINGLE}),
        (["t = np.array([[1, 0], [0, 1]])", "f(y, t)"], {Sign.BATCH}),
        (["f([[1, 2], [3, 4]])"], {Sign.BATCH}),
        (["f([1, 2])"], {Sign.SINGLE}),
        (["g([[1, 2], [3, 4]])", "f([1, [2]])", "f(x + 1)"], set()),
    ],
)
def test_calls(texts: list[str], signs: set[Sign]) -> None:
    assert signs_of_calls(texts, "f") == signs


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("def f(y_true, y_pred): return 0", {Sign.TARGETS_FIRST, Sign.NAMED_FIRST}),
        ("def f(y_pred, y_true): return 0", {Sign.NAMED_LAST}),
        ("def f(x, y): return x.sum(axis=0)", {Sign.BATCH}),
        ("def f(x, t): return t.argmax(1)", {Sign.ONE_HOT}),
        ("class f:\n    def forward(self, t, x): return 0", {Sign.TARGETS_FIRST}),
        ("class f:\n    def backward(self, t, x): return 0", set()),
        ("def g(t, y): return 0", set()),
    ],
)
def test_definition(text: str, signs: set[Sign]) -> None:
    assert signs_of_definition(text, "f") == signs
