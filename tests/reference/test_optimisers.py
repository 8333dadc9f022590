"""Optimisers: right ones in many spellings pass, and each single mistake fails and is named."""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path

import pytest
from optimizer_mistakes import MISTAKES, Mistake

from trigrad import check
from trigrad.contracts.schema import Kind
from trigrad.opening import open_subject
from trigrad.verdict.layer_verdict import try_layer
from trigrad.verdict.results import LayerReport, Verdict

OPTIMISERS = Path(__file__).parents[1] / "learners" / "optimizers"
RIGHT = sorted((OPTIMISERS / "right").glob("*.py"))
WRONG = sorted((OPTIMISERS / "wrong").glob("*.py"))
FOUND = tomllib.loads((OPTIMISERS / "mistakes.toml").read_text("utf-8"))
SLIP = "optimiser.slip."


def judged(path: Path) -> list[LayerReport]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        subject = open_subject(path)
    assert not subject.unjudged
    reports = [try_layer(candidate, 0, 20) for candidate in subject.candidates]
    found = [report for report in reports if isinstance(report, LayerReport)]
    assert len(found) == len(reports)
    return found


def of_text(text: str, folder: Path) -> list[LayerReport]:
    path = folder / "optim.py"
    path.write_text(text, encoding="utf-8")
    return judged(path)


def named(report: LayerReport) -> str:
    mistakes = report.diagnosis.mistakes if report.diagnosis else ()
    return mistakes[0].words.key if mistakes else ""


def test_there_are_enough_files() -> None:
    assert len(RIGHT) >= 8
    assert len(WRONG) >= 14
    assert {path.stem for path in WRONG} == set(FOUND)


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_right_optimisers_pass(path: Path) -> None:
    for report in judged(path):
        failed = [j.finding.message for j in report.judgements if j.finding.outcome != "pass"]
        assert report.verdict is Verdict.PASS, failed
        assert report.kind is Kind.OPTIMISER
        advice = [j.claim.name for j in report.advice]
        assert advice == (["the usual formula"] if path.stem == "early_nesterov" else [])


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_wrong_optimiser_fails_and_its_mistake_is_named(path: Path) -> None:
    (report,) = judged(path)
    assert report.verdict is Verdict.FAIL
    said = {j.finding.words.key for j in report.failures if j.finding.words}
    expected = FOUND[path.stem]["named"]
    assert named(report) == expected or expected in said


@pytest.mark.parametrize("path", WRONG, ids=lambda path: path.stem)
def test_a_fix_is_verified_and_is_where_the_mistake_is(path: Path) -> None:
    (report,) = check(path, in_process=True, repair_seconds=600.0).layers
    mended = FOUND[path.stem]["mended"]
    repair = report.repair
    assert repair is not None
    lines = {line for change in repair.changes for line in change.lines}
    assert repair.verified is bool(mended)
    assert not mended or mended in lines


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_single_mistake_fails_in_its_definition_only(mistake: Mistake, tmp_path: Path) -> None:
    text = (OPTIMISERS / "right" / f"{mistake.file}.py").read_text("utf-8")
    before, name, after = _at_definition(text, mistake.layer)
    assert mistake.text in name
    reports = of_text(before + name.replace(mistake.text, mistake.instead, 1) + after, tmp_path)
    wrong = [report for report in reports if report.verdict is not Verdict.PASS]
    assert [report.name for report in wrong] == [mistake.layer]
    assert wrong[0].verdict is Verdict.FAIL
    assert named(wrong[0]) == (SLIP + mistake.named if mistake.named else "")


def _at_definition(text: str, name: str) -> tuple[str, str, str]:
    """The text before a definition, its own, and what follows."""
    lines = text.splitlines(keepends=True)
    heads = (f"class {name}:", f"class {name}(", f"def {name}(")
    first = next(i for i, line in enumerate(lines) if line.startswith(heads))
    rest = range(first + 1, len(lines))
    end = next((i for i in rest if lines[i].startswith(("class ", "def "))), len(lines))
    return "".join(lines[:first]), "".join(lines[first:end]), "".join(lines[end:])
