"""A command line that is not understood: said in one line, in the language, with where help is."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from trigrad.commands.app import app


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (
            ["check", "--formt"],
            "there is no option --formt; is one of these meant: --format; see trigrad check --help",
        ),
        (["check", "--zzz"], "there is no option --zzz; see trigrad check --help"),
        (["check", "--seed"], "--seed needs a value; see trigrad check --help"),
        (["check", "--advice=3"], "--advice takes no value; see trigrad check --help"),
        (["draw"], "--layer is missing; see trigrad draw --help"),
        (["check", "--seed", "x"], "--seed has a value that it does not take ("),
        (["draw", "--layer", "A", "b", "c"], "this was not understood ("),
        (
            ["digits", "chek"],
            "chek is not a command; is one of these meant: check; see trigrad",
        ),
        (["qqq"], "qqq is not a command; there are: check, watch"),
        (["digits", "train", "--lr=-1"], "-1.0 is not a number above 0; see trigrad digits train"),
        (["check", "--lang", "xx"], "--lang is 'xx', should be one of en (English)"),
    ],
)
def test_it_is_said_in_one_line(command: list[str], words: str) -> None:
    done = CliRunner().invoke(app, command, prog_name="trigrad")
    assert done.exit_code == 2
    assert done.output.startswith(f"trigrad: {words}")
    assert done.output.count("\n") == 1


def test_it_is_said_in_the_language() -> None:
    done = CliRunner().invoke(app, ["check", "--zzz", "--lang", "ja"], prog_name="trigrad")
    assert done.output == (
        "trigrad: --zzzというオプションはありません。使い方：trigrad check --help\n"
    )
