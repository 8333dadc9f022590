"""NumPy's names are exchanged wherever the learner's code holds them, and put back."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from trigrad.tracing import Untraceable

from .conftest import LEAVES, WAYS, Subject

HELD = """
import numpy
import numpy as np
import numpy.linalg as la
from functools import partial
from numpy import exp, zeros, random, float64
from numpy.random import randn

class Layer:
    make = np.zeros
    kinds = {"exp": np.exp, "zeros": [np.zeros]}
    static = staticmethod(np.zeros)

    def __init__(self, x, make=np.zeros, *, more=np.zeros):
        self.x, self.made = x, [make(x.shape), more(x.shape), self.static(x.shape)]
        self.made += [self.kinds["zeros"][0](x.shape), type(self).make(x.shape), WITH(x.shape)]
        self.made += [CLOSED(x.shape), PAIR[0](x.shape), zeros(x.shape), HELPER.make(x.shape)]

    def forward(self):
        total = 0
        for each in self.made:
            each[...] = self.x
            total = total + each
        return total + exp(self.x) * float64(la.norm(self.x))

class Helper:
    def __init__(self):
        self.make = np.zeros

def closed():
    make = np.zeros
    return lambda shape: make(shape)

WITH = partial(np.zeros, dtype=float)
CLOSED = closed()
PAIR = (np.zeros, 1)
HELPER = Helper()

def f(x):
    return Layer(x).forward()
"""


def snapshot(namespace: dict[str, Any]) -> list[Any]:
    layer = namespace["Layer"]
    return [
        dict(namespace),
        dict(vars(layer)),
        dict(layer.kinds),
        list(layer.kinds["zeros"]),
        layer.__init__.__defaults__,
        layer.__init__.__kwdefaults__.copy(),
        namespace["CLOSED"].__closure__[0].cell_contents,
        namespace["HELPER"].make,
        namespace["WITH"],
        builtins.__import__,
        np.random.default_rng,
    ]


@pytest.mark.parametrize("way", WAYS)
def test_wherever_they_are_held(way: str, agree: Callable[..., object]) -> None:
    agree(HELD, {"x": LEAVES["x"]}, way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("ending", ["", "\n    raise KeyError(str(type(x)))", "\n    int(x[0, 0])"])
def test_all_is_put_back_whatever_happens(way: str, ending: str) -> None:
    body = f"\ndef g(x):\n    out = f(x){ending}\n    return out\n"
    this = Subject(HELD + body, {"x": LEAVES["x"]}, "g")
    before = snapshot(this.namespace)
    if ending:
        with pytest.raises((Untraceable, KeyError)):
            this.traced(way)
    else:
        this.traced(way)
    after = snapshot(this.namespace)
    for one, other in zip(before, after, strict=True):
        assert one == other
    assert this.namespace["np"] is np


@pytest.mark.parametrize("way", WAYS)
def test_constants_from_before_work_together_with_stand_ins(
    way: str, agree: Callable[..., object]
) -> None:
    text = """
K = np.array([[0.5, -1.0, 2.0], [1.0, 0.25, -0.75]])
L = [1.0, 2.0, 3.0]
I = np.array([2, 0, 1])

def f(x):
    z = K * x + x * K - K / x + K ** 2 @ x.T @ x
    z = z + np.dot(K, x.T) @ K + np.maximum(K, x) + np.concatenate([K, x])[1:3]
    z = z + np.float64(2) * x + x * np.float32(2) + I * x + L * x + x[:, I] + (K > x) * x
    z = z + np.where(K > 0, K, x) + np.sum(K, 0) @ x.T @ x + (K - x) ** 2 + np.hypot(K, x)
    z -= K
    return z, -K + x, K @ x.T, np.add(K, x), np.stack([K, x]), np.outer(K, x), K.T @ x
"""
    agree(text, {"x": LEAVES["x"]}, way)


@pytest.mark.parametrize("way", WAYS)
def test_no_stand_in_stays_behind(way: str) -> None:
    text = """
CACHE, LOG = {}, [1]

class Layer:
    count = np.zeros(1)

    def forward(self, x):
        global last
        self.x = x
        Layer.kept, Layer.count = x, x * 2
        CACHE["x"] = last = x
        LOG.append(x)
        LOG[0] = x
        return x * 2

NET = Layer()
COUNT = Layer.count

def f(x):
    return NET.forward(x)
"""
    this = Subject(text, {"x": LEAVES["x"]})
    this.plainly(this.leaves)
    before = {name: this.namespace[name] for name in ("last", "CACHE", "LOG", "NET", "Layer")}
    this.traced(way)
    held = [
        this.namespace["last"],
        this.namespace["CACHE"]["x"],
        *this.namespace["LOG"],
        this.namespace["NET"].x,
        this.namespace["Layer"].kept,
        this.namespace["Layer"].count,
    ]
    assert all(type(each) is np.ndarray for each in held)
    assert all(this.namespace[name] is not None for name in before)
    assert "float" not in this.namespace


def test_a_method_of_a_constant_takes_no_tensor(agree: Callable[..., object]) -> None:
    text = "K = np.array([0.5, -1.0])\ndef f(x):\n    return K.dot(x)\n"
    with pytest.raises(Untraceable, match="conversion to a plain array"):
        agree(text, {"x": LEAVES["x"]})
    agree(text, {"x": LEAVES["x"]}, "complex step")


@pytest.mark.parametrize("way", WAYS)
def test_names_that_were_never_exchanged(way: str, agree: Callable[..., object]) -> None:
    """As in a helper of another file, which is not among the namespaces."""
    text = "helper = {}\nexec(OTHER, helper)\ndef f(x):\n    return helper['g'](x)\n"
    other = (
        "import numpy as np\n"
        "def g(x):\n"
        "    total = np.sum(np.abs(x), axis=1, keepdims=True)\n"
        "    return np.exp(x) / total + np.zeros(3) + x.T[0, 0]\n"
    )
    agree(f"OTHER = {other!r}\n{text}", {"x": LEAVES["x"]}, way)
