"""Learners' files and folders, written for one test."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trigrad.subject.loading.loader import Loaded, load
from trigrad.subject.source.sources import read

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the test's folder; the text may be indented as the test is."""

    def to_file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8", newline="")
        return path

    return to_file


@pytest.fixture
def notebook(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook of these code cells; cells that begin with "#md " are Markdown."""

    def to_file(*cells: str, name: str = "notes.ipynb", version: tuple[int, int] = (4, 4)) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(_notebook(cells, version)), encoding="utf-8")
        return path

    return to_file


def _notebook(cells: tuple[str, ...], version: tuple[int, int]) -> dict[str, Any]:
    texts = [textwrap.dedent(cell).strip("\n") for cell in cells]
    major, minor = version
    made = [_cell(text, major) for text in texts]
    whole: dict[str, Any] = {"metadata": {}, "nbformat": major, "nbformat_minor": minor}
    if major == 3:
        return {**whole, "metadata": {"name": ""}, "worksheets": [{"cells": made, "metadata": {}}]}
    return {**whole, "cells": made}


def _cell(text: str, major: int) -> dict[str, Any]:
    if text.startswith("#md "):
        return {"cell_type": "markdown", "metadata": {}, "source": text.removeprefix("#md ")}
    if major == 3:
        lines = text.splitlines(keepends=True)
        cell = {"cell_type": "code", "collapsed": False, "input": lines, "language": "python"}
        return {**cell, "metadata": {}, "outputs": []}
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**cell, "source": text.splitlines(keepends=True)}


@pytest.fixture
def load_files(write: Write) -> Callable[..., Loaded]:
    """Write files (path → text) and load one of them, or the folder "."."""

    def load_one(files: dict[str, str], target: str | None = None) -> Loaded:
        paths = {name: write(name, text) for name, text in files.items()}
        first = next(iter(paths))
        root = paths[first].parents[first.count("/")]
        return load(read(root / (first if target is None else target)))

    return load_one
