"""The text of the cells that a notebook has run."""

from __future__ import annotations

from pathlib import Path

from trigrad import check
from trigrad.notebook.cells import defined_in, source_of

ADD = """\
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout, {slip}dout
"""


def texts(*cells: str, only: int | None = None) -> dict[int | None, str]:
    source = source_of(dict(enumerate(cells, 1)), Path.cwd(), only)
    return {chunk.cell: chunk.text for chunk in source.modules[0].chunks}


def test_what_is_defined_again_is_left_out_and_lines_stay() -> None:
    found = texts("def f():\n    return 1\nx = 2\n", "@staticmethod\ndef f(): pass\ny = f")
    assert found[1].split("\n") == ["", "", "x = 2", ""]
    assert "def f" in found[2]


def test_what_extends_itself_keeps_what_it_extends() -> None:
    found = texts("class A:\n    b = 1", "class A(A):\n    c = 2")
    assert "b = 1" in found[1]
    assert texts("class A:\n    b = 1", "class A(A):\n    c = 2", "class A: pass")[2].strip() == ""


def test_magics_keep_their_lines_and_other_languages_are_left_out() -> None:
    found = texts("%%check --seed 1\nclass A: pass", "%%bash\nls", "%time x = 1\nz = 2", "if (")
    assert found[1] == "\nclass A: pass"
    assert 2 not in found
    assert found[3] == "\nz = 2"
    assert 4 not in found


def test_the_names_that_are_defined() -> None:
    cells = {3: "def f(): pass\nx = 1", 5: "class A:\n    def g(self): pass"}
    assert defined_in(source_of(cells, Path.cwd())) == {"f", "A"}


def test_the_layers_of_one_cell() -> None:
    cells = {2: ADD.format(slip="2 * "), 4: ADD.format(slip="").replace("AddLayer", "Add")}
    whole = check(source_of(cells, Path.cwd()), examples=3, repair_seconds=0)
    assert [str(layer.verdict) for layer in whole.layers] == ["fail", "pass"]
    one = check(source_of(cells, Path.cwd(), 4), examples=3, repair_seconds=0)
    assert [layer.name for layer in one.layers] == ["Add"]
    assert one.exit_status == 0


def test_a_module_beside_the_notebook_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(ADD.format(slip="2 * "))
    cells = {1: "from mine import AddLayer", 2: "class Add(AddLayer): pass"}
    report = check(source_of(cells, tmp_path, 2), examples=3)
    assert [layer.name for layer in report.layers] == ["Add"]
    assert not report
    assert "mine.py" in str(report)
