"""How the command line ends where it was not understood: with a hint, and as JSON if asked."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from contextvars import copy_context
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from trigrad.commands.help_texts import in_language
from trigrad.commands.language import with_language
from trigrad.commands.output import print_json
from trigrad.messages import Message

_UsageError = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])
"""Click's, which Typer brings along under a name that depends on its version."""

_COMPLETION = ("install_completion", "show_completion")


class Commands(TyperGroup):
    """The commands of `trigrad`. A usage error is one JSON object where `--format json` is given.

    The options that install the shell's completion are there, but not in the help: who begins
    needs neither.
    """

    _json = False

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        with_language(self)
        in_language(self)

    def main(self, *given: Any, **named: Any) -> Any:
        """Run in a context of its own, in which `--lang` chooses the language."""
        return copy_context().run(partial(super().main, *given, **named))

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **extra: Any) -> Any:
        """Parse the options before the command."""
        self._json = _asks_for_json(args)
        try:
            os.getcwd()
        except OSError:  # relative paths mean nothing there, and libraries cannot be imported
            finish_without(str(Message("usage.no_folder")), as_json=self._json)
        for parameter in self.params:
            if parameter.name in _COMPLETION and isinstance(parameter, typer.core.TyperOption):
                parameter.hidden = True
        try:
            return super().make_context(info_name, args, *rest, **extra)
        except _UsageError as error:
            self._end(error)

    def invoke(self, ctx: Any) -> Any:
        """Run the command, after its own options are parsed."""
        try:
            return super().invoke(ctx)
        except _UsageError as error:
            self._end(error)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; where a path stands in its place, name the command that takes it."""
        if self.get_command(ctx, args[0]) is None and _is_a_path(args[0]):
            ends_with_hint(args, as_json=self._json)
        return super().resolve_command(ctx, args)

    def _end(self, error: typer.BadParameter) -> NoReturn:
        if self._json:
            finish_without(error.format_message(), as_json=True)
        raise error


def ends_with_hint(args: Sequence[str], *, as_json: bool) -> NoReturn:
    """End a command line that begins with a path."""
    command = f"trigrad check {shlex.join(args)}"
    finish_without(str(Message("usage.no_command", word=args[0], command=command)), as_json=as_json)


def finish_without(
    message: str, *, as_json: bool, path: str | None = None, seed: int = 0
) -> NoReturn:
    """End with status 2 and one message: as a line on stderr, or as the JSON object on stdout."""
    if as_json:
        from trigrad.report.report import Report

        report = Report("" if path is None else path, "", seed, 0, error=message)
        print_json(report.to_dict())
    else:
        typer.echo(f"trigrad: {message}", err=True)
    raise typer.Exit(2)


def _is_a_path(word: str) -> bool:
    from trigrad.subject.source.chunks import CODE_SUFFIXES
    from trigrad.subject.source.sources import there

    return word.lower().endswith(CODE_SUFFIXES) or os.sep in word or there(Path(word))


def _asks_for_json(args: Sequence[str]) -> bool:
    """Whether the words of a command line ask for JSON, even if they cannot all be understood."""
    words = list(args)
    if "--" in words:
        words = words[: words.index("--")]
    return "--format=json" in words or ("--format", "json") in pairwise(words)
