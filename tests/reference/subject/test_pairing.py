"""Functions that are a layer together, and those that are listed because a half is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.opening import open_subject
from trigrad.subject.face import Build, Forward, Raised
from trigrad.subject.subject import Subject
from trigrad.verdict.results import Verdict

pytestmark = pytest.mark.usefixtures("no_repair")  # its words are tested elsewhere

RELU = """
def relu_forward(x):
    return x * (x > 0), x

def relu_backward(dout, cache):
    return dout * (cache > 0)
"""


def opened(tmp_path: Path, text: str) -> Subject:
    path = tmp_path / "layers.py"
    path.write_text(text, "utf-8")
    return open_subject(path)


@pytest.mark.parametrize(
    ("forward", "backward"),
    [
        ("relu_forward", "relu_backward"),
        ("relu_fwd", "relu_bwd"),
        ("forward_relu", "backward_relu"),
        ("reluForward", "reluBackward"),
        ("ReLU_forward", "ReLU_backward"),
        ("relu", "relu_backward"),
    ],
)
def test_two_functions_are_one_candidate(tmp_path: Path, forward: str, backward: str) -> None:
    text = RELU.replace("relu_forward", forward).replace("relu_backward", backward)
    (candidate,) = opened(tmp_path, text).candidates
    assert candidate.name == f"{forward}/{backward}"
    assert candidate.contract.name == "Relu"
    assert candidate.lines["forward"] == candidate.lines[forward] == (2, 3)
    assert candidate.lines["backward"] == candidate.lines[backward] == (5, 6)


def test_a_function_that_is_half_of_a_pair_is_not_judged_by_itself(tmp_path: Path) -> None:
    text = "def sigmoid(z):\n    return z, z\ndef sigmoid_backward(dA, cache):\n    return dA\n"
    assert [c.contract.name for c in opened(tmp_path, text).candidates] == ["Sigmoid"]


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("def affine_forward(x, w, b): return x, x", "affine_forward", "no affine_backward beside"),
        ("def relu_backward(dA, Z): return dA", "relu_backward", "no relu_forward beside"),
        (
            "def conv_forward_naive(x, w): return x, x",
            "conv_forward_naive",
            "no conv_backward_naive beside",
        ),
        (
            "def conv_forward(x): return x, x\ndef conv_backward(dout, cache): return dout",
            "conv_forward/conv_backward",
            "trigrad knows no layer of this name",
        ),
        (
            "def relu_forward(x): return x, x\ndef relu_backward(dout, cache, slope): return dout",
            "relu_forward/relu_backward",
            "",
        ),
        (
            "def relu_forward(x, y, z): return x, x\ndef relu_backward(dout, cache): return dout",
            "relu_forward/relu_backward",
            "read as Relu, but relu_forward takes 3 arguments, not (x)",
        ),
    ],
)
def test_what_is_listed(tmp_path: Path, text: str, name: str, why: str) -> None:
    subject = opened(tmp_path, f"{text}\n")
    if not why:  # `slope` may be a second cache
        assert subject.unjudged == []
        return
    (unjudged,) = subject.unjudged
    assert unjudged.name == name
    assert why in unjudged.why


def test_what_a_lone_forward_gives_beside_its_value_is_a_cache(tmp_path: Path) -> None:
    """Not gradients, also where one of its modes is chosen."""
    path = tmp_path / "layers.py"
    path.write_text(
        "import numpy as np\n\n"
        "def linear_activation_forward(A_prev, W, b, activation):\n"
        "    Z = W @ A_prev + b\n"
        "    A = Z * (Z > 0) if activation == 'relu' else np.tanh(Z)\n"
        "    return A, (A_prev, W)\n",
        "utf-8",
    )
    report = check(path, examples=1)
    assert report.layers == ()
    assert ["no linear_activation_backward beside" in u.why for u in report.unjudged] == [True]


def test_the_passes_of_a_network_are_no_layer(tmp_path: Path) -> None:
    text = "def forward_propagation(X): return X\ndef backward_propagation(X): return X\n"
    subject = opened(tmp_path, f"{text}def forward(x): return x\ndef backward(y): return y\n")
    assert subject.candidates == []
    assert [u.name for u in subject.unjudged] == ["backward_propagation", "backward"]


def test_a_half_that_is_not_written_yet(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(RELU.replace("return dout * (cache > 0)", "pass"), "utf-8")
    layer = check(path).layers[0]
    assert layer.verdict is Verdict.UNIMPLEMENTED
    assert layer.notes == ("not written yet: the body of relu_backward is empty",)


def test_an_error_is_that_of_the_learner_s_own_function(tmp_path: Path) -> None:
    (candidate,) = opened(tmp_path, RELU.replace("x * (x > 0)", "x * (y > 0)")).candidates
    result = candidate.face.run([Build(), Forward({"x": [[1.0]]})])[1]  # type: ignore[dict-item]
    assert isinstance(result, Raised)


def test_a_second_look_at_one_pass_leaves_the_whole_class(tmp_path: Path) -> None:
    """Also where the passes have other names."""
    text = (
        "class Relu:\n"
        "    def forward_pass(self, x):\n        self.m = x > 0\n        return x * self.m\n"
        "    def backward_pass(self, dout):\n        return dout * self.m\n"
        "class Relu:\n"
        "    def forward_pass(self, x):\n        return x\n"
    )
    (candidate,) = opened(tmp_path, text).candidates
    assert candidate.where is not None
    assert candidate.where.line == 1
    assert candidate.lines["backward"] == (5, 6)


def test_passes_of_other_names_that_are_not_written_yet(tmp_path: Path) -> None:
    text = "class Relu:\n    def fprop(self, x): ...\n    def bprop(self, dout): ...\n"
    (candidate,) = opened(tmp_path, text).candidates
    assert candidate.unimplemented
    assert candidate.notes == ("not written yet: the body of fprop and bprop is empty",)


def test_a_right_file_that_lists_a_lone_half_is_no_clean_pass(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(f"{RELU}\ndef affine_forward(x, w, b):\n    return x @ w + b, x\n", "utf-8")
    report = check(path, examples=2)
    assert report.exit_status == 3
    assert [(u.name, u.layer) for u in report.unjudged] == [("affine_forward", "Affine")]
