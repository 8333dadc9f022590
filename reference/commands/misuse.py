"""What is said where Typer does not understand a command line.

Typer says it in English. What its errors hold is put into sentences of the catalogue instead; where
they hold a reason only, that is quoted, like the errors of other libraries.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import typer
from typer.core import TyperGroup

from trigrad.messages import Message

UsageError = cast(type[typer.BadParameter], typer.BadParameter.__mro__[1])
"""Click's, which Typer brings along under a name that depends on its version."""


class MisuseError(typer.BadParameter):
    """An error in how a command is used; its message is a sentence of the catalogue."""


def misuse_in_words(error: Any, command: Any, path: str) -> str:
    """What is wrong with the command line, and where the help is.

    Args:
        error: a usage error of Typer's.
        command: the command whose options were read, or a group above it.
        path: its name, after those of the groups above it.
    """
    path = path if error.ctx is None else error.ctx.command_path
    return str(Message("usage.see_help", words=_words(error, command), command=path))


def _words(error: Any, command: Any) -> str:
    if isinstance(error, MisuseError):
        return error.message
    parameter = getattr(error, "param", None)
    option = getattr(error, "option_name", None)
    if hasattr(error, "possibilities") and option is not None:
        near = tuple(sorted(error.possibilities or ()))
        if near:
            return str(Message("usage.no_option.near", option=option, near=near))
        return str(Message("usage.no_option", option=option))
    if option is not None:
        takes = "usage.takes_no_value" if _is_flag(option, command) else "usage.needs_value"
        return str(Message(takes, option=option))
    if parameter is not None:
        name = max(parameter.opts, key=len)
        if not error.message:
            return str(Message("usage.absent", name=name))
        return str(Message("usage.bad_value", name=name, why=error.message))
    return str(Message("usage.other", why=error.format_message()))


def _is_flag(option: str, command: Any) -> bool:
    """Whether an option of the command takes no value."""
    return any(
        option in (*parameter.opts, *parameter.secondary_opts) and parameter.is_flag
        for each in _with_those_below(command)
        for parameter in each.params
    )


def _with_those_below(command: Any) -> Iterator[Any]:
    yield command
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            yield from _with_those_below(each)
