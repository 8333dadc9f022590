"""Gradients are subtracted; target - output, the opposite sign, is added. Each beside its step."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.schema import Sign
from trigrad.subject.source.descent import signs_of_descent
from trigrad.verdict.results import Verdict

LAYER = """
class Linear:
    def __init__(self, n_in, n_out, eta=0.5):
        self.weights = np.random.randn(n_in, n_out) * 0.1
        self.bias = np.zeros(n_out)
        self.eta = eta

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.weights + self.bias

    def backward(self, ERROR):
        passed_on = ERROR @ self.weights.T
        self.weights += self.eta * (self.inputs.T @ ERROR)
        self.bias += self.eta * ERROR.sum(axis=0)
        return passed_on
"""
ERR, DOUT = LAYER.replace("ERROR", "err"), LAYER.replace("ERROR", "dout")
DIVIDED = ERR.replace("self.eta *", "self.eta / len(err) *")
STORING = """
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
"""
TURNED = STORING.replace("= self.x.T @", "= -self.x.T @").replace("= dout.sum", "= -dout.sum")
LOSS = """
class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.p, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.p)) / len(x)

    def backward(self):
        return (self.p - self.t) / len(self.t)
"""
DOWN = LOSS.replace("self.p - self.t", "self.t - self.p")
DOWN_SUMMED = DOWN.replace("self.p) / len(self.t)", "self.p)")
STEP_UP = """
def update(layers, lr):
    for layer in layers:
        layer.W += lr * layer.dW
        layer.b += lr * layer.db
"""
STEP_DOWN = STEP_UP.replace("+=", "-=")
STEP_UP_DIVIDED = STEP_UP.replace("lr *", "lr / batch_size *")
TRAIN = """
def train(layers, X, T):
    out = X
    for layer in layers:
        out = layer.forward(out)
    err = T - out
    for layer in layers[::-1]:
        err = layer.backward(err)
"""
TRAIN_DOWN = TRAIN.replace("T - out", "out - T")
MSE_DOWN = """
def mse_prime(y_true, y_pred):
    return 2 * (y_true - y_pred) / y_true.size
"""
MSE_UP = MSE_DOWN.replace("2 *", "-2 *")
NETWORK = """
class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out):
        self.params = dict(
            W1=np.random.randn(n_in, n_hidden), b1=np.zeros(n_hidden),
            W2=np.random.randn(n_hidden, n_out), b2=np.zeros(n_out),
        )

    def predict(self, x):
        p = self.params
        self.a = x @ p["W1"] + p["b1"]
        self.h = np.maximum(self.a, 0)
        e = np.exp(self.h @ p["W2"] + p["b2"])
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.predict(x))) / len(x)

    def gradient(self, x, t):
        dy = (t - self.predict(x)) / len(x)
        da = dy @ self.params["W2"].T * (self.a > 0)
        return dict(W1=x.T @ da, b1=da.sum(axis=0), W2=self.h.T @ dy, b2=dy.sum(axis=0))
"""
NET_UP = """
def train(net, x, t, lr):
    for key, slope in net.gradient(x, t).items():
        net.params[key] = net.params[key] + lr * slope
