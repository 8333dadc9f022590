"""The batch size divides once: in the loss, in the layers, or in the step."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Verdict

AFFINE = """
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
DIVIDING = AFFINE.replace("self.x.T @ dout", "self.x.T @ dout / len(dout)").replace(
    "dout.sum(axis=0)", "dout.mean(axis=0)"
)
LOSS = """
class SoftmaxWithLoss:
    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)
"""
UNDIVIDED = LOSS.replace(" / len(self.t)", "")
SUMMED = UNDIVIDED.replace(" / len(x)", "")
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
        dy = self.predict(x) - t
        da = dy @ self.params["W2"].T * (self.a > 0)
        return dict(W1=x.T @ da, b1=da.sum(axis=0), W2=self.h.T @ dy, b2=dy.sum(axis=0))
"""
STEP = """
def train(net, x, t, lr):
    for key, slope in net.gradient(x, t).items():
        net.params[key] -= lr * slope / len(x)
"""
STEP_ALONE = STEP.replace(" / len(x)", "")
PASS, FAIL, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
FILES = {
    "the book's": (AFFINE + LOSS, [PASS, PASS]),
    "divided in the layer": (DIVIDING + UNDIVIDED, [PASS, PASS]),
    "divided in the layer, loss a sum": (DIVIDING + SUMMED, [PASS, PASS]),
    "divided in both": (DIVIDING + LOSS, [FAIL, PASS]),
    "divided nowhere": (AFFINE + UNDIVIDED, [PASS, FAIL]),
    "a sum divided nowhere": (AFFINE + SUMMED, [PASS, UNDECIDED]),
    "a layer alone": (DIVIDING, [UNDECIDED]),
    "a loss alone": (UNDIVIDED, [FAIL]),
    "only the bias divided": (
        DIVIDING.replace("self.x.T @ dout / len(dout)", "self.x.T @ dout"),
        [FAIL],
    ),
    "divided in the step": (AFFINE + UNDIVIDED + STEP, [PASS, PASS]),
    "divided in the loss, a step that does not divide": (AFFINE + LOSS + STEP_ALONE, [PASS, PASS]),
    "not even in the step": (AFFINE + UNDIVIDED + STEP_ALONE, [PASS, FAIL]),
    "network, divided in the step": (NETWORK + STEP, [PASS]),
    "network, a sum divided in the step": (
        NETWORK.replace("self.predict(x))) / len(x)", "self.predict(x)))") + STEP,
        [PASS],
    ),
    "network, not even in the step": (NETWORK + STEP_ALONE, [FAIL]),
    "network, wrong although the step divides": (
        NETWORK.replace(" * (self.a > 0)", "") + STEP,
        [FAIL],
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.py"


@pytest.mark.parametrize("name", FILES)
def test_who_divides(path: Path, name: str) -> None:
    text, verdicts = FILES[name]
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0)
    assert [layer.verdict for layer in report.layers] == verdicts


def test_what_is_said(path: Path) -> None:
    path.write_text(f"import numpy as np\n{DIVIDING}{UNDIVIDED}", "utf-8")
    affine, loss = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert any(
        n.startswith("understood as: dW and db divided by the batch size") for n in affine.notes
    )
    assert any(n.startswith("understood as: the gradients are not divided") for n in loss.notes)
    path.write_text(f"import numpy as np\n{DIVIDING}", "utf-8")
    (alone,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert "Put both into one file" in str(alone.undecided)


ONE_ROW = """
class FCLayer:
    def __init__(self, n_in, n_out):
        self.weights = np.random.rand(n_in, n_out) - 0.5
        self.bias = np.random.rand(1, n_out) - 0.5

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, error, learning_rate):
        back = error @ self.weights.T
        self.weights -= learning_rate * (self.x.T @ error)
        self.bias -= learning_rate * error
        return back
"""


def test_a_layer_for_one_row_is_undecided_unless_its_file_has_batches(path: Path) -> None:
    path.write_text(f"import numpy as np\n{ONE_ROW}", "utf-8")
    (alone,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert alone.verdict is UNDECIDED
    assert "sum over axis 0 is right for both" in str(alone.undecided)
    path.write_text(f"import numpy as np\n{ONE_ROW}{LOSS}", "utf-8")
    beside, _ = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert beside.verdict is FAIL
    wrong = ONE_ROW.replace("self.weights.T", "self.weights.T * 2")
    path.write_text(f"import numpy as np\n{wrong}", "utf-8")
    (layer,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert layer.verdict is FAIL
