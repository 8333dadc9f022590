"""Every function, method and index of NumPy's that the tests' subjects use, and their like."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import LEAVES

EXPRESSIONS = [
    line
    for line in Path(__file__).with_name("expressions.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_values_and_gradients_are_those_of_numpy(
    expression: str, agree: Callable[..., object]
) -> None:
    names = [name for name in LEAVES if re.search(rf"\b{name}\b", expression)]
    text = f"def f({', '.join(names)}):\n    return {expression}\n"
    agree(text, {name: LEAVES[name] for name in names})
