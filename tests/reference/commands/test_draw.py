"""The command line: `trigrad draw`, and `trigrad check --html`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from trigrad.commands.app import app

LEARNERS = Path(__file__).parents[2] / "learners"
WRONG = str(LEARNERS / "wrong" / "mul_backward_adds.ipynb")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_a_wrong_layer_is_drawn_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "mul.svg"
    status, said, _ = run("draw", WRONG, "--layer", "MulLayer", "--out", str(out))
    assert (status, said) == (0, f"{out} is written: MulLayer, fail\n")
    assert "5 ✗ should be 6" in out.read_text("utf-8")


def test_a_pair_of_functions_has_a_file_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = "def add_forward(x, y):\n    return x + y\ndef add_backward(dout):\n"
    (tmp_path / "pair.py").write_text(f"{pair}    return dout, dout\n")
    monkeypatch.chdir(tmp_path)
    status, said, words = run("draw", "pair.py", "--layer", "add_forward", "--in-process")
    assert status == 0, words
    assert said.startswith("add_forward.svg is written: add_forward/add_backward")
    assert (tmp_path / "add_forward.svg").is_file()


def test_numbers_of_the_case(tmp_path: Path) -> None:
    out = tmp_path / "mul.svg"
    given = ("--layer", "MulLayer", "--out", str(out), "--at", "x=100, y=2, dout=1.1")
    assert run("draw", *given)[0] == 0
    text = out.read_text("utf-8")
    assert all(f">{number}<" in text for number in ("100", "200", "← 2.2", "← 110"))


def test_what_cannot_be_drawn(tmp_path: Path) -> None:
    out = str(tmp_path / "x.svg")
    for given, why in (
        (("--layer", "Nothing"), "no layer Nothing"),
        (("--layer", "MulLayer", "--at", "x=a"), "should be like"),
        (("--layer", "MulLayer", "--at", "z=1"), "its case has no z, but x, y, dout"),
        (("--layer", "Adam"), "no picture of Adam"),
    ):
        status, said, words = run("draw", *given, "--out", out)
        assert (status, said) == (2, "")
        assert why in words or given[1] in words
    status, _, words = run("draw", "--layer", "MulLayer", "--out", str(tmp_path / "no" / "x.svg"))
    assert status == 2
    assert "cannot be written" in words


def test_the_report_as_a_page(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    status, said, _ = run("check", WRONG, "--html", str(out), "--repair-seconds", "0")
    assert status == 1
    assert "✗ MulLayer" in said
    assert "<svg" in out.read_text("utf-8")
    status, _, words = run("check", WRONG, WRONG, "--html", str(out))
    assert status == 2
    assert "one path" in words
