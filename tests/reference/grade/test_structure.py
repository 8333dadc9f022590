"""Which files are alike but for names, comments and docstrings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trigrad.grade.structure import structure_of

FIRST = '''\
def forward(x, W):
    """What it does."""
    out = x @ W  # a comment
    return out + 1
'''


def digest(tmp_path: Path, text: str, name: str = "a.py") -> str | None:
    path = tmp_path / name
    path.write_text(text)
    found = structure_of(path, name)
    return found and found.sha256


@pytest.mark.parametrize(
    "other",
    [
        "def f(a, b):\n    c = a @ b\n    return c + 1\n",
        "# mine\ndef forward(x, V):\n\n    out = (x @ V)\n    return out + 1\n",
    ],
)
def test_alike_but_for_names(tmp_path: Path, other: str) -> None:
    assert digest(tmp_path, FIRST) == digest(tmp_path, other)


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("+ 1", "+ 2"),
        FIRST.replace("+ 1", "+ True"),
        FIRST.replace("@", "*"),
        FIRST.replace("return out", "return x"),
        FIRST.replace("    out =", "    x = x\n    out ="),
    ],
)
def test_not_alike(tmp_path: Path, other: str) -> None:
    assert other != FIRST
    assert digest(tmp_path, FIRST) != digest(tmp_path, other)


def test_a_notebook_with_other_outputs_is_alike(tmp_path: Path) -> None:
    def notebook(output: str) -> str:
        cell = {
            "cell_type": "code", "source": FIRST, "metadata": {}, "execution_count": 1,
            "outputs": [{"output_type": "stream", "name": "stdout", "text": output}],
        }  # fmt: skip
        return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]})

    one = digest(tmp_path, notebook("a"), "a.ipynb")
    assert one is not None
    assert one == digest(tmp_path, notebook("b"), "a.ipynb")


@pytest.mark.parametrize("text", ["", "def f(:\n", "# only a comment\n"])
def test_what_has_no_structure(tmp_path: Path, text: str) -> None:
    assert digest(tmp_path, text) is None


def test_depth_does_not_matter(tmp_path: Path) -> None:
    assert digest(tmp_path, f"x = {'[' * 80}{']' * 80}\n") is not None
    assert digest(tmp_path, f"x = {' + '.join('1' * 700)}\n") is not None


def test_nodes_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    found = structure_of(path, "a.py")
    assert found is not None
    assert found.nodes == 5
