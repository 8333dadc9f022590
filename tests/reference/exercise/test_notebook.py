"""Exercises: what stands in the notebooks, and that trigrad judges them as it should."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from trigrad import check
from trigrad.exercise.notebook import Exercise, to_find, to_write, write
from trigrad.exercise.planting import NoMistakeError, planted
from trigrad.exercise.source_text import SourceText, source_text
from trigrad.verdict.results import Verdict


def verdicts(notebook: nbformat.NotebookNode, folder: Path) -> dict[str, Verdict]:
    path = folder / "exercise.ipynb"
    write(notebook, path)
    report = check(path, repair_seconds=0)
    assert not report.unjudged
    assert "trigrad" not in str(report.notes)
    return {layer.name: layer.verdict for layer in report.layers}


def code_of(notebook: nbformat.NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def test_what_is_to_be_written_is_not_written_and_its_solution_passes(tmp_path: Path) -> None:
    made = to_write(["Affine", "Relu"])
    blank = verdicts(made.notebook, tmp_path)
    assert blank == dict.fromkeys(("Affine", "Relu"), Verdict.UNIMPLEMENTED)
    assert verdicts(made.solutions, tmp_path) == dict.fromkeys(blank, Verdict.PASS)


def test_a_notebook_is_valid_ends_with_a_check_and_is_made_the_same_again() -> None:
    made = to_write(["Sigmoid"])
    nbformat.validate(made.notebook)
    assert made.notebook.cells[-1].source == "check(Sigmoid)"
    assert nbformat.writes(made.notebook) == nbformat.writes(to_write(["Sigmoid"]).notebook)
    assert "self.out * (1" not in nbformat.writes(made.notebook)


@pytest.fixture(scope="module")
def mistake() -> Exercise:
    return to_find(["Affine", "Sigmoid"], seed=3)


def test_what_is_to_be_found_is_wrong_and_its_solution_passes(
    mistake: Exercise, tmp_path: Path
) -> None:
    found = verdicts(mistake.notebook, tmp_path)
    assert (found["Affine"], found["Sigmoid"]) == (Verdict.FAIL, Verdict.FAIL)
    assert set(verdicts(mistake.solutions, tmp_path).values()) == {Verdict.PASS}


def test_the_answer_is_in_the_solutions_alone(mistake: Exercise) -> None:
    wrong, right = code_of(mistake.notebook), code_of(mistake.solutions)
    answers = [c.source for c in mistake.solutions.cells if c.source.startswith("## ")]
    for answer in answers:
        _, after, before = answer.split("```python\n")
        after, before = after.split("\n```")[0], before.split("\n```")[0]
        assert after in wrong
        assert before in right
        assert before != after
        assert answer not in nbformat.writes(mistake.notebook)


def test_one_seed_gives_one_mistake_and_others_give_others() -> None:
    affine = source_text("Affine")
    drawn = [planted("Affine", affine, seed) for seed in (3, 3, 4, 5)]
    assert drawn[0] == drawn[1]
    assert len({each.after for each in drawn}) > 1


def test_a_mistake_gives_wrong_numbers_and_no_error(tmp_path: Path) -> None:
    for seed in range(3):
        text = planted("Relu", source_text("Relu"), seed).text
        path = tmp_path / f"relu{seed}.py"
        path.write_text(f"import numpy as np\n\n{text}\n", encoding="utf-8")
        (layer,) = check(path, repair_seconds=0).layers
        assert layer.verdict is Verdict.FAIL
        failing = [j.finding.evidence for j in layer.judgements if j.fails]
        assert all(each is not None and each.raised is None for each in failing)


def test_where_no_edit_is_a_mistake_that_is_said() -> None:
    constant = "class Nothing:\n    def forward(self):\n        pass\n"
    with pytest.raises(NoMistakeError):
        planted("Nothing", SourceText(constant), 0)
