"""The command line: `trigrad exercise NAME…`."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from trigrad.commands.options import Seed
from trigrad.messages import Message


def exercise(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME", help="Layers and functions of trigrad.impl: Affine, Relu."),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The notebook that is written.")],
    find_the_mistake: Annotated[
        bool,
        typer.Option("--find-the-mistake", help="Plant one mistake in each, to be found."),
    ] = False,
    seed: Seed = 0,
    solutions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a notebook with the solutions too.")
    ] = None,
    formulas: Annotated[
        bool,
        typer.Option("--formulas", help="Leave the formulas of the gradients in the docstrings."),
    ] = False,
) -> None:
    """Write a notebook in which layers are to be written, or mistakes to be found.

    Exit status:
    0 it is written;
    2 it is not: a name is not known, no mistake fits, or a file cannot be written.
    """
    import trigrad.impl

    known = trigrad.impl.__all__
    unknown = [name for name in names if name not in known]
    if unknown:
        near = [each for name in unknown for each in get_close_matches(name, known, cutoff=0.5)]
        listed = ", ".join(unknown)
        if near:
            _refuse(str(Message("exercise.none.near", names=listed, near=", ".join(near))))
        _refuse(str(Message("exercise.none", names=listed)))
    written = [path for path in (out, solutions) if path is not None]
    if len({path.resolve() for path in written}) < len(written):
        _refuse(str(Message("exercise.one_file", out=str(out))))
    for path in written:
        if path.suffix != ".ipynb":
            _refuse(str(Message("exercise.no_notebook", path=str(path))))
        if path.exists():
            _refuse(str(Message("exercise.exists", path=str(path))))
    from trigrad.exercise.blanks import NothingToWriteError
    from trigrad.exercise.notebook import to_find, to_write, write
    from trigrad.exercise.planting import NoMistakeError

    names = list(dict.fromkeys(names))
    try:
        made = to_find(names, seed) if find_the_mistake else to_write(names, formulas=formulas)
    except NoMistakeError as error:
        _refuse(str(Message("exercise.no_mistake", name=str(error))))
    except NothingToWriteError as error:
        _refuse(str(Message("exercise.nothing", name=str(error))))
    try:
        write(made.notebook, out)
        if solutions is not None:
            write(made.solutions, solutions)
    except OSError as error:
        _refuse(str(Message("file.not_written", file=str(error.filename), why=str(error.strerror))))
    typer.echo(str(Message("exercise.written", file=str(out), out=str(out))))


def _refuse(why: str) -> None:
    print(f"trigrad: {why}", file=sys.stderr)
    raise typer.Exit(2)
