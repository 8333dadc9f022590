"""`trigrad grade`: what it prints, what it writes and how it ends. The judge only notes."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from trigrad.commands import grade as command
from trigrad.commands.app import app
from trigrad.grade import working
from trigrad.grade.judging import Options, Task
from trigrad.grade.record import Outcome
from trigrad.grade.store import Store, StoreError
from trigrad.verdict.results import Results

RELU = """\
class Relu:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask
    def backward(self, dout):
        return dout * self.mask
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three submissions, in which the command is given."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "submissions"
    folder.mkdir()
    for name in ("anna", "ben", "cleo"):
        (folder / f"{name}.py").write_text(f"{name} = 1\n")
    return tmp_path


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """The tasks that were worked on, with a judge that finds nothing in any file."""
    tasks: list[Task] = []
    grade_one = working.grade_one

    def judge(path: Path, options: Options, _: object) -> Results:
        return Results(str(path), "0", options.seed, options.examples)

    def one(task: Task) -> Outcome:
        tasks.append(task)
        return grade_one(task, judge)

    monkeypatch.setattr(working, "grade_one", one)
    return tasks


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["grade", *arguments])


ONE = ("submissions", "--require", "Relu", "--workers", "1")


def test_a_class(here: Path, seen: list[Task]) -> None:
    (here / "submissions" / "dan.py").write_text("")
    result = run(*ONE)
    assert result.exit_code == 0  # the judge finds nothing wrong with the empty file
    assert [task.submission.id for task in seen] == ["anna", "ben", "cleo", "dan"]
    assert seen[0].options == Options()
    assert "4 of 4 submissions are graded." in result.stdout
    with (here / "graded" / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 5
    assert (here / "graded" / "class.html").is_file()


def test_a_second_run_has_nothing_to_do(here: Path, seen: list[Task]) -> None:
    run(*ONE)
    result = run(*ONE)
    assert (result.exit_code, len(seen)) == (0, 3)
    assert "3 of 3 have not changed and keep their grades" in result.stderr
    assert "3 of 3 submissions are graded." in result.stdout
    (here / "submissions" / "ben.py").write_text("ben = 2\n")
    run(*ONE)
    run(*ONE, "--again", "cleo")
    assert [task.submission.id for task in seen[3:]] == ["ben", "cleo"]


def test_the_options_reach_the_judge(here: Path, seen: list[Task]) -> None:
    contracts = here / "contracts.py"
    contracts.write_text("from trigrad.contracts import contract\ncontract('Swish', 'x: N D')\n")
    options = ["--seed", "7", "--examples", "3", "--timeout", "2", "--numpy-only"]
    result = run(*ONE, *options, "--hints", "fix", "--contracts", "contracts.py")
    assert result.exit_code == 0, result.stderr
    assert seen[0].options == Options(7, 3, 2.0, "fix", True, 60.0, str(contracts))  # type: ignore[arg-type]


def test_what_is_missing_and_what_is_left_out(here: Path, seen: list[Task]) -> None:
    (here / "roster.csv").write_text("id,name\nanna,Anna\nben,Ben\neve,Eve\n")
    (here / "submissions" / "doc.pdf").write_text("")
    result = run(*ONE, "--roster", "roster.csv")
    assert result.exit_code == 1  # the document
    assert "nothing from: eve" in result.stdout
    assert "note: not in the roster: cleo, doc" in result.stdout
    assert "not graded: doc: left out: doc.pdf (no Python, notebook or Markdown)" in result.stdout
    assert len(seen) == 4


def test_nothing_that_can_be_graded(here: Path) -> None:
    for path in (here / "submissions").iterdir():
        path.unlink()
    (here / "submissions" / "doc.pdf").write_text("")
    result = run(*ONE)
    assert result.exit_code == 2
    assert "0 of 1 submissions are graded." in result.stdout


def test_a_class_in_parts(here: Path, seen: list[Task]) -> None:
    result = run(*ONE, "--shard", "1/2")
    assert result.exit_code == 0
    assert "When all parts are graded: trigrad grade --views graded" in result.stdout
    assert not (here / "graded" / "grades.csv").exists()
    run(*ONE, "--shard", "2/2")
    assert len(seen) == 3
    result = run("--views", "graded")
    assert "3 of 3 submissions are graded." in result.stdout
    assert (here / "graded" / "grades.csv").is_file()


def test_the_views_are_the_same_when_they_are_made_again(here: Path, seen: list[Task]) -> None:
    run(*ONE)
    before = {path: path.read_bytes() for path in (here / "graded").rglob("*") if path.is_file()}
    assert run("--views", "graded").exit_code == 0
    after = {path: path.read_bytes() for path in (here / "graded").rglob("*") if path.is_file()}
    assert before == after
    assert len(seen) == 3


@pytest.mark.usefixtures("seen")
def test_an_anonymous_class(here: Path) -> None:
    result = run(*ONE, "--anonymous", "map")
    assert result.exit_code == 0, result.stderr
    assert not any("anna" in path.name for path in (here / "graded").rglob("*"))
    assert "anna" in (here / "map" / "names.json").read_text()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "which submissions? Give their folder"),
        (["none", "--require", "Relu"], "none does not exist"),
        (["submissions"], "what is to be handed in? Say so with --require Affine,Relu"),
        (["submissions", "--require", "Rellu"], "no layer is named 'Rellu'; is one of these meant"),
        (["submissions", "--rubric", "none.toml"], "none.toml cannot be read: No such file"),
        (["submissions", "--require", "Relu", "--roster", "none.csv"], "none.csv cannot be read"),
        (["submissions", "--require", "Relu", "--shard", "3/2"], "--shard is '3/2', should be K/N"),
        (["submissions", "--require", "Relu", "--again", "bem"], "is one of these meant: ben"),
        (["submissions", "--require", "Relu", "--contracts", "c.py"], "c.py"),
        (["submissions", "--require", "Relu", "--out", "submissions/x"], "should be outside of it"),
        (["--views", "none"], "none is not a graded class"),
    ],
)
def test_one_clear_message(here: Path, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("trigrad: ")
    assert words in line
    assert not (here / "graded").exists()


@pytest.mark.usefixtures("here")
def test_without_dask(seen: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    from trigrad.grade import dask_workers

    monkeypatch.setattr(dask_workers, "dask_is_there", lambda: False)
    result = run("submissions", "--require", "Relu")
    assert result.exit_code == 0
    assert "one at a time: Dask is not installed; pip install 'trigrad[grade]'" in result.stderr
    assert len(seen) == 3
    for options in (["--workers", "2"], ["--scheduler", "tcp://127.0.0.1:9"]):
        result = run("submissions", "--require", "Relu", *options)
        assert result.exit_code == 2
        assert "Dask is not installed" in result.stderr


@pytest.mark.usefixtures("here")
def test_a_disk_that_is_full_in_the_middle(
    seen: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Store.write

    def full(store: Store, record: Any) -> None:
        if record.id == "ben":
            raise StoreError("ben.json cannot be written: No space left on device")
        write(store, record)

    monkeypatch.setattr(Store, "write", full)
    result = run(*ONE)
    assert result.exit_code == 1
    assert result.stderr == (
        "trigrad: ben.json cannot be written: No space left on device; what is graded is kept: "
        "mend that and run the same command again\n"
    )
    monkeypatch.setattr(Store, "write", write)
    assert run(*ONE).exit_code == 0
    assert [task.submission.id for task in seen] == ["anna", "ben", "ben", "cleo"]


def test_a_scheduler_that_is_not_there(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trigrad.grade import dask_workers

    if not dask_workers.dask_is_there():
        pytest.skip("Dask is not installed")
    monkeypatch.setattr(dask_workers, "_SECONDS_TO_CONNECT", 0.5)
    result = run("submissions", "--require", "Relu", "--scheduler", "tcp://127.0.0.1:9")
    assert result.exit_code == 2
    assert "there is no scheduler at tcp://127.0.0.1:9" in result.stderr
    assert Store(here / "graded").read_run().ids == ("anna", "ben", "cleo")


@pytest.mark.usefixtures("here")
def test_an_error_of_trigrads_own_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Callable[[], None]:
        raise RuntimeError("a defect")

    monkeypatch.setattr(command, "_workers", broken)
    monkeypatch.delenv("TRIGRAD_DEBUG", raising=False)
    result = run(*ONE)
    assert result.exit_code == 2
    assert "a defect" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has other signals")
def test_ctrl_c_keeps_what_is_graded(here: Path) -> None:
    for number in range(40):  # each of its own text, which is judged by itself
        (here / "submissions" / f"s{number}.py").write_text(f"{RELU}\nNUMBER = {number}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "trigrad", "grade", *ONE],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    records = here / "graded" / "records"
    until = time.monotonic() + 60
    while len(list(records.glob("*.json"))) < 5 and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "what is graded is kept in graded: run the same command again to go on" in errors
    assert 5 <= len(list(records.glob("*.json"))) < 43
    assert not list(records.glob(".*"))
