"""A numerical gradient by one-sided differences is a convention, with a larger truncation."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.registry import contract_named
from trigrad.verdict.results import Results, Verdict

TEXT = """
import numpy as np

def numerical_gradient(f, x):
    h = {h}
    gradient = np.zeros(x.shape)
    start = f(x)
    for place in np.ndindex(*x.shape):
        kept = x[place]
        x[place] = kept + h
        up = f(x)
        x[place] = kept - h
        down = f(x)
        x[place] = kept{left}
        gradient[place] = {slope}
    return gradient
"""


def judged(folder: Path, slope: str, h: str = "1e-5", left: str = "") -> Results:
    path = folder / "differences.py"
    path.write_text(TEXT.format(h=h, slope=slope, left=left))
    return check(path, examples=5, in_process=True, repair_seconds=0)


@pytest.mark.parametrize("h", ["1e-3", "1e-4", "0.00002", "1e-6", "1e-7", "1e-8"])
@pytest.mark.parametrize("slope", ["(up - start) / h", "(start - down) / h"])
def test_one_sided_differences_pass_and_their_step_is_told(
    tmp_path: Path, slope: str, h: str
) -> None:
    report = judged(tmp_path, slope, h)
    (layer,) = report.layers
    assert layer.verdict is Verdict.PASS, str(report)
    signed = -float(h) if "start -" in slope else float(h)
    assert "one-sided differences" in layer.notes[0]
    assert f"h = {signed:g}" in layer.notes[0]


@pytest.mark.parametrize("h", ["1e-3", "1e-4", "1e-6"])
def test_central_differences_are_read_as_before(tmp_path: Path, h: str) -> None:
    (layer,) = judged(tmp_path, "(up - down) / (2 * h)", h).layers
    assert layer.verdict is Verdict.PASS
    assert not any("one-sided" in note for note in layer.notes)


@pytest.mark.parametrize(
    "slope",
    [
        "(up - down) / h",
        "(up - down) / 2 * h",
        "(up - start) / (2 * h)",
        "(up - start) / h / 2",
        "(start - up) / h",
        "(up - start) / h + h",
        "(up - start) / h * (1 + h)",
        "up - start / h",
    ],
)
def test_a_wrong_divisor_or_sign_is_refused(tmp_path: Path, slope: str) -> None:
    (layer,) = judged(tmp_path, slope).layers
    assert layer.verdict is Verdict.FAIL


@pytest.mark.parametrize("h", ["0.1", "1e-12", "1e-50"])
def test_a_step_that_is_no_good_is_refused(tmp_path: Path, h: str) -> None:
    (layer,) = judged(tmp_path, "(up - start) / h", h).layers
    assert layer.verdict is Verdict.FAIL


def test_what_is_not_restored_is_seen_here_too(tmp_path: Path) -> None:
    (layer,) = judged(tmp_path, "(up - start) / h", left=" + h").layers
    assert layer.verdict is Verdict.FAIL


def test_the_row_with_a_step_is_found_again() -> None:
    base = contract_named("numerical_gradient")
    assert base is not None
    assert base.readings.settings is not None
    row = base.readings.settings.row(1e-6)
    assert pickle.loads(pickle.dumps(row)) is row
