"""Wrong all over at a million entries, stale gradients, and a search that lasts."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import count

import numpy as np
import pytest

from trigrad import gradcheck
from trigrad.contracts.schema import Array
from trigrad.gradient_check import waiting

SIDE = 1000


def quadratic(shape: tuple[int, ...]) -> tuple[Array, Callable[[], float], Array]:
    """A cheap loss of one array, and its gradient."""
    random = np.random.default_rng(0)
    W, target = random.normal(size=shape), random.normal(size=shape)
    flat, at = W.reshape(-1), target.reshape(-1)
    return W, lambda: float(np.vdot(flat, flat) / 2 + np.vdot(flat, at)), W + target


def with_row(g: Array) -> Array:
    g[371] += 0.1
    return g


def with_column(g: Array) -> Array:
    g[:, 42] = 0
    return g


def with_opposite_errors(g: Array) -> Array:
    g[3, 4] += 0.01
    g[700, 801] -= 0.01
    return g


ALL_OVER: dict[str, tuple[Callable[[Array], Array], str]] = {
    "times": (lambda g: 3 * g, "3 times what it should be: .*"),
    "sign": (lambda g: -g, "the sign is the opposite of what it should be"),
    "zeros": (lambda g: 0 * g, "all zeros, though the loss changes with it"),
    "transposed": (lambda g: g.T.copy(), "the transpose of what it should be"),
    "row": (with_row, r"row 371: .*"),
    "column": (with_column, r"column 42: .*"),
    "opposite": (with_opposite_errors, "2 entries are wrong"),
}


@pytest.mark.parametrize("kind", ALL_OVER)
def test_a_million_entries(kind: str) -> None:
    W, loss, right = quadratic((SIDE, SIDE))
    spoil, words = ALL_OVER[kind]
    gradient = spoil(right.copy())
    report = gradcheck(loss, {"W": W}, {"W": gradient})
    assert re.fullmatch(words, report.patterns["W"]), report.patterns
    for wrong in report.wrong:
        assert wrong.index is not None
        assert wrong.is_ == gradient[wrong.index] != right[wrong.index]
        assert abs(wrong.should_be - right[wrong.index]) <= wrong.error


def test_stale_gradients_get_a_word() -> None:
    W, b = np.linspace(1, 2, 12).reshape(3, 4), np.linspace(-1, 1, 4)

    def loss() -> float:
        return float(np.sum(np.sin(W)) + np.sum(np.exp(b)))

    stale = {"W": np.cos(W + 0.1), "b": np.exp(b + 0.1 * np.arange(4))}
    words = "All of them are wrong: look first where backward begins, at the loss."
    assert words in str(gradcheck(loss, {"W": W, "b": b}, stale))
    explained = {"W": 3 * np.cos(W), "b": 3 * np.exp(b)}
    assert words not in str(gradcheck(loss, {"W": W, "b": b}, explained))
    one = {"W": np.cos(W), "b": stale["b"]}
    assert words not in str(gradcheck(loss, {"W": W, "b": b}, one))


def test_a_search_that_lasts_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    W, loss, right = quadratic((30,))
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes stderr for a terminal
    seconds = count()
    monkeypatch.setattr(waiting.time, "monotonic", lambda: float(next(seconds)))
    right[3] += 1
    gradcheck(loss, {"W": W}, {"W": right})
    said = capsys.readouterr()
    assert said.out == ""
    assert "gradcheck: looking for what is wrong" in said.err
    monkeypatch.undo()
    gradcheck(loss, {"W": W}, {"W": right})
    assert capsys.readouterr() == ("", "")
