"""What is noted in a run: ties, precision, random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from trigrad.tracing import Traced

from .conftest import LEAVES, WAYS, Subject

X = np.array([[0.3, -1.1, 0.7], [1.9, 0.4, -0.6]])

GAPS = {
    "np.maximum(x, 0)": 0.3,
    "np.where(x > 0.25, x, 0)": 0.05,
    "np.abs(x - 1)": 0.3,
    "np.max(x, axis=1)": 0.4,
    "np.max(x, axis=0)": 1.3,
    "x[0, np.argmax(x[0])]": 0.4,
    "np.sort(x[0])": 0.4,
    "np.clip(x, -1, 1)": 0.1,
    "np.sign(x) * x": 0.3,
    "np.round(x) * x": 0.1,
    "np.floor(x) * x": 0.1,
    "x % 2": 0.05,
    "x.astype(int) * x": 0.1,
    "np.median(x[0])": 0.4,
    "x if x[0, 0] > 0.2 else -x": 0.1,
    "max(x[0, 0], x[0, 2])": 0.4,
    "np.linalg.norm(x[0, :1])": 0.3,
    "np.maximum(np.zeros(3), 1) * x": np.inf,
    "np.exp(x)": np.inf,
    "x * (np.arange(3) > 1)": np.inf,
}

TIES = {
    "np.maximum(x - 0.3, 0)": 0.0,
    "np.max(x - x[0, :1] + np.array([0, 1.4, -0.4]), axis=1)[0]": 0.0,
    "np.maximum(x - x[0, 0], 0)": 0.1,
    # Which of these is chosen makes no difference nearby.
    "np.max(np.pad(np.maximum(x, 0), 1), axis=1)": 0.3,
    "np.maximum(x - x, 0)": np.inf,
    "np.abs(np.zeros(3) * 1.0) + x": np.inf,
    "np.max(np.concatenate([np.zeros(2), x[0]]))": 0.7 - 0.3,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("expression", GAPS)
def test_the_nearest_tie(expression: str, way: str) -> None:
    traced = Subject(f"def f(x):\n    return {expression}\n", {"x": X}).traced(way)
    assert traced.nearest_tie == pytest.approx(GAPS[expression])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("expression", TIES)
def test_a_tie_counts_if_its_sides_move_apart(expression: str, way: str) -> None:
    traced = Subject(f"def f(x):\n    return {expression}\n", {"x": X}).traced(way)
    assert traced.nearest_tie == pytest.approx(TIES[expression])


@pytest.mark.parametrize("way", WAYS)
def test_float32_inside_is_lifted(way: str) -> None:
    text = """
def f(x):
    W = np.array([[1.0, 2.0, 3.0]], dtype=np.float32)
    z = np.zeros(x.shape, dtype=np.float32)
    z[...] = np.exp(x.astype(np.float32)) * W
    return z
"""
    traced = Subject(text, {"x": X}).traced(way)
    assert traced.precision == np.float32
    found = traced.gradients(np.ones((2, 3)))["x"]
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, np.exp(X) * [1.0, 2.0, 3.0], rtol=1e-14)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("np.exp(x)", "float64"),
        ("x * np.float32(0.5)", "float32"),
        ("x + np.float16(1)", "float16"),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_the_lowest_precision_is_told(text: str, precision: str, way: str) -> None:
    traced = Subject(f"def f(x):\n    return {text}\n", {"x": X}).traced(way)
    assert traced.precision == np.dtype(precision)


RANDOM = {
    "np.random.rand(3) * x": True,
    "np.random.default_rng().normal(size=3) * x": True,
    "np.random.default_rng(0).normal(size=3) * x": True,
    "RNG.normal(size=3) * x": True,
    "OLD.normal(size=3) * x": True,
    "random.random() * x": True,
    "np.arange(3) * x": False,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("expression", RANDOM)
def test_random_numbers_are_constants_and_the_same_each_time(expression: str, way: str) -> None:
    text = (
        "import random\nRNG = np.random.default_rng(1)\nOLD = np.random.RandomState(1)\n"
        f"def f(x):\n    return {expression}\n"
    )
    this = Subject(text, {"x": X})
    before = np.random.get_state()[1].tobytes()
    one, other, third = this.traced(way), this.traced(way), this.traced(way, seed=1)
    assert np.random.get_state()[1].tobytes() == before
    assert one.random == RANDOM[expression]
    np.testing.assert_array_equal(one.output, other.output)
    np.testing.assert_allclose(one.gradients(X)["x"], one.output)
    seeded = expression.startswith(("np.random.rand(", "np.random.default_rng()", "random."))
    assert np.array_equal(one.output, third.output) != seeded


def test_a_mask_is_the_numpy_generators_own(agree: Callable[..., Traced]) -> None:
    text = "def f(x):\n    return x * (np.random.rand(*x.shape) > 0.5)\n"
    assert agree(text, {"x": LEAVES["x"]}).random
