"""Losses without a derivative, or that hide it: right is never called wrong, nor wrong right."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from trigrad import GradientReport, gradcheck
from trigrad.contracts.schema import Array
from trigrad.gradient_check.measuring import COARSE
from trigrad.gradient_check.verification import KINK
from trigrad.impl.layers import Affine, Relu, Sigmoid, SoftmaxWithLoss
from trigrad.numerics import tolerance

ways = pytest.mark.parametrize("every_entry", [False, True])


def outcome(report: GradientReport) -> str:
    return "wrong" if report.wrong else "inconclusive" if report.inconclusive else "ok"


# --- noise --------------------------------------------------------------------------------------


def noise(value: float) -> float:
    """In [-1/2, 1/2], the same for the same value, and another for any other."""
    return zlib.crc32(struct.pack("d", value)) / 2**32 - 0.5


COARSENED: dict[str, Callable[[float], Any]] = {
    "6 decimals": lambda v: round(v, 6),
    "3 decimals": lambda v: np.round(v, 3),
    "large constant": lambda v: 1e8 + v,
    "large constant, taken away": lambda v: 1e8 + v - 1e8,
    "float32": lambda v: float(np.float32(v)),
    "float32 and a constant": lambda v: float(np.float32(v + 100)),
    "float16": lambda v: float(np.float16(v)),
    "noise of 1e-9": lambda v: v + 1e-9 * noise(v),
    "noise of 1e-6": lambda v: v + 1e-6 * noise(v),
    "noise of 1e-3": lambda v: v + 1e-3 * noise(v),
}


def coarsened_loss(name: str, loss: Callable[[], float]) -> Any:
    return COARSENED[name](loss())


coarsened = pytest.mark.parametrize("name", COARSENED)


def problem(case: int) -> tuple[Array, Callable[[], float], Array]:
    """A parameter, its loss and its gradient."""
    random = np.random.default_rng(case)
    W = random.normal(size=[(1,), (3,), (4, 5), (12, 10)][case % 4])
    A = random.normal(size=W.shape)
    if case % 3 == 0:
        return W, lambda: float(np.sum(A * W) + np.sum(W * W) / W.size / 2), A + W / W.size
    if case % 3 == 1:
        return W, lambda: float(np.sum(A * np.sin(W))), A * np.cos(W)
    return W, lambda: float(np.log(np.sum(np.exp(W)))), np.exp(W) / np.sum(np.exp(W))


@ways
@pytest.mark.parametrize("sure", [1, 20, 30, 36, 38, 45, 200, 1000])
def test_a_loss_that_is_rounded_to_0_is_not_held_against_right_gradients(
    sure: float, every_entry: bool
) -> None:
    x = np.random.default_rng(0).normal(size=(2, 40))
    x[[0, 1], [3, 5]] += sure
    layer = SoftmaxWithLoss()

    def loss() -> Any:
        return layer.forward(x, np.array([3, 5]))

    loss()
    right = layer.backward()
    report = gradcheck(loss, [x], [right], every_entry=every_entry)
    assert outcome(report) != "wrong"
    assert outcome(report) == "ok" or sure > 20
    wrong = outcome(gradcheck(loss, [x], [right + 1e-4], every_entry=every_entry))
    assert wrong != "ok"
    assert wrong == "wrong" or sure in (30, 36)  # bends on the way to 0 look like a kink


@coarsened
def test_coarse_loss_is_not_held_against_right_gradients(name: str) -> None:
    oks = 0
    for case in range(24):
        W, loss, right = problem(case)
        coarse = partial(coarsened_loss, name, loss)
        report = gradcheck(coarse, {"W": W}, {"W": right}, seed=case)
        assert not report.wrong, report
        oks += report.ok
    assert oks > (3 if "noise" in name else 6)  # what is noisy may also jump


@coarsened
def test_coarse_loss_is_not_held_against_right_entries(name: str) -> None:
    for case in range(6):
        W, loss, right = problem(case)
        coarse = partial(coarsened_loss, name, loss)
        report = gradcheck(coarse, {"W": W}, {"W": right}, every_entry=True)
        assert not report.wrong, report
        assert np.all(np.abs(report.numerical["W"] - right) <= report.errors["W"]) or not report.ok


@coarsened
def test_resolution_of_a_coarse_loss_is_honest(name: str) -> None:
    """One entry off by more than it is not passed over."""
    caught = 0
    for case in range(24):
        W, loss, right = problem(case)
        judged = partial(gradcheck, partial(coarsened_loss, name, loss), {"W": W}, seed=case)
        report = judged({"W": right})
        if report.ok:
            off = right.copy()
            off.flat[-1] += 2 * report.resolution["W"]
            assert not judged({"W": off}).ok
            caught += bool(judged({"W": off}).wrong)
    assert caught > 3


@pytest.mark.parametrize("name", ["6 decimals", "float32", "large constant, taken away"])
@ways
def test_opposite_sign_is_wrong_also_with_a_coarse_loss(name: str, every_entry: bool) -> None:
    for case in range(4, 8):
        W, loss, right = problem(case)
        coarse = partial(coarsened_loss, name, loss)
        report = gradcheck(coarse, {"W": W}, {"W": -right}, every_entry=every_entry)
        assert outcome(report) == "wrong", report


@coarsened
def test_resolution_of_zeros_is_no_finer_than_the_loss(name: str) -> None:
    """Zeros are what a loss that is cut off after some digits pretends."""
    W, loss, right = problem(2)
    report = gradcheck(lambda: COARSENED[name](loss()), {"W": W}, {"W": 0 * right})
    assert not report.ok or report.resolution["W"] > np.abs(right).max()


@ways
def test_loss_that_hides_its_slope_is_inconclusive(every_entry: bool) -> None:
    """A constant loss that is rounded to whole numbers, beside one that is constant."""
    W = np.linspace(0.1, 0.2, 5)
    grads = {"W": np.full(5, 1e-3)}
    hidden = gradcheck(lambda: round(1e-3 * W.sum()), {"W": W}, grads, every_entry=every_entry)
    assert hidden.inconclusive == {"W": str(COARSE)}, hidden
    constant = gradcheck(lambda: 1.0, {"W": W}, grads, every_entry=every_entry)
    assert outcome(constant) == "wrong"
    assert "the loss does not change with W at all" in constant.patterns["W"]


@pytest.mark.parametrize(
    ("values", "grain"),
    [
        ([1.5, 2.25], 0.25),
        ([0.123456, 7.0, -3.000001], 1e-6),
        ([float(np.float32(0.1)), float(np.float32(0.2))], 2.0**-27),
        ([1e300, 3e300], 1e300),
        ([0.0, 12.0, -8.0], 4.0),
    ],
)
def test_grain_is_what_all_values_are_multiples_of(values: list[float], grain: float) -> None:
    binary, decimal = (min(g) for g in zip(*map(tolerance.grains, values), strict=True))
    assert max(binary, decimal) == pytest.approx(grain, rel=1e-12)


def test_numbers_at_random_have_a_grain_below_their_rounding() -> None:
    values = np.random.default_rng(0).normal(size=100)
    binary, decimal = (min(g) for g in zip(*map(tolerance.grains, values), strict=True))
    assert max(binary, decimal) < np.finfo(float).eps


# --- kinks --------------------------------------------------------------------------------------


def absolute(x: Array) -> tuple[Callable[[], float], Array]:
    return lambda: float(np.sum(np.abs(x) * (1 + np.arange(x.size)))), np.sign(x) * (
        1 + np.arange(x.size)
    )


@ways
@pytest.mark.parametrize("size", [1, 2, 10, 300])
def test_kink_at_the_point_is_inconclusive(size: int, every_entry: bool) -> None:
    x = np.random.default_rng(size).normal(size=size)
    x[-1] = 0.0
    other = np.linspace(1, 2, 5)
    loss, right = absolute(x)
    report = gradcheck(
        lambda: loss() + np.sum(other**2),
        {"x": x, "other": other},
        {"x": right, "other": 2 * other},
        every_entry=every_entry,
    )
    assert outcome(report) == "inconclusive", report
    assert set(report.inconclusive) == {"x"}
    assert "kink" in report.inconclusive["x"]
    assert "ry other weights or inputs" in report.inconclusive["x"]
    if every_entry:
        assert report.inconclusive["x"].startswith(
            f"1 of {size} entries, the first at ({size - 1},)"
        )
    x[-1] = 0.7
    assert gradcheck(loss, {"x": x}, {"x": absolute(x)[1]}, every_entry=every_entry)


@ways
@pytest.mark.parametrize("beside", [1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 1e-2])
@pytest.mark.parametrize("size", [1, 8])
def test_kink_beside_the_point(beside: float, size: int, every_entry: bool) -> None:
    for seed in range(8):
        x = np.random.default_rng(seed).normal(size=size)
        x[0] = -beside if seed % 2 else beside
        loss, right = absolute(x)
        report = gradcheck(loss, {"x": x}, {"x": right}, seed=seed, every_entry=every_entry)
        assert not report.wrong, report
        for wrong in (-right, right + np.eye(size)[-1], 2 * right):
            report = gradcheck(loss, {"x": x}, {"x": wrong}, seed=seed, every_entry=every_entry)
            assert not report.ok, report


def test_kink_is_not_the_reason_for_a_mismatch_elsewhere() -> None:
    """A wrong array is wrong beside one that has a kink."""
    x, W = np.array([1.0, 0.0, -1.0]), np.linspace(1, 2, 6).reshape(2, 3)
    loss, right = absolute(x)
    report = gradcheck(lambda: loss() + np.sum(W**2), {"x": x, "W": W}, {"x": right, "W": W})
    assert {w.name for w in report.wrong} == {"W"}
    assert report.inconclusive == {"x": str(KINK)}
    assert report.patterns["W"].startswith("1/2 of what it should be")


@ways
def test_tie_of_a_maximum_is_inconclusive(every_entry: bool) -> None:
    x = np.array([[1.0, 3.0, 3.0], [0.5, 0.25, 0.125]])
    first = (x == x.max(axis=1, keepdims=True)) * np.array([1.0, 1.0, 0.0])
    halves = (x == x.max(axis=1, keepdims=True)) / np.array([[2.0], [1.0]])

    def loss() -> float:
        return float(np.sum(x.max(axis=1)))

    for gradient in (first, halves):
        report = gradcheck(loss, {"x": x}, {"x": gradient}, every_entry=every_entry)
        assert outcome(report) == "inconclusive", report
        assert "kink" in report.inconclusive["x"]
    x[0, 1] = 3.5
    right = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    assert gradcheck(loss, {"x": x}, {"x": right}, every_entry=every_entry)
    assert gradcheck(loss, {"x": x}, {"x": right[::-1]}, every_entry=every_entry).wrong


class Network:
    """Affine, Relu or Sigmoid, … and SoftmaxWithLoss, of random shape."""

    def __init__(self, seed: int, dtype: Any = np.float64) -> None:
        random = np.random.default_rng(seed)
        depth = int(random.integers(1, 4))
        widths = [int(random.integers(1, 12)) for _ in range(depth)] + [int(random.integers(2, 6))]
        self.x = random.normal(size=(int(random.integers(1, 9)), widths[0])).astype(dtype)
        self.t = random.integers(0, widths[-1], size=len(self.x))
        self.params: dict[str, Array] = {}
        self.layers: list[Any] = []
        self.affines: list[Affine] = []
        for i, (D, M) in enumerate(pairwise(widths), 1):
            spread = 10.0 ** random.uniform(-2, 0)
            self.params[f"W{i}"] = (spread * random.normal(size=(D, M))).astype(dtype)
            self.params[f"b{i}"] = (0.1 * random.normal(size=M)).astype(dtype)
            self.affines.append(Affine(self.params[f"W{i}"], self.params[f"b{i}"]))
            self.layers += [self.affines[-1], [Relu, Sigmoid][int(random.integers(2))]()]
        self.layers.pop()
        self.last = SoftmaxWithLoss()

    def loss(self) -> Any:
        out = self.x
        for layer in self.layers:
            out = layer.forward(out)
        return self.last.forward(out, self.t)

    def gradients(self) -> dict[str, Array]:
        self.loss()
        dout: Any = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        grads = {f"W{i}": layer.dW for i, layer in enumerate(self.affines, 1)}
        return grads | {f"b{i}": layer.db for i, layer in enumerate(self.affines, 1)}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_right_networks_are_not_wrong(dtype: Any) -> None:
    oks = 0
    for seed in range(60):
        network = Network(seed, dtype)
        report = gradcheck(network.loss, network.params, network.gradients(), seed=seed)
        assert not report.wrong, (seed, report)
        oks += report.ok
    assert oks > 40


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_networks_with_one_gradient_turned_round_are_wrong(dtype: Any) -> None:
    """The last bias's, which is never small."""
    for seed in range(30):
        network = Network(seed, dtype)
        grads = network.gradients()
        last = f"b{len(network.affines)}"
        report = gradcheck(network.loss, network.params, {**grads, last: -grads[last]}, seed=seed)
        assert {w.name for w in report.wrong} == {last}, (seed, report)


