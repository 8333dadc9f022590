"""The court on files that mean harm: judged in bounded time, and nothing outside changes."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from hostile_table import EXAMPLES, FILES, UNJUDGED, Hostile, load_catalogue, verdicts_in
from surroundings import Surroundings

from trigrad import check
from trigrad.sandbox.host import available, fork_server
from trigrad.trial import layer_trial
from trigrad.verdict.results import Results

CATALOGUE = load_catalogue()

SECONDS = 30.0
"""Within which a trial must end, however slow the machine."""

LONGEST = 50_000
"""Characters of a report on one file."""

pytestmark = pytest.mark.skipif(not available(), reason="this system has no sandbox")


@dataclass(frozen=True)
class Tried:
    """A hostile file after its trial."""

    hostile: Hostile
    report: Results
    seconds: float
    changes: list[str]


@pytest.fixture(scope="module")
def around() -> Iterator[Surroundings]:
    with Surroundings() as around:
        check(FILES / "name_in_odd_letters.py")  # the sandbox and PyTorch are started
        fork_server(tracing=True)  # what has no contract is guessed there
        around.remember()
        yield around


@pytest.fixture(scope="module", params=CATALOGUE, ids=lambda hostile: hostile.file)
def tried(
    request: pytest.FixtureRequest,
    around: Surroundings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Tried:
    hostile: Hostile = request.param
    if hostile.slow and hypothesis.settings.get_current_profile_name() != "thorough":
        pytest.skip("slow: tox -e hostile runs the whole zoo")
    path = around.lead_to(hostile.path, tmp_path_factory.mktemp("hostile"))
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layer_trial, "SHRINK_CALLS", 3)  # however small the evidence
        # What is tried here is a trial; a repair has limits of its own.
        report = check(path, timeout=hostile.timeout, examples=EXAMPLES, repair_seconds=0.5)
    seconds = time.monotonic() - began
    return Tried(hostile, report, seconds, around.changes())


def test_catalogue_is_large_and_complete() -> None:
    assert len(CATALOGUE) >= 100
    there = {path.name for path in FILES.iterdir() if path.name != "__pycache__"}
    assert sorted(hostile.file for hostile in CATALOGUE) == sorted(there)


@pytest.mark.parametrize("hostile", CATALOGUE, ids=lambda hostile: hostile.file)
def test_every_file_says_what_it_does(hostile: Hostile) -> None:
    assert hostile.does.endswith(".")
    assert "\n" not in hostile.does


def test_every_layer_gets_its_verdict(tried: Tried) -> None:
    given = verdicts_in(tried.report)
    assert tried.hostile.expects(given), (given, tried.hostile.verdicts)


def test_report_says_what_happened(tried: Tried) -> None:
    said = f"{tried.report}\n{tried.report.suggestions}"
    assert tried.hostile.says in said


def test_exit_status_follows(tried: Tried) -> None:
    verdicts = set(verdicts_in(tried.report).values())
    statuses = {"fail": 1, UNJUDGED: 3}
    expected = next((status for word, status in statuses.items() if word in verdicts), 0)
    assert tried.report.exit_status == (expected if verdicts else 2)


def test_trial_takes_bounded_time(tried: Tried) -> None:
    assert tried.seconds < SECONDS


def test_nothing_outside_has_changed(tried: Tried) -> None:
    assert tried.changes == []


def test_report_is_of_that_file(tried: Tried) -> None:
    assert Path(tried.report.path).name == tried.hostile.file


def test_report_can_be_shown_safely(tried: Tried) -> None:
    text = str(tried.report)
    odd = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")} - {"\n"}
    assert odd == set()
    assert len(text) < LONGEST
    text.encode("utf-8")
    json.dumps(tried.report.to_dict(), allow_nan=False).encode("utf-8")
    assert "<script>" not in tried.report._repr_html_()


def test_borrowed_gradients_fail_where_only_numpy_is_allowed() -> None:
    report = check(FILES / "peek_torch.py", numpy_only=True, examples=EXAMPLES)
    assert verdicts_in(report) == {"Relu": "fail", "AddLayer": "pass"}
