"""`%load_ext trigrad`: `%%check` judges what its cell defines, `%check NAME` what has that name.

`%%check` is no cell magic: it is made a comment before the cell is run, and after that the layers
are judged. So the cell is run as any other, with its own line numbers, and an error in it ends *Run
All*.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn

from trigrad.api import Target, check
from trigrad.defaults import Samples
from trigrad.hints import Hints
from trigrad.messages import Message, joined
from trigrad.notebook.cells import defined_in, source_of
from trigrad.report.report import Report
from trigrad.subject.source.text import lines_of
from trigrad.verdict.kept import Kept

MAGIC = "check"


class UsageError(ValueError):
    """The line of a magic cannot be understood; the message says why."""


class _Options(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise, in place of ending the process.

        Raises:
            UsageError: always.
        """
        _, _, usage = self.format_usage().partition(": ")
        raise UsageError(
            joined(
                "list.sentences",
                (
                    str(Message("usage.other", why=message)),
                    f"{Message('heading.usage')}{' '.join(usage.split())}",
                ),
            )
        )


def _options(*, of_cell: bool) -> _Options:
    parser = _Options(prog="%%check" if of_cell else "%check", add_help=False, allow_abbrev=False)
    if not of_cell:
        parser.add_argument("name", nargs="?")
    parser.add_argument("--layer")
    parser.add_argument("--hints", choices=[*map(str, Hints)], default=str(Hints.FIX))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--samples", choices=[*map(str, Samples)])
    parser.add_argument("--declare", dest="declaration")
    parser.add_argument("--lang")
    parser.add_argument("--fresh", action="store_true")
    return parser


def _parsed(line: str, *, of_cell: bool) -> dict[str, Any]:
    """The options of a line.

    Raises:
        UsageError: it cannot be understood.
    """
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return vars(_options(of_cell=of_cell).parse_args(words))


def line_of(cell: str) -> str | None:
    """What follows `%%check` on top of a cell; None where that is not there."""
    first = next((line for line in lines_of(cell) if line.strip()), "").strip()
    name, _, rest = first.partition(" ")
    return rest.strip() if name == f"%%{MAGIC}" else None


class Magics:
    """The magics of one shell."""

    def __init__(self, shell: Any) -> None:
        self._shell = shell
        self._kept = Kept()

    def load(self) -> None:
        """Register them."""
        self._shell.input_transformers_cleanup.insert(0, without_check)
        self._shell.events.register("post_run_cell", self.after_cell)
        self._shell.register_magic_function(self.check_name, "line", MAGIC)

    def unload(self) -> None:
        """Take them away again."""
        self._shell.input_transformers_cleanup.remove(without_check)
        self._shell.events.unregister("post_run_cell", self.after_cell)
        del self._shell.magics_manager.magics["line"][MAGIC]

    def after_cell(self, result: Any) -> None:
        """Judge what a cell defines that has `%%check` on top, unless it has raised."""
        cell = result.info.raw_cell if result.info is not None else ""
        line = line_of(cell or "")
        if line is None or not result.success:
            return
        try:
            options = _parsed(line, of_cell=True)
            number = result.execution_count or self._shell.execution_count
            cells = {**self._cells(), number: cell}
            source = source_of(cells, Path.cwd(), number)
            self._judge(source, options)
        except KeyboardInterrupt:
            self._say(str(Message("notebook.interrupted")))
        except ValueError as error:  # of the line, or of a declaration in it
            self._say(str(error))

    def check_name(self, line: str) -> None:
        """Judge a layer by its name, `%check Affine`; without a name, all that the cells define.

        Options: --layer NAME, --hints law|line|fix, --seed N, --samples rows|columns,
        --declare 'x: N D; …', --lang TAG. `%%check` on top of a cell judges what that cell
        defines. A layer that has not changed since is not judged again, unless you add --fresh.
        """
        try:
            options = _parsed(line, of_cell=False)
            name = options.pop("name")
            target = self._target(name)
            if not isinstance(target, type | FunctionType) and name is not None:
                options["layer"] = name
            self._judge(target, options)
        except ValueError as error:
            self._say(str(error))

    def _target(self, name: str | None) -> Target:
        """The text of the cells; for a name that comes from a module, what it means there."""
        source = source_of(self._cells(), Path.cwd())
        if name is None or name in defined_in(source):
            return source
        value = self._shell.user_ns.get(name)
        return value if isinstance(value, type | FunctionType) else source

    def _cells(self) -> Mapping[int, str]:
        """The cells that were run, as they were typed, by their execution numbers."""
        history: Sequence[str] = self._shell.history_manager.input_hist_raw
        return {number: text for number, text in enumerate(history) if number}

    def _judge(self, target: Target, options: dict[str, Any]) -> None:
        if options.pop("fresh"):
            self._kept = Kept()
        self._show(check(target, **options, kept=self._kept, draw=True))

    def _show(self, report: Report) -> None:
        report = report if report.single else replace(report, magic=f"%{MAGIC}")
        if hasattr(self._shell, "kernel"):
            shown = {"text/html": report._repr_html_(), "text/plain": repr(report)}
            self._shell.display_pub.publish(data=shown, metadata={})
        else:  # a terminal, which shows no HTML
            print(report)

    def _say(self, words: str) -> None:
        print(f"trigrad: {words}")


def without_check(lines: list[str]) -> list[str]:
    """The lines of a cell, with `%%check` on top as a comment."""
    if line_of("".join(lines)) is None:
        return lines
    at = next(number for number, line in enumerate(lines) if line.strip())
    return [*lines[:at], f"# {lines[at].strip()}\n", *lines[at + 1 :]]


_loaded: dict[int, Magics] = {}
"""The magics of each shell, by its id."""


def load(shell: Any) -> None:
    """`%load_ext trigrad`; a second time it changes nothing."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = Magics(shell)
        _loaded[id(shell)].load()


def unload(shell: Any) -> None:
    """`%unload_ext trigrad`."""
    magics = _loaded.pop(id(shell), None)
    if magics is not None:
        magics.unload()
