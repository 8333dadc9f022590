"""`--lang` of every command, and of the groups of commands: the language of what it prints."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from trigrad.catalogue.in_force import (
    UnknownLanguageError,
    language_named,
    language_of_environment,
    language_of_locale,
    speak,
)
from trigrad.catalogue.languages import LANGUAGES
from trigrad.commands.misuse import MisuseError

_NAME = "--lang"

_ASKED = f"{__name__}.asked"
"""Where a command leaves the language that it was asked for to those below it."""


def with_language(command: Any) -> None:
    """Give a command the option, and all commands below it."""
    command.params.append(_option())
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            with_language(each)


def speak_at_first() -> None:
    """Speak the language of the environment; of its locale alone where it asks for none we have."""
    try:
        speak(language_of_environment(os.environ))
    except UnknownLanguageError:  # `_speak` says so; here errors and help need a language
        speak(language_of_locale(os.environ))


def language_first(words: Sequence[str]) -> list[str]:
    """The words of a command line with `--lang` in front, so that all of them obey it.

    `--help` that stands before it would be obeyed first. With no other word, help is asked for.
    """
    first: list[str] = []
    others: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            others += [word, *rest]
        elif word == _NAME and (value := next(rest, None)) is not None:
            first += [word, value]
        else:
            (first if word.startswith(f"{_NAME}=") else others).append(word)
    return [*first, *(others or (["--help"] if first else []))]


def _option() -> Any:
    """The option, which is not an argument of the command's function: made by Typer, as others."""
    carrier = typer.Typer(add_completion=False)
    carrier.command()(_carried)
    (option,) = typer.main.get_command(carrier).params
    option.expose_value = False
    return option


def _speak(ctx: typer.Context, name: str | None) -> str | None:
    """Speak the language from now on, in the context of this run.

    Raises:
        MisuseError: it is not offered, or that of the environment is not.
    """
    asked = name or ctx.meta.get(_ASKED)  # of this command, or of one above it
    ctx.meta[_ASKED] = asked
    try:
        tag = language_named(asked, _NAME) if asked else language_of_environment(os.environ)
        speak(tag)
    except UnknownLanguageError as error:
        known_later = name is None and isinstance(ctx.command, TyperGroup)
        if not known_later and not ctx.resilient_parsing:
            raise MisuseError(str(error)) from error
    return name


def _carried(
    lang: Annotated[
        str | None,
        typer.Option(
            _NAME,
            metavar="|".join(LANGUAGES),
            is_eager=True,  # errors in what follows are said in it, too
            callback=_speak,
            help="The language of what is printed; else TRIGRAD_LANG or the locale says it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Nothing: it has the option."""
    del lang
