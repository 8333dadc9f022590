"""Everything of `trigrad.impl` can stand in a file of its own."""

from __future__ import annotations

import ast
from typing import Any

import pytest

import trigrad.impl
from trigrad.exercise.annotations import without_annotations
from trigrad.exercise.blanks import TO_WRITE, NothingToWriteError, with_blanks
from trigrad.exercise.source_text import source_text
from trigrad.subject.source.definitions import is_stub

INHERITING = (
    *("MultiLayerNet", "SimpleConvNet", "TimeEmbedding", "TimeRNN", "TimeLSTM", "TimeGRU"),
)


def run(name: str, *, blank: bool = False) -> dict[str, Any]:
    source = source_text(name)
    own = with_blanks(source.own) if blank else source.own
    namespace: dict[str, Any] = {}
    exec("\n\n".join([*source.imports, *source.helpers, own]), namespace)
    return namespace


@pytest.mark.parametrize("name", trigrad.impl.__all__)
def test_it_runs_by_itself_and_has_no_annotation(name: str) -> None:
    assert name in run(name)
    tree = ast.parse(source_text(name).own)
    arguments = [node for node in ast.walk(tree) if isinstance(node, ast.arg)]
    assert not [each.arg for each in arguments if each.annotation]


@pytest.mark.parametrize("name", [n for n in trigrad.impl.__all__ if n not in INHERITING])
def test_without_its_bodies_it_is_still_python(name: str) -> None:
    assert name in run(name, blank=True)
    assert TO_WRITE in with_blanks(source_text(name).own)


def test_what_is_used_stands_before_it_and_only_that() -> None:
    source = source_text("Sigmoid")
    assert [text.split("(")[0] for text in source.helpers] == ["def as_float", "def sigmoid"]
    assert source.imports == ["import numpy as np"]
    assert source_text("Affine").helpers == []


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        source_text("Afine")


def test_a_constructor_stays_and_passes_go() -> None:
    (affine,) = ast.parse(with_blanks(source_text("Affine").own)).body
    assert isinstance(affine, ast.ClassDef)
    methods = {each.name: each for each in affine.body if isinstance(each, ast.FunctionDef)}
    assert not is_stub(methods["__init__"])
    assert is_stub(methods["forward"])
    assert is_stub(methods["backward"])
    assert ast.get_docstring(methods["forward"]) == "out = x @ W + b"


def test_the_formulas_of_the_gradients_are_left_out_unless_they_are_wanted() -> None:
    own = source_text("Affine").own
    assert "dout @ W.T" not in with_blanks(own)
    assert "leaves dW (D, M) and db (M,) as attributes" in with_blanks(own)
    assert "dout @ W.T" in with_blanks(own, formulas=True)


@pytest.mark.parametrize("name", INHERITING)
def test_what_inherits_all_its_methods_is_no_exercise(name: str) -> None:
    with pytest.raises(NothingToWriteError):
        with_blanks(source_text(name).own)


def test_an_optimiser_loses_its_step() -> None:
    (sgd,) = ast.parse(with_blanks(source_text("SGD").own)).body
    assert isinstance(sgd, ast.ClassDef)
    bodies = {f.name: is_stub(f) for f in sgd.body if isinstance(f, ast.FunctionDef)}
    assert bodies == {"__init__": False, "update": True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x: int, *rest: str, y: float = 1.0) -> None: ...", "def f(x, *rest, y=1.0): ..."),
        ("async_: int = 3", "async_ = 3"),
        ("x: int", "x: int"),
        ("def f(é: str = 'ü', b: int = 2): ...", "def f(é='ü', b=2): ..."),
        ("def f(a, /, b: int, **c: dict[str, int]): ...", "def f(a, /, b, **c): ..."),
        ("y = lambda a: a  # x: int", "y = lambda a: a  # x: int"),
        ("def f(\n    x: int,  # why\n) -> int:\n    ...", "def f(\n    x,  # why\n):\n    ..."),
    ],
)
def test_annotations_go_and_all_else_stays(before: str, after: str) -> None:
    assert without_annotations(before) == after
