"""Annotations as GitHub Actions reads them, and as editors do."""

from __future__ import annotations

import os
from collections.abc import Iterator

from trigrad.messages import Message
from trigrad.report.annotations import Annotation, Level
from trigrad.report.locations import place
from trigrad.subject.source.text import one_line


def as_github(annotation: Annotation) -> str:
    """One workflow command: `::error file=…,line=…,title=…::…`, which GitHub shows at the line.

    The lines of a notebook are those of a cell, not of the file, so they stand in the title.
    """
    where = annotation.where
    title = annotation.name or "trigrad"
    properties = {"file": _from_the_root(annotation.path)}
    if where is not None and where.cell is None:
        properties["line"] = str(where.line)
    elif where is not None:
        title += f" ({place(where)})"
    properties["title"] = title
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{annotation.level} {listed}::{_data(_text(annotation))}"


def as_lines(annotation: Annotation) -> Iterator[str]:
    """`path:line: error: …`, and the notes on it, each in one line, as compilers print them.

    Of a notebook the line is that in the cell, which the sentence names.
    """
    where = annotation.where
    at = f"{one_line(annotation.path)}:{where.line if where is not None else 1}"
    number = where.cell if where is not None else None
    cell = "" if number is None else str(Message("place.cell", cell=number))
    word = "note" if annotation.level is Level.NOTICE else annotation.level.value
    about = ": ".join(filter(None, (cell, annotation.name, annotation.sentence)))
    yield f"{at}: {word}: {one_line(about)}"
    for note in annotation.notes:
        about = ": ".join(filter(None, (cell, annotation.name, note)))
        yield f"{at}: note: {one_line(about)}"


def _text(annotation: Annotation) -> str:
    return "\n".join(annotation.screen or (annotation.sentence, *annotation.notes))


def _from_the_root(path: str) -> str:
    """A path from the root of the repository, where GitHub says that, with its separators."""
    root = os.environ.get("GITHUB_WORKSPACE")
    if root and os.path.exists(path):
        path = os.path.relpath(os.path.realpath(path), os.path.realpath(root))
    return path.replace(os.sep, "/")


def _data(text: str) -> str:
    """A text in which nothing begins a new line, and so no other command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
