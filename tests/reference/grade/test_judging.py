"""One submission, from what was handed in to its record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trigrad.grade.judging import Options, Task, Tell, grade_one, judged, write_death
from trigrad.grade.record import Outcome, Record
from trigrad.grade.rubric import LayerRubric, Rubric
from trigrad.grade.store import Store
from trigrad.grade.submissions import Part, Submission
from trigrad.hints import Hints
from trigrad.verdict.results import Results

RELU = """\
class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask
"""
RUBRIC = Rubric((LayerRubric("Relu", 2.0),), due=datetime(2026, 11, 2, tzinfo=UTC))


def graded(
    place: Path, name: str = "", *, refused: str = "", rubric: Rubric = RUBRIC, **options: object
) -> Record:
    parts = () if refused else (Part(place, name),)
    time = datetime(2026, 11, 3, 1, tzinfo=UTC)
    one = Submission("anna", "Anna", place.name, parts, time, refused)
    options = {"examples": 3, **options}
    task = Task(one, "key", {"trigrad": "x"}, Options(**options), rubric, place.parent / "graded")  # type: ignore[arg-type]
    outcome = grade_one(task)
    record = Store(task.folder).read("anna")
    assert record is not None
    assert record.outcome is outcome
    return record


def test_a_folder_with_several_files(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "layers.py").write_text(RELU)
    (folder / "net.py").write_text("from src.layers import Relu\n\nclass MulLayer:\n    pass\n")
    (folder / "notes.md").write_text("Only words.\n")
    record = graded(folder)
    assert record.outcome is Outcome.GRADED
    assert record.grade.points == 2
    assert record.grade.items[0].file == "src/layers.py"
    assert [report["subject"]["path"] for report in record.reports] == [
        "net.py", "notes.md", "src/layers.py",
    ]  # fmt: skip
    assert [each.path for each in record.structure] == ["net.py", "src/layers.py"]
    assert record.submission.submitted == "2026-11-03T01:00:00Z"
    assert record.submission.late_seconds == 25 * 3600  # said, never deducted


def test_the_folder_in_which_it_was_judged_is_told_nowhere(tmp_path: Path) -> None:
    text = RELU.replace("x > 0", "open(__file__ + 'none')").replace("Relu", "Relu")
    path = tmp_path / "anna.py"
    path.write_text(f"import missing_of_mine\n{text}\nclass Affine\n")
    told = graded(path, "anna.py").to_json().decode()
    assert "/submission" not in told
    path.write_text(text)
    assert "/submission" not in graded(path, "anna.py").to_json().decode()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "anna.py is empty: there is nothing to judge"),
        ("def f(:\n", "syntax error in anna.py, line 1"),
    ],
)
def test_what_cannot_be_graded_has_no_points_and_a_reason(
    tmp_path: Path, text: str, why: str
) -> None:
    path = tmp_path / "anna.py"
    path.write_text(text)
    record = graded(path, "anna.py")
    assert record.outcome is Outcome.NOT_GRADABLE
    assert why in (record.why or "")
    assert record.grade.points == 0
    assert record.grade.items[0].why == record.why


def test_python_without_a_layer_is_graded(tmp_path: Path) -> None:
    path = tmp_path / "anna.py"
    path.write_text("x = 1\n")
    record = graded(path, "anna.py")
    assert (record.outcome, record.why) == (Outcome.GRADED, None)
    assert record.grade.items[0].why == "missing"


def test_nothing_and_no_python(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    folder.mkdir()
    assert graded(folder).why == "it is empty"
    (folder / "a.docx").write_text("")
    assert graded(folder).why == "left out: a.docx (no Python, notebook or Markdown)"


def test_what_is_refused_is_not_looked_at(tmp_path: Path) -> None:
    record = graded(tmp_path / "anna", refused="there are 2 submissions: a, b; keep one")
    assert record.why == "there are 2 submissions: a, b; keep one"
    assert record.outcome is Outcome.NOT_GRADABLE


SQUARE = """\
class Square:
    def forward(self, x):
        self.x = x
        return x ** 2
    def backward(self, dout):
        return 2 * self.x * dout
