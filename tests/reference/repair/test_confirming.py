"""What an edited layer has to hold to be a repair, and for which inputs a better one is awaited."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.claim.claim import Claim
from trigrad.contracts.registry import contract_named
from trigrad.repair.confirming import may_be_meant
from trigrad.trial.plan import plan
from trigrad.verdict.results import Verdict

PLAIN = "def forward(self, x):\n    self.x = x\n    return x @ self.W + self.b"
FLATTENED = PLAIN.replace("self.x = x", "self.x = x.reshape(x.shape[0], -1)")
EXPONENTIAL = "def softmax(x):\n    e = np.exp(x)\n    return e / e.sum()"
SHIFTED = EXPONENTIAL.replace("exp(x)", "exp(x - x.max())")


def claim_of(row: str, name: str) -> Claim:
    contract = contract_named(row)
    assert contract is not None
    return next(c for c in plan(contract) if c.name == name or (name == "" and c.extreme))


@pytest.mark.parametrize(
    ("row", "name", "text", "meant"),
    [
        ("Affine", "4-D x", PLAIN, False),
        ("Affine", "4-D x", FLATTENED, True),
        ("Affine", "1-D samples", PLAIN, False),
        ("softmax", "", EXPONENTIAL, False),
        ("softmax", "", SHIFTED, True),
    ],
)
def test_what_a_text_has_the_beginnings_of(row: str, name: str, text: str, meant: bool) -> None:
    assert may_be_meant(claim_of(row, name), text) is meant


ELU = """
import numpy as np


class ELU:
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * (np.exp(x) - 1))

    def backward(self, dout):
        return dout * np.where(self.x > 0, 1, self.alpha - np.exp(self.x))
"""

HUBER = """
import numpy as np


class Huber:
    def __init__(self, delta=1.0):
        self.delta = delta

    def forward(self, y, t):
        self.r = y - t
        a = np.abs(self.r)
        self.small = a <= self.delta
        return np.mean(np.where(self.small, 0.5 * self.r**2, self.delta * (a - 0.5 * self.delta)))

    def backward(self, dout=1):
        d = np.where(self.small, self.r, np.sign(self.r) * (2 + self.delta))
        return dout * d / self.r.size
"""


UNKNOWN = HUBER.replace("class Huber", "# trigrad: y: N D; t: onehot N D\nclass Bend")
UNKNOWN = UNKNOWN.replace("0.5 * self.r**2", "0.75 * self.r**2").replace(
    "small, self.r,", "small, 1.5 * self.r,"
)


@pytest.mark.parametrize(
    ("text", "number", "in_process"),
    [
        (UNKNOWN, "self.delta)", True),
        (ELU, "self.alpha *", True),
        (ELU, "self.alpha *", False),
        (HUBER, "self.delta)", True),
    ],
)
def test_a_fix_holds_with_other_numbers_too(
    tmp_path: Path, text: str, number: str, in_process: bool
) -> None:
    """Without alpha, the derivative is that of an ELU where alpha is 1, and of no other."""
    path = tmp_path / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=in_process).layers
    assert layer.repair is not None
    (change,) = layer.repair.changes
    assert number in change.after


RBF = """
import numpy as np


class Rbf:
    def __init__(self, gamma=1.0):
        self.gamma = gamma

    def forward(self, x):
        self.x = x
        self.y = np.exp(-self.gamma * x**2)
        return self.y

    def backward(self, dout):
        return -2 * dout * self.x * self.y
"""


def test_a_fix_holds_with_the_defaults_too(tmp_path: Path) -> None:
    """What is wrong with another gamma only is not mended by a number that is right for that."""
    path = tmp_path / "layers.py"
    path.write_text(RBF, "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    assert layer.verdict is Verdict.FAIL
    changes = layer.repair.changes if layer.repair else ()
    assert all("self.gamma" in change.after for change in changes)
