"""The help of the commands in a language that has no spaces between its words."""

from __future__ import annotations

from typer.testing import CliRunner

from trigrad.commands.app import app


def test_help_without_spaces_is_not_cut_off() -> None:
    command = ["check", "--lang", "zh", "--help"]
    narrow = CliRunner().invoke(app, command, env={"COLUMNS": "80"}).output
    assert "只检查这个层" in narrow
    assert "…" not in narrow
