"""What a newcomer met: reports in tests, notebooks and other processes, and what they say."""

from __future__ import annotations

import copy
import functools
import pickle
from typing import Any

import numpy as np
import pytest

from trigrad import GradcheckError, gradcheck
from trigrad.contracts.schema import Array
from trigrad.gradient_check.gradient_report import GradientReport


def network(seed: int = 1) -> tuple[Any, dict[str, Array], dict[str, Array]]:
    """A linear classifier on 20 samples: its loss, its parameters and the right gradients."""
    rng = np.random.default_rng(seed)
    x, t = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)
    params = {"W": rng.normal(size=(4, 3)), "b": np.zeros(3)}

    def softmax() -> Array:
        a = x @ params["W"] + params["b"]
        e = np.exp(a - a.max(axis=1, keepdims=True))
        return np.asarray(e / e.sum(axis=1, keepdims=True))

    def loss() -> float:
        return float(-np.mean(np.log(softmax()[np.arange(20), t])))

    d = (softmax() - np.eye(3)[t]) / 20
    return loss, params, {"W": x.T @ d, "b": d.sum(axis=0)}


def checked(factor: float = 1.0, **options: Any) -> GradientReport:
    """The report on the network with all gradients multiplied by a factor."""
    loss, params, grads = network()
    return gradcheck(loss, params, {k: factor * g for k, g in grads.items()}, **options)


# --- reports in tests, notebooks and other processes ---------------------------------------------


def test_repr_is_one_line_with_the_verdict() -> None:
    """What `assert gradcheck(...)` shows in pytest, which cuts it after 240 characters."""
    assert repr(checked()) == "<GradientReport: no gradient is wrong>"
    assert repr(checked(2.0)) == (
        "<GradientReport: 2 of 2 gradients wrong: W, b; print it for more>"
    )


def test_repr_of_a_report_on_many_parameters_is_short() -> None:
    params = {f"weights_of_layer_{i}": np.ones(2) for i in range(50)}
    report = gradcheck(
        lambda: sum(float(p.sum()) for p in params.values()),
        params,
        {name: np.zeros(2) for name in params},
    )
    assert len(repr(report)) < 240


def test_notebooks_show_the_whole_report() -> None:
    shown: list[str] = []

    class Printer:
        def text(self, words: str) -> None:
            shown.append(words)

    report = checked(2.0)
    report._repr_pretty_(Printer(), cycle=False)
    assert shown == [str(report)]


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, copy.copy, lambda r: pickle.loads(pickle.dumps(r))]
)
def test_reports_are_copied_and_sent_to_other_processes(copied: Any) -> None:
    report = checked(2.0, every_entry=True)
    again = copied(report)
    assert str(again) == str(report)
    assert again.wrong == report.wrong
    np.testing.assert_array_equal(again.numerical["W"], report.numerical["W"])
    with pytest.raises(TypeError):
        again.patterns["W"] = "other"


# --- what reports say ----------------------------------------------------------------------------


def test_largest_entry_is_not_taken_for_the_largest_error() -> None:
    lines = str(checked()).splitlines()
    assert all(" (the largest entry is 0." in line for line in lines[1:])


def test_what_one_direction_shows_is_not_said_of_every_entry() -> None:
    """Several wrong entries can cancel, if rarely; entry by entry they cannot."""
    assert "an entry off by more than" in str(checked())
    assert "no entry is off by more than" in str(checked(every_entry=True))


def test_zero_is_never_printed_with_a_sign() -> None:
    loss, params, grads = network()
    report = gradcheck(loss, params, {**grads, "b": -0.0 * np.abs(grads["b"])})
    assert "b[0] is 0, should be " in str(report)


# --- what cannot be checked ----------------------------------------------------------------------


def refusal(loss: Any, params: Any, grads: Any) -> str:
    """What the error says."""
    with pytest.raises(GradcheckError) as raised:
        gradcheck(loss, params, grads)
    return str(raised.value)


class Net:
    """A network whose loss takes the batch."""

    W = np.ones(2)

    def loss(self, x: Array, t: Array, *, power: int = 2) -> float:
        return float(np.sum((x * self.W - t) ** power))


def test_loss_that_needs_arguments_is_refused_with_the_way_to_pass_them() -> None:
    assert refusal(Net().loss, {"W": Net.W}, {"W": Net.W}) == (
        "loss needs x, t, should be a function without arguments that computes the loss anew: "
        "lambda: net.loss(x, t)"
    )


def test_loss_with_arguments_that_may_be_left_out_is_taken() -> None:
    w = np.array([3.0])

    def loss(*rest: Any, power: int = 2, **more: Any) -> float:
        return float(w[0] ** power) + len(rest) + len(more)

    @functools.wraps(Net.loss)
    def closed() -> float:
        return loss()

    assert gradcheck(loss, {"w": w}, {"w": 2 * w})
    assert gradcheck(closed, {"w": w}, {"w": 2 * w})
    assert gradcheck(functools.partial(lambda x: x @ w, w), {"w": w}, {"w": 2 * w})
    assert gradcheck(w.sum, {"w": w}, {"w": np.ones(1)})


