"""The help of the commands, in the language in force. Its English is in the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

from typer.core import TyperGroup

from trigrad.catalogue.in_force import in_force
from trigrad.messages import Message

_HELP = ("help.help", "Show this message and exit.")
"""The help of `--help` itself."""

_HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": Message("heading.arguments"),
    "OPTIONS_PANEL_TITLE": Message("heading.options"),
    "COMMANDS_PANEL_TITLE": Message("heading.commands"),
    "DEFAULT_STRING": Message("heading.default", value="{}"),  # Typer puts the value there
    "REQUIRED_LONG_STRING": Message("heading.required"),
}
"""What Typer prints around these texts, by the names that it has for it."""


class _Helped(Protocol):
    """A command, an option or an argument."""

    help: str | None


def help_texts(command: Any) -> Iterator[tuple[str, str]]:
    """Every text of the help of a command and of those below it, with its key, in English."""
    yield _HELP
    for key, each in _commands(command, "help"):
        for name, of in _parts(each, key):
            if of.help:
                yield name, of.help


def in_language(command: Any) -> None:
    """Have the help of a command, and of those below it, shown in the language in force then."""
    english = dict(help_texts(command))
    for key, each in _commands(command, "help"):
        _show_in_language(each, key, english)


@cache  # once is enough
def _break_long_words() -> None:
    """Have Typer break a word that is longer than its column, instead of cutting it off.

    A sentence in Chinese or Japanese has no spaces, so for Rich it is one word.
    """
    from rich.text import Text
    from typer import rich_utils

    made = rich_utils._make_rich_text

    def folded(**given: Any) -> Any:
        text = made(**given)
        if isinstance(text, Text):
            text.overflow = "fold"
        return text

    rich_utils._make_rich_text = folded


def _put_headings() -> None:
    from typer import rich_utils

    for name, heading in _HEADINGS.items():
        setattr(rich_utils, name, str(heading))


def _show_in_language(command: Any, key: str, english: dict[str, str]) -> None:
    shows = command.format_help

    def format_help(ctx: Any, formatter: Any) -> Any:
        _break_long_words()
        _put_headings()
        translations = in_force().translations
        # The help of a group lists the commands below it.
        for name, of in (part for k, each in _commands(command, key) for part in _parts(each, k)):
            if name in english:
                of.help = translations.pgettext(name, english[name])
        command.get_help_option(ctx).help = translations.pgettext(*_HELP)
        return shows(ctx, formatter)

    def format_usage(ctx: Any, formatter: Any) -> None:
        command.options_metavar = str(Message("heading.some_options"))
        if isinstance(command, TyperGroup):
            command.subcommand_metavar = str(Message("heading.some_command"))
        pieces = " ".join(command.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, str(Message("heading.usage")))

    command.format_help = format_help
    command.format_usage = format_usage


def _commands(command: Any, key: str) -> Iterator[tuple[str, Any]]:
    """A command and those below it, with the keys of their help."""
    yield key, command
    if isinstance(command, TyperGroup):
        for name, each in command.commands.items():
            yield from _commands(each, f"{key}.{name}")


def _parts(command: Any, key: str) -> Iterator[tuple[str, _Helped]]:
    yield key, command
    for parameter in command.params:
        yield f"{key}.{parameter.name}", parameter
