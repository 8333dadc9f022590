"""A constructor's numbers: those that a contract does not know, and others than the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

SIGMOID = """
import numpy as np


class Sigmoid:
    def __init__(self, slope=2.0):
        self.slope = slope

    def forward(self, x):
        self.y = 1 / (1 + np.exp(-self.slope * x))
        return self.y

    def backward(self, dout):
        return dout * self.slope * self.y * (1 - self.y)
"""

AFFINE = """
import numpy as np


class Affine:
    def __init__(self, W, b, bound=0.5):
        self.W, self.b, self.bound = W, b, bound

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = np.clip(self.x.T @ dout, -self.bound, self.bound)
        self.db = dout.sum(axis=0)
        return dout @ self.W.T
"""

ELU = """
import numpy as np


class ELU:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, dout):
        return dout * np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))
"""

FOCAL = """
import numpy as np


class Focal:
    def __init__(self, gamma=2):
        self.gamma = gamma

    def forward(self, p, t):
        self.p, self.t = p, t
        self.pt = np.sum(p * t, axis=1, keepdims=True)
        return -np.mean((1 - self.pt) ** self.gamma * np.log(self.pt))

    def backward(self, dout=1):
        g, pt = self.gamma, self.pt
        d = g * (1 - pt) ** (g - 1) * np.log(pt) - (1 - pt) ** g / pt
        return dout * self.t * d / len(self.p)
"""


EMBEDDING = """
import numpy as np


class Embedding:
    def __init__(self, vocab, dim, padding_idx=0):
        self.W = np.random.randn(vocab, dim)
        self.padding_idx = padding_idx

    def forward(self, x):
        self.x = x
        return self.W[x]

    def backward(self, dout):
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.x, dout)
        self.dW[self.padding_idx] = 0
"""


def judged(folder: Path, text: str, *, in_process: bool = True) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=in_process, repair_seconds=0).layers
    return layer


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SIGMOID, "slope"),
        (SIGMOID.replace("slope=2.0", "*, slope=2.0"), "slope"),
        (AFFINE, "bound"),
        (EMBEDDING, "padding_idx"),
    ],
)
@pytest.mark.parametrize("in_process", [True, False])
def test_what_is_wrong_by_an_unknown_setting_is_undecided(
    tmp_path: Path, text: str, name: str, in_process: bool
) -> None:
    layer = judged(tmp_path, text, in_process=in_process)
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert f"changes with {name}" in str(layer.undecided)
    assert layer.failures


@pytest.mark.parametrize(
    "text",
    [
        SIGMOID.replace("slope=2.0", "").replace("= slope", "= 2.0"),
        SIGMOID.replace("self.slope *", "").replace("1 - self.y", "1 + self.y").replace("-x", "-x"),
        AFFINE.replace("dout.sum", "dout.mean"),
        AFFINE.replace("bound=0.5", "lr=0.5").replace("= W, b, bound", "= W, b, lr"),
        AFFINE.replace("np.clip(self.x.T @ dout, -self.bound, self.bound)", "self.x.T @ -dout"),
    ],
    ids=["no setting", "not used", "not all of it", "a learning rate", "another mistake"],
)
def test_what_is_wrong_without_it_fails(tmp_path: Path, text: str) -> None:
    assert judged(tmp_path, text).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "text", [ELU, FOCAL, EMBEDDING.replace("        self.dW[self.padding_idx] = 0\n", "")]
)
def test_right_layers_pass_with_other_numbers_too(tmp_path: Path, text: str) -> None:
    assert judged(tmp_path, text).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("text", "written", "instead", "made"),
    [
        (ELU, "1, self.alpha * np.exp", "1, np.exp", "alpha=1.3"),
        (ELU, "1, self.alpha * np.exp", "1, self.alpha**2 * np.exp", "alpha=1.3"),
        (FOCAL, "d = g *", "d = 2 *", "gamma=3"),
        (FOCAL, "** (g - 1)", "** 1", "gamma=3"),
    ],
)
def test_what_only_defaults_hide_does_not_pass(
    tmp_path: Path, text: str, written: str, instead: str, made: str
) -> None:
    layer = judged(tmp_path, text.replace(written, instead))
    assert layer.verdict is Verdict.FAIL
    assert made in layer.declaration
    assert any(made.replace("=", " = ") in note for note in layer.notes)
    assert any(j.claim.about and j.claim.about.gradient_of for j in layer.failures)


REVERSAL = """
import numpy as np


class Reversal:
    def __init__(self, strength=1.0):
        self.strength = strength

    def forward(self, x):
        return x.copy()

    def backward(self, dout):
        return dout * self.strength
"""


def test_a_number_of_backward_alone_may_be_meant(tmp_path: Path) -> None:
    layer = judged(tmp_path, REVERSAL)
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "strength = 1.3" in str(layer.undecided)


PAIR = """
import numpy as np


def elu_forward(x, alpha=1.0):
    out = np.where(x > 0, x, alpha * (np.exp(x) - 1))
    return out, (x, out, alpha)


def elu_backward(dout, cache):
    x, out, alpha = cache
    return dout * np.where(x > 0, 1, out + alpha)
"""


def test_functions_are_tried_with_other_numbers_too(tmp_path: Path) -> None:
    assert judged(tmp_path, PAIR).verdict is Verdict.PASS
    layer = judged(tmp_path, PAIR.replace("out + alpha", "out + 1"))
    assert layer.verdict is Verdict.FAIL
    assert any("alpha = 1.3" in note for note in layer.notes)
