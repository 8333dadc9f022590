"""Networks of which nothing is known: right ones pass on guessed inputs, wrong ones never do."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from guessed_table import (
    FAILS,
    FILES,
    MISTAKES,
    PASSES,
    UNDECIDED,
    Mistake,
    declarations_found,
    judged,
    outcome,
)

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import Results, Verdict

UNKNOWN = {"cnn_by_functions"}
"""Files with something that no guess fits."""

KNOWN = {"conv_with_its_own_call", "lstm_class", "lstm_step_by_functions", "time_lstm"}
"""Files whose forward is a function of the shelf: what is wrong fails without a declaration."""

EACH = 12
"""Every so many mistakes are judged here; `tox -e guessed` judges all."""

SOME = MISTAKES[::EACH]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@cache
def right_report(path: Path) -> Results:
    """The report on a file as it is, which several tests look at."""
    return judged(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_networks_pass(path: Path) -> None:
    report = right_report(path)
    assert outcome(report) == (UNDECIDED if path.stem in UNKNOWN else PASSES), str(report)
    assert Verdict.FAIL not in {layer.verdict for layer in report.layers}


@pytest.mark.parametrize("mistake", SOME, ids=lambda mistake: mistake.name)
def test_wrong_networks_are_undecided_until_they_are_declared(mistake: Mistake) -> None:
    found = outcome(judged(mistake.path, mistake.number))
    assert found == (FAILS if mistake.path.stem in KNOWN else UNDECIDED)
    declared = declarations_found(right_report(mistake.path))
    if declared:
        report = judged(mistake.path, mistake.number, declared)
        assert outcome(report) == FAILS, str(report)
        assert outcome(judged(mistake.path, declared=declared)) in (PASSES, UNDECIDED)


def test_in_the_sandbox_it_is_the_same() -> None:
    path = next(path for path in FILES if path.stem == "nielsen_network")
    here, there = right_report(path), check(path, examples=4, repair_seconds=0)
    assert [layer.verdict for layer in here.layers] == [layer.verdict for layer in there.layers]
    assert [layer.notes for layer in here.layers] == [layer.notes for layer in there.layers]
