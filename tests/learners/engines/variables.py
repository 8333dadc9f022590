"""Arrays with functions as classes, weak references and generations; gradients are variables."""

import heapq
import weakref

import numpy as np


class Variable:
    __array_priority__ = 100

    def __init__(self, data):
        if not isinstance(data, np.ndarray):
            raise TypeError(f"{type(data)} is not supported")
        self.data = data
        self.grad = None
        self.creator = None
        self.generation = 0

    @property
    def shape(self):
        return self.data.shape

    def cleargrad(self):
        self.grad = None

    def backward(self, retain_grad=False):
        if self.grad is None:
            self.grad = Variable(np.ones_like(self.data))
        heap, seen, count = [], set(), 0

        def push(f):
            nonlocal count
            if f is not None and f not in seen:
                seen.add(f)
                heapq.heappush(heap, (-f.generation, count, f))
                count += 1

        push(self.creator)
        while heap:
            f = heapq.heappop(heap)[2]
            out = f.output()
            gxs = f.backward(out.grad.data)
            if not isinstance(gxs, tuple):
                gxs = (gxs,)
            for x, gx in zip(f.inputs, gxs):
                gx = gx if x.grad is None else x.grad.data + gx
                x.grad = Variable(np.asarray(gx))
                push(x.creator)
            if not retain_grad:
                out.grad = None

    def sum(self):
        return Sum()(self)

    def reshape(self, *shape):
        return Reshape(shape[0] if isinstance(shape[0], tuple) else shape)(self)

    @property
    def T(self):
        return Transpose()(self)


def as_variable(x):
    return x if isinstance(x, Variable) else Variable(np.asarray(x, dtype=float))


def fold(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1 and g.shape[axis] != 1:
            g = g.sum(axis=axis, keepdims=True)
    return g


class Function:
    def __call__(self, *inputs):
        self.inputs = [as_variable(x) for x in inputs]
        self.generation = max(x.generation for x in self.inputs)
        out = Variable(np.asarray(self.forward(*[x.data for x in self.inputs])))
        out.creator = self
        out.generation = self.generation + 1
        self.output = weakref.ref(out)
        return out

    def forward(self, *xs):
        raise NotImplementedError

    def backward(self, gy):
        raise NotImplementedError


class Add(Function):
    def forward(self, a, b):
        return a + b

    def backward(self, gy):
        a, b = self.inputs
        return fold(gy, a.shape), fold(gy, b.shape)


class Sub(Function):
    def forward(self, a, b):
        return a - b

    def backward(self, gy):
        a, b = self.inputs
        return fold(gy, a.shape), fold(-gy, b.shape)


class Mul(Function):
    def forward(self, a, b):
        return a * b

    def backward(self, gy):
        a, b = self.inputs
        return fold(gy * b.data, a.shape), fold(gy * a.data, b.shape)


class Div(Function):
    def forward(self, a, b):
        return a / b

    def backward(self, gy):
        a, b = self.inputs
        return fold(gy / b.data, a.shape), fold(-gy * a.data / b.data**2, b.shape)


class Neg(Function):
    def forward(self, a):
        return -a

    def backward(self, gy):
        return -gy


class Pow(Function):
    def __init__(self, c):
        self.c = c

    def forward(self, a):
        return a**self.c

    def backward(self, gy):
        (a,) = self.inputs
        return gy * self.c * a.data ** (self.c - 1)


class Square(Function):
    def forward(self, a):
        return a * a

    def backward(self, gy):
        return gy * 2 * self.inputs[0].data


class Exp(Function):
    def forward(self, a):
        return np.exp(a)

    def backward(self, gy):
        return gy * np.exp(self.inputs[0].data)


class Tanh(Function):
    def forward(self, a):
        self.y = np.tanh(a)
        return self.y

    def backward(self, gy):
        return gy * (1 - self.y**2)


class MatMul(Function):
    def forward(self, a, b):
        return a @ b

    def backward(self, gy):
        a, b = self.inputs
        return gy @ b.data.T, a.data.T @ gy


class Sum(Function):
    def forward(self, a):
        return a.sum()

    def backward(self, gy):
        return np.ones(self.inputs[0].shape) * gy


class Reshape(Function):
    def __init__(self, shape):
        self.shape = shape

    def forward(self, a):
        return a.reshape(self.shape)

    def backward(self, gy):
        return gy.reshape(self.inputs[0].shape)


class Transpose(Function):
    def forward(self, a):
        return a.T

    def backward(self, gy):
        return gy.T


def add(a, b):
    return Add()(a, b)


def sub(a, b):
    return Sub()(a, b)


def rsub(a, b):
    return Sub()(b, a)


def mul(a, b):
    return Mul()(a, b)


def div(a, b):
    return Div()(a, b)


def rdiv(a, b):
    return Div()(b, a)


def neg(a):
    return Neg()(a)


def pow(a, c):
    return Pow(c)(a)


def matmul(a, b):
    return MatMul()(a, b)


def square(x):
    return Square()(x)


def exp(x):
    return Exp()(x)


def tanh(x):
    return Tanh()(x)


def setup_variable():
    Variable.__add__ = add
    Variable.__radd__ = add
    Variable.__sub__ = sub
    Variable.__rsub__ = rsub
    Variable.__mul__ = mul
    Variable.__rmul__ = mul
    Variable.__truediv__ = div
    Variable.__rtruediv__ = rdiv
    Variable.__neg__ = neg
    Variable.__pow__ = pow
    Variable.__matmul__ = matmul


setup_variable()
