"""What is said of single lines, for GitHub and for editors."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from typer.testing import CliRunner

from trigrad import Report, check
from trigrad.commands.app import app
from trigrad.hints import Hints
from trigrad.report.annotations import Annotation, Level, annotated
from trigrad.report.as_annotations import as_github, as_lines
from trigrad.subject.face import Where

LEARNERS = Path(__file__).parents[2] / "learners"
WRONG = "db_mean.py"
FIX = "self.db = dout.sum(axis=0)"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a wrong file, a wrong notebook and a file that is not written yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    shutil.copy(LEARNERS / "wrong" / "affine_db_mean.py", WRONG)
    shutil.copy(LEARNERS / "wrong" / "mul_backward_adds.ipynb", "mul.ipynb")
    text = "class Relu:\n    def forward(self, x):\n        pass\n    def backward(self, dout):\n"
    Path("empty.py").write_text(f"{text}        pass\n")
    return tmp_path


def found(path: str, **options: object) -> list[Annotation]:
    return list(annotated(check(path, examples=3, **options)))  # type: ignore[arg-type]


def test_each_line_that_editors_read(here: Path) -> None:  # noqa: ARG001
    error, *notes = [line for each in found(WRONG) for line in as_lines(each)]
    assert error == f"{WRONG}:19: error: Affine: the gradient of b is not the derivative of forward"
    assert f"{WRONG}:19: note: Affine: so: forward is right; the mistake is in backward" in notes
    assert any(FIX in note and "verified fix" in note for note in notes)
    assert all(re.match(rf"{WRONG}:\d+: note: Affine: \S", note) for note in notes)


def test_a_command_for_github(here: Path) -> None:  # noqa: ARG001
    error, *rest = map(as_github, found(WRONG))
    head, text = error.split("::")[1:]
    assert head == f"error file={WRONG},line=19,title=Affine"
    lines = unquote(text).split("\n")
    assert lines[0] == "the gradient of b is not the derivative of forward"
    assert any(FIX in line for line in lines)
    assert not any(line.startswith("suggestion") for line in lines), "it has a notice of its own"
    assert rest
    assert all(each.startswith("::notice ") for each in rest)


@pytest.mark.parametrize("hints", [Hints.LAW, Hints.LINE])
def test_hints_are_kept(here: Path, hints: Hints) -> None:  # noqa: ARG001
    said = found(WRONG, hints=hints)
    text = "\n".join([*map(as_github, said), *(line for each in said for line in as_lines(each))])
    assert FIX not in text
    assert "mean over the batch" not in text
    assert (f"{WRONG}:19:" in text) == hints.names_lines
    assert (f"{WRONG}:5: error" in text) != hints.names_lines, "where the layer is defined"


def test_a_notebook_says_the_cell(here: Path) -> None:  # noqa: ARG001
    error = found("mul.ipynb")[0]
    assert next(as_lines(error)).startswith("mul.ipynb:12: error: cell 2: MulLayer: the gradient")
    assert as_github(error).startswith(
        "::error file=mul.ipynb,title=MulLayer (cell 2%2C line 12)::the gradient"
    ), "lines of the file are others"


@pytest.mark.parametrize(
    ("path", "options", "level", "words"),
    [
        ("empty.py", {}, Level.WARNING, "not written yet"),
        ("empty.py", {"require": ["Affine"]}, Level.ERROR, "is required, but is not in empty.py"),
        ("nothing.py", {}, Level.ERROR, "there is no file or folder nothing.py"),
    ],
)
def test_what_is_not_judged(
    here: Path,  # noqa: ARG001
    path: str,
    options: dict[str, object],
    level: Level,
    words: str,
) -> None:
    last = found(path, **options)[-1]
    assert last.level is level
    assert words in last.sentence
    assert as_github(last).startswith(f"::{level} file={path},")


def test_code_that_is_not_known_is_a_warning(here: Path) -> None:
    text = (
        "class Odd:\n    def forward(self, a): return a['x']\n    def backward(self, q): return q\n"
    )
    (here / "odd.py").write_text(text)
    (only,) = found("odd.py")
    assert (only.level, only.name) == (Level.WARNING, "Odd")
    assert next(as_lines(only)).startswith("odd.py:1: warning: Odd: not judged, ")


def test_what_is_right_says_nothing(here: Path) -> None:
    shutil.copy(LEARNERS / "right" / "relu_in_three_ways.py", here / "right.py")
    assert not [each for each in found("right.py") if each.level is not Level.NOTICE]


def test_paths_of_a_folder_lead_to_its_files(here: Path) -> None:
    (here / "src").mkdir()
    (here / WRONG).rename(here / "src" / WRONG)
    assert found("src")[0].path == f"src/{WRONG}"
    assert found(f"src/{WRONG}")[0].path == f"src/{WRONG}"


def test_paths_begin_at_the_root_of_the_repository(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(here))
    (here / "src").mkdir()
    (here / WRONG).rename(here / "src" / WRONG)
    monkeypatch.chdir(here / "src")
    assert as_github(found(WRONG)[0]).startswith(f"::error file=src/{WRONG},line=")


def test_nothing_begins_another_command() -> None:
    said = Annotation(
        Level.ERROR,
        "a,b:c\n::d.py",
        Where("x", None, 3),
        "é%\r",
        "100%\n::stop-commands::x\r\n\x1b[31m\u2028y",
    )
    assert as_github(said) == (
        "::error file=a%2Cb%3Ac%0A%3A%3Ad.py,line=3,title=é%25%0D::"
        "100%25%0A::stop-commands::x%0D%0A\x1b[31m\u2028y"
    )
    (line,) = as_lines(said)
    assert line == "a,b:c ::d.py:3: error: é% : 100% ::stop-commands::x  \\x1b[31m y"


def test_the_command_prints_them_and_ends_as_always(here: Path) -> None:  # noqa: ARG001
    run = CliRunner().invoke
    options = [WRONG, "mul.ipynb", "--examples", "3", "--layer", "MulLayer"]
    lines = run(app, ["check", *options, "--format", "lines"])
    assert lines.exit_code == 1
    assert all(
        re.match(r"[\w.]+:\d+: (error|warning|note): ", x) for x in lines.stdout.splitlines()
    )
    github = run(app, ["check", *options, "--format", "github"])
    assert github.exit_code == 1
    assert all(re.match(r"::(error|warning|notice) file=", x) for x in github.stdout.splitlines())
    assert len(github.stdout.splitlines()) > 1


def test_the_report_is_not_changed_by_them(here: Path) -> None:  # noqa: ARG001
    report: Report = check(WRONG, examples=3)
    before = json.dumps(report.to_dict())
    list(annotated(report))
    assert json.dumps(report.to_dict()) == before
