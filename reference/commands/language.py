"""`--lang` of every command, and of the groups of commands: the language of what it prints."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from trigrad.catalogue.in_force import language_of_environment, speak
from trigrad.catalogue.languages import LANGUAGES, UnknownLanguageError

_ASKED = f"{__name__}.asked"
"""Where a command leaves the language that it was asked for to those below it."""


def with_language(command: Any) -> None:
    """Give a command the option, and all commands below it."""
    command.params.append(_option())
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            with_language(each)


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
        typer.BadParameter: it is not offered, or that of the environment is not.
    """
    asked = name or ctx.meta.get(_ASKED)  # of this command, or of one above it
    ctx.meta[_ASKED] = asked
    try:
        speak(asked or language_of_environment(os.environ))
    except UnknownLanguageError as error:
        speak("en")  # the error itself, and the help
        known_later = name is None and isinstance(ctx.command, TyperGroup)
        if not known_later and not ctx.resilient_parsing:
            raise typer.BadParameter(str(error)) from error
    return name


def _carried(
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
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
