"""Idioms of several statements: buffers, views, loops, things that are written in place."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from .conftest import LEAVES, WAYS

IDIOMS = {
    "buffer": """
        z = np.zeros((2, 3))
        for i in range(2):
            for j in range(3):
                z[i, j] = x[i, j] * v[j]
        return z
    """,
    "buffer of rows": """
        z = np.empty(x.shape)
        for i, row in enumerate(x):
            z[i] = row / np.sum(row ** 2)
        return z
    """,
    "empty_like": """
        z = np.empty_like(x)
        z[0], z[1] = x[1], x[0] * 2
        return z
    """,
    "in place": """
        z = x.copy()
        z += v
        z *= 2
        z -= x
        z /= p
        z **= 2
        return z
    """,
    "in place after exp": """
        e = np.exp(x)
        e /= e.sum(axis=1, keepdims=True)
        e[e < 0.2] = 0.0
        return e
    """,
    "saved, then overwritten": """
        h = np.tanh(x)
        y = h * h
        h[:] = 0
        h += y
        return h * x
    """,
    "through a view": """
        z = np.zeros((2, 3))
        row = z[1]
        row += v
        row[0] *= x[0, 0]
        z[:, 1] *= 3
        return z, row
    """,
    "through a reshaped view": """
        z = np.zeros(6)
        grid = z.reshape(2, 3)
        grid[...] = x
        grid.T[2] += 1
        return z * 2
    """,
    "a number is no view": """
        z = x.copy()
        a = z[0, 0]
        z[0, 0] = 5.0
        a += 1
        return a * z
    """,
    "negative steps": """
        z = np.zeros((2, 3))
        z[::-1, ::2] = x[:, 1:]
        return z + x[::-1]
    """,
    "lists of indices": """
        z = np.zeros((4, 3))
        z[[3, 1]] = x
        z[[0, 0], [1, 2]] += v[:2]
        z[np.array([0, 2, 0])] += v
        return z
    """,
    "the last one written stays": """
        z = np.zeros(3)
        z[[1, 1, 2]] = v
        return z
    """,
    "masks": """
        z = x * 2
        mask = z > 0
        z[mask] = z[mask] ** 2
        z[~mask] *= 0.1
        return z
    """,
    "add.at": """
        z = np.zeros((3, 3))
        np.add.at(z, [0, 2], x)
        np.add.at(z, (np.array([1, 1]), np.array([0, 0])), v[:2])
        np.subtract.at(z, [2], v)
        return z
    """,
    "flat": """
        z = np.zeros((2, 3))
        z.flat[2] = s
        z.flat[3:] = v
        z.flat = z.flat[::-1] * 2
        return z
    """,
    "overlap": """
        z = x.copy()
        z[:, 1:] = z[:, :-1]
        return z
    """,
    "fill and put": """
        z = np.zeros((3, 3))
        z.fill(s)
        np.fill_diagonal(z, v)
        np.put(z, [1, 2], v[:2])
        np.copyto(z[2], v, where=[True, False, True])
        np.put_along_axis(z, np.array([[0], [1], [2]]), 2.0, axis=1)
        return z * A
    """,
    "grown": """
        out = []
        h = np.zeros(3)
        for row in x:
            h = np.tanh(row + h @ A)
            out.append(h)
        return np.array(out), h
    """,
    "concatenated in a loop": """
        z = np.empty((0, 3))
        for row in x:
            z = np.vstack([z, row * v])
        return z
    """,
    "nditer": """
        z = np.zeros_like(x)
        it = np.nditer(x, flags=["multi_index"])
        while not it.finished:
            z[it.multi_index] = x[it.multi_index] ** 2 + it[0]
            it.iternext()
        return z
    """,
    "ndenumerate": """
        z = np.zeros_like(x)
        for (i, j), value in np.ndenumerate(x):
            z[i, j] = value ** 2
        for place in np.ndindex(*x.shape):
            z[place] += x[place]
        return z
    """,
    "while": """
        total = x.sum()
        while total < 10:
            total = total * 2 + 1
        return total if total > 3 else -total
    """,
    "random": """
        mask = np.random.rand(*x.shape) > 0.5
        noise = np.random.randn(2, 3)
        rng = np.random.default_rng(3)
        return x * mask / 0.5 + noise * v + rng.normal(size=(2, 3)) * s
    """,
    "shuffled": """
        z = x.T.copy()
        np.random.shuffle(z)
        order = np.random.permutation(3)
        return z, np.random.permutation(v), v[order], v[np.random.choice(3, 2)]
    """,
    "dtype of an argument": """
        z = np.zeros(x.shape, dtype=x.dtype)
        z += x
        return z.astype(np.float64, copy=False) * np.float64(2)
    """,
    "integers stay": """
        labels = np.array([2, 0])
        n = labels.size
        hot = np.zeros((n, 3))
        hot[np.arange(n), labels] = 1
        return -np.sum(hot * np.log(p)) / n, p[np.arange(n), labels] - np.eye(3)[labels].sum() * s
    """,
    "imported inside": """
        import numpy as other
        from numpy import zeros, exp as e
        import numpy.linalg as la
        z = zeros((2, 3))
        z[:] = e(x) + other.zeros(3)
        return z / la.norm(z)
    """,
    "default and closure": """
        def inner(a, make=np.zeros, f=np.tanh):
            z = make(a.shape)
            z += f(a)
            return z
        return inner(x)
    """,
    "shape assigned": """
        z = x.copy()
        z.shape = (3, 2)
        return z @ y
    """,
    "copy module": """
        import copy
        z = copy.deepcopy({"a": x})["a"]
        z += copy.copy(x)
        return z
    """,
    "hidden branch": """
        big = np.where(x > 0, x, 1.0)
        return np.where(x > 0, np.log(big), 0.0)
    """,
    "minus infinity": """
        scores = np.where(np.triu(np.ones((3, 3)), 1) > 0, -np.inf, A)
        e = np.exp(scores - scores.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
    """,
    "ufunc of a list": """
        return np.add([s, s * 2], 1.0), np.exp([x[0, 0], 1.0]), np.sum([s, x[0, 1]])
    """,
    "float()": """
        loss = float(np.sum(x ** 2)) + float(v[0] * 2) + float(3)
        return loss if isinstance(loss, float) else None
    """,
    "float as a type": """
        z = np.zeros(3, dtype=float)
        z += v.astype(float) + np.array([1, 2], float).sum() + float("0.5") + float.fromhex("0x1")
        return z if z.dtype == float and isinstance(1.5, float) and type(1.5) == float else None
    """,
    "math": """
        import math
        from math import exp, sqrt
        a, b = x[0, 0], p[0, 0]
        z = math.log(b) + math.log(b, 10) + math.sqrt(b) + exp(a) + math.tanh(a) + math.pow(b, 3)
        z += math.erf(a) + math.erfc(a) + math.atan2(a, b) + math.hypot(a, b) + math.fabs(a)
        z += math.fsum([a, b]) + math.prod([a, b]) + math.floor(a) * a + math.ceil(a) * a
        return z + math.pi * s / sqrt(4) + math.isfinite(a) * b + math.sqrt(s)
    """,
    "math for each": """
        import math
        erf = np.vectorize(math.erf)
        return 0.5 * x * (1 + erf(x / math.sqrt(2))), np.vectorize(lambda a: math.exp(-a))(x)
    """,
    "in place of a mask": """
        m = (x > 0).astype(float)
        m *= x
        k = (x > 0) * 1.0
        k[0] = v
        return m, k
    """,
    "dropout of the constructor": """
        class Dropout:
            def __init__(self, w):
                self.w, self.mask = w.copy(), None
            def forward(self, x, train=True):
                self.mask = (np.random.uniform(size=x.shape) < 0.5) / 0.5
                return (x @ self.w) * self.mask
        return Dropout(A).forward(x)
    """,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", IDIOMS)
def test_values_and_gradients_are_those_of_numpy(
    name: str, way: str, agree: Callable[..., object]
) -> None:
    body = IDIOMS[name]
    if way == "complex step" and name in ("nditer", "in place of a mask"):
        pytest.skip("it refuses them, which test_refused holds")
    names = [leaf for leaf in LEAVES if re.search(rf"\b{leaf}\b", body)]
    agree(f"def f({', '.join(names)}):{body}", {leaf: LEAVES[leaf] for leaf in names}, way)
