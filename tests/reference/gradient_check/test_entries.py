"""every_entry=True: all of the numerical gradient, each entry with an honest error."""

from __future__ import annotations

import numpy as np
import pytest

from trigrad import gradcheck


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(), (1,), (7,), (4, 5), (2, 3, 4), (0, 2)])
def test_numerical_gradient_is_right_to_its_errors(shape: tuple[int, ...], dtype: type) -> None:
    W = np.asarray(np.random.default_rng(0).normal(size=shape), dtype=dtype)
    right = np.cos(W.astype(float))
    report = gradcheck(
        lambda: np.sum(np.sin(W.astype(float))), {"W": W}, {"W": right}, every_entry=True
    )
    assert report.ok, report
    if not W.size:
        assert not report.numerical
        return
    assert report.numerical["W"].shape == report.errors["W"].shape == shape
    assert np.all(np.abs(report.numerical["W"] - right) <= report.errors["W"])
    assert np.all(report.errors["W"] < (5e-6 if dtype == np.float64 else 2e-2))


def test_along_directions_there_is_no_numerical_gradient() -> None:
    W = np.ones(3)
    report = gradcheck(lambda: np.sum(W**2), {"W": W}, {"W": 2 * W})
    assert not report.numerical
    assert not report.errors


def test_all_wrong_entries_are_told_and_no_other() -> None:
    random = np.random.default_rng(1)
    W, b = random.normal(size=(6, 8)), random.normal(size=8)
    off = np.cos(W)
    at = random.random(W.shape) < 0.5
    off[at] += random.choice([-1e-5, 1e-5], size=int(at.sum()))
    report = gradcheck(
        lambda: np.sum(np.sin(W)) + np.sum(b**2),
        {"W": W, "b": b},
        {"W": off, "b": 2 * b},
        every_entry=True,
    )
    assert [w.index for w in report.wrong] == [tuple(map(int, i)) for i in np.argwhere(at)]
    assert report.patterns["W"] == f"{at.sum()} of 48 entries are wrong"
    assert set(report.resolution) == {"b"}
    assert set(report.numerical) == {"W", "b"}
    np.testing.assert_allclose(report.numerical["W"], np.cos(W), atol=1e-8)


def test_what_they_have_in_common_is_told() -> None:
    W = np.linspace(0.1, 1, 12).reshape(3, 4)
    report = gradcheck(lambda: np.sum(np.sin(W)), {"W": W}, {"W": 3 * np.cos(W)}, every_entry=True)
    assert len(report.wrong) == 12
    assert report.patterns["W"].startswith(
        "12 of 12 entries are wrong: 3 times what it should be: is a division by 3 missing"
    )


def test_progress_is_shown_on_stderr_only_for_many(capsys: pytest.CaptureFixture[str]) -> None:
    for size in (10, 400):
        W = np.linspace(0, 1, size)
        assert gradcheck(
            lambda W=W: np.sum(np.sin(W)), {"W": W}, {"W": np.cos(W)}, every_entry=True
        )
        out, err = capsys.readouterr()
        assert not out
        assert size > 200 or not err