@pytest.mark.parametrize("more", [1, {"W": 1}, np.ones((2, 3)), "accuracy"])
def test_loss_with_something_else_beside_it_is_refused(more: Any) -> None:
    w = np.array([3.0])
    assert refusal(lambda: (float(w[0]), more), {"w": w}, {"w": w}) == (
        "loss() is a tuple of 2, should be a single number: one of them, for example "
        "lambda: net.loss(x, t)[0]"
    )


def test_list_of_arrays_is_refused_by_name() -> None:
    arrays = [np.ones(2), np.ones(3)]
    assert refusal(lambda: 1.0, {"W": arrays}, {"W": arrays}) == (
        "params['W'] is a list of arrays, should be one array: give each of them a name of its own"
    )


def test_learning_step_that_puts_new_arrays_in_the_dict_is_named_as_a_cause() -> None:
    params = {"w": np.array([3.0])}

    def loss() -> float:
        params["w"] = 0.9 * params["w"]
        return float(params["w"][0] ** 2)

    assert "take no learning step in it" in refusal(loss, params, {"w": np.array([6.0])})


# --- hints ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (2.0, "2 times what it should be: is a division by 2 missing (is that the batch size?)"),
        (20.0, "20 times what it should be: is a division by 20 missing (is that the batch"),
        (0.05, "1/20 of what it should be: is there one division by 20 too many (is that the"),
        (-0.1, "-0.1 times what it should be: is it an optimizer's step, -lr * gradient?"),
        (-1e-3, "-0.001 times what it should be: is it an optimizer's step, -lr * gradient?"),
        (-1.0, "the sign is the opposite of what it should be"),
        (-3.0, "-3.000 times what it should be"),
    ],
)
def test_factor_is_named(factor: float, words: str) -> None:
    assert checked(factor).patterns["W"].startswith(words)


@pytest.mark.parametrize("seed", range(5))
def test_factor_is_named_in_single_precision(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, t = rng.normal(size=(20, 4)).astype("f"), rng.normal(size=(20, 30)).astype("f")
    w = rng.normal(size=(4, 30)).astype("f")
    report = gradcheck(
        lambda: np.float32(((x @ w - t) ** 2).mean()),
        {"W": w},
        {"W": 2 * 2 * x.T @ (x @ w - t) / 600},
    )
    assert report.patterns["W"].startswith("2 times what it should be")


def test_small_error_in_all_of_few_entries_comes_with_the_tolerance_that_accepts_it() -> None:
    pattern = checked(1 + 1e-6).patterns["b"]
    assert "log(y + 1e-7)" in pattern
    assert checked(1 + 1e-6, rtol=1e-5)


def test_one_wrong_entry_of_many_is_one() -> None:
    loss, params, grads = network()
    grads["W"][1, 2] += 1
    report = gradcheck(loss, params, grads, every_entry=True)
    assert report.patterns["W"] == "1 of 12 entries is wrong"


def test_flat_loss_is_a_possible_cause_of_no_change() -> None:
    w = np.array([-1.0, -2.0, -3.0])
    report = gradcheck(lambda: float(np.maximum(w, 0).sum()), {"w": w}, {"w": np.ones(3)})
    assert "Or is it flat here (Relu units that are all 0" in report.patterns["w"]


def test_many_wrong_parameters_are_shown_with_fewer_entries_each() -> None:
    params = {f"w{i}": np.arange(1.0, 11.0) for i in range(9)}
    grads = {name: np.ones(10) for name in params}
    report = gradcheck(lambda: sum(float(p @ p) for p in params.values()), params, grads)
    assert len(str(report).splitlines()) == 1 + 9 * 5 + 1
    assert "    and 7 more in report.wrong" in str(report)


def test_rough_factor_that_is_no_usual_one_is_not_named() -> None:
    """In float32 wrong entries of any kind happen to be near a multiple of the right ones."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        w = rng.normal(size=(3, 3)).astype("f")
        grads = {"W": 2 * w * (1 + 0.5 * rng.normal(size=(3, 3)).astype("f"))}
        report = gradcheck(lambda w=w: np.float32(7 + (w**2).sum()), {"W": w}, grads, seed=seed)  # type: ignore[misc]
        assert "times" not in report.patterns.get("W", ""), report


def test_accuracy_in_place_of_the_loss_is_thought_of() -> None:
    _, params, grads = network()
    rng = np.random.default_rng(1)
    x, t = rng.normal(size=(20, 4)), rng.integers(0, 3, 20)

    def accuracy() -> float:
        return float(np.mean((x @ params["W"] + params["b"]).argmax(axis=1) == t))

    report = gradcheck(accuracy, params, grads)
    assert not report.ok
    assert "or an accuracy?" in str(report)
