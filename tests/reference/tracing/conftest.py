"""A function's text, run on stand-ins, held against NumPy and central differences."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from trigrad.tracing import Traced, trace
from trigrad.tracing.complex_step import complex_step
from trigrad.tracing.traced import flattened, is_numeric

LEAVES = {
    "x": np.array([[0.3, -1.1, 0.7], [1.9, 0.4, -0.6]]),
    "y": np.array([[1.2, 0.8, -0.5], [-0.9, 1.6, 0.35]]),
    "v": np.array([0.45, -0.8, 1.3]),
    "p": np.array([[0.2, 0.7, 1.1], [0.9, 0.4, 1.6]]),
    "A": np.array([[1.5, 0.2, -0.3], [0.4, 1.1, 0.6], [-0.7, 0.1, 0.9]]),
    "s": np.array(0.62),
}
"""The leaves that a function may ask for: no ties; p is positive, A can be inverted."""

WAYS: dict[str, Callable[..., Traced]] = {"autograd": trace, "complex step": complex_step}


class Subject:
    """A function of a text, in a namespace of its own."""

    def __init__(self, text: str, leaves: Mapping[str, np.ndarray], name: str = "f") -> None:
        self.namespace: dict[str, Any] = {"__name__": "notes", "np": np, "numpy": np}
        exec(textwrap.dedent(text), self.namespace)
        self.leaves = dict(leaves)
        self.name = name

    def run(self, leaves: dict[str, Any]) -> Any:
        return self.namespace[self.name](**leaves)

    def traced(self, way: str = "autograd", seed: int = 0) -> Traced:
        return WAYS[way](self.run, self.leaves, [self.namespace], seed=seed)

    def plainly(self, leaves: Mapping[str, np.ndarray], seed: int = 0) -> Any:
        np.random.seed(seed)
        return self.run({name: leaf.copy() for name, leaf in leaves.items()})

    def differences(self, douts: Sequence[np.ndarray], seed: int = 0) -> dict[str, np.ndarray]:
        """The gradient of ⟨dout, output⟩ by central differences of the plain function."""

        def loss(leaves: Mapping[str, np.ndarray]) -> float:
            parts = flattened(self.plainly(leaves, seed), is_numeric)
            return sum(float(np.sum(d * part)) for d, part in zip(douts, parts, strict=True))

        found = {}
        for name, leaf in self.leaves.items():
            slopes = np.zeros(leaf.shape)
            for place in np.ndindex(*leaf.shape):
                sides = []
                for step in (1e-5, -1e-5):
                    moved = leaf.copy()
                    moved[place] += step
                    sides.append(loss({**self.leaves, name: moved}))
                slopes[place] = (sides[0] - sides[1]) / 2e-5
            found[name] = slopes
        return found


@pytest.fixture
def agree() -> Callable[..., Traced]:
    """Holds a function on stand-ins against NumPy's values and central differences."""

    def agree(
        text: str,
        leaves: Mapping[str, np.ndarray],
        way: str = "autograd",
        name: str = "f",
        tolerance: float = 2e-8,
    ) -> Traced:
        before = np.random.get_state()[1].tobytes()
        subject = Subject(text, leaves, name)
        traced = subject.traced(way)
        assert np.random.get_state()[1].tobytes() == before
        plain = flattened(subject.plainly(leaves), is_numeric)
        mine = flattened(traced.output, is_numeric)
        assert len(plain) == len(mine) > 0
        for one, other in zip(mine, plain, strict=True):
            assert isinstance(one, float | np.ndarray)
            assert np.shape(one) == np.shape(other)
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)
        rng = np.random.default_rng(5)
        douts = [np.asarray(rng.uniform(-1, 1, np.shape(each))) for each in mine]
        found = traced.pull_back(douts)
        assert found.keys() == leaves.keys()
        wanted = subject.differences(douts)
        np.random.set_state(np.random.RandomState(0).get_state())
        for leaf, slopes in wanted.items():
            scale = max(1.0, float(np.abs(slopes).max(initial=0.0)))
            assert found[leaf].dtype == np.float64
            np.testing.assert_allclose(
                found[leaf], slopes, rtol=0, atol=tolerance * scale, err_msg=leaf
            )
        return traced

    return agree
