"""Engines: right ones in many styles pass, and each single mistake is found where it is."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from engine_mistakes import MISTAKES, Mistake

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
    report = judged(path, 25)
    assert report.verdict is Verdict.PASS, [j.finding.message for j in report.failures]
    assert report.programs > 200


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_single_mistake_is_found_where_it_is(mistake: Mistake, tmp_path: Path) -> None:
    text = (ENGINES / f"{mistake.file}.py").read_text(encoding="utf-8")
    assert mistake.text in text
    report = of_text(text.replace(mistake.text, mistake.instead, 1), tmp_path)
    assert report.verdict is Verdict.FAIL
    if mistake.inside:
        assert mistake.inside in report.wrong_methods
