"""Derivatives beside their functions: read under many names, of x or of the output, and judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.opening import open_subject
from trigrad.verdict.results import Results, Verdict

SIGMOID = "import numpy as np\ndef sigmoid(x): return 1 / (1 + np.exp(-x))\n"
RELU = "import numpy as np\ndef relu(x): return np.maximum(0, x)\n"


def report_on(folder: Path, text: str, repair_seconds: float = 0.0) -> Results:
    """The report on a file with that text."""
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    return check(path, in_process=True, examples=8, repair_seconds=repair_seconds)


@pytest.mark.parametrize(
    "name", ["sigmoid_prime", "dsigmoid", "d_sigmoid", "sigmoid_grad", "deriv_sigmoid"]
)
def test_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"{SIGMOID}def {name}(x): return sigmoid(x) * (1 - sigmoid(x))\n", "utf-8")
    (_, derivative) = open_subject(path).candidates
    assert (derivative.name, derivative.contract.name) == (name, "Sigmoid")
    assert derivative.derivative_of == "sigmoid"


RIGHT = {
    "of x": f"{SIGMOID}def dsigmoid(x): return sigmoid(x) * (1 - sigmoid(x))\n",
    "of the output": f"{SIGMOID}def dsigmoid(y): return y * (1 - y)\n",
    "of the output, under the name x": f"{SIGMOID}def dsigmoid(x): return x * (1 - x)\n",
    "of z": f"{SIGMOID}def dsigmoid(z): return sigmoid(z) * (1 - sigmoid(z))\n",
    "0 and 1": f"{RELU}def relu_grad(x): return 1.0 * (x > 0)\n",
    "of Relu's output": f"{RELU}def relu_grad(a): return (a > 0).astype(float)\n",
    "with dout": f"{RELU}def relu_grad(dout, x): return dout * (x > 0)\n",
    "on demand": "import numpy as np\ndef sigmoid(x, deriv=False):\n    if deriv:\n"
    "        return x * (1 - x)\n    return 1 / (1 + np.exp(-x))\n",
    "of a function that is elsewhere": "def sigmoid_grad(x):\n"
    "    return sigmoid(x) * (1 - sigmoid(x))\n",
    "of a function with a cache": "import numpy as np\ndef relu(x): return np.maximum(0, x), x\n"
    "def relu_grad(x): return 1.0 * (x > 0)\n",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_right_ones_pass(tmp_path: Path, text: str) -> None:
    found = [layer for layer in report_on(tmp_path, text).layers if layer.derivative_of]
    assert [layer.verdict for layer in found] == [Verdict.PASS]


WRONG = {
    "a sign": f"{SIGMOID}def dsigmoid(x): return sigmoid(x) * (1 + sigmoid(x))\n",
    "of the output at z": f"{SIGMOID}def dsigmoid(z): return z * (1 - z)\n",
    "x itself": f"{RELU}def relu_grad(x): return np.where(x > 0, x, 0)\n",
    "an error": f"{RELU}def relu_grad(x): return np.zeros(x)\n",
    "on demand": "import numpy as np\ndef relu(x, deriv=False):\n    if deriv:\n"
    "        return np.where(x > 0, 1, 0.5)\n    return np.maximum(0, x)\n",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_wrong_ones_fail_at_their_line(tmp_path: Path, text: str) -> None:
    found = [layer for layer in report_on(tmp_path, text).layers if layer.derivative_of]
    assert [layer.verdict for layer in found] == [Verdict.FAIL]


def test_the_reading_is_said(tmp_path: Path) -> None:
    text = str(report_on(tmp_path, RIGHT["of the output"]))
    assert "dsigmoid (read as the derivative of sigmoid)" in text
    assert "it is right for the output of sigmoid, not for x" in text
    assert "checked as dx = dout * dsigmoid(x)" in str(report_on(tmp_path, RIGHT["of x"]))


def test_the_fix_is_in_the_derivative(tmp_path: Path) -> None:
    report = report_on(tmp_path, WRONG["a sign"], repair_seconds=60.0)
    (layer,) = (each for each in report.layers if each.derivative_of)
    assert layer.repair is not None
    assert [change.after for change in layer.repair.changes] == [
        "def dsigmoid(x): return sigmoid(x) * (1 - sigmoid(x))"
    ]


def test_a_wrong_function_is_told_once(tmp_path: Path) -> None:
    text = RIGHT["of x"].replace("np.exp(-x)", "np.exp(x)")
    function, derivative = report_on(tmp_path, text).layers
    assert (function.verdict, derivative.verdict) == (Verdict.FAIL, Verdict.INCONCLUSIVE)


def test_one_of_a_function_without_a_contract_is_listed(tmp_path: Path) -> None:
    report = report_on(tmp_path, "def f(x): return x ** 2\ndef df(x): return 2 * x\n")
    assert [u.name for u in report.unjudged] == ["df"]
