"""Whole layers, built and called on stand-ins, as learners write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import numpy as np
import own_layers
import pytest

from trigrad.tracing import Traced

from .conftest import WAYS, Subject

TEXT = Path(own_layers.__file__).read_text("utf-8")

KINKED = {
    "max pooling by im2col",
    "max pooling in loops",
    "sigmoid by mask",
    "softmax",
    "SoftmaxWithLoss, labels",
    "SoftmaxWithLoss, one-hot",
    "log softmax",
    "attention",
    "activations in a dict",
    "Relu",
    "network",
    "hinge in loops",
    "binary cross entropy",
    "Huber",
    "softmax's Jacobian",
    "cosine",
}
"""Something is compared there, or one of several values is chosen."""


def leaves_of(name: str) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(crc32(name.encode()))
    shapes = (each.split() for each in own_layers.CASES[name][1].split(","))
    return {leaf: rng.normal(size=tuple(map(int, shape))) for leaf, *shape in shapes}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", own_layers.CASES)
def test_values_and_gradients_are_those_of_numpy(
    name: str, way: str, agree: Callable[..., Traced]
) -> None:
    leaves = leaves_of(name)
    call = f"\n\ndef f(**leaves):\n    return CASES[{name!r}][0](**leaves)\n"
    traced = agree(TEXT + call, leaves, way, tolerance=1e-7)
    assert traced.random == (name == "dropout")


@pytest.mark.parametrize("name", own_layers.CASES)
def test_both_ways_find_the_same_ties(name: str) -> None:
    text = f"{TEXT}\n\ndef f(**leaves):\n    return CASES[{name!r}][0](**leaves)\n"
    one, other = (Subject(text, leaves_of(name)).traced(way) for way in WAYS)
    assert one.nearest_tie == pytest.approx(other.nearest_tie)
    assert (one.nearest_tie < np.inf) == (name in KINKED)
