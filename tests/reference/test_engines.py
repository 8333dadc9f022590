"""Engines: right ones in many styles pass, and each single mistake is found where it is."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from engine_mistakes import MISTAKES, Mistake

from trigrad import check
from trigrad.contracts.schema import Kind
from trigrad.opening import open_subject
from trigrad.subject.candidate import Unjudged
from trigrad.verdict.layer_verdict import try_layer
from trigrad.verdict.results import LayerReport, Verdict

ENGINES = Path(__file__).parents[1] / "learners" / "engines"
EXAMPLES = 6
"""Programs that are always tried find these mistakes; drawing more only takes longer here."""


def judged(path: Path, examples: int = EXAMPLES) -> LayerReport:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        subject = open_subject(path)
    (candidate,) = subject.candidates
    assert not subject.unjudged
    report = try_layer(candidate, 0, examples)
    assert not isinstance(report, Unjudged)
    return report


def of_text(text: str, folder: Path, name: str = "engine") -> LayerReport:
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return judged(path)


@pytest.mark.parametrize("path", sorted(ENGINES.glob("*.py")), ids=lambda path: path.stem)
def test_right_engines_pass(path: Path) -> None:
    report = judged(path, 12)
    assert report.verdict is Verdict.PASS, [j.finding.message for j in report.failures]
    assert report.programs > 100


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_single_mistake_is_found_where_it_is(mistake: Mistake, tmp_path: Path) -> None:
    text = (ENGINES / f"{mistake.file}.py").read_text(encoding="utf-8")
    assert mistake.text in text
    report = of_text(text.replace(mistake.text, mistake.instead, 1), tmp_path)
    assert report.verdict is Verdict.FAIL
    if mistake.inside:
        assert mistake.inside in report.wrong_methods


MICRO = (ENGINES / "micro.py").read_text("utf-8")
VARIABLES = (ENGINES / "variables.py").read_text("utf-8")


def test_engines_in_the_sandbox_are_shown_with_a_program_that_can_be_run(tmp_path: Path) -> None:
    path = tmp_path / "engine.py"
    wrong = MICRO.replace("self.grad += other.data * out.grad", "self.grad += self.data * out.grad")
    path.write_text(wrong, encoding="utf-8")
    report = check(path, examples=EXAMPLES)
    screen = str(report)
    assert report.exit_status == 1
    assert "1 engine found: Value" in screen
    assert "finite differences and PyTorch agree" in screen
    assert "in         __mul__, lines 27-36" in screen
    (layer,) = report.layers
    evidence = next(j.finding.evidence for j in layer.failures)
    assert evidence is not None
    names: dict[str, Any] = {}
    exec(wrong, names)
    exec("\n".join(evidence.program), names)
    found = report.to_dict()["layers"][0]["claims"]
    assert any(c["evidence"] and c["evidence"]["program"] == [*evidence.program] for c in found)


def test_hints_reveal_no_more_than_they_should(tmp_path: Path) -> None:
    path = tmp_path / "engine.py"
    path.write_text(MICRO.replace("1 - t**2", "1 - t"), encoding="utf-8")
    for hints, shown in (("law", False), ("line", True)):
        assert ("tanh, lines" in str(check(path, examples=EXAMPLES, hints=hints))) is shown


def test_a_backward_that_is_not_written_is_no_mistake(tmp_path: Path) -> None:
    before, _, after = MICRO.partition("        order = []\n")
    rest = after[after.index("    def __neg__") :]
    report = of_text(f"{before}        pass\n\n{rest}", tmp_path)
    assert report.verdict is Verdict.UNIMPLEMENTED


def test_an_operation_without_a_result_fails(tmp_path: Path) -> None:
    report = of_text(MICRO.replace("        return out\n", "", 1), tmp_path)
    assert report.verdict is Verdict.FAIL
    assert report.wrong_methods[0] == "__add__"


def test_operators_are_not_needed(tmp_path: Path) -> None:
    """Functions that make objects of the engine are enough."""
    without = VARIABLES[: VARIABLES.index("def setup_variable")]
    report = of_text(without, tmp_path)
    assert report.verdict is Verdict.PASS
    assert "add(a, b)" in report.notes[-1]


def test_what_no_program_runs_through_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "engine.py"
    path.write_text(MICRO.replace("def exp(", "def strange("), encoding="utf-8")
    report = check(path, examples=EXAMPLES)
    assert report.exit_status == 3
    assert [u.name for u in report.unjudged] == ["Value: strange"]


def test_broadcasting_without_an_effort_is_a_suggestion(tmp_path: Path) -> None:
    text = VARIABLES.replace("def fold(g, shape):\n", "def fold(g, shape):\n    return g\n")
    report = of_text(text, tmp_path)
    assert report.verdict is Verdict.PASS
    assert any(j.claim.name == "gradients of what is broadcast" for j in report.advice)


def test_adding_up_over_two_backward_calls_is_a_convention(tmp_path: Path) -> None:
    clearing = "        visit(self)\n        for node in order:\n            node.grad = 0.0\n"
    report = of_text(MICRO.replace("        visit(self)\n", clearing), tmp_path)
    assert report.verdict is Verdict.PASS


def test_a_layer_with_operators_is_no_engine(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(
        "class Relu:\n"
        "    def __add__(self, other):\n"
        "        return [self, other]\n\n"
        "    def forward(self, x):\n"
        "        self.mask = x > 0\n"
        "        return x * self.mask\n\n"
        "    def backward(self, dout):\n"
        "        return dout * self.mask\n",
        encoding="utf-8",
    )
    (candidate,) = open_subject(path).candidates
    assert candidate.contract.kind is Kind.LAYER
