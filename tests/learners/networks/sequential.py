import numpy as np


class Module:
    def __call__(self, *args):
        return self.forward(*args)

    def parameters(self):
        return []


class Linear(Module):
    def __init__(self, n, m):
        self.W = np.random.uniform(-1, 1, (m, n))
        self.b = np.random.uniform(-1, 1, m)

    def forward(self, x):
        self.x = x
        return x @ self.W.T + self.b

    def backward(self, grad):
        self.gradW = grad.T @ self.x
        self.gradb = grad.sum(axis=0)
        return grad @ self.W  # WRONG layer 5: return grad @ np.abs(self.W)


class Swish(Module):
    def forward(self, x):
        self.x = x
        self.s = 1 / (1 + np.exp(-x))
        return x * self.s

    def backward(self, grad):
        return grad * (self.s + self.x * self.s * (1 - self.s))  # WRONG layer 4: return grad * (self.s + self.x * (1 - self.s))


class Scale(Module):
    def __init__(self, d):
        self.gamma = np.ones(d)

    def forward(self, x):
        self.x = x
        return self.gamma * x

    def backward(self, grad):
        self.dgamma = (grad * self.x).sum(axis=0)
        return grad * self.gamma  # WRONG layer 3: return grad


class Sequential(Module):
    def __init__(self, *modules):
        self.modules = list(modules)

    def forward(self, x):
        for module in self.modules:
            x = module(x)
        return x

    def backward(self, grad):
        for module in self.modules[::-1]:
            grad = module.backward(grad)
        return grad


# trigrad: x: N 3; build: Model()
class Model(Sequential):
    def __init__(self):
        body = Sequential(Linear(3, 4), Swish(), Scale(4))
        super().__init__(body, Sequential(Swish(), Linear(4, 2)))
