"""What an edit may not spoil: values that were right, the layout of the weights, arguments."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.cases.drawing import draw_cases
from trigrad.contracts.registry import CONTRACTS
from trigrad.contracts.schema import Contract
from trigrad.opening import open_subject
from trigrad.repair.confirming import Confirmer
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library
from trigrad.repair.effort import Effort
from trigrad.repair.harm import FURTHER, Original, cases_beyond
from trigrad.trial.layer_trial import LayerTrial

AFFINE = """\
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.dot(dout.T, self.x)
        self.db = dout.sum(axis=0)
        return np.dot(dout, self.W)
"""

RELU = """\
import numpy as np


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        return np.where(self.mask, 0, x)

    def backward(self, dout):
        return np.where(self.mask, 1, dout)
"""

LOSS = """\
import numpy as np


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        return self.y - self.t
"""

DIVIDED = ("return self.y - self.t", "return (self.y - self.t) / self.t.shape[0]")

TURNED = (
    ("np.dot(x, self.W)", "np.dot(x, self.W.T)"),
    ("np.dot(dout.T, self.x)", "np.dot(dout.T, self.x)"),
)
NATURAL = (
    ("np.dot(dout.T, self.x)", "np.dot(self.x.T, dout)"),
    ("np.dot(dout, self.W)", "np.dot(dout, self.W.T)"),
)
COPIED = (("np.where(self.mask, 1, dout)", "np.where(self.mask, 0, dout)"),)
OVERWRITTEN = (("return np.where(self.mask, 1, dout)", "dout[self.mask] = 0\n        return dout"),)
OTHER_LOSS = (DIVIDED, ("self.y + 1e-7", "np.maximum(self.y, 1e-5)"))


@pytest.mark.parametrize(
    ("text", "changes", "confirmed"),
    [
        (AFFINE, NATURAL, True),
        (AFFINE, TURNED, False),
        (RELU, COPIED, True),
        (RELU, OVERWRITTEN, False),
        (LOSS, [DIVIDED], True),
        (LOSS, OTHER_LOSS, False),
    ],
    ids=["natural", "turned", "new array", "overwritten", "backward alone", "another loss"],
)
def test_a_change_that_spoils_what_was_right_is_not_confirmed(
    tmp_path: Path, text: str, changes: list[tuple[str, str]], confirmed: bool
) -> None:
    path = tmp_path / "layers.py"
    path.write_text(text, "utf-8")
    subject = open_subject(path)
    (layer,) = subject.candidates
    judgements = LayerTrial(layer.contract, layer.face, 0, 5, smaller=False).judge()
    library = Library(subject.modules)
    units = tuple(library.units_of(layer.places))
    edited = text
    for before, after in changes:
        assert before in edited
        edited = edited.replace(before, after)
    draft = Draft(units, {units[0].chunk.label: edited})
    before = Original(layer.contract, layer.face, judgements, 0)
    confirmer = Confirmer(subject, layer, library, before, Effort(time.monotonic() + 3600), 0)
    assert (confirmer.confirm(draft) is not None) is confirmed


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_there_are_cases_beyond_what_is_drawn(contract: Contract) -> None:
    cases = cases_beyond(contract, 0)
    assert len(cases) >= 3
    drawn = [case for case, _ in draw_cases(contract, 0, 10)]
    moved = [v.name for v in contract.variables if v.domain in FURTHER]
    for name in moved:
        assert _largest(name, cases) > 1.5 * _largest(name, drawn)


def _largest(name: str, cases: Sequence[Case]) -> float:
    return max(float(np.abs(case.arrays[name]).max()) for case in cases)


COURSE = """\
import numpy as np


def linear_forward(A, W, b):
    return np.dot(W, A) + b, (A, W, b)


def linear_backward(dZ, cache):
    A_prev, W, b = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T)
    db = 1 / m * np.sum(dZ, axis=1, keepdims=True)
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db
"""


def test_a_mean_is_not_made_a_sum_to_agree_with_what_is_not_divided(tmp_path: Path) -> None:
    path = tmp_path / "course.py"
    path.write_text(COURSE, "utf-8")
    report = check(path, in_process=True, examples=8)
    (layer,) = report.layers
    assert layer.repair is not None
    changed = [change.before.strip() for change in layer.repair.changes]
    assert changed == ["dW = np.dot(dZ, A_prev.T)"]
