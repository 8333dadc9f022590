"""What roundings leave of a sum is 0; a gradient that is only small is itself."""

from __future__ import annotations

import numpy as np

from trigrad.pictures.leftovers import without_leftovers
from trigrad.subject.drawn import Drawn, DrawnOperation

X = np.array([[1.0, 2.0]])
G = np.array([[0.3, -0.3]])
REST = np.array([[1e-17]])


def test_a_sum_that_is_nothing_and_what_comes_of_it() -> None:
    """The maximum that softmax takes off has the gradient 0."""
    drawn = Drawn(
        {"x": 0},
        {"out": 2},
        (DrawnOperation("max", (0,), (1,)), DrawnOperation("subtract", (0, 1), (2,))),
        values={0: X, 1: np.array([[2.0]]), 2: X - 2},
        gradients={0: G, 1: REST, 2: G},
        arriving={(0, 0): np.array([[0.0, 1e-17]]), (1, 0): G, (1, 1): REST},
    )
    found = without_leftovers(drawn)
    assert not found.arriving[1, 1].any()
    assert not found.gradients[1].any()
    assert not found.arriving[0, 0].any()
    np.testing.assert_array_equal(found.gradients[0], G)
    np.testing.assert_array_equal(found.arriving[1, 0], G)


def test_a_product_with_a_tiny_number_is_not_nothing() -> None:
    tiny = np.array(1e-30)
    drawn = Drawn(
        {"x": 0},
        {"out": 2},
        (DrawnOperation("multiply", (0, 1), (2,)),),
        values={0: X, 1: tiny, 2: X * tiny},
        gradients={0: G * tiny, 2: G},
        arriving={(0, 0): G * tiny},
    )
    np.testing.assert_array_equal(without_leftovers(drawn).gradients[0], G * tiny)
