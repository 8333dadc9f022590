"""What is to be done, and what has been done already."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from trigrad.grade import planning, working
from trigrad.grade.grading import carried_out
from trigrad.grade.judging import Options, Task, Tell
from trigrad.grade.planning import Asked, Plan, plan
from trigrad.grade.record import Outcome, Run
from trigrad.grade.rubric import LayerRubric, Rubric
from trigrad.grade.store import Store, StoreError
from trigrad.grade.submissions import SubmissionsError
from trigrad.grade.working import Done
from trigrad.verdict.results import Results

RUBRIC = Rubric((LayerRubric("Relu", 2.0),))


@pytest.fixture(autouse=True)
def judge(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A judge that only notes what it is given."""
    seen: list[str] = []

    def fake(path: Path, options: Options, _: Tell) -> Results:
        seen.append(path.name)
        return Results(str(path), "", options.seed, options.examples)

    def one(task: Task) -> Outcome:
        return grade_one(task, fake)

    grade_one = working.grade_one
    monkeypatch.setattr(working, "grade_one", one)
    return seen


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name in ("anna", "ben", "cleo"):
        (folder / f"{name}.py").write_text(f"{name} = 1\n")
    return Asked(folder, tmp_path / "graded", RUBRIC, Options())


def ids(plan: Plan) -> list[str]:
    return [task.submission.id for task in plan.tasks]


def run(asked: Asked) -> list[Done]:
    return list(carried_out(plan(asked), asked.out))


def test_only_what_has_changed_is_graded_again(asked: Asked, judge: list[str]) -> None:
    assert [done.id for done in run(asked)] == ["anna", "ben", "cleo"]
    assert run(asked) == []
    assert len(judge) == 3
    (asked.submissions / "ben.py").write_text("ben = 2\n")
    (asked.submissions / "dan.py").write_text("dan = 1\n")
    assert ids(plan(asked)) == ["ben", "dan"]


def test_everything_that_decides_grades_is_in_the_key(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contracts = tmp_path / "contracts.py"
    text = "from trigrad.contracts import contract\ncontract('Mine', 'x: N D')\n"
    contracts.write_text(text)
    run(asked)
    everyone = ["anna", "ben", "cleo"]
    assert ids(plan(asked)) == []
    for other in (
        {"options": Options(seed=1)},
        {"options": Options(contracts=str(contracts))},
        {"rubric": Rubric((LayerRubric("Relu", 3.0),))},
    ):
        assert ids(plan(replace(asked, **other))) == everyone  # type: ignore[arg-type]
    with_contracts = replace(asked, options=Options(contracts=str(contracts)))
    run(with_contracts)
    contracts.rename(tmp_path / "moved.py")
    moved = replace(asked, options=Options(contracts=str(tmp_path / "moved.py")))
    assert ids(plan(moved)) == []  # where it lies does not matter
    (tmp_path / "moved.py").write_text(text + "a = 2\n")
    assert ids(plan(moved)) == everyone
    run(asked)
    monkeypatch.setattr(planning, "version", lambda name: f"{name} 99")
    assert ids(plan(asked)) == everyone


def test_again(asked: Asked, judge: list[str]) -> None:
    run(asked)
    assert ids(plan(replace(asked, again=("ben",)))) == ["ben"]
    with pytest.raises(SubmissionsError, match="'bem'; is one of these meant: ben"):
        plan(replace(asked, again=("bem",)))
    assert len(judge) == 3


def test_a_damaged_record_and_a_dead_grader_are_tried_again(asked: Asked) -> None:
    run(asked)
    records = asked.out / "records"
    (records / "ben.json").write_bytes((records / "ben.json").read_bytes()[:100])
    store = Store(asked.out)
    anna = store.read("anna")
    assert anna is not None
    store.write(replace(anna, outcome=Outcome.GRADER_DIED))
    assert ids(plan(asked)) == ["anna", "ben"]


def test_shards_are_the_whole_class_without_doubles(asked: Asked) -> None:
    parts = [plan(replace(asked, shard=(k, 2))) for k in (1, 2)]
    assert [part.mine for part in parts] == [("anna", "cleo"), ("ben",)]
    assert parts[0].run == parts[1].run
    assert parts[0].run.ids == ("anna", "ben", "cleo")


def test_the_run_says_what_was_asked(asked: Asked, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nanna,Anna\nben,Ben\neve,Eve\n")
    run(replace(asked, roster=roster))
    found = Store(asked.out).read_run()
    assert isinstance(found, Run)
    assert (found.ids, found.missing) == (("anna", "ben", "cleo"), ("eve",))
    assert found.notes == ("not in the roster: cleo",)
    assert found.options["require"] == ["Relu"]
    assert found.options["hints"] == "law"
    assert set(found.versions) == {"python", "trigrad", "numpy", "torch", "hypothesis"}
    names = [record.name for record in Store(asked.out).records(found.ids)]
    assert names == ["Anna", "Ben", "cleo"]


def test_nobody_is_named_in_an_anonymous_class(asked: Asked, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nanna,Anna Berg\nben,Ben Weiss\neve,Eve Noir\nzoe,Zoe\n")
    hidden = replace(asked, roster=roster, map=tmp_path / "map")
    run(hidden)
    files = [path for path in asked.out.rglob("*") if path.is_file()]
    assert len(files) == 4
    told = "".join(f"{path.name} {path.read_text('utf-8')}" for path in files).lower()
    assert not [name for name in ("anna", "ben", "cleo", "eve", "berg", "zoe") if name in told]
    assert ids(plan(hidden)) == []  # the same pseudonyms again
    assert len(ids(plan(replace(hidden, again=("Anna Berg",))))) == 1


def test_the_map_is_kept_apart(asked: Asked) -> None:
    for inside in (asked.out, asked.out / "map"):
        with pytest.raises(SubmissionsError, match="the map of names belongs outside"):
            plan(replace(asked, map=inside))


def test_the_results_are_kept_apart_from_the_submissions(asked: Asked) -> None:
    with pytest.raises(SubmissionsError, match="should be outside of it"):
        plan(replace(asked, out=asked.submissions / "graded"))


def test_two_submissions_that_the_roster_calls_one(asked: Asked, tmp_path: Path) -> None:
    (asked.submissions / "Anna Berg_7_assignsubmission_file_a.py").write_text("x = 1\n")
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nanna,Anna Berg\nben,Ben\ncleo,Cleo\n")
    anna = plan(replace(asked, roster=roster)).tasks[0].submission
    assert anna.id == "anna"
    assert anna.refused.startswith("there are 2 submissions: ")


def test_an_error_of_trigrads_own_is_not_the_students(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = working.grade_one

    def broken(task: Task) -> Outcome:
        if task.submission.id == "ben":
            raise RuntimeError("a defect")
        return ended(task)

    monkeypatch.setattr(working, "grade_one", broken)
    outcomes = [done.outcome for done in run(asked)]
    assert outcomes == [Outcome.GRADED, Outcome.GRADER_DIED, Outcome.GRADED]
    ben = Store(asked.out).read("ben")
    assert ben is not None
    assert ben.why == "trigrad itself failed, or this machine: RuntimeError: a defect"
    assert ben.grade.points is None


def test_a_full_disk_stops_the_run_and_says_so(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("anna.json cannot be written: No space left on device")

    ready = plan(asked)
    todo = carried_out(ready, asked.out)
    assert next(todo).id == "anna"
    monkeypatch.setattr(Store, "write", full)
    assert next(todo).trouble == "anna.json cannot be written: No space left on device"
    monkeypatch.undo()
    assert Store(asked.out).read("anna") is not None
