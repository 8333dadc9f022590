"""Verdicts that are kept say what a new trial says; what may have changed is judged again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from trigrad import check
from trigrad.report.report import Report
from trigrad.verdict.kept import Kept

TEXT = """\
import numpy as np

FACTOR = 1.0

class MulLayer:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx = dout + self.y
        return dx, dout * self.x

class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * FACTOR, dout

class SoftmaxWithLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / x.shape[0]

    def backward(self, dout=1):
        return (self.y - self.t) / self.t.shape[0]
"""


def said(report: Report) -> str:
    """All that a report says, without what differs from run to run."""
    found = report.to_dict()
    del found["seconds"]
    return re.sub(r'"seconds": [\d.]+', "", json.dumps(found))


class Session:
    """A file that is changed and checked again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept = Kept()

    def check(self, text: str, **options: object) -> tuple[int, Report]:
        """How many layers are judged anew, and the report."""
        self.path.write_text(text)
        report = check(self.path, examples=3, kept=self.kept, **options)  # type: ignore[arg-type]
        return self.kept.judged, report

    def fresh(self) -> Report:
        return check(self.path, examples=3)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(tmp_path / "layers.py")


def test_nothing_is_judged_twice_and_lines_move(session: Session) -> None:
    assert session.check(TEXT)[0] == 3
    judged, report = session.check(TEXT)
    assert judged == 0
    assert said(report) == said(session.fresh())
    judged, report = session.check(
        TEXT.replace("FACTOR = 1.0\n", "FACTOR = 1.0\n\n# more\nZ = 1\n")
    )
    assert judged == 0
    assert "layers.py, line 14" in str(report)
    assert said(report) == said(session.fresh())


def test_what_has_changed_is_judged_again(session: Session) -> None:
    session.check(TEXT)
    mended = TEXT.replace("dout + self.y", "dout * self.y")
    judged, report = session.check(mended)
    assert judged == 1
    assert report
    judged, report = session.check(mended.replace("FACTOR = 1.0", "FACTOR = 2.0"))
    assert judged == 1
    assert [str(layer.verdict) for layer in report.layers] == ["pass", "fail", "pass"]
    assert said(report) == said(session.fresh())


def test_other_options_are_another_question(session: Session) -> None:
    session.check(TEXT)
    assert session.check(TEXT, seed=1)[0] == 3
    assert session.check(TEXT)[0] == 0


def test_the_conventions_around_are_asked_again(session: Session) -> None:
    session.check(TEXT)
    undivided = TEXT.replace("(self.y - self.t) / self.t.shape[0]", "self.y - self.t")
    _, report = session.check(undivided)
    assert said(report) == said(session.fresh())
    step = "\nfor _ in range(3):\n    W -= 0.1 * grad / batch_size\n"
    _, report = session.check(undivided + step)
    assert said(report) == said(session.fresh())


def test_what_hangs_is_judged_again(session: Session) -> None:
    hangs = TEXT.replace("return x + y", "while True: pass")
    assert session.check(hangs, timeout=0.5)[0] == 3
    assert session.check(hangs, timeout=0.5)[0] == 1
