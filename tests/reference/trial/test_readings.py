"""Right code in another convention is read in it; wrong code is wrong in every convention."""

from __future__ import annotations

import unittest
from pathlib import Path

import pytest

from trigrad import ClaimRefutedError, check, claims
from trigrad.verdict.results import LayerReport, Verdict

LINEAR_OF_COLUMNS = """
def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache):
    A, W, b = cache
    return W.T @ dZ, dZ @ A.T, dZ.sum(axis=1, keepdims=True)
"""
AFFINE_OF_ROWS = """
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T
"""
SOFTMAX_OVER_AXIS_0 = """
def softmax(x):
    e = np.exp(x - x.max(axis=0))
    return e / e.sum(axis=0)
"""
SOFTMAX_OF_ALL = """
def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()
"""


def loss(arguments: str, body: str, name: str = "cross_entropy") -> str:
    """A function of that signature that returns that loss."""
    return f"def {name}({arguments}):\n    return {body}\n"


def layer(arguments: str, axis: int, back: str) -> str:
    """SoftmaxWithLoss for the scores x, with classes along an axis."""
    return f"""
class SoftmaxWithLoss:
    def forward(self, {arguments}):
        e = np.exp(x - x.max(axis={axis}, keepdims=True))
        self.y, self.t = e / e.sum(axis={axis}, keepdims=True), t
        self.n = t.shape[{1 - axis}]
        return -np.sum(t * np.log(self.y + 1e-7)) / self.n

    def backward(self, dout=1):
        return {back}
"""


def network_of_columns(dscores: str) -> str:
    """TwoLayerNet with W1 (H, I) and x (I, N), and that gradient of its scores."""
    return f"""
class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out):
        self.params = {{
            "W1": np.random.randn(n_hidden, n_in),
            "b1": np.zeros((n_hidden, 1)),
            "W2": np.random.randn(n_out, n_hidden),
            "b2": np.zeros((n_out, 1)),
        }}

    def predict(self, x):
        p = self.params
        self.h = np.tanh(p["W1"] @ x + p["b1"])
        e = np.exp(p["W2"] @ self.h + p["b2"])
        return e / e.sum(axis=0)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.predict(x))) / t.shape[1]

    def accuracy(self, x, t):
        return np.mean(self.predict(x).argmax(axis=0) == t.argmax(axis=0))

    def gradient(self, x, t):
        d2 = {dscores}
        d1 = self.params["W2"].T @ d2 * (1 - self.h**2)
        return {{
            "W1": d1 @ x.T,
            "b1": d1.sum(axis=1, keepdims=True),
            "W2": d2 @ self.h.T,
            "b2": d2.sum(axis=1, keepdims=True),
        }}
"""


