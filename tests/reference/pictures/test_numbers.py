"""Numbers and small arrays as a person writes them."""

from __future__ import annotations

import numpy as np
import pytest

from trigrad.pictures.numbers import is_and_should_be, telling, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.0, "6"),
        (-0.25, "−0.25"),
        (0.7310585786, "0.7311"),
        (2.2, "2.2"),
        (1e-7, "1e−7"),
        (0.00002, "0.00002"),
        (39760.0, "39760"),
        (-0.0, "0"),
        (np.inf, "∞"),
        (np.nan, "not a number"),
    ],
)
def test_a_number(value: float, text: str) -> None:
    assert written(np.array([[value]])) == [text]


def test_a_small_matrix_has_a_row_in_each_line() -> None:
    assert written(np.array([[1.0, -2.0], [10.5, 0.0]])) == ["[   1 −2]", "[10.5  0]"]


@pytest.mark.parametrize(
    ("shape", "text"), [((3, 3), "3×3"), ((2, 4), "2×4"), ((5,), "5 numbers"), ((0, 2), "0×2")]
)
def test_of_a_large_one_the_shape_is_written(shape: tuple[int, ...], text: str) -> None:
    assert written(np.zeros(shape)) == [text]


def test_what_is_and_what_should_be() -> None:
    assert is_and_should_be(np.array([5.0]), np.array([6.0])) == ["5 ✗ should be 6"]
    assert is_and_should_be(None, np.array([6.0])) == ["nothing ✗ should be 6"]
    other = is_and_should_be(np.ones((2, 1)), np.ones(1))
    assert other == ["shape (2, 1) ✗ should be (1,)"]
    near = is_and_should_be(np.array([1.0]), np.array([1.0000001]))
    assert near == ["1 ✗ should be 1.0000001"]
    large = is_and_should_be(np.zeros((3, 3)), np.diag([1.0, 3.0, 2.0]))
    assert large == ["0 ✗ should be 3 at [1, 1]", "3 of 9 numbers differ"]


def test_roundings_are_no_difference() -> None:
    tie = np.array([1.3125, 5.0])
    up = tie * np.array([1 + 3e-16, 1])
    assert not telling(up, tie)[1].any()
    assert is_and_should_be(up, tie + np.array([0, 1]))[0].startswith("[")
    assert telling(up, tie + np.array([0, 1]))[1].tolist() == [False, True]
    due = np.linspace(1, 2, 9)
    found = due * (1 + 2e-16)
    assert is_and_should_be(found, due) == ["9 numbers"]
    found[4] = 7
    assert is_and_should_be(found, due) == ["7 ✗ should be 1.5 at [4]", "1 of 9 numbers differ"]
    found[4] = np.nan
    assert is_and_should_be(found, due)[0] == "not a number ✗ should be 1.5 at [4]"
