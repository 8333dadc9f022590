"""Which code has the same normal form, and which has not."""

from __future__ import annotations

import ast

import numpy as np
import pytest

from trigrad.repair.edits.normal_form import simplified

SAME = [
    ("a + b", "b + a"),
    ("a * b * c", "c * (b * a)"),
    ("1 - y", "-y + 1"),
    ("a - b", "a + (-b)"),
    ("-(a - b)", "b - a"),
    ("a / b * c", "a * c / b"),
    ("a / (b * c)", "a / b / c"),
    ("2 * a * b", "a * (b * 2)"),
    ("--a", "a"),
    ("a.T.T", "a"),
    ("np.transpose(a)", "a.T"),
    ("a * 1", "a"),
    ("a * 1.0", "a * 1"),
    ("a + 0", "a"),
    ("a / 1", "a"),
    ("a ** 1", "a"),
    ("((a))", "a"),
    ("np.dot(a, b)", "a @ b"),
    ("a.dot(b)", "np.matmul(a, b)"),
    ("np.dot(a, b).T", "(a @ b).T"),
    ("np.sum(a, axis=0)", "a.sum(axis=0)"),
    ("-np.sum(-(a * b)) / 2", "np.sum(a * b) / 2"),
    ("np.mean(2 * a, axis=0)", "2 * a.mean(axis=0)"),
    ("np.mean(-np.sum(a, axis=1))", "-np.mean(np.sum(a, axis=1))"),
    ("-(a * (y - 1.0) * y)", "a * (1 - y) * y"),
    ("(a - b) / c", "-(b - a) / c"),
    ("np.sum(a, 0)", "np.sum(a, axis=0)"),
    ("np.sum(a, axis=0, keepdims=True)", "np.sum(a, keepdims=True, axis=0)"),
    ("np.sum(a, axis=None, keepdims=False)", "np.sum(a)"),
    ("np.multiply(a, b)", "b * a"),
    ("np.add(a, b)", "a + b"),
    ("np.subtract(a, b)", "a - b"),
    ("np.max(a, axis=1)", "np.amax(a, 1)"),
    ("a < b", "b > a"),
    ("not a > b", "a <= b"),
    ("a == b", "b == a"),
    ("a.reshape(2, -1)", "a.reshape((2, -1))"),
    ("a.reshape(*s)", "np.reshape(a, s)"),
    ("f(a, (b + c))", "f(a, c + b)"),
]
DIFFERENT = [
    ("np.sum(-a)", "np.sum(a)"),
    ("np.sum(a - 1)", "np.sum(1 - a)"),
    ("np.sum(a)", "np.mean(a)"),
    ("np.max(-a)", "-np.max(a)"),
    ("a - b", "b - a"),
    ("a / b", "b / a"),
    ("a @ b", "b @ a"),
    ("a @ b.T", "a.T @ b"),
    ("(a * b).T", "a.T * b"),
    ("(a.T * b).T", "a * b"),
    ("a * (b + c)", "a * b + c"),
    ("a - (b - c)", "a - b - c"),
    ("1 / (1 + a)", "1 / 1 + a"),
    ("a / b / c", "a / (b / c)"),
    ("a * 0", "a"),
    ("a / 2", "a * 2"),
    ("a + 1", "a"),
    ("1.0 - a", "1.0 + a"),
    ("-a ** 2", "(-a) ** 2"),
    ("a ** 2", "a"),
    ("a * b", "a ** b"),
    ("a * b", "a @ b"),
    ("'W' + i", "i + 'W'"),
    ("[1] + a", "a + [1]"),
    ("'a' * 2 + b", "b + 'a' * 2"),
    ("-('a' + b)", "-(b + 'a')"),
    ("np.sum(a)", "np.sum(a, axis=0)"),
    ("np.sum(a, axis=0)", "np.sum(a, axis=1)"),
    ("np.sum(a, axis=0)", "np.sum(a, axis=0, keepdims=True)"),
    ("np.sum(a, axis=0)", "np.mean(a, axis=0)"),
    ("other.sum(a, 0)", "np.sum(a, 0)"),
    ("a < b", "a <= b"),
    ("a < b", "b < a"),
    ("not a > b", "a > b"),
    ("a.reshape(2, 3)", "a.reshape(3, 2)"),
    ("np.where(m, a, b)", "np.where(m, b, a)"),
    ("self.a", "a"),
    ("True", "1"),
    ("a // b * c", "a * c // b"),
    ("a % b", "b % a"),
    ("(a * b).shape", "a * b.shape"),
    ("sum(a)", "np.sum(a)"),
]


def form(text: str) -> str:
    return simplified(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_computes_the_same_has_one_form(one: str, other: str) -> None:
    assert form(one) == form(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_computes_something_else_has_another(one: str, other: str) -> None:
    assert form(one) != form(other)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("x *= y", "x = x * y", True),
        ("self.dW += g", "self.dW = self.dW + g", True),
        ("x *= y + 1", "x = x * (y + 1)", True),
        ("x *= y + 1", "x = x * y + 1", False),
        ("x -= y", "x = y - x", False),
        ("x = y", "x += y", False),
        ("if c:\n    x = 1", "if (c):\n    x = 1  # why", True),
        ("if c:\n    x = 1", "if c:\n    pass\nx = 1", False),
        ("return a, b", "return (a, b)", True),
        ("return a, b", "return b, a", False),
    ],
)
def test_statements_have_forms_as_well(one: str, other: str, same: bool) -> None:
    assert (simplified(ast.parse(one)) == simplified(ast.parse(other))) is same


def test_expressions_of_one_form_have_one_value() -> None:
    rng = np.random.default_rng(3)
    a, b, c = rng.normal(size=(3, 4, 4))
    names = {"np": np, "a": a, "y": c, "b": b, "c": c, "s": (2, 8), "f": lambda x, y: x @ y}
    for one, other in SAME:
        if "not" in one:
            continue  # has no value for an array
        np.testing.assert_allclose(eval(one, names), eval(other, names), rtol=1e-9, atol=1e-12)
