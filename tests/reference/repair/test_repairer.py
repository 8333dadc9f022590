"""Repairs of whole layers: what is found, that it is verified, and that it breaks nothing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from trigrad.api import check
from trigrad.opening import open_subject
from trigrad.repair import effort
from trigrad.repair.confirming import Confirmer
from trigrad.repair.draft import Draft
from trigrad.repair.editable_text import Library
from trigrad.repair.effort import Effort
from trigrad.repair.harm import Original
from trigrad.repair.result import Repair
from trigrad.trial import layer_trial
from trigrad.trial.layer_trial import LayerTrial
from trigrad.verdict.judge import try_subject
from trigrad.verdict.results import LayerReport, Verdict

TWO_LINES = """\
class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx = dout + self.y   # the other one
        dy = dout + self.x
        return dx, dy
"""

HELPER = """\
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Sigmoid:
    def forward(self, x):
        self.out = sigmoid(-x)
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""

CLIPPED = """\
import numpy as np


def softmax(x):
    x = np.clip(x, -4, 4)
    return np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)


class SoftmaxWithLoss:
    def forward(self, x, t):
        self.y, self.t = softmax(x), t
        return -np.sum(t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        return dout * (self.y - self.t) / self.t.shape[0]
"""

FIVES = """\
import numpy as np


# trigrad: x: N C H W; b: C; build: MeanOfFives(b)
class MeanOfFives:
    def __init__(self, b):
        self.b = b

    def forward(self, x):
        N, C, H, W = x.shape
        return x.reshape(N, C, H // 5, 5, W // 5, 5).mean(axis=(3, 5)) + self.b[:, None, None]

    def backward(self, dout):
        db = dout.sum(axis=(0, 2, 3))
        return np.repeat(np.repeat(dout, 5, axis=2), 5, axis=3) / 25
"""

BEYOND = """\
class MulLayer:
    def forward(self, x, y):
        return x - y

    def backward(self, dout):
        return dout, dout
"""


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


def judged(path: Path, text: str, seconds: float = 20.0) -> LayerReport:
    """The report on the one failing layer of a text, which a quiet machine mends in a second."""
    path.write_text(text)
    report = try_subject(open_subject(path), repair_seconds=seconds)
    (layer,) = (layer for layer in report.layers if layer.verdict is Verdict.FAIL)
    return layer


def repaired(path: Path, text: str) -> Repair:
    repair = judged(path, text).repair
    assert repair is not None
    return repair


def mended(path: Path, repair: Repair) -> str:
    lines = path.read_text().split("\n")
    for change in reversed(repair.changes):
        start = change.where.line - 1
        before = change.before.split("\n") if change.before else []
        assert lines[start : start + len(before)] == before
        lines[start : start + len(before)] = change.after.split("\n") if change.after else []
    return "\n".join(lines)


def test_two_lines_each_with_its_own_mistake(tmp_path: Path) -> None:
    repair = repaired(tmp_path / "layers.py", TWO_LINES)
    assert [(c.where.line, c.after) for c in repair.changes] == [
        (7, "        dx = dout * self.y   # the other one"),
        (8, "        dy = dout * self.x"),
    ]


@pytest.mark.parametrize("text", [TWO_LINES, HELPER], ids=["two lines", "helper"])
def test_with_the_repair_the_file_passes(tmp_path: Path, text: str) -> None:
    path = tmp_path / "layers.py"
    repair = repaired(path, text)
    assert repair.verified
    path.write_text(mended(path, repair))
    assert check(path, in_process=True).exit_status == 0


def test_a_helper_that_another_layer_needs_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    repair = repaired(path, HELPER)
    assert [change.after for change in repair.changes] == ["        self.out = sigmoid(x)"]


def test_a_gradient_that_lacks_is_found_at_sizes_with_which_forward_runs(tmp_path: Path) -> None:
    """Few sizes are tried of an edit, and the first ones are none of five."""
    (change,) = repaired(tmp_path / "layers.py", FIVES).changes
    assert change.after.strip() == "self.db = dout.sum(axis=(0, 2, 3))"


@pytest.mark.parametrize("first", ["softmax", "SoftmaxWithLoss"])
def test_a_layer_takes_the_repair_of_its_helper(tmp_path: Path, first: str) -> None:
    """Also where it is judged before the helper, as the class stands above the function."""
    path = tmp_path / "layers.py"
    parts = CLIPPED.split("\n\n\n")
    text = CLIPPED if first == "softmax" else "\n\n\n".join([parts[0], parts[2], parts[1]])
    path.write_text(text)
    report = check(path, in_process=True)
    assert [layer.name for layer in report.layers if layer.verdict is Verdict.FAIL]
    repairs = [layer.repair.changes for layer in report.layers if layer.repair is not None]
    assert len(repairs) == 2
    assert repairs[0] == repairs[1]
    (change,) = repairs[0]
    assert change.before.strip() == "x = np.clip(x, -4, 4)"
    assert "max" in change.after


