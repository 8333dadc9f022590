import numpy as np


class Dense:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def __call__(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, g):
        return (g @ self.W.T, self.x.T @ g, g.sum(axis=0))  # WRONG layer 3: return g @ self.W.T, self.x.T @ g, g[0]


class Square:
    def __call__(self, x):
        self.x = x
        return x * x

    def backward(self, g):
        return 2 * self.x * g  # WRONG layer 2: return self.x * g


# trigrad: x: N 3; t: fixed N 2; build: Net(3, 4, 2)
class Net:
    def __init__(self, d, h, m):
        self.params = {
            "in": (np.random.randn(d, h), np.zeros(h)),
            "out": (np.random.randn(h, m), np.zeros(m)),
        }
        self.layers = {
            "in": Dense(*self.params["in"]),
            "sq": Square(),
            "out": Dense(*self.params["out"]),
        }

    def loss(self, x, t):
        for name in ("in", "sq", "out"):
            x = self.layers[name](x)
        self.y, self.t = x, t
        return 0.5 * np.sum((x - t) ** 2) / len(x)

    def gradient(self, x, t):
        self.loss(x, t)
        grads = {}
        g = (self.y - self.t) / len(x)  # WRONG end 3: g = self.y - self.t
        g, dW, db = self.layers["out"].backward(g)
        grads["W_out"], grads["b_out"] = (dW, db)  # WRONG code: grads["W_out"], grads["b_out"] = dW, -db
        g = self.layers["sq"].backward(g)
        _, grads["W_in"], grads["b_in"] = self.layers["in"].backward(g)
        return grads
