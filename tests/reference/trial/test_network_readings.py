"""A network is judged as the one that its numbers are, whatever names its text has."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

SPELLINGS = Path(__file__).parents[2] / "learners" / "spellings"
NETWORK = (SPELLINGS / "network_of_chapter_4.py").read_text("utf-8")
SIGMOID = "understood as: sigmoid in the hidden layer"
TANH = "understood as: tanh in the hidden layer"


def judged(path: Path, *changes: tuple[str, str]) -> LayerReport:
    """The verdict on chapter 4's network with some texts in the place of others."""
    text = "\n".join(line.partition("  # WRONG")[0] for line in NETWORK.splitlines())
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, "utf-8")
    report = check(path, layer="TwoLayerNet", in_process=True, examples=5, repair_seconds=0)
    (layer,) = report.layers
    return layer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "net.py"


POSITIVE = "def positive(x):\n    return x * (x > 0)\n\n\nclass TwoLayerNet:"
RELU = (
    ('sigmoid(x @ p["W1"] + p["b1"])', 'positive(x @ p["W1"] + p["b1"])'),
    ("z1 = sigmoid(a1)", "z1 = positive(a1)"),
    ("sigmoid_grad(a1)", "(a1 > 0)"),
    ("class TwoLayerNet:", POSITIVE),
)
OTHER_NAMES = (
    ("hidden = sigmoid(", "hidden = squeeze("),
    ("z1 = sigmoid(", "z1 = squeeze("),
    ("sigmoid_grad(a1)", "slope(a1)"),
    ("class TwoLayerNet:", "squeeze, slope = sigmoid, sigmoid_grad\n\n\nclass TwoLayerNet:"),
)
STRAY = "    def chance(self, x):\n        return sigmoid(x)\n\n    def loss(self"


def test_by_its_text(path: Path) -> None:
    layer = judged(path)
    assert layer.verdict is Verdict.PASS
    assert SIGMOID in layer.notes


def test_relu_though_a_sigmoid_is_named(path: Path) -> None:
    layer = judged(path, *RELU, ("    def loss(self", STRAY))
    assert layer.verdict is Verdict.PASS
    assert SIGMOID not in layer.notes


def test_sigmoid_though_a_maximum_is_named(path: Path) -> None:
    layer = judged(
        path, ("return cross_entropy_error(", "return np.maximum(0, 0) + cross_entropy_error(")
    )
    assert layer.verdict is Verdict.PASS
    assert SIGMOID in layer.notes


def test_sigmoid_though_nothing_is_named(path: Path) -> None:
    layer = judged(path, *OTHER_NAMES)
    assert layer.verdict is Verdict.PASS
    assert SIGMOID in layer.notes


def test_where_the_numbers_are_nobody_s_the_names_decide(path: Path) -> None:
    layer = judged(path, ('hidden @ p["W2"]', '2 * hidden @ p["W2"]'))
    assert layer.verdict is Verdict.FAIL
    assert SIGMOID in layer.notes
    assert TANH not in layer.notes


def test_a_key_that_is_misspelt_is_a_mistake(path: Path) -> None:
    assert judged(path, ('"b2": np', '"B2": np')).verdict is Verdict.FAIL


def test_what_else_lies_in_params_changes_nothing(path: Path) -> None:
    assert judged(path, ('"b2": np', '"rate": 0.1, "b2": np')).verdict is Verdict.PASS
