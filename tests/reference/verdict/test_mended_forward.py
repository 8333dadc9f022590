"""A forward that raises on every guess, and the change with which it is what its name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Results, Verdict

NORM = """
import numpy as np


class LayerNorm:
    def __init__(self, gamma, beta, eps=1e-5):
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x):
        mu = np.mean(x, axis=1, keepdims=True)
        self.std = np.sqrt(np.var(x, axis=1, keepdims=True) + self.eps)
        self.x_hat = (x - mu) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout):
        self.dgamma = (dout * self.x_hat).sum(axis=0)
        self.dbeta = dout.sum(axis=0)
        d = dout * self.gamma
        along = self.x_hat * (d * self.x_hat).mean(axis=1, keepdims=True)
        return (d - d.mean(axis=1, keepdims=True) - along) / self.std
"""


def judged(folder: Path, text: str, *, in_process: bool = True, seconds: float = 60) -> Results:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    return check(path, examples=3, in_process=in_process, repair_seconds=seconds)


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("np.mean(x", "np.maen(x"),
        ("+ self.eps)", "+ eps)"),
        ("np.mean(x, axis=1", "np.mean(x, axis=7"),
    ],
)
def test_a_change_that_makes_it_run_is_suggested(
    tmp_path: Path, written: str, instead: str
) -> None:
    (layer,) = judged(tmp_path, NORM.replace(written, instead)).layers
    assert layer.verdict is Verdict.INCONCLUSIVE
    said = str(layer.undecided)
    assert "forward raises" in said
    assert "its name says LayerNormalization" in said
    (line,) = (each.strip() for each in NORM.splitlines() if written in each)
    assert f"→ `{line}`" in said
    assert layer.repair is None


def test_the_same_is_said_of_a_layer_in_the_sandbox(tmp_path: Path) -> None:
    text = NORM.replace("np.mean(x", "np.maen(x")
    apart, inside = (judged(tmp_path, text, in_process=each).layers[0] for each in (False, True))
    assert str(apart.undecided) == str(inside.undecided)


@pytest.mark.parametrize(
    ("text", "seconds", "why"),
    [
        (NORM.replace("np.mean(x, axis=1", "np.mean(x, axis=7"), 0, "with the likeliest"),
        (NORM.replace("np.mean(x", "np.maen(x"), 0, "no attribute 'maen'"),
        (
            NORM.replace("LayerNorm", "Oddity").replace("np.mean(x, axis=1", "np.mean(x, axis=7"),
            60,
            "run with none of them",
        ),
        (NORM.replace("mu = np.mean(x", "mu = np.mean(x[3][4][5]"), 60, "IndexError"),
    ],
)
def test_else_it_is_not_judged(tmp_path: Path, text: str, seconds: float, why: str) -> None:
    """Without a search, without a known name, and where no small change is enough."""
    report = judged(tmp_path, text, seconds=seconds)
    assert not report.layers
    assert why in report.unjudged[0].why
