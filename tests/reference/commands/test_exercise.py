"""`trigrad exercise`: what it writes, what it refuses, and how it ends."""

from __future__ import annotations

from pathlib import Path

import nbformat
from typer.testing import CliRunner, Result

from trigrad.commands.app import app


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["exercise", *map(str, arguments)])


def test_it_writes_both_notebooks(tmp_path: Path) -> None:
    out, solutions = tmp_path / "relu.ipynb", tmp_path / "teacher.ipynb"
    ended = run("Relu", "--out", out, "--solutions", solutions)
    assert ended.exit_code == 0, ended.output
    assert "relu.ipynb is written" in ended.output
    blank, solved = (nbformat.read(path, 4) for path in (out, solutions))
    assert "NotImplementedError" in nbformat.writes(blank)
    assert "NotImplementedError" not in nbformat.writes(solved)


def test_a_name_that_is_not_known_is_refused_with_one_that_is_near(tmp_path: Path) -> None:
    ended = run("Afine", "--out", tmp_path / "a.ipynb")
    assert ended.exit_code == 2
    assert "trigrad.impl has no Afine" in ended.output
    assert "Affine" in ended.output
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "a.ipynb"
    out.write_text("mine", encoding="utf-8")
    ended = run("Relu", "--out", out)
    assert ended.exit_code == 2
    assert "is there already" in ended.output
    assert out.read_text(encoding="utf-8") == "mine"


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    ended = run("Relu", "--out", tmp_path / "nowhere" / "a.ipynb")
    assert ended.exit_code == 2
    assert "cannot be written" in ended.output


def test_a_class_that_inherits_its_methods_is_refused(tmp_path: Path) -> None:
    ended = run("TimeEmbedding", "--out", tmp_path / "a.ipynb")
    assert ended.exit_code == 2
    assert "inherits its methods" in ended.output


def test_the_solutions_never_take_the_place_of_the_exercise(tmp_path: Path) -> None:
    out = tmp_path / "a.ipynb"
    ended = run("Relu", "--out", out, "--solutions", tmp_path / "." / "a.ipynb")
    assert ended.exit_code == 2
    assert "choose two names" in ended.output
    assert not out.exists()


def test_only_what_is_named_as_a_notebook_is_written(tmp_path: Path) -> None:
    ended = run("Relu", "--out", tmp_path / "a.txt")
    assert ended.exit_code == 2
    assert "should end in .ipynb" in ended.output
    assert not list(tmp_path.iterdir())
