"""Shapes and arguments in the calls of a file."""

from __future__ import annotations

import ast

from trigrad.subject.source.own_calls import own_calls


def test_shapes_of_what_a_function_is_given() -> None:
    text = """
x = np.random.randn(3, 4)
W, b = 0, np.zeros((5,))
M = np.random.rand(4, 5) * 0.1
out, cache = affine(x, M, b.reshape(1, 5), 7)
more = affine(np.array([[1, 2], [3, 4]]), M.T)
"""
    found = own_calls([ast.parse(text)])
    assert found.given["affine"] == [((3, 4), (4, 5), (1, 5), None), ((2, 2), (5, 4))]


def test_objects_and_their_methods() -> None:
    text = """
def main():
    conv = Conv(3, 8, kernel=3, name="c")
    x = np.random.normal(size=(2, 3, 8, 8))
    conv.forward(x)
    conv(x)
    other = Conv(depth, 8)
"""
    found = own_calls([ast.parse(text)])
    assert found.made["Conv"] == ["3, 8, kernel=3, name='c'"]
    assert found.given == {
        "Conv.forward": [((2, 3, 8, 8),)],
        "Conv.__call__": [((2, 3, 8, 8),)],
    }


def test_what_is_not_known_is_left_out() -> None:
    found = own_calls([ast.parse("x = load()\ny = f(x, n)\nz = np.zeros((n, 3))\ng(z, 1)")])
    assert found.given == {}
