"""Weight decay is a convention: it is taken off, kept by every fix, and said to the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import LayerReport, Verdict

LAYER = """\
import numpy as np


class Affine:
    def __init__(self, W, b, weight_decay=0.125):
        self.W, self.b, self.weight_decay = W, b, weight_decay

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout + self.weight_decay * self.W
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
"""
DECAYED = "+ self.weight_decay * self.W"
UNNAMED = LAYER.replace(DECAYED, "+ 0.125 * self.W").replace("weight_decay", "factor")

COLUMNS = """\
def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache, lambd=0.75):
    A, W, b = cache
    m = A.shape[1]
    dW = dZ @ A.T / m + lambd / m * W
    return W.T @ dZ, dW, dZ.sum(axis=1, keepdims=True) / m
"""

STEPS = """\
import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout, lr, decay=0.01):
        dx = dout @ self.W.T
        self.W -= lr * (self.x.T @ dout + decay * self.W)
        self.b -= lr * dout.sum(axis=0)
        return dx
"""

NET = """\
import numpy as np


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size, reg=0.5):
        self.reg = reg
        self.params = {
            "W1": 0.1 * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": 0.1 * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }

    def predict(self, x):
        self.h = np.maximum(0, x @ self.params["W1"] + self.params["b1"])
        s = self.h @ self.params["W2"] + self.params["b2"]
        e = np.exp(s - s.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(self, x, t):
        squares = np.sum(self.params["W1"] ** 2) + np.sum(self.params["W2"] ** 2)
        return -np.sum(t * np.log(self.predict(x) + 1e-7)) / len(x) + self.reg / 2 * squares

    def gradient(self, x, t):
        ds = (self.predict(x) - t) / len(x)
        dz = ds @ self.params["W2"].T * (self.h > 0)
        grads = {"W1": x.T @ dz, "b1": dz.sum(axis=0), "W2": self.h.T @ ds, "b2": ds.sum(axis=0)}
        grads["W1"] += self.reg * self.params["W1"]
        grads["W2"] += self.reg * self.params["W2"]
        return grads
"""
WITHOUT_TERM = NET.replace(" + self.reg / 2 * squares", "")


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


def report_on(folder: Path, text: str, seconds: float = 0) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, in_process=True, examples=5, repair_seconds=seconds).layers
    return layer


@pytest.mark.parametrize(
    "text",
    [
        LAYER,
        LAYER.replace(DECAYED, "+ self.weight_decay / len(self.x) * self.W"),
        LAYER.replace(DECAYED, "\n        self.dW += self.weight_decay * self.W"),
        COLUMNS,
        COLUMNS.replace("lambd / m", "lambd"),
        STEPS,
        NET,
        NET.replace("/ 2 ", "").replace("+= self.reg", "+= 2 * self.reg"),
    ],
    ids=["layer", "over m", "added", "columns", "columns, plain", "steps", "net", "without half"],
)
def test_decay_with_a_name_or_in_the_loss_passes_with_a_note(tmp_path: Path, text: str) -> None:
    layer = report_on(tmp_path, text)
    assert layer.verdict is Verdict.PASS
    assert any("contains weight decay" in note for note in layer.notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (UNNAMED, "right if 0.125 * W in the gradient is meant"),
        (WITHOUT_TERM, "0.5 * W1 and 0.5 * W2), but the loss does not"),
    ],
    ids=["a number without a name", "not in the loss"],
)
def test_decay_that_nothing_explains_is_undecided(tmp_path: Path, text: str, words: str) -> None:
    layer = report_on(tmp_path, text)
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert words in str(layer.undecided)


MEANS = LAYER.replace("T @ dout +", "T @ dout / len(dout) +").replace(
    ".sum(axis=0)", ".mean(axis=0)"
)


def test_means_beside_a_decay_are_read_and_taken_off_once(tmp_path: Path) -> None:
    """Whether the loss divides, too, nothing shows; another factor is a mistake."""
    layer = report_on(tmp_path, MEANS)
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "right if the loss does not divide" in str(layer.undecided)
    assert not layer.failures
    assert any("contains weight decay (0.125 * W)" in note for note in layer.notes)
    wrong = report_on(tmp_path, MEANS.replace("/ len(dout)", "/ (2 * len(dout))"))
    assert wrong.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (LAYER.replace(DECAYED, "+ self.W"), {"W"}),
        (LAYER.replace(DECAYED, "+ self.weight_decay * self.W.mean()"), {"W"}),
        (LAYER.replace(DECAYED, "+ self.weight_decay * np.abs(self.W)"), {"W"}),
        (UNNAMED.replace("+ 0.125", "- 0.125"), {"W"}),
        (LAYER.replace("dout.sum(axis=0)", "dout.mean(axis=0)"), {"b"}),
        (NET.replace('        grads["W1"] += self.reg * self.params["W1"]\n', ""), {"W1"}),
        (NET.replace("+= self.reg", "+= 2 * self.reg"), {"W1", "W2"}),
    ],
    ids=["W added", "its mean", "its size", "subtracted", "another mistake", "one", "twice"],
)
def test_a_mistake_is_none_the_less_refuted(tmp_path: Path, text: str, due: set[str]) -> None:
    layer = report_on(tmp_path, text)
    assert layer.verdict is Verdict.FAIL
    assert due == {j.claim.about.gradient_of for j in layer.failures if j.claim.about}


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        (LAYER.replace(".sum(axis=0)", ".mean(axis=0)"), "self.db = dout.sum(axis=0)"),
        (LAYER.replace("T @ dout +", "T @ dout / len(dout) +"), f"self.x.T @ dout {DECAYED}"),
        (LAYER.replace(DECAYED, DECAYED.replace("+", "-")), f"self.x.T @ dout {DECAYED}"),
        (NET.replace("(self.predict(x) - t)", "(t - self.predict(x))"), "(self.predict(x) - t)"),
    ],
    ids=["bias", "weight", "sign of the decay", "network"],
)
def test_a_fix_keeps_the_decay(tmp_path: Path, text: str, fix: str) -> None:
    layer = report_on(tmp_path, text, 60)
    assert layer.repair is not None
    (change,) = layer.repair.changes
    assert fix in change.after
