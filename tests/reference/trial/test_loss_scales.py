"""Losses of one sample, sums, losses of each sample, and means over everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.schema import Sign
from trigrad.subject.source.loss_names import said_of_sum
from trigrad.verdict.results import Verdict

PASS, FAIL, UNDECIDED = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def layer(forward: str, backward: str, arguments: str = "dout=1", said: str = "") -> str:
    """A layer of scores with softmax in it, rows are samples."""
    return f'''
class SoftmaxWithLoss:
    """{said}"""

    def forward(self, scores, t):
        scores = scores - scores.max(axis=1, keepdims=True)
        self.p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        self.t = t
        self.loss = {forward}
        return self.loss

    def backward(self, {arguments}):
        return {backward}
'''


SUM, EACH = "-(t * np.log(self.p)).sum()", "-np.sum(t * np.log(self.p), axis=1)"
ALL = "-np.mean(t * np.log(self.p))"
SLOPE = "self.p - self.t"
LABELS_EACH = "-np.log(self.p[np.arange(len(t)), t])"
LABELS_SLOPE = "dout.reshape(-1, 1) * (self.p - np.eye(self.p.shape[1])[self.t])"
STEP = "\ndef step(layer, lr, batch_size):\n    layer.W -= lr * layer.dW / batch_size\n"
PLAIN_STEP = STEP.replace(" / batch_size", "")

SAMPLE = """
def softmax(a):
    e = np.exp(a - np.max(a))
    return e / np.sum(e)


class SoftmaxCrossEntropy:
    def forward(self, a, t):
        self.y, self.t = softmax(a), t
        return LOSS

    def backward(self):
        SLOPE
