"""Steps that a backward pass takes at once, and weights that functions find in their module."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from trigrad import check
from trigrad.subject.dialects.global_names import global_names_of, globals_set
from trigrad.subject.dialects.weight_steps import steps_back, weights_of
from trigrad.verdict.results import Verdict


@pytest.mark.parametrize("in_place", [True, False])
def test_a_step_is_told_and_taken_back(in_place: bool) -> None:
    given = np.array([[1.0, 2.0]])
    layer = SimpleNamespace(W=given, other=np.ones(2))
    kept = weights_of(layer, {"W": given})
    if in_place:
        layer.W -= 0.25
    else:
        layer.W = layer.W - 0.25
    steps = steps_back(layer, kept)
    assert steps["W"].tolist() == [[0.25, 0.25]]
    assert layer.W is given
    assert layer.W.tolist() == [[1.0, 2.0]]
    still = steps_back(layer, weights_of(layer, {"W": given}))
    assert still["W"].tolist() == [[0.0, 0.0]]


def test_names_are_set_for_a_while_and_functions_are_kept() -> None:
    namespace: dict[str, object] = {}
    exec("def g():\n return W\ndef f():\n return g() + b\n", namespace)
    f = namespace["f"]
    assert callable(f)
    assert {"W", "b", "g"} <= global_names_of([f])
    with globals_set(namespace, {"W": 1, "b": 2, "g": 3}):
        assert f() == 3
    assert "W" not in namespace


STEP = """
import numpy as np


# trigrad: x: N D; W: D M
class Scale:
    def __init__(self, W):
        self.W = W

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout, lr):
        dx = dout @ self.W.T
        self.W = self.W - lr * self.x.T @ dout
        return dx
"""


OPTIONAL = STEP.replace("dout, lr)", "dout, lr=0.1)")
HELD = STEP.replace("self.W = W", "self.W, self.lr = W, 0.1", 1)
HELD = HELD.replace("dout, lr)", "dout)").replace("lr * self.x", "self.lr * self.x")
IN_TEXT = HELD.replace("self.lr * self.x", "0.1 * self.x")
TWICE = ("lr * self.x", "2 * lr * self.x")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (STEP, Verdict.PASS),
        (OPTIONAL, Verdict.PASS),
        (OPTIONAL.replace(*TWICE), Verdict.FAIL),
        (HELD, Verdict.PASS),
        (HELD.replace("self.lr * self.x", "2 * self.lr * self.x"), Verdict.FAIL),
        (IN_TEXT.replace(", self.lr = W, 0.1", " = W"), Verdict.PASS),
        (IN_TEXT.replace(", self.lr = W, 0.1", " = W").replace("- 0.1", "+ 0.1"), Verdict.FAIL),
        (
            IN_TEXT.replace(", self.lr = W, 0.1", " = W").replace(
                "dout\n        return", "(dout**2)\n        return"
            ),
            Verdict.FAIL,
        ),
        (STEP.replace("- lr * self.x.T @ dout", "+ lr * self.x.T @ dout"), Verdict.FAIL),
        (STEP.replace("- lr * self.x.T @ dout", "- 2 * lr * self.x.T @ dout"), Verdict.FAIL),
    ],
)
def test_a_declared_layer_is_judged_by_its_step(
    text: str, verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "scale.py"
    path.write_text(text)
    report = check(path, in_process=True, repair_seconds=0)
    assert [layer.verdict for layer in report.layers] == [verdict], str(report)


COLUMN = """
import numpy as np


# trigrad: X: fixed D N; Y: fixed K N; W: K D; b: K 1; forward: loss(W, b, X, Y)
def loss(W, b, X, Y):
    gap = W @ X + b - Y
    return 0.5 * np.sum(gap ** 2), {"W": gap @ X.T, "b": gap.sum(axis=1, keepdims=True)}
"""


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (COLUMN, Verdict.PASS),
        (COLUMN.replace(", keepdims=True", ""), Verdict.FAIL),
        (COLUMN.replace('"W": gap', '"dW": gap').replace('"b": gap', '"db": gap'), Verdict.PASS),
        (COLUMN.replace('"W": gap', '"db": gap').replace('"b": gap', '"dW": gap'), Verdict.FAIL),
    ],
)
def test_gradients_in_a_dict_are_those_under_their_keys(
    text: str, verdict: Verdict, tmp_path: Path
) -> None:
    path = tmp_path / "column.py"
    path.write_text(text)
    report = check(path, in_process=True, repair_seconds=0)
    assert [layer.verdict for layer in report.layers] == [verdict], str(report)
