"""Which part of what backward returns is the gradient of what: keys, then shapes, then places."""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from trigrad.subject.dialects.returned_parts import assigned, output_index, parts_of

X, W, B = np.zeros((4, 2)), np.zeros((2, 3)), np.zeros(3)
DUE = {"x": (4, 2), "W": (2, 3), "b": (3,)}
Named = namedtuple("Named", "dW dx db")


def read(returned: Any) -> dict[str, Any]:
    return {n: p.read(returned) for n, p in assigned(parts_of(returned), DUE).paths.items()}


@pytest.mark.parametrize(
    "returned",
    [
        (W, B, X),
        [B, X, W],
        (X, {"dW": W, "db": B}),
        (X, (W, B)),
        {"grad_input": X, "weights": W, "bias": B},
        Named(W, X, B),
        SimpleNamespace(dW=W, dX=X, db=B),
        (X, W, B, None),
    ],
)
def test_every_gradient_is_found(returned: Any) -> None:
    found = read(returned)
    assert (found["x"] is X, found["W"] is W, found["b"] is B) == (True, True, True)


def test_a_key_counts_more_than_a_shape() -> None:
    found = read({"dx": X, "dW": B, "db": W})
    assert found["W"] is B


def test_what_is_missing_is_not_made_up() -> None:
    assert set(read((X, W))) == {"x", "W"}


def test_one_wrong_shape_does_not_move_the_others() -> None:
    found = read((W, X.T, B))
    assert found["W"] is W
    assert found["x"].shape == (2, 4)


def test_two_of_one_shape_are_a_doubt() -> None:
    found = assigned(parts_of((X, X + 1)), {"x": (4, 2)})
    assert found.paths == {}
    assert len(found.doubtful["x"]) == 2


def test_gradients_of_one_shape_keep_the_contract_s_order() -> None:
    returned = X, X + 1
    paths = assigned(parts_of(returned), {"x": (4, 2), "y": (4, 2)}).paths
    assert paths["y"].read(returned) is returned[1]


@pytest.mark.parametrize(
    ("returned", "due", "index"),
    [
        ((X, B), (4, 2), 0),
        ((B, X), (4, 2), 1),
        ((X > 0, X), (4, 2), 1),
        ((0.5, X), (), 0),
        ((X, np.float64(0.5)), (), 1),
        ((X, np.zeros((1, 1))), (), 1),
        (X, (4, 2), None),
        ((X,), (4, 2), None),
        ((B, B), (4, 2), None),
    ],
)
def test_the_output_has_its_shape(returned: Any, due: tuple[int, ...], index: int | None) -> None:
    assert output_index(returned, due) == index
