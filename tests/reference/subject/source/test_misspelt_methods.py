"""Methods with misspelled names: they are told from other names, and the layer fails."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from trigrad import check
from trigrad.contracts.schema import Kind
from trigrad.subject.source.misspelt_methods import misspelt_methods
from trigrad.verdict.results import Verdict


def found(*signatures: str, base: str = "", kind: Kind = Kind.LAYER) -> dict[str, str]:
    """The misspelled methods of a class with these, each as `name` or `name(self, …): …`."""
    lines = [f"    def {s if '(' in s else f'{s}(self, x): return x'}\n" for s in signatures]
    (node,) = ast.parse(f"class Relu{base}:\n{''.join(lines)}").body
    assert isinstance(node, ast.ClassDef)
    return misspelt_methods(node, kind)


PASSES = ("forward", "backward")


@pytest.mark.parametrize("name", ["__int__", "__ionit__", "_init_", "__inti__", "__init", "init__"])
def test_constructors(name: str) -> None:
    assert found(name, *PASSES) == {name: "__init__"}
    assert found(name, "__init__", *PASSES) == {}


@pytest.mark.parametrize(
    ("names", "due"),
    [
        (("foward", "backward"), {"foward": "forward"}),
        (("forward", "backword"), {"backword": "backward"}),
        (("forword", "bakward"), {"forword": "forward", "bakward": "backward"}),
        (("forward", "bakword"), {"bakword": "backward"}),
        (("forward", "Backwrad"), {"Backwrad": "backward"}),
    ],
)
def test_passes(names: tuple[str, str], due: dict[str, str]) -> None:
    assert found("__init__", *names) == due


@pytest.mark.parametrize("name", ["gradiant", "gradent"])
def test_methods_of_networks(name: str) -> None:
    assert found("loss", "predict", name, kind=Kind.NETWORK) == {name: "gradient"}


@pytest.mark.parametrize(
    "names",
    [
        ("__int__(self): return 1", *PASSES),
        ("__iter__", *PASSES),
        ("__call__", "backward"),
        ("forwards", "backwards"),
        ("forward_pass", "backward_pass"),
        ("feed_forward", "backprop"),
        ("forward", "backward", "reward", "toward"),
        ("initialize", *PASSES),
    ],
)
def test_other_names(names: tuple[str, ...]) -> None:
    assert found(*names) == {}


def test_a_name_that_the_class_itself_uses_is_meant() -> None:
    assert found("__init", *PASSES) == {"__init": "__init__"}
    assert found("__init", "forward(self, x): self.__init(x)", "backward") == {}


def test_a_base_class_may_have_the_constructor() -> None:
    assert found("_init_", *PASSES, base="(Layer)") == {}
    assert found("__ionit__", *PASSES, base="(Layer)") == {"__ionit__": "__init__"}


def test_the_layer_fails_at_that_line_and_the_fix_renames_it(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(
        "class MulLayer:\n    def _init_(self):\n        self.x = self.y = None\n"
        "    def foward(self, x, y):\n        self.x, self.y = x, y\n        return x * y\n"
        "    def backword(self, dout):\n        return dout * self.y, dout * self.x\n",
        "utf-8",
    )
    (layer,) = check(path, in_process=True, repair_seconds=60.0).layers
    assert layer.verdict is Verdict.FAIL
    assert layer.repair is not None
    assert layer.repair.verified
    lines = {line for change in layer.repair.changes for line in change.lines}
    assert lines == {2, 4, 7}
    text = str(check(path, in_process=True, repair_seconds=0))
    assert "_init_ is a misspelled name; did you mean __init__?" in text
    assert "did you mean" not in str(check(path, in_process=True, hints="law"))
