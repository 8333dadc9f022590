"""Notebooks with exercises: what is given, what is to be written or found, and the check."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from trigrad.exercise.blanks import with_blanks
from trigrad.exercise.planting import planted
from trigrad.exercise.source_text import SourceText, source_text
from trigrad.messages import Message

Cell = nbformat.NotebookNode


@dataclass(frozen=True)
class Exercise:
    """A notebook for learners, and the one with the solutions."""

    notebook: Cell
    solutions: Cell


def to_write(names: Sequence[str], *, formulas: bool = False) -> Exercise:
    """Layers whose bodies are to be written.

    Raises:
        KeyError: `trigrad.impl` has no class or function of that name.
        NothingToWriteError: one of them inherits all its methods.
    """
    sources = {name: source_text(name) for name in names}
    given = _given(sources.values())
    tasks, solved = [], []
    for name, source in sources.items():
        title = new_markdown_cell(f"## {name}\n\n{Message('exercise.write')}")
        tasks += [title, new_code_cell(with_blanks(source.own, formulas=formulas)), _check(name)]
        solved += [new_markdown_cell(f"## {name}"), new_code_cell(source.own), _check(name)]
    return Exercise(_notebook(given, tasks), _notebook(given, solved))


def to_find(names: Sequence[str], seed: int) -> Exercise:
    """Layers with one mistake each, to be found and mended.

    Raises:
        KeyError: `trigrad.impl` has no class or function of that name.
        NoMistakeError: no mistake of that layer fits: it would raise an error, or pass.
    """
    sources = {name: source_text(name) for name in names}
    given = _given(sources.values())
    tasks, solved = [], []
    for name, source in sources.items():
        mistake = planted(name, source, seed)
        title = new_markdown_cell(f"## {name}\n\n{Message('exercise.find')}")
        tasks += [title, new_code_cell(mistake.text), _check(name, hints="law")]
        answer = new_markdown_cell(
            f"## {name}\n\n{Message('exercise.planted')}\n\n```python\n{mistake.after}\n```\n\n"
            f"{Message('exercise.right')}\n\n```python\n{mistake.before}\n```"
        )
        solved += [answer, new_code_cell(source.own), _check(name)]
    return Exercise(_notebook(given, tasks), _notebook(given, solved))


def write(notebook: Cell, path: Path) -> None:
    """Write a notebook.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def _given(sources: Collection[SourceText]) -> list[Cell]:
    """The imports and what the layers use, each once."""
    imports = dict.fromkeys(["import numpy as np", *(i for s in sources for i in s.imports)])
    helpers = dict.fromkeys(helper for source in sources for helper in source.helpers)
    cells = [new_code_cell("\n".join([*imports, "", "from trigrad import check"]))]
    if helpers:
        cells.append(new_markdown_cell(str(Message("exercise.given"))))
        cells.append(new_code_cell("\n\n\n".join(helpers)))
    return cells


def _check(name: str, hints: str = "") -> Cell:
    more = f', hints="{hints}"' if hints else ""
    cell: Cell = new_code_cell(f"check({name}{more})")
    return cell


def _notebook(given: Sequence[Cell], tasks: Sequence[Cell]) -> Cell:
    cells = [*given, *tasks]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # nbformat's own are random: a notebook made anew differs
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made: Cell = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    return made
