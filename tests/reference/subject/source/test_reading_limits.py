"""A file that would take up trigrad's own memory or time is refused, in a sentence."""

from __future__ import annotations

import json
import time
from pathlib import Path

import nbformat
import pytest

from trigrad.subject.source.chunks import chunks_of
from trigrad.subject.source.sources import read
from trigrad.subject.source.text import UnreadableError

LONG = "x = [" + "1," * 150_000 + "]\n"
LAYER = "class Relu:\n    def forward(self, x): return x\n"


def notebook(*cells: str, outputs: object = ()) -> bytes:
    """A notebook in which every cell has the same outputs."""
    made = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": outputs, "id": f"c{n}"}
        for n, c in enumerate(cells)
    ]
    for cell in made:
        cell["execution_count"] = None
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    return json.dumps(whole).encode()


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".py", LONG.encode()),
        (".md", f"```python\n{LONG}```\n".encode()),
        (".md", f"```\ndef f(): pass\n{LONG}```\n".encode()),
        (".md", f"```python\n{LONG[: len(LONG) // 2]}]\n```\n".encode() * 2),
        (".ipynb", notebook(LONG)),
        (".ipynb", notebook(LONG[: len(LONG) // 2] + "]", LONG[: len(LONG) // 2] + "]")),
    ],
)
def test_long_python_is_not_parsed(suffix: str, data: bytes) -> None:
    before = time.process_time()
    with pytest.raises(UnreadableError, match=r"^a is too long: it has more than 200,000"):
        chunks_of(data, suffix, "a")
    assert time.process_time() - before < 2


def test_what_a_page_says_between_its_blocks_is_not_counted() -> None:
    page = f"{LONG}\n\n```python\n{LAYER}```\n"
    (chunk,) = chunks_of(page.encode(), ".md", "a")
    assert LAYER in chunk.text


def test_a_long_text_in_quotes_is_one_word() -> None:
    (chunk,) = chunks_of(f"x = '{'a' * 1_000_000}'\n{LAYER}".encode(), ".py", "a")
    assert LAYER in chunk.text


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    with file.open("wb") as hole:
        hole.truncate(10**12)
    with pytest.raises(UnreadableError, match=r"a\.py is too large: more than 5 MB$"):
        read(file)
    (tmp_path / "b.py").write_text(LAYER)
    assert [name for name, _ in read(tmp_path).unread] == ["a.py"]


def test_a_large_module_that_is_imported_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "data.py").write_text(LONG)
    (tmp_path / "a.py").write_text(f"import data\n{LAYER}")
    source = read(tmp_path / "a.py")
    assert [module.name for module in source.modules] == ["a"]
    assert [note.partition(":")[0] for note in source.notes] == ["data.py is too long"]


def test_outputs_of_a_notebook_are_dropped_before_it_is_validated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Validating a plot of two million points takes ten seconds and 1 GB."""
    validated = []
    reads = nbformat.reads
    monkeypatch.setattr(
        nbformat, "reads", lambda s, **more: validated.append(s) or reads(s, **more)
    )
    plot = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "POINTS"}}
    (chunk,) = chunks_of(notebook(LAYER, outputs=[plot]), ".ipynb", "a")
    assert chunk.text == LAYER
    assert "POINTS" not in validated[0]


def test_json_with_too_many_values_is_not_parsed() -> None:
    data = b'{"nbformat": 4, "metadata": {"x": [' + b"[]," * 3_000_000 + b"0]}}"
    with pytest.raises(UnreadableError, match=r"values; clear its outputs and save it again$"):
        chunks_of(data, ".ipynb", "a")


def test_magics_take_linear_time() -> None:
    """A line of spaces took quadratic time: minutes for 200 KB."""
    cell = "%pip install x\n" + " " * 200_000 + "x\n" + LAYER
    before = time.process_time()
    (chunk,) = chunks_of(notebook(cell), ".ipynb", "a")
    assert time.process_time() - before < 2
    assert chunk.text.endswith(LAYER)