"""
PASS, FAIL, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
FILES = {
    "a loss alone": (DOWN, [FAIL]),
    "a loss, a step that subtracts": (DOWN + STORING + STEP_DOWN, [FAIL, PASS]),
    "a loss, a step that adds": (DOWN + STORING + STEP_UP, [PASS, PASS]),
    "a loss, steps both ways": (DOWN + STEP_DOWN + STEP_UP, [UNDECIDED]),
    "a right loss, a step that subtracts": (LOSS + STORING + STEP_DOWN, [PASS, PASS]),
    "a loss not divided, a step that adds": (DOWN_SUMMED + STEP_UP, [FAIL]),
    "a loss not divided, a step that divides and adds": (DOWN_SUMMED + STEP_UP_DIVIDED, [PASS]),
    "a wrong loss, a step that adds": (
        DOWN.replace("/ len(self.t)", "* 3 / len(self.t)") + STEP_UP,
        [FAIL],
    ),
    "a layer that adds, alone": (ERR, [UNDECIDED]),
    "a layer that adds what is called a gradient": (DOUT, [FAIL]),
    "a layer that adds, and target - output": (ERR + TRAIN, [PASS]),
    "a layer that adds and divides, and target - output": (DIVIDED + TRAIN, [UNDECIDED]),
    "a layer that adds, and output - target": (ERR + TRAIN_DOWN, [FAIL]),
    "a layer that adds, and a derivative of the opposite sign": (DOUT + MSE_DOWN, [PASS]),
    "a layer that adds, and a derivative": (ERR + MSE_UP, [FAIL]),
    "a layer that adds, and its loss": (DOUT + DOWN, [PASS, PASS]),
    "a layer that adds, and a right loss": (ERR + LOSS, [FAIL, PASS]),
    "a layer that adds to its bias only": (
        ERR.replace("self.weights +=", "self.weights -=") + TRAIN,
        [FAIL],
    ),
    "a layer that subtracts, and a right loss": (ERR.replace("+=", "-=") + LOSS, [PASS, PASS]),
    "turned in the layer, alone": (TURNED, [FAIL]),
    "turned in the layer, a step that adds": (TURNED + LOSS + STEP_UP, [PASS, PASS]),
    "turned in the layer and in the loss": (TURNED + DOWN + STEP_UP, [FAIL, PASS]),
    "a network alone": (NETWORK, [FAIL]),
    "a network, a step that adds": (NETWORK + NET_UP, [PASS]),
}


@pytest.mark.parametrize("name", FILES)
def test_which_sign(tmp_path: Path, name: str) -> None:
    text, verdicts = FILES[name]
    path = tmp_path / "notes.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    layers = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert [each.verdict for each in layers if not each.derivative_of] == verdicts


def test_what_is_said(tmp_path: Path) -> None:
    path = tmp_path / "notes.py"
    path.write_text(f"import numpy as np\n{DOUT}{DOWN}", "utf-8")
    layer, loss = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert any("is added to W and b" in note for note in layer.notes)
    assert any("as in target - output (the update adds them)" in note for note in loss.notes)
    path.write_text(f"import numpy as np\n{ERR}", "utf-8")
    (alone,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert "Put the layer and its loss into one file" in str(alone.undecided)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("W += lr * dW", {Sign.ADDED}),
        ("W -= lr * dW", {Sign.SUBTRACTED}),
        ("W -= -lr * dW", {Sign.ADDED}),
        ("params[k] += -1 * lr * grads[k]", {Sign.SUBTRACTED}),
        ("self.W = self.W - self.learning_rate * g / n", {Sign.SUBTRACTED}),
        ("syn0 += l0.T.dot(l1_delta)", {Sign.ADDED}),
        ("p.data += 0.1 * x", set()),
        ("dW += lr * x", set()),
        ("grads['W'] += self.dW", set()),
        ("v += lr * grad", set()),
        ("theta[i] += epsilon", set()),
        ("x += alpha * y", set()),
        ("def backward(self): return self.t - self.y", {Sign.DESCENT}),
        ("def backward(self): return -2 * (self.y_true - self.out) / n", {Sign.ASCENT}),
        ("def backward(self):\n    d = self.y - self.t\n    return d / n", {Sign.ASCENT}),
        ("def forward(self): return np.mean((self.t - self.y) ** 2)", set()),
        ("error = y - output\nnet.backward(error)", {Sign.DESCENT}),
        ("net.backward(-(y_hat - y))", {Sign.DESCENT}),
        ("net.backward((t - y) * (t - y))", set()),
        ("loss = t - y", set()),
        ("def f(", set()),
    ],
)
def test_signs(text: str, signs: set[Sign]) -> None:
    assert signs_of_descent([text], "Layer") == signs
