"""The help of the commands in a language that has no spaces between its words."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from trigrad.commands.app import app


def test_help_without_spaces_is_not_cut_off() -> None:
    command = ["check", "--lang", "zh", "--help"]
    narrow = CliRunner().invoke(app, command, env={"COLUMNS": "80"}).output
    assert "只检查这个层" in narrow
    assert "…" not in narrow


@pytest.mark.parametrize(
    "command",
    [
        ["draw", "--lang", "zh", "--help"],
        ["draw", "--help", "--lang", "zh"],
        ["--help", "draw", "--lang=zh"],
        ["--lang", "zh"],
    ],
)
def test_all_of_the_help_is_in_the_language_wherever_it_is_asked_for(command: list[str]) -> None:
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0
    assert "用法: " in done.output
    assert "选项" in done.output
    assert not any(word in done.output for word in ("Usage", "OPTIONS", "[default", "[required"))


def test_what_follows_two_dashes_is_no_language() -> None:
    done = CliRunner().invoke(app, ["draw", "--layer", "A", "--", "--lang", "zh"])
    assert "there is no --lang" not in done.output
    assert "not understood" in done.output


def test_help_is_there_if_the_environment_asks_for_a_language_that_is_not() -> None:
    done = CliRunner().invoke(app, ["--help"], env={"TRIGRAD_LANG": "xx", "LC_ALL": "ja_JP"})
    assert done.exit_code == 0
    assert "使い方: " in done.output