def test_a_change_of_a_helper_that_breaks_another_layer_is_not_confirmed(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(HELPER)
    subject = open_subject(path)
    layer = next(c for c in subject.candidates if c.name == "Sigmoid")
    judgements = LayerTrial(layer.contract, layer.face, 0, 5, smaller=False).judge()
    units = tuple(Library(subject.modules).units_of(layer.places))
    turned = HELPER.replace("np.exp(-x)", "np.exp(x)")  # right for the layer, not for the function
    draft = Draft(units, {units[0].chunk.label: turned})
    before = Original(layer.contract, layer.face, judgements, 0)
    library, hour = Library(subject.modules), Effort(time.monotonic() + 3600)
    alone = Confirmer(subject, layer, library, before, hour, 0, passing=lambda _: None)
    assert alone.confirm(draft) is not None
    careful = Confirmer(subject, layer, library, before, hour, 0, passing=lambda other: other)
    assert careful.confirm(draft) is None


def test_where_no_repair_is_found_lines_are_suspected_and_nothing_is_verified(
    tmp_path: Path,
) -> None:
    repair = repaired(tmp_path / "layers.py", BEYOND)
    assert not repair.verified
    assert 3 in {where.line for where in repair.suspects}
    assert repair.tried > 30  # without NumPy, which the file does not have


def test_attempts_end_a_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "ATTEMPTS", 40)
    repair = repaired(tmp_path / "layers.py", BEYOND)
    assert not repair.verified
    assert 10 < repair.tried <= 40
    assert not repair.overdue


def test_a_time_limit_that_ends_a_search_is_said(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    repair = judged(path, BEYOND, seconds=1e-3).repair
    assert repair is not None
    assert (repair.verified, repair.tried, repair.overdue) == (False, 0, True)
    shown = str(check(path, in_process=True, repair_seconds=1e-3))
    assert "the search for a fix was stopped by the time limit; --repair-seconds" in shown


def test_no_time_no_search(tmp_path: Path) -> None:
    assert judged(tmp_path / "layers.py", TWO_LINES, seconds=0.0).repair is None


def test_the_sandbox_finds_the_same(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(TWO_LINES)
    (layer,) = (
        layer for layer in check(path, repair_seconds=20.0).layers if layer.verdict is Verdict.FAIL
    )
    assert layer.repair is not None
    assert layer.repair.changes == repaired(path, TWO_LINES).changes


def test_an_edit_that_hangs_costs_the_others_nothing(tmp_path: Path) -> None:
    text = """\
import numpy as np


def numerical_gradient(f, x):
    h = 1e-4
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        kept = x[i]
        x[i] = kept + h
        above = f(x)
        x[i] = kept - h
        below = f(x)
        grad[i] = (above + below) / (2 * h)
        x[i] = kept
        it.iternext()
    return grad
"""
    path = tmp_path / "layers.py"
    path.write_text(text)
    (layer,) = (r for r in check(path, repair_seconds=30.0).layers if r.verdict is Verdict.FAIL)
    assert layer.repair is not None
    assert [c.after.strip() for c in layer.repair.changes] == [
        "grad[i] = (above - below) / (2 * h)"
    ]


def test_what_cannot_be_stopped_is_not_edited_into_a_loop_without_end(tmp_path: Path) -> None:
    text = """\
import numpy as np


class Relu:
    def forward(self, x):
        self.mask = x > 0
        count = 0
        while count < 3:
            count += 1
        return x * self.mask

    def backward(self, dout):
        return dout + self.mask
"""
    repair = judged(tmp_path / "layers.py", text).repair
    assert repair is not None
    assert repair.tried == 0


SHIFTED = """\
import numpy as np


def softmax(x):
    e = np.exp(x / x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""

FLAT = """\
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x_shape = x.shape
        self.x = x.reshape(x.shape[0], -1)
        return np.dot(self.x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx.T
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # `np.exp(x)` would pass as well, and overflow at 1000.
        (SHIFTED, "e = np.exp(x - x.max(axis=-1, keepdims=True))"),
        # `return dx` would pass as well, and give up images.
        (FLAT, "return dx.reshape(*self.x_shape)"),
    ],
)
def test_a_repair_that_can_do_more_is_waited_for(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "answer.py"
    path.write_text(text, "utf-8")
    report = check(path, in_process=True, examples=8, repair_seconds=60.0)
    (layer,) = (each for each in report.layers if each.verdict is Verdict.FAIL)
    assert layer.repair is not None
    assert [change.after.strip() for change in layer.repair.changes] == [line]


def test_where_nothing_can_do_more_the_first_repair_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text(SHIFTED.replace(" / x.max(axis=-1, keepdims=True)", " * 2"), "utf-8")
    report = check(path, in_process=True, examples=8, repair_seconds=60.0)
    (layer,) = (each for each in report.layers if each.verdict is Verdict.FAIL)
    assert layer.repair is not None
    assert [change.after.strip() for change in layer.repair.changes] == ["e = np.exp(x)"]
    assert layer.repair.seconds < 20


ADD = """\
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return -dout, dout
"""

SHARED = (
    "the gradient of x and that of y are one array, so that changing one changes "
    "both: return a copy of one of them"
)


def test_what_is_worse_with_a_repair_is_said(tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text(ADD, "utf-8")
    report = check(path, in_process=True)
    assert report.layers[0].repair is not None
    assert report.layers[0].repair.drawbacks == (SHARED,)
    assert f"but afterwards: {SHARED}" in str(report)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("return -dout, dout", "return 1 / 0"),  # blocked: there were no gradients
        ("return x + y", "return x + z"),  # refused with everything else: forward raises
    ],
)
def test_what_was_not_reached_before_is_no_side_effect(
    tmp_path: Path, right: str, wrong: str
) -> None:
    text = ADD.replace(right, wrong).replace("-dout", "dout")
    path = tmp_path / "answer.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, in_process=True).layers
    assert layer.repair is not None
    assert layer.repair.drawbacks == ()


def test_a_repair_that_gives_up_nothing_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "answer.py"
    path.write_text(SHIFTED, "utf-8")
    (layer,) = (r for r in check(path, in_process=True, repair_seconds=20.0).layers if r.failures)
    assert layer.repair is not None
    assert layer.repair.verified
    assert layer.repair.drawbacks == ()
