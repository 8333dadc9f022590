"""The diff, given to the programs that apply one."""

from __future__ import annotations

import codecs
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.catalogue.in_force import language
from trigrad.patch.diff import unified
from trigrad.patch.patching import Patched

Mend = Callable[..., Patched]

OLD, NEW = "        return dout + self.y", "        return dout * self.y"
CODE = f"# 掛け算\nclass MulLayer:\n\n    def backward(self, dout):\n{OLD}\n"

TOOLS = [
    pytest.param(
        tool, marks=pytest.mark.skipif(shutil.which(tool[0]) is None, reason=f"no {tool[0]} here")
    )
    for tool in (["patch", "-p1", "--binary"], ["git", "apply", "--whitespace=nowarn"])
]


def test_as_it_is_printed(mend: Mend, tmp_path: Path) -> None:
    assert unified(mend(CODE.encode(), OLD, NEW), tmp_path).decode() == (
        "--- a/layers.py\n"
        "+++ b/layers.py\n"
        "@@ -2,4 +2,4 @@\n"
        " class MulLayer:\n"
        " \n"
        "     def backward(self, dout):\n"
        "-        return dout + self.y\n"
        "+        return dout * self.y\n"
    )


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", ["layers.py", "my layers.py", "層.py"])
@pytest.mark.parametrize(
    "data",
    [
        CODE.encode(),
        CODE.rstrip("\n").encode(),
        CODE.replace("\n", "\r\n").encode(),
        codecs.BOM_UTF8 + CODE.encode(),
        f"# coding: shift_jis\n{CODE}".encode("shift_jis"),
    ],
    ids=["plain", "without end", "windows", "mark", "shift_jis"],
)
def test_it_can_be_applied(
    mend: Mend, tmp_path: Path, tool: list[str], name: str, data: bytes
) -> None:
    _apply(mend(data, OLD, NEW, name=name), tmp_path, tool)


@pytest.mark.parametrize("tool", TOOLS)
def test_that_of_the_line_behind_a_mark_can_be_applied(
    mend: Mend, tmp_path: Path, tool: list[str]
) -> None:
    _apply(mend(codecs.BOM_UTF8 + b"a = 1\n", "a = 1", "a = 2"), tmp_path, tool)


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_that_of_a_page_can_be_applied(
    mend: Mend, tmp_path: Path, tool: list[str], end: str
) -> None:
    page = f"# 題\n\n```python\n{CODE}```\n".replace("\n", end).encode()
    _apply(mend(page, OLD, NEW, name="notes.md", block=1), tmp_path, tool)


def _apply(found: Patched, folder: Path, tool: list[str]) -> None:
    """Give the diff to a program; the file is then what it should be."""
    diff = unified(found, folder)
    subprocess.run(tool, cwd=folder, input=diff, check=True, capture_output=True)
    assert found.path.read_bytes() == found.fixed != found.data


def test_a_name_that_would_end_its_line(mend: Mend, tmp_path: Path) -> None:
    header = unified(mend(CODE.encode(), OLD, NEW, name='a\n"é.py'), tmp_path).split(b"\n")[0]
    assert header == rb'--- "a/a\012\042\303\251.py"'


def test_a_file_in_a_folder_and_one_elsewhere(mend: Mend, tmp_path: Path) -> None:
    found = mend(CODE.encode(), OLD, NEW)
    assert unified(found, tmp_path.parent).startswith(f"--- a/{tmp_path.name}/layers.py\n".encode())
    assert unified(found, tmp_path / "other").startswith(b"--- a/layers.py\n")


def test_of_a_notebook_the_cell_is_shown(mend: Mend, tmp_path: Path) -> None:
    import json

    cells = [
        {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": s}
        for s in ("a = 1", CODE.rstrip("\n"))
    ]
    data = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    found = mend(data.encode(), OLD, NEW, name="n.ipynb", cell=2)
    assert unified(found, tmp_path).decode().split("\n") == [
        "--- a/n.ipynb, cell 2\t",
        "+++ b/n.ipynb, cell 2\t",
        "@@ -2,4 +2,4 @@",
        " class MulLayer:",
        " ",
        "     def backward(self, dout):",
        "-        return dout + self.y",
        "+        return dout * self.y",
        "",
    ]
    with language("ja"):
        assert unified(found, tmp_path).decode().startswith("--- a/n.ipynb、セル2\n")
