"""By autograd, and where that is not possible by the complex step."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from trigrad.tracing import own_gradient

from .conftest import LEAVES, Subject


def test_autograd_comes_first() -> None:
    this = Subject("def f(x):\n    return np.exp(x)\n", {"x": LEAVES["x"]})
    traced = own_gradient(this.run, this.leaves, [this.namespace])
    assert traced.way == "autograd"
    np.testing.assert_allclose(traced.gradients(np.ones((2, 3)))["x"], np.exp(LEAVES["x"]))


def test_the_complex_step_comes_second() -> None:
    text = "def f(x):\n    z = x.copy()\n    w = z[::-1]\n    w *= 2\n    return z * x\n"
    this = Subject(text, {"x": LEAVES["x"]})
    traced = own_gradient(this.run, this.leaves, [this.namespace])
    assert traced.way == "complex step"
    np.testing.assert_allclose(traced.gradients(np.ones((2, 3)))["x"], 4 * LEAVES["x"])


def test_an_infinite_branch_that_is_not_chosen_spoils_nothing() -> None:
    text = (
        "def f(x):\n"
        "    return np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))\n"
    )
    x = np.array([-800.0, 0.4, 800.0])
    this = Subject(text, {"x": x})
    with np.errstate(all="ignore"):
        traced = own_gradient(this.run, this.leaves, [this.namespace])
        found = traced.gradients(np.ones(3))["x"]
    y = 1 / (1 + np.exp(-0.4))
    np.testing.assert_allclose(found, [0.0, y * (1 - y), 0.0])


def test_gradients_can_be_asked_for_again() -> None:
    this = Subject("def f(x, y):\n    return x * y, {'s': y.sum()}, None, 3\n", _two())
    traced = own_gradient(this.run, this.leaves, [this.namespace])
    ones = np.ones((2, 3))
    one = traced.gradients((ones, {"s": 1.0}, None, None))
    np.testing.assert_array_equal(one["x"], LEAVES["y"])
    np.testing.assert_array_equal(one["y"], LEAVES["x"] + 1)
    again = traced.gradients((None, {"s": 2.0}, None, None))
    np.testing.assert_array_equal(again["x"], np.zeros((2, 3)))
    np.testing.assert_array_equal(again["y"], 2 * ones)
    one["x"][...] = 0.0
    assert traced.gradients((ones, None, None, None))["x"].any()


def test_a_dout_of_another_form_is_refused() -> None:
    this = Subject("def f(x, y):\n    return x * y, {'s': y.sum()}\n", _two())
    traced = own_gradient(this.run, this.leaves, [this.namespace])
    for wrong in (
        (np.ones((3, 2)), {"s": 1.0}),
        (np.ones((2, 3)),),
        (np.ones((2, 3)), {"t": 1.0}),
        np.ones((2, 3)),
    ):
        with pytest.raises(ValueError, match="dout has"):
            traced.gradients(wrong)


def test_leaves_are_left_alone() -> None:
    leaves = _two()
    this = Subject("def f(x, y):\n    x *= 2\n    y[0] = 0\n    return x + y\n", leaves)
    found = own_gradient(this.run, leaves, [this.namespace]).gradients(np.ones((2, 3)))
    np.testing.assert_array_equal(leaves["x"], LEAVES["x"])
    np.testing.assert_array_equal(found["x"], np.full((2, 3), 2.0))
    np.testing.assert_array_equal(found["y"], [[0.0] * 3, [1.0] * 3])


def test_pytorch_is_imported_only_when_asked() -> None:
    text = (
        "import sys, trigrad.tracing, trigrad.tracing.complex_step\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", text], check=True)


def _two() -> dict[str, np.ndarray]:
    return {name: LEAVES[name].copy() for name in ("x", "y")}
