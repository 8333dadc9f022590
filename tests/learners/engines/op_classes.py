"""Numbers whose operations are classes; the order is found without recursion."""

import math


class Op:
    def __init__(self, *inputs):
        self.inputs = inputs

    def run(self):
        self.out = Scalar(self.compute(*[i.value for i in self.inputs]), self)
        return self.out

    def send(self):
        for node, local in zip(self.inputs, self.local(*[i.value for i in self.inputs])):
            node.gradient += local * self.out.gradient


class Plus(Op):
    def compute(self, x, y):
        return x + y

    def local(self, x, y):
        return 1.0, 1.0


class Minus(Op):
    def compute(self, x, y):
        return x - y

    def local(self, x, y):
        return 1.0, -1.0


class Times(Op):
    def compute(self, x, y):
        return x * y

    def local(self, x, y):
        return y, x


class Over(Op):
    def compute(self, x, y):
        return x / y

    def local(self, x, y):
        return 1.0 / y, -x / (y * y)


class Power(Op):
    def compute(self, x, y):
        return x**y

    def local(self, x, y):
        return y * x ** (y - 1), (x**y * math.log(x) if x > 0 else 0.0)


class Logistic(Op):
    def compute(self, x):
        return 1.0 / (1.0 + math.exp(-x))

    def local(self, x):
        s = self.compute(x)
        return (s * (1.0 - s),)


class Sine(Op):
    def compute(self, x):
        return math.sin(x)

    def local(self, x):
        return (math.cos(x),)


def wrap(x):
    return x if isinstance(x, Scalar) else Scalar(x)


class Scalar:
    def __init__(self, value, made_by=None):
        self.value = float(value)
        self.made_by = made_by
        self.gradient = 0.0

    def __add__(self, other):
        return Plus(self, wrap(other)).run()

    __radd__ = __add__

    def __sub__(self, other):
        return Minus(self, wrap(other)).run()

    def __rsub__(self, other):
        return Minus(wrap(other), self).run()

    def __mul__(self, other):
        return Times(self, wrap(other)).run()

    __rmul__ = __mul__

    def __truediv__(self, other):
        return Over(self, wrap(other)).run()

    def __rtruediv__(self, other):
        return Over(wrap(other), self).run()

    def __pow__(self, other):
        return Power(self, wrap(other)).run()

    def __neg__(self):
        return Minus(wrap(0.0), self).run()

    def sigmoid(self):
        return Logistic(self).run()

    def sin(self):
        return Sine(self).run()

    def zero_grad(self):
        self.gradient = 0.0

    def backward(self):
        waiting = {}
        stack = [self]
        seen = {id(self)}
        while stack:
            node = stack.pop()
            if node.made_by is None:
                continue
            for parent in node.made_by.inputs:
                waiting[id(parent)] = waiting.get(id(parent), 0) + 1
                if id(parent) not in seen:
                    seen.add(id(parent))
                    stack.append(parent)
        self.gradient = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            if node.made_by is None:
                continue
            node.made_by.send()
            for parent in node.made_by.inputs:
                waiting[id(parent)] -= 1
                if waiting[id(parent)] == 0:
                    ready.append(parent)
