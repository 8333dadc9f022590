"""Real notebooks, each run by a kernel of its own."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

nbclient = pytest.importorskip("nbclient", reason="pip install nbclient ipykernel")
pytest.importorskip("ipykernel", reason="pip install nbclient ipykernel")
nbformat = pytest.importorskip("nbformat")

LOAD = "%load_ext trigrad\nimport numpy as np"

BASE = """\
class Layer:
    def __init__(self):
        self.x = None

    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dout):
        dx = dout + self.y
        return dx, dout * self.x
"""

RELU = """\
%%check
class Relu:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 1
        return dx
"""


def executed(folder: Path, *cells: str) -> list[Any]:
    """The outputs of each cell of a notebook with these cells, after it has been run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    client = nbclient.NotebookClient(
        notebook, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return [cell.outputs for cell in notebook.cells]


def words(outputs: Any) -> str:
    """What a reader sees of outputs."""
    shown = []
    for output in outputs:
        if output.output_type == "stream":
            shown.append(output.text)
        elif output.output_type == "error":
            shown.append(f"{output.ename}: {output.evalue}")
        else:
            html = output.data.get("text/html", output.data["text/plain"])
            shown.append(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.S)))
    return "\n".join(shown)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What one notebook shows, cell by cell."""
    cells = [
        LOAD,
        BASE,
        "%%check\nclass MulLayer(Layer):\n    pass",
        RELU + "\n'the last value'",
        RELU.replace("= 1", "= 0").replace("%%check", "%%check --seed 3"),
        "%check Layer",
        "%check Relu --hints line",
        "%%check --colour\nclass AddLayer: pass",
        "%%check\nclass Sigmoid:\n    raise ValueError('mine')",
        "%check Nothing",
        "%unload_ext trigrad\n%reload_ext trigrad\n%check Relu",
    ]
    folder = tmp_path_factory.mktemp("run")
    return [words(outputs) for outputs in executed(folder, *cells)]


@pytest.mark.whole
def test_a_base_in_another_cell_gets_its_line_and_its_fix(seen: list[str]) -> None:
    assert "✗ MulLayer" in seen[2]
    assert "dx = dout + self.y   →   dx = dout * self.y" in seen[2]
    assert "cell 2, line 10" in seen[2]
    assert "Layer (" not in seen[2]
    assert "%check MulLayer --seed 0" in seen[2]


def test_its_own_cell_and_line_are_named(seen: list[str]) -> None:
    assert "✗ Relu" in seen[3]
    assert "cell 4, line 11" in seen[3]
    assert "dx[self.mask] = 1   →   dx[self.mask] = 0" in seen[3]
    assert "MulLayer" not in seen[3]


def test_the_cell_is_run_as_without_it(seen: list[str]) -> None:
    assert "'the last value'" in seen[3]
    assert seen[8].startswith("ValueError: mine")


def test_what_was_mended_holds(seen: list[str]) -> None:
    assert "✓ Relu" in seen[4]
    assert "seed 3" in seen[4]
    assert "✗" not in seen[4]


def test_a_name_is_judged_as_it_was_defined_last(seen: list[str]) -> None:
    assert "✓ Relu" in seen[6]
    assert "✓ Relu" in seen[10]


def test_what_cannot_be_understood_is_said(seen: list[str]) -> None:
    assert "unrecognized arguments: --colour" in seen[7]
    assert "Nothing" in seen[9]