"""
HOT_SAMPLE = SAMPLE.replace("LOSS", "-np.dot(t, np.log(self.y))").replace(
    "SLOPE", "return self.y - self.t"
)
LABEL_SAMPLE = SAMPLE.replace("LOSS", "-np.log(self.y[t] + 1e-12)").replace(
    "SLOPE", "grad = np.array(self.y)\n        grad[self.t] -= 1.0\n        return grad"
)
BATCH = "\nfor x_batch in batches:\n    pass\n"
OTHER_AXIS = "\ndef accuracy(y, t):\n    return np.mean(y.argmax(axis=1) == t)\n"
ROWS = "\ndef train(batch_size):\n    return batch_size\n"


def function(body: str) -> str:
    """A cross-entropy as a function."""
    return f"\ndef cross_entropy(p, target):\n    return {body}\n"


HOT_FUNCTION = function("-np.sum(target * np.log(p + 1e-9))")
LABEL_FUNCTION = function("-np.log(p[target])")

SINGLE_CALL = "\ncross_entropy(np.array([0.1, 0.9]), np.array([0, 1]))\n"
SINGLE_SOFTMAX = "\ndef softmax(a):\n    e = np.exp(a - np.max(a))\n    return e / np.sum(e)\n"

FILES = {
    "sum": (layer(SUM, SLOPE), UNDECIDED),
    "sum, dout used": (layer(SUM, f"dout * ({SLOPE})"), UNDECIDED),
    "sum, and says so": (layer(SUM, SLOPE, said="Summed over all samples."), PASS),
    "sum, a step that divides": (layer(SUM, SLOPE) + STEP, PASS),
    "sum, a step that does not divide": (layer(SUM, SLOPE) + PLAIN_STEP, UNDECIDED),
    "sum, backward of the mean": (layer(SUM, f"({SLOPE}) / len(self.t)"), FAIL),
    "sum, backward of the mean, and says so": (
        layer(SUM, f"({SLOPE}) / len(self.t)", said="Summed over all samples."),
        FAIL,
    ),
    "sum, wrong": (layer(SUM, "self.p + self.t"), FAIL),
    "sum, opposite sign": (layer(SUM, "self.t - self.p"), FAIL),
    "mean, backward of the sum, says sum": (
        layer(f"{SUM} / len(t)", SLOPE, said="Summed over all samples."),
        FAIL,
    ),
    "all": (layer(ALL, f"({SLOPE}) / self.t.size"), UNDECIDED),
    "all, and says so": (
        layer(ALL, f"({SLOPE}) / self.t.size", said="The mean over all entries."),
        PASS,
    ),
    "all, backward of the mean": (layer(ALL, f"({SLOPE}) / len(self.t)"), FAIL),
    "sum over classes": (
        layer(f"{SUM} / t.shape[1]", f"({SLOPE}) / self.t.shape[1]"),
        FAIL,
    ),
    "each": (layer(EACH, f"dout[:, None] * ({SLOPE})", "dout"), PASS),
    "each, in a column": (
        layer("-np.sum(t * np.log(self.p), axis=1, keepdims=True)", f"dout * ({SLOPE})", "dout"),
        PASS,
    ),
    "each, labels": (layer(LABELS_EACH, LABELS_SLOPE, "dout"), PASS),
    "each, backward of the mean": (layer(EACH, f"({SLOPE}) / len(self.t)", ""), PASS),
    "each, labels, backward of the mean": (
        layer(
            LABELS_EACH, LABELS_SLOPE.removeprefix("dout.reshape(-1, 1) * ") + " / len(t)", ""
        ).replace("len(t)\n", "len(self.t)\n"),
        PASS,
    ),
    "each, labels, backward of the sum": (
        layer(LABELS_EACH, LABELS_SLOPE.removeprefix("dout.reshape(-1, 1) * "), ""),
        UNDECIDED,
    ),
    "each, backward of the sum": (layer(EACH, SLOPE, ""), UNDECIDED),
    "each, backward of the sum, a step that divides": (layer(EACH, SLOPE, "") + STEP, PASS),
    "each, wrong": (layer(EACH, f"dout[:, None] * ({SLOPE}) * 2", "dout"), FAIL),
    "each, without dout, wrong": (layer(EACH, "self.p", ""), FAIL),
    "each, labels, opposite sign": (
        layer(LABELS_EACH, LABELS_SLOPE.replace("self.p - ", "-self.p + "), "dout"),
        FAIL,
    ),
    "one sample": (HOT_SAMPLE, PASS),
    "one sample, wrong": (HOT_SAMPLE.replace("self.y - self.t", "self.y"), FAIL),
    "one sample, opposite sign": (
        HOT_SAMPLE.replace("self.y - self.t", "self.t - self.y"),
        FAIL,
    ),
    "one sample, in batches": (HOT_SAMPLE + BATCH, FAIL),
    "one sample, beside what is for batches": (HOT_SAMPLE + OTHER_AXIS, UNDECIDED),
    "one label": (LABEL_SAMPLE, PASS),
    "one label, wrong": (LABEL_SAMPLE.replace("-= 1.0", "= 1.0"), FAIL),
    "one label, in batches": (LABEL_SAMPLE + ROWS, FAIL),
    "function of one sample": (HOT_FUNCTION + SINGLE_CALL, PASS),
    "function of one sample, beside a softmax of one": (HOT_FUNCTION + SINGLE_SOFTMAX, PASS),
    "function of one sample, alone": (HOT_FUNCTION, FAIL),
    "function of one sample, in batches": (HOT_FUNCTION + BATCH, FAIL),
    "function of one sample, beside what is for batches": (
        HOT_FUNCTION + SINGLE_CALL + OTHER_AXIS,
        UNDECIDED,
    ),
    "function of one sample, called with a batch": (
        HOT_FUNCTION + "\ncross_entropy(np.array([[0.5, 0.5]]), np.array([[0, 1]]))\n",
        FAIL,
    ),
    "function of one sample, no minus": (HOT_FUNCTION.replace("-np.sum", "np.sum"), FAIL),
    "function of one label": (LABEL_FUNCTION, PASS),
    "function of one label, targets are one-hot": (
        LABEL_FUNCTION + "\nt = one_hot(labels)\n",
        FAIL,
    ),
    "function, a mean over everything": (function("-np.mean(target * np.log(p))"), FAIL),
}


@pytest.mark.parametrize("name", FILES)
def test_a_loss(tmp_path: Path, name: str) -> None:
    text, verdict = FILES[name]
    path = tmp_path / "notes.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    layers = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert layers[-1].verdict is verdict


def test_what_would_decide_is_said(tmp_path: Path) -> None:
    path = tmp_path / "notes.py"
    path.write_text(f"import numpy as np\n{FILES['sum'][0]}", "utf-8")
    (summed,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert "N times those of the mean" in str(summed.undecided)
    path.write_text(f"import numpy as np\n{FILES['all'][0]}", "utf-8")
    (all_,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert 'write "over all entries" in the docstring' in str(all_.undecided)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ('class A:\n    """The sum over the batch."""', {Sign.SAYS_SUM}),
        ('class A:\n    """loss is summed over the batch"""', {Sign.SAYS_SUM}),
        ('class A:\n    def f(self):\n        """Sum, not mean."""', {Sign.SAYS_SUM}),
        ('class A:\n    """Mean over all entries."""', {Sign.SAYS_ALL}),
        ('class A:\n    """-sum(t * log(y)) / N"""', set()),
        ('class A:\n    """The mean over the batch of the sum over classes."""', set()),
        ('class B:\n    """The sum over the batch."""', set()),
    ],
)
def test_docstrings(text: str, signs: set[Sign]) -> None:
    assert set(said_of_sum([text], "A")) == signs


def test_one_sample_has_no_axis_of_samples(tmp_path: Path) -> None:
    """W @ x of one sample and a softmax of one sample work together."""
    path = tmp_path / "notes.py"
    dense = """
class Dense:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros(n_out)

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, delta):
        self.dW, self.db = np.outer(delta, self.x), delta
        return self.W.T @ delta
"""
    path.write_text(f"import numpy as np\n{dense}{HOT_SAMPLE}", "utf-8")
    report = check(path, in_process=True, examples=5, repair_seconds=0)
    assert [each.verdict for each in report.layers].count(PASS) == len(report.layers)
    assert not report.notes
