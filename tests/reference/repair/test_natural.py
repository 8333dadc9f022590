"""The fix that a teacher would write for mistakes that people make is the one that is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial

LINEAR = """\
import numpy as np


class Linear:
    def __init__(self, weight, bias):
        self.weight = weight
        self.bias = bias

    def forward(self, inputs):
        self.inputs = inputs
        return inputs @ self.weight + self.bias

    def backward(self, grad, lr):
        dweight = self.inputs.T @ grad
        dbias = grad.sum(axis=0)
        dinputs = grad @ self.weight.T
        self.weight -= lr * dweight
        self.bias -= lr * dbias
        return dinputs
"""
KEPT = LINEAR.replace(", lr", "").replace(
    "        self.weight -= lr * dweight\n        self.bias -= lr * dbias\n",
    "        self.dweight = dweight\n        self.dbias = dbias\n",
)

RELU = """\
import numpy as np


class ReLU:
    def forward(self, z):
        self.z = z
        return np.maximum(0, z)

    def backward(self, dz):
        dz = dz.copy()
        dz[self.z <= 0] = 0
        return dz
"""

SIGMOIDS = """\
import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def sigmoid_backward(dA, cache):
    Z = cache
    return dA * Z * (1 - Z)
"""

RELUS = """\
import numpy as np


def relu(Z):
    return np.where(Z > 0, Z, 0), Z


def relu_backward(dA, cache):
    return np.where(dA > 0, dA, 0)
"""

NET = """\
import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": 0.1 * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": 0.1 * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }

    def predict(self, x):
        self.h = np.tanh(x @ self.params["W1"] + self.params["b1"])
        s = self.h @ self.params["W2"] + self.params["b2"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.predict(x) + 1e-7)) / len(x)

    def gradient(self, x, t):
        ds = (self.predict(x) - t) / len(x)
        dh = ds @ self.params["W2"].T
        dz = dh * (1 - self.h ** 2)
        return {"W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": self.h.T @ ds, "b2": ds.sum(axis=0)}
"""

SWITCHED = KEPT.replace("import numpy as np\n", "import numpy as np\n\nFAST = True\n").replace(
    "        dweight = self.inputs.T @ grad\n",
    """\
        if FAST:
            dweight = self.inputs.T @ grad
        else:
            dweight = np.zeros_like(self.weight)
            for x, g in zip(self.inputs, grad):
                dweight += np.outer(x, g)
""",
)

MODES = """\
import numpy as np


class ReLU:
    def __init__(self, mode="copy"):
        self.mode = mode

    def forward(self, z):
        self.positive = z > 0
        return z * self.positive

    def backward(self, dz):
        if self.mode == "in place":
            dz[~self.positive] = 0
            return dz
        return dz * (dz > 0)
"""

OPTIMISED = """\
import numpy as np


class Momentum:
    def __init__(self, lr=0.01, momentum=0.9):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for key in params:
            self.v[key] = self.momentum * self.v.get(key, 0) - self.lr * grads[key]
            params[key] += self.v[key]


class Dense:
    def __init__(self, n_in, n_out):
        self.params = {"W": 0.1 * np.random.randn(n_in, n_out), "b": np.zeros(n_out)}
        self.optimizer = Momentum()

    def forward(self, x):
        self.x = x
        return x @ self.params["W"] + self.params["b"]

    def backward(self, grad):
        dW = self.x.T @ grad
        db = grad.sum(axis=0)
        self.optimizer.update(self.params, {"W": dW, "b": db})
        return grad @ self.params["W"].T
"""

KEEPS_INPUT = """\
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Sigmoid:
    def forward(self, inputs):
        self.inputs = inputs
        return sigmoid(inputs)

    def backward(self, grad):
        return grad * self.inputs * (1 - self.inputs)
"""

COLUMNS = """\
import numpy as np


def linear_forward(A, W, b):
    return np.dot(W, A) + b, (A, W, b)


def linear_backward(dZ, cache):
    A, W, b = cache
    m = A.shape[1]
    dW = np.dot(dZ, A.T)
    db = np.sum(dZ, axis=1, keepdims=True)
    return np.dot(W.T, dZ), dW, db
