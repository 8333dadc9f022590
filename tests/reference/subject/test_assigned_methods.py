"""What is assigned to a class or a name below its definition is judged, and its line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.verdict.results import Verdict

RELU = """
class Relu:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return np.where(self.mask, 0, dout)


def backward(self, dout):
    return np.where(self.mask, dout, 0)

"""
PAIR = """
def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, x):
    return dout * (x > 0)


def another(dout, x):
    return dout * (x < 0)

"""


def judged(path: Path, text: str) -> Report:
    path.write_text(f"import numpy as np\n{text}", "utf-8")
    return check(path, in_process=True, examples=5, repair_seconds=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.py"


@pytest.mark.parametrize(
    ("below", "line"),
    [
        ("Relu.backward = backward", "lines 12-13"),
        ("setattr(Relu, 'backward', backward)", "lines 12-13"),
        ("Relu.backward = lambda self, dout: dout * self.mask", "line 15"),
    ],
)
def test_the_line_of_an_assigned_method_is_named(path: Path, below: str, line: str) -> None:
    report = judged(path, RELU + below)
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL
    first = next(row for row in str(report).splitlines() if row.startswith("✗ Relu"))
    assert first.endswith(f"notes.py, {line}")
    assert any(note.startswith("backward is the function that is assigned") for note in layer.notes)


def test_from_another_cell_its_place_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "notes.ipynb"
    above, _, _ = RELU.partition("\n\ndef backward(self")
    second = "def backward(self, dout):\n    return np.where(self.mask, dout, 0)\n"
    sources = [f"import numpy as np\n{above}", f"{second}\n\nRelu.backward = backward\n"]
    code = [
        {"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in sources
    ]
    notebook = {"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), "utf-8")
    (layer,) = check(path, in_process=True, examples=5, repair_seconds=0).layers
    assert layer.verdict is Verdict.FAIL
    (note,) = [n for n in layer.notes if "assigned" in n]
    assert "cell 2, line 1" in note
    assert "backward" not in layer.lines


def test_a_name_that_is_given_to_another_function_is_that_function(path: Path) -> None:
    assert judged(path, PAIR).layers[0].verdict is Verdict.PASS
    report = judged(path, f"{PAIR}relu_backward = another\n")
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL
    assert layer.lines["backward"] == (11, 12)
    right = PAIR.replace("x > 0", "x >= 1").replace("x < 0", "x > 0")
    assert judged(path, f"{right}relu_backward = another\n").layers[0].verdict is Verdict.PASS
    cls = RELU.replace("def backward(self, dout):\n    return np.where(self.mask, dout, 0)", "")
    worse = """
class Faster(Relu):
    def backward(self, dout):
        return dout


Relu = Faster
"""
    assert Verdict.FAIL in [layer.verdict for layer in judged(path, cls + worse).layers]
