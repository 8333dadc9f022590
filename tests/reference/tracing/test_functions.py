"""Every function, method and index of NumPy's that the tests' subjects use, and their like."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.tracing import Untraceable

from .conftest import LEAVES, WAYS

EXPRESSIONS = [
    line
    for line in Path(__file__).with_name("expressions.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

ONE_WAY = {
    "np.linalg.pinv(A)": "autograd",
    "(type(x) == np.ndarray) * s": "autograd",
    "(type(np.zeros(2)) is np.ndarray) * s": "autograd",
}
"""What the other way refuses."""


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_values_and_gradients_are_those_of_numpy(
    expression: str, agree: Callable[..., object]
) -> None:
    names = [name for name in LEAVES if re.search(rf"\b{name}\b", expression)]
    text = f"def f({', '.join(names)}):\n    return {expression}\n"
    leaves = {name: LEAVES[name] for name in names}
    for way in WAYS:
        if ONE_WAY.get(expression, way) == way:
            agree(text, leaves, way)
        else:
            with pytest.raises(Untraceable):
                agree(text, leaves, way)
