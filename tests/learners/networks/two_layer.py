import numpy as np


class Lin:
    def __init__(self, W, b):
        self.W, self.b = W, b  # WRONG copy: self.W, self.b = W.copy(), b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)  # WRONG layer 3: self.db = dout.sum(axis=0) * 2
        return dout @ self.W.T


class Act:
    def forward(self, x):
        self.on = x > 0
        return x * self.on

    def backward(self, dout):
        return dout * self.on  # WRONG layer 2: return dout * ~self.on


class Loss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y)) / len(x)

    def backward(self, dout=1):
        return dout * (self.y - self.t) / len(self.t)


class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = {
            "W1": 0.01 * np.random.randn(input_size, hidden_size),
            "b1": np.zeros(hidden_size),
            "W2": 0.01 * np.random.randn(hidden_size, output_size),
            "b2": np.zeros(output_size),
        }
        self.lin1 = Lin(self.params["W1"], self.params["b1"])
        self.act = Act()
        self.lin2 = Lin(self.params["W2"], self.params["b2"])
        self.last = Loss()

    def predict(self, x):
        return self.lin2.forward(self.act.forward(self.lin1.forward(x)))

    def loss(self, x, t):
        return self.last.forward(self.predict(x), t)

    def gradient(self, x, t):
        self.loss(x, t)
        d = self.last.backward()
        d = self.lin2.backward(d)
        d = self.act.backward(d)  # WRONG left 2: pass
        self.lin1.backward(d)
        return {
            "W1": self.lin1.dW,
            "b1": self.lin1.db,
            "W2": self.lin2.dW,
            "b2": self.lin2.db,  # WRONG collected: "b2": self.last.y.sum(axis=0),
        }
