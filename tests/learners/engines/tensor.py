"""Arrays with broadcasting and requires_grad, with closures that are given the gradient."""

import numpy as np


def unbroadcast(grad, shape):
    extra = grad.ndim - len(shape)
    if extra > 0:
        grad = grad.sum(axis=tuple(range(extra)))
    axes = tuple(i for i, n in enumerate(shape) if n == 1 and grad.shape[i] > 1)
    return grad.sum(axis=axes, keepdims=True) if axes else grad


def ensure(x):
    return x if isinstance(x, Tensor) else Tensor(x)


class Tensor:
    def __init__(self, data, requires_grad=False):
        self.data = np.asarray(data, dtype=np.float64)
        self.requires_grad = requires_grad
        self.grad = None
        self._edges = []

    @property
    def shape(self):
        return self.data.shape

    @classmethod
    def _make(cls, data, *edges):
        edges = [(parent, f) for parent, f in edges if parent.requires_grad]
        out = cls(data, requires_grad=bool(edges))
        out._edges = edges
        return out

    def zero_grad(self):
        self.grad = None

    def backward(self, grad=None):
        if not self.requires_grad:
            raise RuntimeError("backward on a tensor that needs no gradient")
        if grad is None:
            if self.data.size != 1:
                raise RuntimeError("the gradient has to be given for an output that is no scalar")
            grad = np.ones_like(self.data)
        order, seen = [], set()

        def walk(t):
            if id(t) in seen:
                return
            seen.add(id(t))
            for parent, _ in t._edges:
                walk(parent)
            order.append(t)

        walk(self)
        grads = {id(self): grad}
        for t in reversed(order):
            g = grads.pop(id(t))
            if not t._edges:
                t.grad = g if t.grad is None else t.grad + g
            for parent, f in t._edges:
                part = f(g)
                grads[id(parent)] = grads[id(parent)] + part if id(parent) in grads else part

    def __add__(self, other):
        other = ensure(other)
        return Tensor._make(
            self.data + other.data,
            (self, lambda g: unbroadcast(g, self.shape)),
            (other, lambda g: unbroadcast(g, other.shape)),
        )

    def __radd__(self, other):
        return self + other

    def __mul__(self, other):
        other = ensure(other)
        return Tensor._make(
            self.data * other.data,
            (self, lambda g: unbroadcast(g * other.data, self.shape)),
            (other, lambda g: unbroadcast(g * self.data, other.shape)),
        )

    def __rmul__(self, other):
        return self * other

    def __neg__(self):
        return Tensor._make(-self.data, (self, lambda g: -g))

    def __sub__(self, other):
        return self + (-ensure(other))

    def __rsub__(self, other):
        return ensure(other) - self

    def __truediv__(self, other):
        other = ensure(other)
        return Tensor._make(
            self.data / other.data,
            (self, lambda g: unbroadcast(g / other.data, self.shape)),
            (other, lambda g: unbroadcast(-g * self.data / other.data**2, other.shape)),
        )

    def __rtruediv__(self, other):
        return ensure(other) / self

    def __pow__(self, n):
        return Tensor._make(self.data**n, (self, lambda g: g * n * self.data ** (n - 1)))

    def __matmul__(self, other):
        return Tensor._make(
            self.data @ other.data,
            (self, lambda g: g @ other.data.T),
            (other, lambda g: self.data.T @ g),
        )

    def sum(self, axis=None, keepdims=False):
        def spread(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return np.broadcast_to(g, self.shape)

        return Tensor._make(self.data.sum(axis=axis, keepdims=keepdims), (self, spread))

    def mean(self):
        return Tensor._make(
            self.data.mean(), (self, lambda g: np.broadcast_to(g / self.data.size, self.shape))
        )

    def relu(self):
        return Tensor._make(np.maximum(self.data, 0), (self, lambda g: g * (self.data > 0)))

    def exp(self):
        e = np.exp(self.data)
        return Tensor._make(e, (self, lambda g: g * e))

    def log(self):
        return Tensor._make(np.log(self.data), (self, lambda g: g / self.data))

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        return Tensor._make(s, (self, lambda g: g * s * (1 - s)))

    def reshape(self, *shape):
        return Tensor._make(self.data.reshape(*shape), (self, lambda g: g.reshape(self.shape)))

    @property
    def T(self):
        return Tensor._make(self.data.T, (self, lambda g: g.T))

    def __getitem__(self, key):
        def put(g):
            full = np.zeros_like(self.data)
            np.add.at(full, key, g)
            return full

        return Tensor._make(self.data[key], (self, put))