def test_relu_of_zeros_is_inconclusive() -> None:
    """An input row of zeros and a new bias, also of zeros."""
    network = Network(11)
    while not (len(network.affines) > 1 and isinstance(network.layers[1], Relu)):
        network = Network(int(network.t.sum()) + len(network.x) + 100)
    network.x[0] = 0.0
    network.params["b1"][...] = 0.0
    grads = network.gradients()
    report = gradcheck(network.loss, network.params, grads)
    assert outcome(report) == "inconclusive", report
    assert set(report.inconclusive) == {"b1"}
    assert report.inconclusive["b1"] == str(KINK)
    assert not gradcheck(network.loss, network.params, {**grads, "b1": -grads["b1"]}).ok


# --- domain and scale ---------------------------------------------------------------------------


@ways
@pytest.mark.parametrize("small", [1e-300, 1e-12, 1e-6, 1e-3])
def test_edge_of_the_domain(small: float, every_entry: bool) -> None:
    """Perturbed values are NaN, and no warning of that is the user's."""
    p = np.array([small, 0.5, 0.25])

    def loss() -> float:
        return -float(np.sum(np.log(p)))

    report = gradcheck(loss, {"p": p}, {"p": -1 / p}, every_entry=every_entry)
    assert not report.wrong, report
    report = gradcheck(loss, {"p": p}, {"p": 1 / p}, every_entry=every_entry)
    assert not report.ok