"""
COLUMN_MEAN = "    dW = np.dot(dZ, A.T) / m"
COLUMN_SUM = "    db = np.sum(dZ, axis=1, keepdims=True)"

# Alone, this softmax would be right for samples in columns; the layer shows that they are in rows.
SOFTMAX = f"""\
{KEPT}

def softmax(z):
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)
"""


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


STEPPED = (
    "        dinputs = grad @ self.weight.T\n        self.weight -= lr * dweight\n"
    "        self.bias -= lr * dbias\n        return dinputs\n",
    "        self.weight -= lr * dweight\n        self.bias -= lr * dbias\n"
    "        return grad @ self.weight.T\n",
)
DERIVATIVE = "        dz = dh * (1 - self.h ** 2)\n"


@pytest.mark.parametrize(
    ("text", "before", "after", "fix"),
    [
        (LINEAR, *STEPPED, ["        dinputs = grad @ self.weight.T", "        return dinputs"]),
        (
            KEPT,
            "dinputs = grad @ self.weight.T",
            "dinputs = np.zeros_like(self.inputs)\n        dinputs += grad @ self.weight.T\n"
            "        dinputs += grad @ self.weight.T",
            [""],
        ),
        (
            KEPT,
            "dweight = self.inputs.T @ grad",
            "dweight = grad.T @ self.inputs",
            ["        dweight = self.inputs.T @ grad"],
        ),
        (RELU, "dz[self.z <= 0] = 0", "dz[dz <= 0] = 0", ["        dz[self.z <= 0] = 0"]),
        (NET, DERIVATIVE, "        dz = dh * self.h * (1 - self.h)\n", [DERIVATIVE[:-1]]),
        (NET, DERIVATIVE, "        dz = dh * (self.h > 0)\n", [DERIVATIVE[:-1]]),
        (
            NET,
            "        return {",
            "        self.params['W1'] -= 0.1 * x.T @ dz\n        return {",
            [""],
        ),
        (
            SOFTMAX,
            "",
            "",
            [
                "    e = np.exp(z - np.max(z, axis=1, keepdims=True))",
                "    return e / np.sum(e, axis=1, keepdims=True)",
            ],
        ),
        (
            SIGMOIDS,
            "",
            "",
            ["    s = 1 / (1 + np.exp(-Z))\n    return dA * s * (1 - s)"],
        ),
        (RELUS, "", "", ["    return np.where(cache > 0, dA, 0)"]),
        (
            SWITCHED,
            "self.inputs.T @ grad",
            "self.inputs.T @ grad / len(grad)",
            ["            dweight = self.inputs.T @ grad"],
        ),
        (MODES, "", "", ["        return dz * (self.positive > 0)"]),
        (OPTIMISED, "", "", ['        dx = grad @ self.params["W"].T', "        return dx"]),
        (
            KEEPS_INPUT,
            "",
            "",
            ["        s = sigmoid(self.inputs)\n        return grad * s * (1 - s)"],
        ),
        # With samples in columns means are usual, and nobody divides by accident.
        (COLUMNS, "keepdims=True)", "keepdims=True) / m", [COLUMN_MEAN]),
        (COLUMNS, "axis=1, keepdims=True", "axis=0", [COLUMN_SUM]),
    ],
    ids=[
        *("steps before dx", "twice", "product turned", "mask of dout", "sigmoid for tanh"),
        *("relu for tanh", "step in gradient", "columns", "input for output", "mask in a pair"),
        *("switch", "mode", "optimiser", "kept input", "divided by m", "sum of columns"),
    ],
)
def test_the_natural_fix_is_shown(
    tmp_path: Path, text: str, before: str, after: str, fix: list[str]
) -> None:
    path = tmp_path / "layers.py"
    path.write_text(text.replace(before, after) if before else text, "utf-8")
    (layer,) = (each for each in check(path, in_process=True).layers if each.failures)
    assert layer.repair is not None
    assert [change.after for change in layer.repair.changes] == fix
    assert not layer.repair.overdue


def test_the_words_say_that_the_weights_were_stepped_before(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(LINEAR.replace(*STEPPED), "utf-8")
    shown = " ".join(str(check(path, in_process=True, repair_seconds=0)).split())
    assert "W is updated before this gradient is computed" in shown
    path.write_text(KEPT.replace("@ self.weight.T", "@ (self.weight.T + 1)"), "utf-8")
    assert "is changed before" not in str(check(path, in_process=True, repair_seconds=0))
