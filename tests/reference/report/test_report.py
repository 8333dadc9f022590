"""The report: verdicts counted, the exit status, and how it presents itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.claim.claim import Finding, Outcome, Severity
from trigrad.contracts.registry import CONTRACTS, contract_named
from trigrad.contracts.schema import Kind
from trigrad.subject.candidate import Unjudged
from trigrad.trial.judgement import Judgement
from trigrad.trial.plan import plan
from trigrad.verdict.results import LayerReport, Verdict

RELU = contract_named("Relu")
assert RELU is not None


def layer(verdict: Verdict, *judgements: Judgement) -> LayerReport:
    """A Relu with this verdict."""
    return LayerReport("Relu", "Relu", CONTRACTS[2].kind, verdict, judgements=judgements)


def report(*verdicts: Verdict, required: tuple[str, ...] = (), error: str | None = None) -> Report:
    """A report on as many layers."""
    layers = tuple(layer(v) for v in verdicts)
    return Report("a.py", "0" * 64, 0, 3, layers, required=required, error=error)


def judgement(outcome: Outcome, severity: Severity) -> Judgement:
    """What became of some claim of Relu of that severity."""
    assert RELU is not None
    claim = next(c for c in plan(RELU) if c.severity is severity)
    return Judgement(claim, Finding(outcome, "words"))


class TestExitStatus:
    @pytest.mark.parametrize(
        ("verdicts", "status"),
        [
            ([Verdict.PASS], 0),
            ([Verdict.PASS, Verdict.MISSING], 0),
            ([Verdict.PASS, Verdict.FAIL], 1),
            ([Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.UNIMPLEMENTED], 1),
            ([Verdict.PASS, Verdict.INCONCLUSIVE], 3),
            ([Verdict.PASS, Verdict.UNIMPLEMENTED], 3),
        ],
    )
    def test_of_its_layers(self, verdicts: list[Verdict], status: int) -> None:
        found = report(*verdicts)
        assert found.exit_status == status
        assert found.ok is (status == 0)

    def test_of_what_is_required_and_missing(self) -> None:
        assert report(Verdict.PASS, required=("Affine",)).exit_status == 1
        assert report(Verdict.UNIMPLEMENTED, required=("Affine",)).exit_status == 1

    def test_of_what_cannot_be_judged(self) -> None:
        assert report(error="no such file").exit_status == 2
        assert report(required=("Affine",), error="no such file").exit_status == 2
        assert not report(error="no such file").ok


class TestCounts:
    def test_verdicts(self) -> None:
        found = report(Verdict.PASS, Verdict.FAIL, Verdict.FAIL, Verdict.MISSING)
        assert [found.count(v) for v in Verdict] == [1, 2, 0, 1, 0]

    @pytest.mark.parametrize("outcome", Outcome)
    @pytest.mark.parametrize("severity", Severity)
    def test_only_a_refuted_must_fails_and_only_a_refuted_should_advises(
        self, outcome: Outcome, severity: Severity
    ) -> None:
        one = judgement(outcome, severity)
        refuted = outcome is Outcome.FAIL
        assert one.fails is (refuted and severity is Severity.MUST)
        assert one.advises is (refuted and severity is Severity.SHOULD)

    def test_failures_and_advice_of_a_layer(self) -> None:
        must = judgement(Outcome.FAIL, Severity.MUST)
        should = judgement(Outcome.FAIL, Severity.SHOULD)
        fine = judgement(Outcome.PASS, Severity.MUST)
        one = layer(Verdict.FAIL, must, should, fine, should)
        assert one.failures == [must]
        assert one.advice == [should, should]
        assert Report("a.py", "", 0, 3, (one, one)).advice == 4


class TestSummary:
    @pytest.mark.parametrize(
        ("verdicts", "words"),
        [
            ([Verdict.PASS], "1 layer passes."),
            ([Verdict.PASS] * 2 + [Verdict.MISSING], "2 layers pass."),
            ([Verdict.FAIL, Verdict.PASS], "1 layer fails, 1 passes."),
            ([Verdict.FAIL] * 2, "2 layers fail."),
            ([Verdict.INCONCLUSIVE], "1 layer is undecided."),
            ([Verdict.INCONCLUSIVE] * 2, "2 layers are undecided."),
            ([Verdict.UNIMPLEMENTED], "1 layer is not written yet."),
            ([Verdict.PASS, Verdict.UNIMPLEMENTED], "1 layer passes, 1 is not written yet."),
        ],
    )
    def test_in_words(self, verdicts: list[Verdict], words: str) -> None:
        lines = [line for line in str(report(*verdicts)).splitlines() if line.endswith(".")]
        assert lines == [words]

    def test_with_what_is_not_judged_and_what_is_missing(self) -> None:
        unjudged = (Unjudged("Dropout", None, "trigrad knows no layer of this name"),)
        found = Report(
            "a.py", "", 0, 3, (layer(Verdict.PASS),), unjudged=unjudged, required=("Affine",)
        )
        lines = str(found).splitlines()
        assert "1 layer passes, 1 required layer is missing, 1 is not judged." in lines
        assert "✗ Affine  is required, but is not in a.py" in lines
        assert "- Dropout: not judged, trigrad knows no layer of this name" in lines

    def test_an_error_is_all_there_is_to_say(self) -> None:
        assert str(report(error="there is no file a.py")) == "trigrad: there is no file a.py"


class TestFirstAndLastLines:
    @staticmethod
    def of(kind: Kind, *names: str) -> list[LayerReport]:
        return [LayerReport("Relu", name, kind, Verdict.PASS) for name in names]

    @pytest.mark.parametrize(
        ("layers", "due"),
        [
            ([(Kind.LAYER, ["MulLayer"])], "1 layer found: MulLayer"),
            ([(Kind.LAYER, ["Add", "Mul", "Add"])], "3 layers found: Add (2), Mul"),
            ([(Kind.FUNCTION, ["softmax"])], "1 function found: softmax"),
            (
                [
                    *((Kind.NETWORK, ["Net"]), (Kind.FUNCTION, ["softmax", "sigmoid"])),
                    (Kind.LAYER, ["Relu"]),
                ],
                "1 layer found: Relu; 2 functions: softmax, sigmoid; 1 network: Net",
            ),
            (
                [(Kind.LAYER, [f"L{n}" for n in range(15)])],
                f"15 layers found: {', '.join(f'L{n}' for n in range(12))} and 3 more",
            ),
        ],
    )
    def test_what_was_found(self, layers: list[tuple[Kind, list[str]]], due: str) -> None:
        found = [layer for kind, names in layers for layer in self.of(kind, *names)]
        lines = str(Report("a.py", "0123", 7, 3, tuple(found))).splitlines()
        assert lines[0] == f"a.py · {due}"
        assert lines[-1] == "0 checks · seed 7 · sha256 0123…"

    def test_what_is_missing_is_not_found(self) -> None:
        found = Report(
            *("a.py", "0123", 0, 3),
            (layer(Verdict.PASS), LayerReport("Affine", "Affine", Kind.LAYER, Verdict.MISSING)),
            required=("Affine",),
        )
        assert str(found).splitlines()[0] == "a.py · 1 layer found: Relu"
        assert "0 checks · seed 0 · sha256 0123…" in found._repr_html_()


@pytest.mark.parametrize("seed", [0, 5])
def test_a_report_is_the_same_each_time(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "import numpy as np\nclass Relu:\n    def forward(self, x):\n        self.x = x\n"
        "        return np.abs(x) + 1\n    def backward(self, dout):\n        return dout\n"
    )
    one, two = (check(path, seed=seed, examples=2).to_dict() for _ in range(2))
    one.pop("seconds"), two.pop("seconds")
    assert json.dumps(one) == json.dumps(two)
    assert one["seed"] == seed
    assert one["summary"]["fail"] == 1


def test_a_claim_is_found_whichever_design_of_its_row_was_judged() -> None:
    """pytest collects the claims of the rows before it knows the subject."""
    row = contract_named("TwoLayerNet")
    assert row is not None
    path = Path(__file__).parents[2] / "learners" / "spellings" / "network_of_chapter_4.py"
    judged = check(path, layer="TwoLayerNet", examples=2, repair_seconds=0).layers[0]
    for claim in plan(row):
        found = judged.judgement_of(claim)
        assert found is not None, claim.name
        assert (found.claim.name, found.claim.witness) == (claim.name, claim.witness)
    assert judged.judgement_of(plan(RELU)[0]) is judged.judgements[0]  # "builds" is everybody's
    assert judged.judgement_of(replace(plan(row)[0], name="nothing")) is None


def test_seconds_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("def softmax(x):\n    return x\n")
    assert 0 < check(path, examples=1).seconds < 60