def test_no_finite_value_beside_the_point_is_said() -> None:
    p = np.array([0.0, 1.0])
    other = np.array([2.0])

    def loss() -> float:
        return float(np.sqrt(p).sum() + other[0] ** 2)

    report = gradcheck(loss, {"p": p, "other": other}, {"p": np.zeros(2), "other": 2 * other})
    assert report.inconclusive == {"p": "the loss is not a finite number beside this point"}
    assert set(report.resolution) == {"other"}
    report = gradcheck(
        loss, {"p": p, "other": other}, {"p": [0, 0.5], "other": [4]}, every_entry=True
    )
    assert report.inconclusive["p"].startswith("1 of 2 entries, the first at (0,): the loss has")


@ways
def test_scales_far_apart(every_entry: bool) -> None:
    params = {"mass": np.array([1e3, 2e3]), "rate": np.array([1e-6, 3e-6, 2e-6])}

    def loss() -> float:
        return float(np.sum(params["mass"] ** 2) / 1e6 + np.sum(np.sin(1e6 * params["rate"])))

    right = {"mass": 2 * params["mass"] / 1e6, "rate": 1e6 * np.cos(1e6 * params["rate"])}
    report = gradcheck(loss, params, right, every_entry=every_entry)
    assert report.ok, report
    assert all(report.resolution[n] < 1e-4 * np.abs(right[n]).max() for n in params)
    for name in params:
        off = right[name] * (1 + 1e-3 * np.eye(right[name].size)[1])
        report = gradcheck(loss, params, {**right, name: off}, every_entry=every_entry)
        assert [(w.name, w.index) for w in report.wrong] == [(name, (1,))], report


