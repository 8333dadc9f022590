"""How the command line ends where it was not understood: with a hint, and as JSON if asked."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from contextvars import copy_context
from difflib import get_close_matches
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from trigrad.commands.help_texts import in_language
from trigrad.commands.language import language_first, speak_at_first, with_language
from trigrad.commands.misuse import MisuseError, UsageError, misuse_in_words
from trigrad.commands.output import print_json
from trigrad.messages import Message

_COMPLETION = ("install_completion", "show_completion")


class Group(TyperGroup):
    """A group of commands. One that is not there is an error in our words."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; where there is none of that name, name those that are like it."""
        if self.get_command(ctx, args[0]) is None:
            near = tuple(get_close_matches(args[0], self.commands))
            said = (
                Message("usage.unknown_command.near", word=args[0], near=near)
                if near
                else Message("usage.unknown_command.all", word=args[0], all=(*self.commands,))
            )
            raise MisuseError(str(said), ctx)
        return super().resolve_command(ctx, args)


class Commands(Group):
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
        context = copy_context()
        context.run(speak_at_first)
        return context.run(partial(super().main, *given, **named))

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
            return super().make_context(info_name, language_first(args), *rest, **extra)
        except UsageError as error:
            self._end(error, self, str(info_name))

    def invoke(self, ctx: Any) -> Any:
        """Run the command, after its own options are parsed."""
        try:
            return super().invoke(ctx)
        except UsageError as error:
            name = ctx.invoked_subcommand
            below = self.get_command(ctx, name) if name else None
            self._end(error, below or self, f"{ctx.command_path} {name if below else ''}".strip())

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; where a path stands in its place, name the command that takes it."""
        if self.get_command(ctx, args[0]) is None and _is_a_path(args[0]):
            ends_with_hint(args, as_json=self._json)
        return super().resolve_command(ctx, args)

    def _end(self, error: typer.BadParameter, command: Any, path: str) -> NoReturn:
        if type(error).__name__ == "NoArgsIsHelpError":  # the help is printed already
            raise error
        finish_without(misuse_in_words(error, command, path), as_json=self._json)


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
