"""Gradients that add up are judged with the text that uses the layer, wherever that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.report.report import Report
from trigrad.verdict.results import Verdict

LAYER = """
import numpy as np

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW += np.dot(self.x.T, dout)
        self.db += np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)
"""
STEP = """
class Momentum:
    def update(self, layers):
        for layer in layers:
            layer.W -= 0.1 * layer.dW
            layer.b -= 0.1 * layer.db
"""
CLEARING = """
class Momentum:
    def forget(self, layers):
        for layer in layers:
            layer.dW.fill(0)
            layer.db.fill(0)
"""
MAIN = "from layers import Affine\nfrom optimiser import Momentum\n"


def verdict(report: Report) -> Verdict:
    return report.layers[0].verdict


def written(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.mark.parametrize("whole", [True, False])
def test_an_optimiser_in_a_file_that_the_layer_does_not_import(tmp_path: Path, whole: bool) -> None:
    folder = written(tmp_path, layers=LAYER, optimiser=CLEARING, train=MAIN)
    report = check(str(folder if whole else folder / "layers.py"), examples=3)
    assert verdict(report) is Verdict.PASS
    assert "are set to zero at optimiser.py, line 5" in str(report)


@pytest.mark.parametrize("whole", [True, False])
def test_a_step_that_never_clears_is_a_mistake(tmp_path: Path, whole: bool) -> None:
    folder = written(tmp_path, layers=LAYER, optimiser=STEP, train=MAIN)
    report = check(str(folder if whole else folder / "layers.py"), examples=3)
    assert verdict(report) is Verdict.FAIL
    assert "self.dW += np.dot(self.x.T, dout)   →   self.dW = np.dot" in str(report)


def test_files_that_do_not_use_it_decide_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path, layers=LAYER, optimiser=CLEARING)
    report = check(str(folder / "layers.py"), examples=3)
    assert verdict(report) is Verdict.INCONCLUSIVE
    assert "Right if the training sets them to zero before every batch" in str(report)


def test_a_layer_alone_is_undecided_and_its_other_mistakes_are_not(tmp_path: Path) -> None:
    folder = written(tmp_path, layers=LAYER.replace("dout, self.W.T)", "dout, self.W.T) * 2"))
    assert verdict(check(str(folder / "layers.py"), examples=3)) is Verdict.FAIL


def test_one_of_two_gradients_that_adds_up_is_a_mistake(tmp_path: Path) -> None:
    folder = written(tmp_path, layers=LAYER.replace("self.db +=", "self.db ="))
    assert verdict(check(str(folder / "layers.py"), examples=3)) is Verdict.FAIL


def test_a_parameter_object_of_another_file_may_clear(tmp_path: Path) -> None:
    layer = (
        LAYER.replace("import numpy as np", "import numpy as np\nfrom tensors import Weight")
        .replace("self.W, self.b = W, b", "self.W, self.b = Weight(W), Weight(b)")
        .replace("self.dW, self.db = np.zeros_like(W), np.zeros_like(b)", "pass")
        .replace("self.dW", "self.W.grad")
        .replace("self.db", "self.b.grad")
        .replace("x, self.W)", "x, self.W.value)")
        .replace("self.W.T", "self.W.value.T")
        .replace("+ self.b\n", "+ self.b.value\n")
    )
    tensors = """
import numpy as np

class Weight:
    def __init__(self, value):
        self.value, self.grad = value, np.zeros_like(value)

    def forget(self):
        self.grad[...] = 0
"""
    folder = written(tmp_path, layers=layer, tensors=tensors)
    assert verdict(check(str(folder / "layers.py"), examples=3)) is Verdict.PASS