@ways
@pytest.mark.parametrize("size", [1e-6, 1e-9])
def test_gradient_that_has_almost_vanished_is_judged_by_itself(
    size: float, every_entry: bool
) -> None:
    params = {"first": np.linspace(0.5, 1, 6), "last": np.linspace(-1, 1, 4)}

    def loss() -> float:
        return float(size * np.sum(np.sin(params["first"])) + np.sum(np.sin(params["last"])))

    right = {"first": size * np.cos(params["first"]), "last": np.cos(params["last"])}
    report = gradcheck(loss, params, right, every_entry=every_entry)
    assert report.ok, report
    assert report.resolution["first"] < size
    for wrong in (-right["first"], 0 * right["first"], 3 * right["first"]):
        report = gradcheck(loss, params, {**right, "first": wrong}, every_entry=every_entry)
        assert {w.name for w in report.wrong} == {"first"}, report


@pytest.mark.parametrize("size", [1e200, 1e-200, 1e300])
@ways
def test_gradient_that_has_exploded_is_wrong(size: float, every_entry: bool) -> None:
    W = np.array([1.0, 2.0, 3.0])
    report = gradcheck(lambda: W.sum(), {"W": W}, {"W": [1, size, 1]}, every_entry=every_entry)
    assert [w.index for w in report.wrong] == [(1,)], report


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_huge_and_tiny_arrays_are_judged(size: float) -> None:
    W = size * np.array([1.0, 2.0, 3.0])

    def loss() -> float:
        return float(np.sum(np.sin(W / size)))

    right = np.cos(W / size) / size
    assert gradcheck(loss, {"W": W}, {"W": right}).ok
    assert gradcheck(loss, {"W": W}, {"W": 2 * right}).wrong
