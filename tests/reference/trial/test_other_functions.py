"""A TwoLayerNet with another loss is judged by that loss, or not judged; it never just fails."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from trigrad import Report, check, gradcheck
from trigrad.verdict.results import Verdict

NETWORK = """
import numpy as np


class TwoLayerNet:
    def __init__(self, n_in, n_hidden, n_out, std=0.1):
        self.params = {
            "W1": std * np.random.randn(n_in, n_hidden),
            "b1": np.zeros(n_hidden),
            "W2": std * np.random.randn(n_hidden, n_out),
            "b2": np.zeros(n_out),
        }

    def predict(self, x):
        p = self.params
        h = np.maximum(x @ p["W1"] + p["b1"], 0)
        return h @ p["W2"] + p["b2"]

    def loss(self, x, t):
        y = self.predict(x)
        return LOSS

    def gradient(self, x, t):
        p = self.params
        a = x @ p["W1"] + p["b1"]
        h = np.maximum(a, 0)
        y = h @ p["W2"] + p["b2"]
        dy = SLOPE
        da = dy @ p["W2"].T * (a > 0)
        return {"W1": x.T @ da, "b1": da.sum(axis=0), "W2": h.T @ dy, "b2": dy.sum(axis=0)}
"""
SQUEEZE = ("y = self.predict(x)", "y = 1 / (1 + np.exp(-self.predict(x)))")
SQUEEZED = ('y = h @ p["W2"] + p["b2"]', 'y = 1 / (1 + np.exp(-(h @ p["W2"] + p["b2"])))')
BOTH_TERMS = "t * np.log(y + 1e-7) + (1 - t) * np.log(1 - y + 1e-7)"
ONE_OUTPUT = (
    ("n_hidden, n_out, std=0.1", "n_hidden, std=0.1"),
    ("n_hidden, n_out)", "n_hidden, 1)"),
    ("np.zeros(n_out)", "np.zeros(1)"),
)
NORMALISED = (
    "y = self.predict(x)",
    "e = np.exp(self.predict(x))\n        y = e / e.sum(axis=1, keepdims=True)",
)
RIGHT = {
    "half the squares": ("np.sum((y - t) ** 2) / (2 * len(x))", "(y - t) / len(x)"),
    "the mean of the squares": ("np.mean((y - t) ** 2)", "2 * (y - t) / y.size"),
    "the sum of the squares": ("0.5 * np.sum((y - t) ** 2)", "y - t"),
    "squares of a sigmoid": (
        "np.sum((y - t) ** 2) / len(x)",
        "2 * (y - t) * y * (1 - y) / len(x)",
        SQUEEZE,
        SQUEEZED,
    ),
    "binary": (f"-np.mean({BOTH_TERMS})", "(y - t) / t.size", SQUEEZE, SQUEEZED),
    "binary, a sum": (f"-np.sum({BOTH_TERMS})", "y - t", SQUEEZE, SQUEEZED),
    "binary, one output": (
        f"-np.mean({BOTH_TERMS})",
        "(y - t) / len(x)",
        SQUEEZE,
        SQUEEZED,
        *ONE_OUTPUT,
    ),
    "a regression of one number": (
        "np.mean((y[:, 0] - t) ** 2)",
        "2 * (y - t[:, None]) / len(t)",
        *ONE_OUTPUT,
    ),
}
NOT_JUDGED = {
    "absolute values": ("np.mean(np.abs(y - t))", "np.sign(y - t) / y.size"),
    "absolute values, wrong": ("np.mean(np.abs(y - t))", "np.sign(y + t) / y.size"),
    "another factor": ("np.sum((y - t) ** 2) / 8", "(y - t) / 4"),
    "of what predict gives": (
        "np.sum((y - t) ** 2) / 2",
        "y - t",
        ("loss(self, x, t):\n        y = self.predict(x)", "loss(self, y, t):"),
    ),
    "softmax cross-entropy with weight decay": (
        "-np.sum(t * np.log(y)) / len(x) + 0.1 * np.sum(self.params['W1'] ** 2)",
        "(np.exp(y) / np.exp(y).sum(axis=1, keepdims=True) - t) / len(x)",
        NORMALISED,
        ('"W1": x.T @ da', '"W1": x.T @ da + 0.2 * p["W1"]'),
    ),
    "ten outputs": (
        "-np.sum(t * np.log(y)) / len(x)",
        "(np.exp(y) / np.exp(y).sum(axis=1, keepdims=True) - t) / len(x)",
        NORMALISED,
        *((before, after.replace("1)", "10)")) for before, after in ONE_OUTPUT),
    ),
}
WRONG = {
    "half the squares, no chain": (
        "np.sum((y - t) ** 2) / (2 * len(x))",
        "(y - t) / len(x)",
        (" * (a > 0)", ""),
    ),
    "binary, not divided": (f"-np.mean({BOTH_TERMS})", "y - t", SQUEEZE, SQUEEZED),
    "squares of a sigmoid without its slope": (
        "np.mean((y - t) ** 2)",
        "2 * (y - t) / y.size",
        SQUEEZE,
        SQUEEZED,
    ),
    "softmax cross-entropy, clipped": (
        "-np.sum(t * np.log(np.maximum(y, 0.1))) / len(x)",
        "(np.exp(y) / np.exp(y).sum(axis=1, keepdims=True) - t) / len(x)",
        NORMALISED,
    ),
}

SUMS = {
    "softmax cross-entropy, summed": (
        "-np.sum(t * np.log(y))",
        "np.exp(y) / np.exp(y).sum(axis=1, keepdims=True) - t",
        NORMALISED,
    ),
    "softmax that only numbers show": (
        "-np.sum(t * (y - np.logaddexp.reduce(y, axis=1)[:, None]))",
        "np.exp(y - np.logaddexp.reduce(y, axis=1)[:, None]) - t",
    ),
}


def verdict_on(path: Path, loss: str, slope: str, *changes: tuple[str, str]) -> Report:
    """The report on the network with that loss and its derivative by the scores."""
    text = NETWORK
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path.write_text(text.replace("LOSS", loss).replace("SLOPE", slope), "utf-8")
    return check(path, in_process=True, examples=8, repair_seconds=0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "net.py"


@pytest.mark.parametrize("name", SUMS)
def test_a_sum_with_its_own_gradient_is_undecided(path: Path, name: str) -> None:
    (layer,) = verdict_on(path, *SUMS[name]).layers
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "N times those of the mean" in str(layer.undecided)


@pytest.mark.parametrize("name", RIGHT)
def test_a_network_with_another_known_loss_passes(path: Path, name: str) -> None:
    report = verdict_on(path, *RIGHT[name])
    assert [layer.verdict for layer in report.layers] == [Verdict.PASS]
    assert " as its loss" in "; ".join(report.layers[0].notes)


SIZES_IN_A_LIST = (
    "np.sum((y - t) ** 2) / 2",
    "y - t",
    ("self, n_in, n_hidden, n_out, std=0.1", "self, sizes"),
    (
        "self.params = {",
        "n_in, n_hidden, n_out = sizes\n        std = 0.1\n        self.params = {",
    ),
)


@pytest.mark.parametrize(("slope", "verdict"), [("y - t", Verdict.PASS), ("t - y", None)])
def test_a_network_that_is_made_otherwise_is_guessed(
    path: Path, slope: str, verdict: Verdict | None
) -> None:
    loss, _, *changes = SIZES_IN_A_LIST
    (layer,) = verdict_on(path, loss, slope, *changes).layers
    assert layer.verdict is (verdict or Verdict.INCONCLUSIVE)
    assert any("guessed" in note for note in layer.notes)


@pytest.mark.parametrize("name", NOT_JUDGED)
def test_a_network_of_which_no_more_is_known_is_not_judged(path: Path, name: str) -> None:
    report = verdict_on(path, *NOT_JUDGED[name])
    assert not report.layers
    (unjudged,) = report.unjudged
    assert unjudged.name == "TwoLayerNet"
    line = unjudged.todo.removeprefix("check it with gradcheck: ")
    x, t = np.random.RandomState(0).randn(3, 4), np.eye(10 if "ten" in name else 2)[[0, 1, 1]]
    sizes = {"n_in": 4, "n_hidden": 5, "n_out": 2}
    names = {"np": np, "gradcheck": gradcheck, "x": x, "t": t, **sizes}
    text = path.read_text("utf-8")
    exec(text, names)
    *before, call = line.split("; ")
    for statement in before:
        exec(statement, names)
    with contextlib.redirect_stderr(io.StringIO()):
        assert bool(eval(call, names)) == (", wrong" not in name)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_or_softmax_fails(path: Path, name: str) -> None:
    report = verdict_on(path, *WRONG[name])
    assert [layer.verdict for layer in report.layers] == [Verdict.FAIL]


def test_why_it_is_not_judged(path: Path) -> None:
    (other,) = verdict_on(path, *NOT_JUDGED["absolute values"]).unjudged
    assert other.why.startswith("its loss is not softmax cross-entropy, mean squared error")
    (decay,) = verdict_on(path, *NOT_JUDGED["softmax cross-entropy with weight decay"]).unjudged
    assert decay.why.endswith("a term of the weights, such as weight decay")


def test_what_raises_and_shows_no_softmax_is_not_judged(path: Path) -> None:
    report = verdict_on(path, "np.sum((y - t.labels) ** 2)", "y - t")
    (unjudged,) = report.unjudged
    assert "AttributeError" in unjudged.why
    named = verdict_on(path, "softmax_loss(y, t.labels)", "y - t")
    assert [layer.verdict for layer in named.layers] == [Verdict.FAIL]
