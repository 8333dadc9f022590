"""Losses far from 1, and functions that a first step cannot follow."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from trigrad import GradientReport, gradcheck
from trigrad.contracts.schema import Array

A = np.random.default_rng(0).normal(size=(30, 20))
B = np.random.default_rng(1).normal(size=30)
W = np.random.default_rng(2).normal(size=20)


@pytest.mark.parametrize("size", [1e-305, 1e-200, 1e200, 1e300])
@pytest.mark.parametrize("share", [1.0, 2.0])
def test_a_loss_of_any_magnitude_is_judged_without_a_warning(size: float, share: float) -> None:
    w = W.copy()
    gradient = size * 2 / 30 * A.T @ (A @ w - B)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = gradcheck(
            lambda: size * np.mean((A @ w - B) ** 2), {"w": w}, {"w": share * gradient}
        )
    assert bool(report.wrong) == (share != 1), report
    assert report.ok == (share == 1), report


@pytest.mark.parametrize("size", [1e-200, 1e-100, 1e100, 1e160, 1e200])
def test_weights_of_any_magnitude_are_judged_without_a_warning(size: float) -> None:
    w = W * size
    gradient = 2 / 30 * A.T @ (A @ (w / size) - B) / size
    gradient[3] *= 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = gradcheck(lambda: np.mean((A @ (w / size) - B) ** 2), {"w": w}, {"w": gradient})
    assert [one.index for one in report.wrong] == [(3,)], report


def test_a_value_beside_the_smallest_float_does_not_stop_the_check() -> None:
    w: Array = np.array([1.0, 2.0])
    report = gradcheck(lambda: 5e-324 if w[0] > 1 else 0.0, {"w": w}, {"w": np.zeros(2)})
    assert not report.wrong, report


def of_sines(frequency: float, size: int, share: float, seed: int) -> GradientReport:
    w = W[:size].copy()
    right = frequency * np.cos(frequency * w)
    return gradcheck(
        lambda: np.sum(np.sin(frequency * w)), {"w": w}, {"w": share * right}, seed=seed
    )


@pytest.mark.parametrize("size", [1, 20])
@pytest.mark.parametrize("frequency", [1e5, 1e6])
def test_an_oscillation_finer_than_the_first_step_is_followed(frequency: float, size: int) -> None:
    for seed in range(5):
        right, zeros = (of_sines(frequency, size, share, seed) for share in (1.0, 0.0))
        assert right.ok, right
        assert zeros.wrong, zeros


@pytest.mark.parametrize("frequency", [1e8, 1e9])
def test_an_oscillation_finer_than_the_smallest_step_is_not_ok(frequency: float) -> None:
    for seed in range(5):
        zeros = of_sines(frequency, 1, 0.0, seed)
        assert not zeros.ok, zeros


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("steepness", [1e5, 1e6])
def test_a_step_that_is_steeper_than_the_first_is_wide_is_followed(
    steepness: float, seed: int
) -> None:
    w = np.array([0.1 / steepness, 1.0])
    right = np.array([steepness / np.cosh(0.1) ** 2, 2.0])
    report = gradcheck(
        lambda: np.tanh(steepness * w[0]) + w[1] ** 2, {"w": w}, {"w": right}, seed=seed
    )
    assert report.ok, report
