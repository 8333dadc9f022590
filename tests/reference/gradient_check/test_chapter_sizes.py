"""`impl` in the chapter's sizes and beyond: every layer and the network, right and spoiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigrad import GradientReport, gradcheck
from trigrad.contracts.schema import Array
from trigrad.impl import layers
from trigrad.impl.network import TwoLayerNet

Loss = Callable[[], Any]
Problem = tuple[Loss, dict[str, Array], dict[str, Array]]


def normal(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape)


def network(batch: int, seed: int = 0) -> Problem:
    """The chapter's network on images of which most pixels are black."""
    np.random.seed(seed)
    net = TwoLayerNet(784, 50, 10)
    random = np.random.default_rng(seed)
    x = random.random((batch, 784)) * (random.random((batch, 784)) < 0.2)
    t = np.eye(10)[random.integers(0, 10, batch)]
    return lambda: net.loss(x, t), net.params, net.gradient(x, t)


def affine() -> Problem:
    params = {"x": normal(100, 784), "W": normal(784, 50, seed=1) / 28, "b": normal(50, seed=2)}
    layer, dout = layers.Affine(params["W"], params["b"]), normal(100, 50, seed=3)
    layer.forward(params["x"])
    dx = layer.backward(dout)
    return (
        lambda: np.sum(dout * layer.forward(params["x"])),
        params,
        {"x": dx, "W": layer.dW, "b": layer.db},
    )


def elementwise(layer: Any, *names: str) -> Problem:
    params = {name: normal(200, 500, seed=i) for i, name in enumerate(names)}
    dout = normal(200, 500, seed=9)
    layer.forward(*params.values())
    found = layer.backward(dout)
    grads = dict(zip(names, found if len(names) > 1 else (found,), strict=True))
    return lambda: np.sum(dout * layer.forward(*params.values())), params, grads


def softmax_with_loss() -> Problem:
    layer, x = layers.SoftmaxWithLoss(), normal(100, 1000)
    t = np.eye(1000)[np.arange(100)]
    layer.forward(x, t)
    return lambda: layer.forward(x, t), {"x": x}, {"x": layer.backward()}


PROBLEMS: dict[str, Callable[[], Problem]] = {
    "TwoLayerNet, 3 images": lambda: network(3),
    "TwoLayerNet, 100 images": lambda: network(100),
    "Affine": affine,
    "Relu": lambda: elementwise(layers.Relu(), "x"),
    "Sigmoid": lambda: elementwise(layers.Sigmoid(), "x"),
    "MulLayer": lambda: elementwise(layers.MulLayer(), "x", "y"),
    "AddLayer": lambda: elementwise(layers.AddLayer(), "x", "y"),
    "SoftmaxWithLoss": softmax_with_loss,
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_impl_is_right_at_large_sizes(name: str) -> None:
    loss, params, grads = PROBLEMS[name]()
    before = {key: array.copy() for key, array in params.items()}
    report = gradcheck(loss, params, grads)
    assert report.ok, str(report)
    assert set(report.resolution) == set(params)
    for key, array in params.items():
        assert array.tobytes() == before[key].tobytes()


@pytest.mark.parametrize("name", PROBLEMS)
def test_one_entry_off_is_found_in_every_array(name: str) -> None:
    loss, params, grads = PROBLEMS[name]()
    right = gradcheck(loss, params, grads)
    random = np.random.default_rng(7)
    for key in params:
        spoiled = {other: array.copy() for other, array in grads.items()}
        index = tuple(int(random.integers(0, length)) for length in params[key].shape)
        spoiled[key][index] += 1.5 * right.resolution[key]
        report = gradcheck(loss, params, spoiled)
        assert [(w.name, w.index) for w in report.wrong] == [(key, index)], str(report)
        assert not report.inconclusive


def of_network(seed: int, change: Callable[[dict[str, Array]], None]) -> GradientReport:
    loss, params, grads = network(3, seed)
    spoiled = {key: array.copy() for key, array in grads.items()}
    change(spoiled)
    return gradcheck(loss, params, spoiled, seed=seed)


@pytest.mark.parametrize("seed", range(25))
def test_an_error_of_a_millionth_is_located(seed: int) -> None:
    random = np.random.default_rng(seed)
    for key, shape in {"W1": (784, 50), "b1": (50,), "W2": (50, 10), "b2": (10,)}.items():
        index = tuple(int(random.integers(0, length)) for length in shape)

        def change(grads: dict[str, Array], key: str = key, index: tuple[int, ...] = index) -> None:
            grads[key][index] += 1e-6

        report = of_network(seed, change)
        assert [(w.name, w.index) for w in report.wrong] == [(key, index)], str(report)


def test_six_evaluations_are_enough_whatever_the_size() -> None:
    for length in (100, 10_000, 1_000_000):
        w, target = normal(length), normal(length, seed=1)

        def loss(w: Array = w, target: Array = target) -> float:
            return float(np.mean((w - target) ** 2) / 2)

        report = gradcheck(loss, {"w": w}, {"w": (w - target) / length})
        assert report.ok
        assert report.evaluations <= 10


def test_a_wrong_entry_costs_evaluations_in_the_logarithm_of_the_size() -> None:
    def evaluations(wrong: int) -> int:
        random = np.random.default_rng(wrong)

        def change(grads: dict[str, Array]) -> None:
            places = random.choice(39_200, size=wrong, replace=False)
            grads["W1"].reshape(-1)[places] += 1e-3

        report = of_network(0, change)
        assert len(report.wrong) == wrong
        return report.evaluations

    alone = evaluations(1)
    # 2**15 < 39,200 < 2**16. A level costs four evaluations, and one more where rounding, which
    # differs between machines, leaves a slope in doubt; the rest is the way to the array.
    assert alone <= 5 * 16 + 60
    assert evaluations(4) - alone <= 1.25 * 4 * 3 * 16