MEAN = "dout * (self.y - self.t) / self.n"
BOTH_TERMS = "y * np.log(a) + (1 - y) * np.log(1 - a)"
SIGMOID = "def sigmoid(z):\n    return 1 / (1 + np.exp(-z))\n\n\n"
RIGHT = {
    "targets first": loss("y_true, y_pred", "-np.mean(np.sum(y_true * np.log(y_pred), axis=1))"),
    "targets first, whatever the names": loss("a, b", "-np.sum(a * np.log(b)) / len(a)"),
    "labels": loss("y, t", "-np.log(y[np.arange(len(t)), t] + 1e-7).mean()"),
    "labels first": loss("t, y", "-np.log(y[np.arange(len(t)), t]).mean()"),
    "per sample": loss("y, t", "-np.sum(t * np.log(y + 1e-9), axis=1)"),
    "per sample, as a column": loss("y, t", "-np.sum(t * np.log(y), axis=-1, keepdims=True)"),
    "softmax inside": loss(
        "z, t", "-np.mean(np.sum(t * (z - np.log(np.exp(z).sum(1, keepdims=True))), 1))"
    ),
    "binary": loss("a, y", f"-np.mean({BOTH_TERMS})"),
    "binary, each entry": loss("a, y", f"-({BOTH_TERMS})"),
    "binary, one output": SIGMOID + loss("a, y", f"-np.sum({BOTH_TERMS}) / len(y)"),
    "columns beside columns": LINEAR_OF_COLUMNS
    + SOFTMAX_OVER_AXIS_0
    + loss("AL, Y", "-np.sum(Y * np.log(AL)) / Y.shape[1]"),
    "columns beside W @ x": SOFTMAX_OVER_AXIS_0 + "def scores(W, x):\n    return np.dot(W, x)\n",
    "one sample": SOFTMAX_OF_ALL,
    "layer, targets first": layer("t, x", 1, MEAN),
    "layer of columns": layer("x, t", 0, MEAN),
    "network whose gradients are called dW1": network_of_columns(
        "(self.predict(x) - t) / t.shape[1]"
    )
    .replace('"W1": d1', '"dW1": d1')
    .replace('"b2": d2', '"db2": d2'),
    "network of labels": network_of_columns(
        "(self.predict(x) - np.eye(len(self.params['b2']))[t].T) / len(t)"
    )
    .replace("t * np.log(self.predict(x))", "np.log(self.predict(x)[t, np.arange(len(t))])")
    .replace("t.shape[1]", "len(t)")
    .replace("t.argmax(axis=0)", "t"),
    "network of columns": network_of_columns("(self.predict(x) - t) / t.shape[1]"),
    "a cache beside the output": "def sigmoid(z):\n    return 1 / (1 + np.exp(-z)), z\n",
}
WRONG = {
    "targets first, no mean": loss(
        "y_true, y_pred", "-np.sum(np.sum(y_true * np.log(y_pred), axis=-1))"
    ),
    "targets first, sign": loss("t, y", "np.sum(t * np.log(y)) / len(t)"),
    "labels where the file has one-hot targets": "one_hot = np.eye(3)\n"
    + loss("y, t", "-np.log(y[np.arange(len(t)), t] + 1e-7).mean()"),
    "labels, though a branch is for one-hot": "def cross_entropy(y, t):\n"
    "    if t.size == y.size:\n        t = t.argmax(axis=0)\n"
    "    return -np.log(y[np.arange(len(t)), t] + 1e-7).mean()\n",
    "labels, though one-hot targets are not averaged": "def cross_entropy(y, t):\n"
    "    if t.ndim == 2:\n        return -np.sum(t * np.log(y))\n"
    "    return -np.log(y[np.arange(len(t)), t] + 1e-7).mean()\n",
    "both terms over classes": loss("a, y", f"-np.sum({BOTH_TERMS}) / len(y)"),
    "mean over everything": loss("y, t", "-np.mean(t * np.log(y))"),
    "columns beside rows": AFFINE_OF_ROWS + SOFTMAX_OVER_AXIS_0,
    "columns beside x @ W": SOFTMAX_OVER_AXIS_0 + "def scores(x, W):\n    return np.dot(x, W)\n",
    "one sample, and a batch in the file": SOFTMAX_OF_ALL + "batch_size = 100\n",
    "one sample, and a batch in a call": SOFTMAX_OF_ALL + "softmax(np.array([[1, 2], [3, 4]]))\n",
    "layer of columns, not divided": layer("x, t", 0, "dout * (self.y - self.t)"),
    "network of columns, not divided": network_of_columns("self.predict(x) - t"),
    "layer, targets first, sign": layer("t, x", 1, MEAN.replace("self.y - ", "-self.y + ")),
    "layer, mean over the wrong axis": layer("x, t", 1, MEAN).replace("t.shape[0]", "t.shape[1]"),
}
BY_NAME = {
    "targets are named first and used last": loss(
        "y_true, y_pred", "-np.sum(y_pred * np.log(y_true)) / len(y_true)"
    ),
    "targets are named last and used first": loss(
        "y_pred, y_true", "-np.sum(y_pred * np.log(y_true)) / len(y_true)"
    ),
}
UNDECIDED = {
    "softmax over axis 0 alone": SOFTMAX_OVER_AXIS_0,
    "mean over axis 1 alone": loss("y, t", "-np.sum(t * np.log(y)) / t.shape[1]"),
    "rows and columns beside it": SOFTMAX_OVER_AXIS_0
    + "def scores(x, W, v):\n    return np.dot(x, W) + np.dot(W, v)\n",
}


