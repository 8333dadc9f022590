"""The court on files as learners write them: no mistake let through, no false alarm."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from learners_table import Learner, judged, load_catalogue, refuting

from trigrad import check
from trigrad.claim.claim import Outcome, Severity
from trigrad.defaults import EXAMPLES
from trigrad.diagnosis.diagnosis import Side
from trigrad.trial import layer_trial
from trigrad.verdict.results import Results, Verdict

LEARNERS = load_catalogue()
WRONG = [learner for learner in LEARNERS if learner.verdict == Verdict.FAIL]
RIGHT = [learner for learner in LEARNERS if learner.verdict == Verdict.PASS]

wrong_files = pytest.mark.parametrize("learner", WRONG, ids=lambda learner: learner.file)
right_files = pytest.mark.parametrize("learner", RIGHT, ids=lambda learner: learner.file)


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refuted does not depend on how small the evidence gets."""
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@cache
def report_on(learner: Learner) -> Results:
    # In process and without a limit of seconds, so that a busy machine finds the same;
    # tests/reference/sandbox: the same there.
    # A loop, which an edit may make endless, is edited in the sandbox only.
    loops = learner.layer == "numerical_gradient"
    # A mistake shows in few cases; what is right is tried on as many as users try it on.
    examples = 15 if learner.verdict == Verdict.FAIL else EXAMPLES
    return check(learner.path, in_process=not loops, examples=examples, repair_seconds=600.0)


def test_catalogue_is_large_and_complete() -> None:
    assert len(WRONG) >= 40
    assert len(RIGHT) >= 8
    assert len(WRONG) + len(RIGHT) == len(LEARNERS)
    folder = LEARNERS[0].path.parent.parent
    there = {
        path.relative_to(folder).as_posix()
        for kind in ("wrong", "right")
        for path in (folder / kind).iterdir()
        if path.name != "__pycache__"
    }
    assert {learner.file for learner in LEARNERS} == there


@wrong_files
def test_mistake_is_found(learner: Learner) -> None:
    report = report_on(learner)
    assert report.exit_status == 1
    failing = {layer.layer for layer in report.layers if layer.verdict is Verdict.FAIL}
    assert failing == {learner.layer}


@wrong_files
def test_mistake_is_seen_by_its_witnesses_and_no_other(learner: Learner) -> None:
    layers = judged(report_on(learner), learner.layer)
    found = frozenset().union(*(refuting(layer) for layer in layers))
    assert found == learner.witnesses


@wrong_files
def test_telling_claims_are_refuted(learner: Learner) -> None:
    refuted = {
        f"{j.claim.witness.value}: {j.claim.name}"
        for layer in judged(report_on(learner), learner.layer)
        for j in layer.failures
    }
    assert learner.refuted
    assert learner.refuted <= refuted


@wrong_files
def test_side_of_the_mistake_is_named(learner: Learner) -> None:
    layers = judged(report_on(learner), learner.layer)
    sides = {layer.diagnosis.side for layer in layers if layer.diagnosis}
    assert sides == {Side(learner.side)}


@wrong_files
def test_mistake_is_mended_at_its_line(learner: Learner) -> None:
    """The repair is verified; that it is found in time is measured by tests/mutants."""
    for layer in judged(report_on(learner), learner.layer):
        repair = layer.repair
        if learner.unmended:
            assert repair is None or not repair.verified, "say so no longer in the catalogue"
            continue
        assert repair is not None
        assert repair.verified
        lines = {
            (change.where.cell, line)
            for change in repair.changes
            for line in change.lines
            if change.where.file.endswith(learner.module)
        }
        assert (learner.cell, learner.mended) in lines


@wrong_files
def test_right_layers_beside_a_mistake_pass(learner: Learner) -> None:
    report = report_on(learner)
    for name in learner.others:
        layers = judged(report, name)
        assert layers, f"{name} is not found"
        assert {layer.verdict for layer in layers} == {Verdict.PASS}


@wrong_files
def test_refutation_comes_with_its_evidence(learner: Learner) -> None:
    for layer in judged(report_on(learner), learner.layer):
        for judgement in layer.failures:
            evidence = judgement.finding.evidence
            assert judgement.finding.message
            assert evidence is not None
            assert evidence.raised is not None or evidence.is_ is not None


@right_files
def test_right_file_passes(learner: Learner) -> None:
    report = report_on(learner)
    assert report.exit_status == 0
    verdicts = {layer.verdict for layer in report.layers}
    assert verdicts <= {Verdict.PASS, Verdict.MISSING}


@right_files
def test_nothing_is_said_of_a_right_file(learner: Learner) -> None:
    for layer in report_on(learner).layers:
        assert layer.diagnosis is None
        assert layer.repair is None


@right_files
def test_every_layer_of_a_right_file_is_judged(learner: Learner) -> None:
    report = report_on(learner)
    wanted = Counter([learner.layer, *learner.others])
    found = Counter(r.layer for r in report.layers if r.verdict is not Verdict.MISSING)
    assert found == wanted
    assert report.unjudged == ()


@right_files
def test_no_must_claim_of_a_right_file_is_blocked_or_unsettled(learner: Learner) -> None:
    for layer in report_on(learner).layers:
        for judgement in layer.judgements:
            if judgement.claim.severity is Severity.MUST:
                assert judgement.finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE)
