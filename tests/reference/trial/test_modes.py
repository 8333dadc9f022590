"""What dropout and normalisations give in training and in test mode."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

DROPOUT = """
import numpy as np


class Dropout:
    def __init__(self, dropout_ratio=0.4):
        self.dropout_ratio = dropout_ratio

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = (np.random.rand(*x.shape) > self.dropout_ratio) {train}
            return x * self.mask
        return x {test}

    def backward(self, dout):
        return dout * self.mask
"""


def judged(folder: Path, train: str, test: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(textwrap.dedent(DROPOUT.format(train=train, test=test)), "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    return layer


@pytest.mark.parametrize(
    ("train", "test"), [("/ (1 - self.dropout_ratio)", ""), ("", "* (1 - self.dropout_ratio)")]
)
def test_both_conventions_pass(tmp_path: Path, train: str, test: str) -> None:
    layer = judged(tmp_path, train, test)
    assert layer.verdict is Verdict.PASS
    assert any("forward is right: it computes Dropout" in str(note) for note in layer.notes)


@pytest.mark.parametrize(
    ("train", "test", "why"),
    [
        ("/ (self.dropout_ratio - 1)", "", "multiplied by -1.43, should be by 1.43"),
        ("* (1 - self.dropout_ratio)", "", "multiplied by 0.7, should be by 1.43"),
        ("/ self.dropout_ratio", "", "should be by 1.43"),
        ("/ (1 - self.dropout_ratio)", "* (1 - self.dropout_ratio)", "in test mode"),
    ],
)
def test_other_factors_fail(tmp_path: Path, train: str, test: str, why: str) -> None:
    layer = judged(tmp_path, train, test)
    assert layer.verdict is Verdict.FAIL
    assert why in str(layer.failures[-1].finding.message)
    assert not any("forward is right" in str(note) for note in layer.notes)


EXACTLY = """
k = int(x.size * self.dropout_ratio)
            flat = np.ones(x.size)
            flat[np.random.permutation(x.size)[:k]] = 0
            self.mask = flat.reshape(x.shape) / (1 - self.dropout_ratio)"""
BY_ITS_OWN_SHARE = """
kept = np.random.rand(*x.shape) > self.dropout_ratio
            self.mask = kept / kept.mean()"""
BY_COLUMN = """
kept = np.random.rand(1, x.shape[1]) > self.dropout_ratio
            self.mask = np.ones_like(x) * kept / (1 - self.dropout_ratio)"""
ONE_COIN = """
kept = np.random.rand() > self.dropout_ratio
            self.mask = np.ones_like(x) * kept / (1 - self.dropout_ratio)"""
TOO_FEW = EXACTLY.replace("self.dropout_ratio)\n", "self.dropout_ratio / 2)\n")

DRAWN = "self.mask = (np.random.rand(*x.shape) > self.dropout_ratio) {train}"


def with_mask(folder: Path, text: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(DROPOUT.replace(DRAWN, text.strip()).format(test=""), "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    return layer


@pytest.mark.parametrize("text", [EXACTLY, BY_ITS_OWN_SHARE, BY_COLUMN])
def test_other_ways_to_draw_pass(tmp_path: Path, text: str) -> None:
    assert with_mask(tmp_path, text).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("text", "why"), [(ONE_COIN, "one for all"), (TOO_FEW, "a share of 0.85 is kept")]
)
def test_other_ways_to_draw_fail(tmp_path: Path, text: str, why: str) -> None:
    layer = with_mask(tmp_path, text)
    assert layer.verdict is Verdict.FAIL
    assert why in str(layer.failures[-1].finding.message)


def test_what_drops_in_test_mode_too_fails(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    text = DROPOUT.replace("if train_flg:", "if True:").format(
        train="/ (1 - self.dropout_ratio)", test=""
    )
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    assert layer.verdict is Verdict.FAIL
    assert "still drops entries" in str(layer.failures[-1].finding.message)


NORM = """
import numpy as np


class BatchNormalization:
    def __init__(self, gamma, beta, momentum=0.9):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean = np.zeros(len(gamma))
        self.running_var = np.zeros(len(gamma))

    def forward(self, x, train_flg=True):
        if train_flg:
            mean, var = x.mean(axis=0), x.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
            self.std = np.sqrt(var + 1e-7)
            self.x_hat = (x - mean) / self.std
            return self.gamma * self.x_hat + self.beta
        x_hat = (x - self.running_mean) / np.sqrt(self.running_var + 1e-7)
        return self.gamma * x_hat + self.beta

    def backward(self, dout):
        self.dbeta = dout.sum(axis=0)
        self.dgamma = (dout * self.x_hat).sum(axis=0)
        d = dout * self.gamma
        centred = d - d.mean(axis=0) - self.x_hat * (d * self.x_hat).mean(axis=0)
        return centred / self.std
"""


@pytest.mark.parametrize(
    ("written", "instead", "raises"),
    [
        ("(x - self.running_mean) /", "(x - self.mean) /", "AttributeError"),
        ("self.running_var + 1e-7", "self.running_var + 3.0", ""),
    ],
)
def test_what_raises_in_test_mode_only_is_undecided(
    tmp_path: Path, written: str, instead: str, raises: str
) -> None:
    """It may be made ready for that in another way; other numbers are wrong."""
    path = tmp_path / "layers.py"
    path.write_text(NORM.replace(written, instead), "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    assert layer.verdict is (Verdict.INCONCLUSIVE if raises else Verdict.FAIL)
    assert raises in str(layer.undecided)


def test_a_norm_with_running_means_passes(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(NORM, "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    assert layer.verdict is Verdict.PASS


METHODS = """
import numpy as np


class Dropout:
    def __init__(self, rate=0.3):
        self.rate = rate
        self.training = True

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        if not self.training:
            return x
        self.mask = (np.random.rand(*x.shape) >= self.rate) / (1 - self.rate)
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
"""


@pytest.mark.parametrize(
    ("written", "instead", "due"),
    [
        ("", "", Verdict.PASS),
        ("training", "_training", Verdict.PASS),
        ("            return x\n", "            return x * self.rate\n", Verdict.FAIL),
    ],
)
def test_methods_that_change_the_mode(
    tmp_path: Path, written: str, instead: str, due: Verdict
) -> None:
    """A method `train` is no flag of that name."""
    path = tmp_path / "layers.py"
    path.write_text(METHODS.replace(written, instead) if written else METHODS, "utf-8")
    (layer,) = check(path, examples=3, in_process=True, repair_seconds=0).layers
    assert layer.verdict is due