def judged(path: Path, text: str, samples: str | None = None) -> LayerReport:
    """The verdict on the last definition of a text."""
    path.write_text(f"import numpy as np\n\n\n{text}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0, samples=samples)
    assert report.error is None
    return report.layers[-1]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.py"


@pytest.mark.parametrize("name", RIGHT)
def test_right_in_its_convention(path: Path, name: str) -> None:
    layer = judged(path, RIGHT[name])
    assert layer.verdict is Verdict.PASS, layer.failures
    assert layer.notes, "it is said how it is read"


@pytest.mark.parametrize("name", WRONG)
def test_wrong_in_every_convention(path: Path, name: str) -> None:
    assert judged(path, WRONG[name]).verdict is Verdict.FAIL


LABELS, TARGETS = "the targets are class labels", "the targets are the first argument"
JUDGED_IN = {
    "labels are not averaged": (
        loss("y, t", "-np.log(y[np.arange(len(t)), t] + 1e-7).sum()"),
        f"understood as: {LABELS}",
    ),
    "softmax of scores over the wrong axis": (
        loss(
            "logits, t",
            "-np.log((np.exp(logits) / np.exp(logits).sum(0))[range(len(t)), t]).mean()",
        ),
        "understood as: softmax is part of it (its argument is scores, not probabilities); "
        + LABELS,
    ),
    "binary with a wrong sign": (
        SIGMOID + loss("y, a", "-np.mean(y * np.log(a) - (1 - y) * np.log(1 - a))"),
        f"understood as: {TARGETS}; every entry is a probability of its own (binary "
        "cross-entropy, the mean over all entries)",
    ),
    "not summed over classes": (loss("y, t", "-(t * np.log(y + 1e-7)) / len(y)"), ""),
    "one-hot targets, and a name is misspelt": (loss("y, t", "-np.sum(t * np.log(yy))"), ""),
}


@pytest.mark.parametrize("name", JUDGED_IN)
def test_what_is_wrong_is_judged_in_the_convention_that_it_shows(path: Path, name: str) -> None:
    text, note = JUDGED_IN[name]
    layer = judged(path, text)
    assert layer.verdict is Verdict.FAIL
    assert [n for n in layer.notes if n.startswith("understood as")] == ([note] if note else [])


@pytest.mark.parametrize("name", UNDECIDED)
def test_undecided_until_somebody_says(path: Path, name: str) -> None:
    layer = judged(path, UNDECIDED[name])
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "--samples" in str(layer.undecided)
    assert judged(path, UNDECIDED[name], samples="columns").verdict is Verdict.PASS
    assert judged(path, UNDECIDED[name], samples="rows").verdict is Verdict.FAIL


@pytest.mark.parametrize("name", BY_NAME)
def test_names_that_say_the_opposite_leave_it_undecided(path: Path, name: str) -> None:
    layer = judged(path, BY_NAME[name])
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "swap them" in str(layer.undecided)


def test_a_file_that_mixes_rows_and_columns_is_told(path: Path) -> None:
    path.write_text(f"import numpy as np\n{AFFINE_OF_ROWS}\n{layer('x, t', 0, MEAN)}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0)
    (note,) = report.notes
    assert "rows for Affine, but columns for SoftmaxWithLoss" in note
    assert report.exit_status == 3
    path.write_text(f"import numpy as np\n{AFFINE_OF_ROWS}\n{layer('x, t', 1, MEAN)}", "utf-8")
    assert not check(path, in_process=True, examples=5, repair_seconds=0).notes


MEANS_OVER_ALL = {
    "squares": "def mse(y, t):\n    return np.mean((y - t) ** 2)\n\n\n"
    "def mse_prime(y, t):\n    return 2 * (y - t) / y.size\n",
    "chances": "class BinaryCrossEntropy:\n"
    "    def forward(self, y, t):\n        self.y, self.t = y, t\n"
    "        return -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y))\n\n"
    "    def backward(self):\n        y, t = self.y, self.t\n"
    "        return (y - t) / (y * (1 - y)) / y.size\n",
}


@pytest.mark.parametrize("name", MEANS_OVER_ALL)
@pytest.mark.parametrize("beside", [AFFINE_OF_ROWS, LINEAR_OF_COLUMNS])
def test_a_mean_over_all_entries_goes_with_both_axes(path: Path, name: str, beside: str) -> None:
    path.write_text(f"import numpy as np\n{beside}\n\n{MEANS_OVER_ALL[name]}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0)
    assert report.notes == ()
    assert report.exit_status == 0, str(report)


def test_a_mean_over_the_first_axis_does_not(path: Path) -> None:
    text = MEANS_OVER_ALL["squares"].replace(
        "np.mean((y - t) ** 2)", "np.sum((y - t) ** 2) / len(y)"
    )
    text = text.replace("y.size", "len(y)")
    path.write_text(f"import numpy as np\n{LINEAR_OF_COLUMNS}\n\n{text}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0)
    assert "cannot work together" in str(report)


def test_a_fix_keeps_the_reading(path: Path) -> None:
    text = WRONG["targets first, no mean"]
    path.write_text(f"import numpy as np\n\n\n{text}", "utf-8")
    report = check(path, in_process=True, repair_seconds=60)
    repair = report.layers[0].repair
    assert repair is not None
    assert repair.verified
    assert "the targets are the first argument" in " ".join(report.layers[0].notes)


def test_a_fix_keeps_the_batch(path: Path) -> None:
    """`db = dZ` would be right for one sample at a time, which forward does not mean."""
    text = """
import numpy as np


class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros((n_out, 1))

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, dout):
        self.dW = dout @ self.x.T
        self.db = dout.sum(axis=0, keepdims=True)
        return self.W.T @ dout
"""
    path.write_text(text, "utf-8")
    repair = check(path, in_process=True, repair_seconds=60).layers[0].repair
    assert repair is not None
    assert [change.after for change in repair.changes if "axis=1" in (change.after or "")]


def test_samples_are_rows_or_columns(path: Path) -> None:
    with pytest.raises(ValueError, match="should be one of rows, columns"):
        judged(path, SOFTMAX_OVER_AXIS_0, samples="axis 0")


def test_the_claims_are_those_of_the_reading(path: Path) -> None:
    path.write_text(f"import numpy as np\n\n\n{RIGHT['per sample']}", "utf-8")
    skipped = []
    for claim in claims(path, examples=3):
        try:
            claim.check()
        except unittest.SkipTest as reason:
            skipped.append(str(reason))
    assert len(skipped) == 1
    assert "divides by the batch" in skipped[0]


def test_every_claim_of_an_undecided_layer_fails(path: Path) -> None:
    path.write_text(f"import numpy as np\n{SOFTMAX_OVER_AXIS_0}", "utf-8")
    for claim in claims(path, examples=3):
        with pytest.raises(ClaimRefutedError, match="--samples"):
            claim.check()
