"""A loop shows in what an optimiser wants weights and gradients, or nothing does."""

from __future__ import annotations

import ast

import pytest

from trigrad.subject.source.weight_loops import DICTS, LISTS, weight_loops


@pytest.mark.parametrize(
    ("loop", "found"),
    [
        ("for key in params:\n    params[key] -= grads[key]", DICTS),
        ("for key in params.keys():\n    params[key] -= grads[key]", DICTS),
        ("for key, val in params.items():\n    val -= grads[key]", DICTS),
        ("for i in range(len(params)):\n    params[i] -= grads[i]", LISTS),
        ("for p, g in zip(params, grads):\n    p -= g", LISTS),
        ("for i, (p, g) in enumerate(zip(params, grads)):\n    p -= g", LISTS),
        ("for p, g, v in zip(params, grads, self.v):\n    p -= g", LISTS),
        ("for key in params:\n    params[key] -= grads['d' + key]", ""),
        ("for key in self.v:\n    params[key] -= grads[key]", ""),
        ("for p in params:\n    p -= p.grad", ""),
        ("for layer, g in zip(self.layers, grads):\n    layer.W -= g", ""),
        ("params -= grads", ""),
    ],
)
def test_loops_through_weights(loop: str, found: str) -> None:
    assert weight_loops(ast.parse(loop), "params", "grads") == found
