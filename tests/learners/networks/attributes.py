import numpy as np


class Dense:
    def __init__(self, d, m):
        self.params = {"W": np.random.randn(d, m) * 0.3, "b": np.zeros(m)}
        self.grads = {}

    def forward(self, x):
        self.cache = x
        return x.dot(self.params["W"]) + self.params["b"]

    def backward(self, dy):
        self.grads["W"] = self.cache.T.dot(dy)
        self.grads["b"] = dy.sum(0)
        return dy.dot(self.params["W"].T)  # WRONG layer 6: return dy.dot(self.params["W"].T) * 0.5


class Sigm:
    def forward(self, x):
        self.y = 1.0 / (1.0 + np.exp(-x))
        return self.y

    def backward(self, dy):
        return dy * self.y * (1.0 - self.y)  # WRONG layer 5: return self.y * (1.0 - self.y)


class LayerNorm:
    def __init__(self, d):
        self.gamma, self.beta = np.ones(d), np.zeros(d)

    def forward(self, x):
        self.centred = x - x.mean(axis=1, keepdims=True)
        self.std = np.sqrt((self.centred**2).mean(axis=1, keepdims=True) + 1e-5)
        self.hat = self.centred / self.std
        return self.gamma * self.hat + self.beta

    def backward(self, dy):
        self.dgamma = (dy * self.hat).sum(axis=0)  # WRONG layer 4: self.dgamma = (dy * self.centred).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        dh = dy * self.gamma
        mean = dh.mean(axis=1, keepdims=True)
        return (dh - mean - self.hat * (dh * self.hat).mean(axis=1, keepdims=True)) / self.std


# trigrad: x: N 3; build: Mlp()
class Mlp:
    def __init__(self):
        self.fc1 = Dense(3, 4)
        self.act1 = Sigm()
        self.fc2 = Dense(4, 4)
        self.norm = LayerNorm(4)
        self.act2 = Sigm()  # WRONG stale 2: self.act2 = self.act1
        self.fc3 = Dense(4, 2)

    def forward(self, x):
        h = self.act1.forward(self.fc1.forward(x))
        h = self.act2.forward(self.norm.forward(self.fc2.forward(h)))
        return self.fc3.forward(h)

    def backward(self, dout):
        d = self.fc3.backward(dout)
        d = self.act2.backward(d)  # WRONG left 5: pass
        d = self.norm.backward(d)
        d = self.fc2.backward(d)  # WRONG joint 2: self.fc2.backward(d)
        d = self.act1.backward(d)
        return self.fc1.backward(d)
