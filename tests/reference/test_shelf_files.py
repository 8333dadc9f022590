"""Files of many layers as learners write them: what is right passes, no mistake passes unseen.

By default a few of them are judged, others with another `--trigrad-seed`; all of them with
`--hypothesis-profile=thorough`. tests/learners/README.md explains the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher

import hypothesis
import pytest
from shelf_table import ADVICE, FAIL, FOLDER, NOT_PASS, PASS, ShelfFile, load_shelf

from trigrad import check
from trigrad.claim.claim import Outcome, Severity
from trigrad.defaults import REPAIR_SECONDS
from trigrad.trial import layer_trial
from trigrad.verdict.results import LayerReport, Results, Verdict

SHELF = load_shelf()
RIGHT = [each for each in SHELF if each.verdict == PASS]
WRONG = [each for each in SHELF if each.verdict != PASS]

Judge = Callable[[ShelfFile], Results]

EACH = 16
"""Every so many files are judged, unless the profile is thorough."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the files, by the seed of the whole run."""
    for name, files in (("right", RIGHT), ("wrong", WRONG)):
        if name in metafunc.fixturenames:
            chosen = _chosen(files, metafunc.config.getoption("--trigrad-seed") or 0)
            metafunc.parametrize(name, chosen, ids=lambda each: each.name)


def _chosen(files: list[ShelfFile], seed: int) -> Iterable[ShelfFile]:
    if hypothesis.settings.get_current_profile_name() == "thorough":
        return files
    return files[seed % EACH :: EACH]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.fixture(scope="module")
def report_on(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Judge a file once, however many tests look at its report."""
    reports: dict[str, Results] = {}

    def judged(each: ShelfFile) -> Results:
        if each.name not in reports:
            path = tmp_path_factory.mktemp(each.name) / f"{each.name}.py"
            path.write_text(each.text, encoding="utf-8")
            # In process: a busy machine finds the same.
            seconds = REPAIR_SECONDS if each.repaired else 0
            reports[each.name] = check(path, in_process=True, examples=8, repair_seconds=seconds)
        return reports[each.name]

    return judged


def layers_named(report: Results, name: str) -> list[LayerReport]:
    """The reports on a class, or on a function with the one that goes back."""
    return [
        layer
        for layer in report.layers
        if layer.name.split("/")[0] == name
        or layer.name in (f"{name}_grad", f"{name}_prime", f"{name}_deriv")
    ]


def is_advised(layer: LayerReport, word: str) -> bool:
    """Whether there is advice on a layer with that word in it."""
    return any(
        judgement.claim.severity is Severity.SHOULD
        and judgement.finding.outcome is Outcome.FAIL
        and word in f"{judgement.claim.name} {judgement.finding.message}"
        for judgement in layer.judgements
    )


def expect_gap(request: pytest.FixtureRequest, each: ShelfFile) -> None:
    """What is not yet so must be seen when it is."""
    if each.known_gap:
        request.applymarker(pytest.mark.xfail(strict=True, reason=each.known_gap))


def test_catalogue_is_large_and_complete() -> None:
    assert len(WRONG) >= 80
    assert {each.file for each in RIGHT} == {path.name for path in FOLDER.glob("*.py")}
    assert len(RIGHT) >= 30
    assert len({each.name for each in SHELF}) == len(SHELF)


@pytest.mark.parametrize("each", WRONG, ids=lambda each: each.name)
def test_each_mistake_is_made_at_its_line(each: ShelfFile) -> None:
    right, made = each.right_text.splitlines(), each.text.splitlines()
    parts = SequenceMatcher(None, right, made, autojunk=False).get_opcodes()
    other = [(first + 1, max(first + 1, end)) for tag, *_, first, end in parts if tag != "equal"]
    assert other[0][0] <= each.line <= other[-1][1]


def test_right_layers_pass(
    right: ShelfFile, report_on: Judge, request: pytest.FixtureRequest
) -> None:
    expect_gap(request, right)
    report = report_on(right)
    for name in right.layers:
        layers = layers_named(report, name)
        assert layers, f"{name} is not judged: {report.unjudged}"
        assert {layer.verdict for layer in layers} == {Verdict.PASS}, str(report)
    assert report.exit_status == 0, str(report)


def test_nothing_right_fails(right: ShelfFile, report_on: Judge) -> None:
    """Also where something is not yet judged."""
    report = report_on(right)
    assert [layer.name for layer in report.layers if layer.verdict is Verdict.FAIL] == []


def test_mistakes_do_not_pass(
    wrong: ShelfFile, report_on: Judge, request: pytest.FixtureRequest
) -> None:
    expect_gap(request, wrong)
    report = report_on(wrong)
    (name,) = wrong.layers
    layers = layers_named(report, name)
    assert layers, f"{name} is not judged: {report.unjudged}"
    verdicts = {layer.verdict for layer in layers}
    if wrong.verdict == FAIL:
        assert Verdict.FAIL in verdicts, str(report)
    elif wrong.verdict == NOT_PASS:
        assert verdicts & {Verdict.FAIL, Verdict.INCONCLUSIVE}, str(report)
    else:
        assert wrong.verdict == ADVICE
        advised = any(is_advised(layer, wrong.advice) for layer in layers)
        assert advised or verdicts & {Verdict.FAIL, Verdict.INCONCLUSIVE}, str(report)


def test_nothing_fails_beside_a_mistake(wrong: ShelfFile, report_on: Judge) -> None:
    report = report_on(wrong)
    failing = [layer for layer in report.layers if layer.verdict is Verdict.FAIL]
    allowed = {*wrong.layers, *wrong.dependents}
    named = [layer for name in allowed for layer in layers_named(report, name)]
    assert [layer.name for layer in failing if layer not in named] == []