"""


def test_a_required_layer_of_the_shelf_is_known_by_its_forward(tmp_path: Path) -> None:
    rubric = Rubric((LayerRubric("Square", 2.0),))
    path = tmp_path / "anna.py"
    path.write_text(SQUARE)
    right = graded(path, "anna.py", rubric=rubric)
    assert right.grade.items[0].why == "everything is right"
    assert right.grade.points == 2

    path.write_text(SQUARE.replace("dout", "dout + 1"))
    assert graded(path, "anna.py", rubric=rubric).grade.points == 0

    cube = SQUARE.replace("x ** 2", "x ** 2 + np.sin(x)").replace(
        "2 * self.x", "(2 * self.x + np.cos(self.x))"
    )
    path.write_text(f"import numpy as np\n\n{cube}")
    another = graded(path, "anna.py", rubric=rubric)
    assert another.reports[0]["layers"][0]["verdict"] == "inconclusive"
    assert "is not the function that trigrad knows" in another.grade.items[0].why


def test_a_declaration_does_not_make_another_function_of_that_name_right(tmp_path: Path) -> None:
    path = tmp_path / "anna.py"
    path.write_text("# trigrad: x: N D\n" + RELU.replace("self.mask", "self.two"))
    assert graded(path, "anna.py").grade.items[0].why == "everything is right"
    twice = RELU.replace("x * self.mask", "2 * x * self.mask")
    twice = twice.replace("dout * self.mask", "2 * dout * self.mask")
    path.write_text("# trigrad: x: N D\n" + twice)
    record = graded(path, "anna.py")
    assert record.reports[0]["layers"][0]["verdict"] == "inconclusive"
    assert "is not the function that trigrad knows" in record.grade.items[0].why


def test_another_name_of_a_layer_of_the_shelf_stands_for_it(tmp_path: Path) -> None:
    rubric = Rubric((LayerRubric("Square", 2.0),))
    path = tmp_path / "anna.py"
    another = SQUARE.replace("class Square", "class SquareLayer")
    path.write_text("import numpy as np\n\n" + another.replace("x ** 2", "x ** 2 + np.sin(x)"))
    record = graded(path, "anna.py", rubric=rubric)
    assert record.reports[0]["layers"][0]["layer"] == "Square"
    assert record.grade.items[0].why.startswith("not decided")


@pytest.mark.parametrize("hints", list(Hints))
def test_the_record_reveals_no_more_than_the_hints(tmp_path: Path, hints: Hints) -> None:
    path = tmp_path / "anna.py"
    path.write_text(RELU.replace("return dout * self.mask", "return dout"))
    record = graded(path, "anna.py", hints=hints, repair_seconds=20.0)
    (layer,) = record.reports[0]["layers"]
    assert (layer["diagnosis"] is None) == (hints is Hints.LAW)
    assert (layer["repair"] is None) == (hints is Hints.LAW)
    if hints is not Hints.LAW:
        (edit,) = layer["repair"]["edits"]
        assert (edit["after"] is not None) == (hints is Hints.FIX)
    (mistake,) = record.mistakes  # which are for the teacher
    assert mistake.what == (
        "the gradient of x: dout itself: the multiplication by the local derivative is missing"
    )


def test_a_machine_without_a_sandbox_is_no_students_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trigrad.sandbox.host import ForkServer, SandboxError

    def broken(*_: object) -> None:
        raise SandboxError("no more processes")

    monkeypatch.setattr(ForkServer, "fork", broken)
    path = tmp_path / "anna.py"
    path.write_text(RELU)
    with pytest.raises(SandboxError):
        judged(path, Options())


def test_a_death_has_no_points_at_all(tmp_path: Path) -> None:
    one = Submission("anna", "Anna", "anna.py", (Part(tmp_path / "anna.py", "anna.py"),))
    write_death(Task(one, "key", {}, Options(), RUBRIC, tmp_path), "it died")
    record = Store(tmp_path).read("anna")
    assert record is not None
    assert (record.outcome, record.why, record.grade.points) == (
        Outcome.GRADER_DIED, "it died", None,
    )  # fmt: skip


def test_a_student_does_not_see_another_ones_file(tmp_path: Path) -> None:
    """Neither by importing it nor by opening it, while both lie in one folder."""
    (tmp_path / "ben.py").write_text(RELU)
    path = tmp_path / "anna.py"
    path.write_text("from ben import Relu\n")
    assert graded(path, "anna.py").grade.points == 0
    path.write_text(f"exec(open({str(tmp_path / 'ben.py')!r}).read())\n")
    assert graded(path, "anna.py").grade.points == 0


def test_a_judge_is_called_for_each_file(tmp_path: Path) -> None:
    folder = tmp_path / "anna"
    folder.mkdir()
    for name in ("a.py", "b.py"):
        (folder / name).write_text(RELU)
    seen = []

    def fake(path: Path, options: Options, _: Tell) -> Results:
        seen.append((path.name, path.read_text()))
        return Results(str(path), "", options.seed, options.examples)

    one = Submission("anna", "Anna", "anna", (Part(folder),))
    task = Task(one, "key", {}, Options(), RUBRIC, tmp_path / "graded")
    assert grade_one(task, fake) is Outcome.GRADED
    assert seen == [("a.py", RELU), ("b.py", RELU)]
