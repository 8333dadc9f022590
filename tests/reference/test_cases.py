"""Small inputs as people write them: right code in any convention never fails, wrong code does.

They are not part of this repository. TRIGRAD_CASES names their folder; otherwise they are looked
for in `shared/cases` beside the checkout. `cases.toml` says what is right and wrong in each.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.claim.claim import Outcome
from trigrad.diagnosis.diagnosis import Side
from trigrad.trial import layer_trial
from trigrad.verdict.results import Verdict

BESIDE = Path(__file__).parents[2].parent / "shared" / "cases"
FOLDER = Path(os.environ.get("TRIGRAD_CASES", BESIDE))

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="the small inputs are not here: set TRIGRAD_CASES to the folder that has them",
)

PASSING = 50
"""How many of the right names pass, at least; the others are undecided or not judged."""


@dataclass(frozen=True)
class Input:
    """One input, with the names in it that are right and those that are wrong."""

    file: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def inputs() -> list[Input]:
    if not FOLDER.is_dir():
        return []
    tables = tomllib.loads((FOLDER / "cases.toml").read_text("utf-8"))["case"]
    return [Input(t["file"], tuple(t["right"]), tuple(t["wrong"])) for t in tables]


INPUTS = inputs()
every_input = pytest.mark.parametrize("given", INPUTS, ids=lambda given: given.file)


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@cache
def report_on(file: str) -> Report:
    return check(FOLDER / file, in_process=True, examples=8, repair_seconds=0)


def verdicts(given: Input, name: str) -> list[Verdict]:
    """Those on the definitions of a name, or on a pair of functions that has it in common."""
    layers = report_on(given.file).layers
    halves = {name, f"{name}_forward", f"{name}_backward"}
    return [layer.verdict for layer in layers if halves & set(layer.name.split("/"))]


@every_input
def test_what_is_right_does_not_fail(given: Input) -> None:
    """A pair of which one half is wrong fails; then that half is named."""
    for name in given.right:
        if Verdict.FAIL in verdicts(given, name):
            layers = [each for each in report_on(given.file).layers if name in each.name.split("/")]
            sides = {layer.diagnosis.side for layer in layers if layer.diagnosis is not None}
            assert f"{name}_backward" in given.wrong
            assert sides == {Side.BACKWARD}


@every_input
def test_what_is_wrong_fails(given: Input) -> None:
    """What no contract describes is at least listed, and the exit status says so.

    A network whose layer fails is blocked: the mistake is told once.
    """
    report = report_on(given.file)
    blocked = {
        layer.name
        for layer in report.layers
        if layer.judgements and all(j.finding.outcome is Outcome.BLOCKED for j in layer.judgements)
    }
    for name in given.wrong:
        found = verdicts(given, name)
        if given.file.startswith("beyond/") and not found:
            listed = [each for unjudged in report.unjudged for each in unjudged.name.split("/")]
            assert name in listed
            assert report.exit_status in (1, 3)
        elif given.file.startswith("beyond/") and report.exit_status == 3:
            assert set(found) == {Verdict.INCONCLUSIVE}  # on inputs that are guessed
        else:
            assert Verdict.FAIL in found or name in blocked, name


def test_most_of_what_is_right_passes() -> None:
    right = [(given, name) for given in INPUTS for name in given.right]
    passing = [name for given, name in right if Verdict.PASS in verdicts(given, name)]
    assert len(passing) >= PASSING
