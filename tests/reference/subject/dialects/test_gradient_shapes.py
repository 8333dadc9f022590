"""A gradient that a step cannot subtract from the layer's own parameter is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.subject.dialects.array_layout import can_be_subtracted
from trigrad.verdict.results import LayerReport, Verdict

COLUMNS = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in)
        self.b = np.zeros((n_out, 1))

    def forward(self, x):
        self.x = x
        return self.W @ x + self.b

    def backward(self, dout):
        self.dW = dout @ self.x.T
        self.db = dout.sum(axis=1, keepdims=True)
        return self.W.T @ dout
"""
PAIR = """
def linear_forward(A, W, b):
    return W @ A + b, (A, W, b)


def linear_backward(dZ, cache):
    A, W, b = cache
    return W.T @ dZ, dZ @ A.T, dZ.sum(axis=1, keepdims=True)
"""
ROWS = """
class Linear:
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out)
        self.b = np.zeros((1, n_out))

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0, keepdims=True)
        return dout @ self.W.T
"""
NETWORK = """
class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out):
        self.params = {
            "W1": np.random.randn(n_hidden, n_in), "b1": np.zeros((n_hidden, 1)),
            "W2": np.random.randn(n_out, n_hidden), "b2": np.zeros((n_out, 1)),
        }

    def predict(self, x):
        p = self.params
        self.h = np.tanh(p["W1"] @ x + p["b1"])
        e = np.exp(p["W2"] @ self.h + p["b2"])
        return e / e.sum(axis=0)

    def loss(self, x, t):
        return -np.sum(t * np.log(self.predict(x))) / t.shape[1]

    def gradient(self, x, t):
        d2 = (self.predict(x) - t) / t.shape[1]
        d1 = self.params["W2"].T @ d2 * (1 - self.h**2)
        return {
            "W1": d1 @ x.T, "b1": d1.sum(axis=1, keepdims=True),
            "W2": d2 @ self.h.T, "b2": d2.sum(axis=1, keepdims=True),
        }
"""


def judged(tmp_path: Path, text: str, *, in_process: bool = True) -> LayerReport:
    path = tmp_path / "notes.py"
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    (layer,) = check(path, in_process=in_process, examples=5, repair_seconds=0).layers
    return layer


@pytest.mark.parametrize("text", [COLUMNS, PAIR, NETWORK])
def test_a_sum_without_keepdims_does_not_fit_a_column(tmp_path: Path, text: str) -> None:
    assert judged(tmp_path, text).verdict is Verdict.PASS
    wrong = text.replace(", keepdims=True", "")
    assert judged(tmp_path, wrong).verdict is Verdict.FAIL
    last = wrong.replace("d1.sum(axis=1)", "d1.sum(axis=1, keepdims=True)")
    assert judged(tmp_path, last).verdict is Verdict.FAIL


def test_a_sum_without_keepdims_fits_a_row(tmp_path: Path) -> None:
    assert judged(tmp_path, ROWS).verdict is Verdict.PASS
    assert judged(tmp_path, ROWS.replace(", keepdims=True", "")).verdict is Verdict.PASS


def test_the_layer_s_own_shapes_are_shown(tmp_path: Path) -> None:
    layer = judged(tmp_path, COLUMNS.replace(", keepdims=True", ""), in_process=False)
    (failed,) = [j for j in layer.judgements if j.fails]
    assert failed.claim.name == "gradient of b shape"
    evidence = failed.finding.evidence
    assert evidence is not None
    assert evidence.base is not None
    size = evidence.base.sizes["M"]
    assert str(evidence.is_) == f"shape ({size},)"
    assert str(evidence.should_be) == f"shape ({size}, 1)"


def test_what_a_step_can_subtract() -> None:
    assert can_be_subtracted((3,), (1, 3))
    assert can_be_subtracted((3, 1), (3, 1))
    assert can_be_subtracted((2,), (3,)), "another size is for other claims"
    assert not can_be_subtracted((3,), (3, 1))
    assert not can_be_subtracted((1, 3), (3,))


CLEARED = """
class Linear:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def clear(self):
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW += self.x.T @ dout
        self.db += dout.sum(axis=0)
        return dout @ self.W.T
"""


def test_gradients_that_are_cleared_together_add_up_together(tmp_path: Path) -> None:
    assert judged(tmp_path, CLEARED).verdict is Verdict.PASS
    for both in ("self.dW +=", "self.db +="):
        one = CLEARED.replace(both, both.replace("+=", "="))
        assert judged(tmp_path, one).verdict is Verdict.FAIL


def test_one_that_is_not_cleared_may_be_set(tmp_path: Path) -> None:
    text = CLEARED.replace("        self.db = np.zeros_like(self.b)\n", "").replace(
        "self.db +=", "self.db ="
    )
    assert judged(tmp_path, text).verdict is Verdict.PASS
