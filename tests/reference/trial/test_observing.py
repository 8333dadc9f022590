"""What a declared layer's forward shows before it is judged: its sizes, rows, mean and output."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from trigrad.contracts.schema import Contract
from trigrad.opening import open_subject
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.trial.observing import observed

Observe = Callable[[str], Candidate | Unjudged]


@pytest.fixture
def observe(tmp_path: Path) -> Observe:
    """What is seen of the only layer of a text."""

    def observe_text(text: str) -> Candidate | Unjudged:
        path = tmp_path / "layers.py"
        path.write_text("import numpy as np\n\n" + textwrap.dedent(text), "utf-8")
        (candidate,) = open_subject(path).candidates
        return observed(candidate)

    return observe_text


def function(declaration: str, body: str, arguments: str = "x") -> str:
    """A function of one body with its derivative, which is never called here."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    backward = "def f_backward(dout, cache):\n    return cache"
    return f"# trigrad: {declaration}\ndef f_forward({arguments}):\n{lines}\n\n{backward}\n"


def row(found: Candidate | Unjudged) -> Contract:
    assert isinstance(found, Candidate), found.why
    return found.contract


def test_a_kernel_needs_its_size(observe: Observe) -> None:
    body = """
        N, C, H, W = x.shape
        if min(H, W) < 5:
            raise ValueError("the image is smaller than the kernel")
        return x[:, :, :H - 4, :W - 4] + x[:, :, 4:, 4:], x
        """
    choices = row(observe(function("x: N C H W", body))).choices
    assert set(choices) == {"H", "W"}
    assert min(choices["H"]) == 5
    assert len(choices["H"]) > 1


def test_a_pool_takes_even_sizes(observe: Observe) -> None:
    body = "N, C, H, W = x.shape\nreturn x.reshape(N, C, H // 2, 2, W // 2, 2).max((3, 5)), x"
    choices = row(observe(function("x: N C H W", body))).choices
    assert all(size % 2 == 0 for size in (*choices["H"], *choices["W"]))
    assert "N" not in choices


def test_heads_divide_the_width(observe: Observe) -> None:
    body = "N, T, D = x.shape\nreturn x.reshape(N, T, 4, D // 4).sum(2), x"
    choices = row(observe(function("x: N T D", body))).choices
    assert set(choices) == {"D"}
    assert all(size % 4 == 0 for size in choices["D"])


def test_a_size_that_works_always_is_not_chosen(observe: Observe) -> None:
    assert row(observe(function("x: N D", "return x * 2, x"))).choices == {}


@pytest.mark.parametrize(
    ("body", "rows", "mean"),
    [
        ("return np.tanh(x), x", True, False),
        ("return x - x.mean(axis=0), x", False, False),
        ("return x.T, x", False, False),
        ("return x.sum(axis=1), x", True, False),
        ("return np.mean(x ** 2), x", True, True),
        ("return np.sum(x ** 2) / len(x), x", True, True),
        ("return np.sum(x ** 2), x", False, False),
        ("return np.mean(x) ** 2, x", False, False),
    ],
)
def test_rows_and_means_are_seen(observe: Observe, body: str, rows: bool, mean: bool) -> None:
    promises = row(observe(function("x: N D", body))).promises
    assert (promises.rows, promises.mean) == (rows, mean)


@pytest.mark.parametrize(
    ("body", "scalar"),
    [
        ("return np.mean(x), x", True),
        ("return np.mean(x, keepdims=True), x", True),
        ("return float(np.sum(x)), x", True),
        ("return x.sum(axis=1, keepdims=True), x", False),
    ],
)
def test_a_number_may_have_axes(observe: Observe, body: str, scalar: bool) -> None:
    assert row(observe(function("x: N D", body))).scalar is scalar


def test_a_forward_that_raises_with_all_sizes_is_not_judged(observe: Observe) -> None:
    found = observe(function("x: N D", "return np.linalg.inv(x[:0]), x"))
    assert isinstance(found, Unjudged)
    assert found.why.startswith("f_forward raises LinAlgError"), found.why
    assert "with each of the sizes that were tried" in found.why


def test_a_forward_that_gives_no_numbers_is_not_judged(observe: Observe) -> None:
    found = observe(function("x: N D", "return 'none'"))
    assert isinstance(found, Unjudged)
    assert found.why.startswith("forward gives "), found.why


def test_what_pytorch_cannot_follow_is_said(observe: Observe) -> None:
    body = "return np.array([[abs(complex(v)) for v in row] for row in x.tolist()]), x"
    found = observe(function("x: N D", body))
    assert isinstance(found, Candidate)
    assert any("compared with finite differences only" in note for note in found.notes), found.notes
