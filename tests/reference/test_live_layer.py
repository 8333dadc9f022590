"""A layer that is there already, in one line of a test."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from trigrad import check_layer
from trigrad.live_layer import kind_of

R = np.random.RandomState(3)


class Dense:
    """Gradients in a dict; a running mean that has none."""

    def __init__(self, slip: float = 1.0) -> None:
        self.params = {"W": R.randn(3, 4), "b": R.randn(4)}
        self.grads: dict[str, Any] = {}
        self.mean = np.ones(3)
        self.slip = slip

    def forward(self, x: Any) -> Any:
        self.x = x
        self.mean = 0.9 * self.mean + 0.1 * x.mean(axis=0)
        return x @ self.params["W"] + self.params["b"]

    def backward(self, dout: Any) -> Any:
        self.grads["W"] = self.slip * (self.x.T @ dout)
        self.grads["b"] = dout.sum(axis=0)
        return dout @ self.params["W"].T


class Dropout:
    def forward(self, x: Any) -> Any:
        self.mask = np.random.rand(*x.shape) > 0.4
        return x * self.mask / 0.6

    def backward(self, dout: Any) -> Any:
        return dout * self.mask / 0.6


class Embedding:
    def __init__(self) -> None:
        self.W = R.randn(7, 3)

    def look_up(self, idx: Any) -> Any:
        self.idx = idx
        return self.W[idx]

    def spread(self, dout: Any) -> None:
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.idx, dout)


class Overwrites(Embedding):
    def spread(self, dout: Any) -> None:
        self.dW = np.zeros_like(self.W)
        self.dW[self.idx] = dout


class Loss:
    def forward(self, x: Any, t: Any) -> Any:
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.p, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.mean(np.log(self.p[np.arange(len(t)), t]))

    def backward(self) -> Any:
        d = self.p.copy()
        d[np.arange(len(d)), self.t] -= 1
        return d / len(d)


X = R.randn(5, 3)
INDICES = np.array([1, 6, 2, 1])
RENAMED = {"forward": "look_up", "backward": "spread"}


def test_right_layers() -> None:
    assert check_layer(Dense(), X, examples=5)
    assert check_layer(Dropout(), X, examples=5)
    assert check_layer(Loss(), X, np.array([0, 2, 1, 0, 1]), examples=5)
    assert check_layer(Embedding(), INDICES, examples=5, **RENAMED)


@pytest.mark.parametrize(
    ("layer", "given", "wrong"),
    [(Dense(-1.0), X, "gradient of W"), (Overwrites(), INDICES, "gradient of W")],
)
def test_wrong_layers(layer: Any, given: Any, wrong: str) -> None:
    names = RENAMED if isinstance(layer, Embedding) else {}
    report = check_layer(layer, given, examples=5, **names)
    assert not report
    assert wrong in str(report)


def test_what_forward_changes_by_itself_is_no_weight() -> None:
    (layer,) = check_layer(Dense(), X, examples=2).layers
    assert layer.declaration == "x: 5 3; W: 3 4; b: 4"


def test_a_gradient_that_is_not_given_is_missed_where_it_is_wanted() -> None:
    layer = Dense()
    layer.extra = R.randn(3)  # type: ignore[attr-defined]
    assert check_layer(layer, X, gradients=["x", "W", "b"], examples=2)
    assert not check_layer(layer, X, gradients=["x", "W", "b", "extra"], examples=2)


def test_the_object_stays_as_it_is() -> None:
    layer = Dense()
    before = copy.deepcopy(vars(layer))
    check_layer(layer, X, examples=2)
    assert vars(layer).keys() == before.keys()
    assert np.array_equal(layer.mean, before["mean"])
    assert np.array_equal(layer.params["W"], before["params"]["W"])


@pytest.mark.parametrize(
    ("array", "differentiated", "constant"),
    [
        (np.array([[0.0, 1.0], [1.0, 0.0]]), "2 2", "onehot 2 2"),
        (np.array([1.0, 1.0, 1.0]), "positive 3", "binary 3"),
        (np.array([[0.25, 0.75]]), "prob 1 2", "fixed 1 2"),
        (np.array([0.25, 0.5]), "unit 2", "fixed 2"),
        (np.array([0.25, 5.0]), "positive 2", "fixed 2"),
        (np.array([[-1.0], [0.5]]), "2 1", "fixed 2 1"),
    ],
)
def test_kinds(array: Any, differentiated: str, constant: str) -> None:
    assert kind_of(array, differentiated=True) == differentiated
    assert kind_of(array, differentiated=False) == constant


class Squared:
    def forward(self, y: Any, t: Any) -> Any:
        self.d = y - t
        return np.mean(self.d**2)

    def backward(self, dout: Any = 1) -> Any:
        return dout * 2 * self.d / self.d.size


class TargetsFirst(Squared):
    def forward(self, t: Any, y: Any) -> Any:
        return super().forward(y, t)


class NotDivided(Squared):
    def backward(self, dout: Any = 1) -> Any:
        return dout * 2 * self.d


@pytest.mark.parametrize(
    ("layer", "declaration"),
    [(Squared(), "y: 5 3; t: fixed 5 3"), (TargetsFirst(), "t: fixed 5 3; y: 5 3")],
)
def test_targets_have_no_gradient(layer: Any, declaration: str) -> None:
    report = check_layer(layer, X, R.randn(5, 3), examples=3)
    assert report
    assert report.layers[0].declaration == declaration


def test_a_wrong_loss_fails() -> None:
    assert not check_layer(NotDivided(), X, R.randn(5, 3), examples=3)
    assert not check_layer(Squared(), X, X, gradients=["y", "t"], examples=3)


class HalfSquare:
    def forward(self, x: Any) -> Any:
        self.x = x
        return x**2

    def backward(self, dout: Any) -> Any:
        return dout * self.x


@pytest.mark.parametrize("x", [np.ones((2, 3)), np.zeros((2, 3)), np.arange(6).reshape(2, 3)])
def test_plain_inputs_are_differentiated_too(x: Any) -> None:
    assert not check_layer(HalfSquare(), x, examples=3)


def test_results_of_an_earlier_call_are_no_weights() -> None:
    layer = Dense()
    layer.backward(layer.forward(X))
    (found,) = check_layer(layer, X, examples=2).layers
    assert found.declaration == "x: 5 3; W: 3 4; b: 4"


class Two:
    def __init__(self) -> None:
        self.one, self.other = Dense(), Dense()
        self.other.params["W"] = R.randn(4, 4)

    def forward(self, x: Any) -> Any:
        return x @ self.one.params["W"] @ self.other.params["W"]

    def backward(self, dout: Any) -> Any:
        return dout @ self.other.params["W"].T @ self.one.params["W"].T


def test_weights_of_one_name_are_not_half_judged() -> None:
    with pytest.raises(ValueError, match=r"self\.one.* and self\.other.* have one name"):
        check_layer(Two(), X, gradients=["x", "W"])


class Locked(Dense):
    def __deepcopy__(self, memo: Any) -> Any:
        raise RuntimeError("no copies")


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((Dense, X), {}, TypeError, "Dense is a class"),
        ((Locked(), X), {}, TypeError, "Locked cannot be copied: no copies"),
        ((object(), X), {}, TypeError, "object has no method forward"),
        ((Dense(),), {}, ValueError, "there is no input"),
        ((Dense(), "abc"), {}, ValueError, "x is no array of numbers"),
        ((Dense(), X), {"gradients": ["V"]}, ValueError, "Dense holds no array V"),
    ],
)
def test_what_cannot_be_checked(
    arguments: tuple[Any, ...], options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        check_layer(*arguments, **options)
