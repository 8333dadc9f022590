"""Shapes in docstrings and comments."""

from __future__ import annotations

import pytest

from trigrad.subject.source.documented_shapes import documented_shapes


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("x: (N, D)", "N D"),
        ("- x: A numpy array of shape (N, C, H, W)", "N C H W"),
        ("x -- input data, of shape (n_x, m)", "n_x m"),
        ("x : ndarray, shape (N,)", "N"),
        ("`x`: [batch, time, 4*H]", "batch time 4*H"),
        ("x = labels of shape (m)", "m"),
        ("x (N, 3): points", "N 3"),
    ],
)
def test_a_line_that_documents_a_shape(line: str, shape: str) -> None:
    text = f'def f(x):\n    """Something.\n\n    {line}\n    """\n    return x\n'
    assert documented_shapes(text) == {"x": shape}
    assert documented_shapes(f"# {line}\ndef f(x):\n    return x\n") == {"x": shape}


@pytest.mark.parametrize(
    "line",
    [
        "x: the input (optional)",
        "x: (float) a number",
        "x: of shape (N, d_1, ..., d_k)",
        "x: (N, 1 + (H - HH) / stride)",
        "Returns a tuple (out, cache)",
        "trigrad: x: (N, D)",
    ],
)
def test_what_is_no_shape(line: str) -> None:
    assert documented_shapes(f"# {line}\ndef f(x):\n    return x\n") == {}


def test_code_is_not_read() -> None:
    assert (
        documented_shapes("def f(x):\n    x: Array[N, D] = g(x)\n    y = x.sum(axis=(1, 2))\n")
        == {}
    )
