import numpy as np


class MatMul:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x = None

    def forward(self, x):
        W, = self.params
        self.x = x
        return np.dot(x, W)

    def backward(self, dout):
        W, = self.params
        dx = np.dot(dout, W.T)
        dW = np.dot(self.x.T, dout)  # WRONG layer 4: dW = np.dot(self.x.T, dout) * 2
        self.grads[0][...] = dW
        return dx


class Bias:
    def __init__(self, b):
        self.params = [b]
        self.grads = [np.zeros_like(b)]

    def forward(self, x):
        return x + self.params[0]

    def backward(self, dout):
        self.grads[0][...] = np.sum(dout, axis=0)
        return dout


class Sin:
    params, grads = [], []

    def forward(self, x):
        self.x = x
        return np.sin(x)

    def backward(self, dout):
        return dout * np.cos(self.x)  # WRONG layer 3: return dout * np.sin(self.x)


class SoftmaxCrossEntropy:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, s, t):
        p = np.exp(s) / np.exp(s).sum(axis=1)[:, None]
        self.p, self.t = p, t
        return -np.log(p[np.arange(len(t)), t]).mean()

    def backward(self, dout=1):
        dx = self.p.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        dx *= dout
        return dx / len(self.t)


# trigrad: x: N 3; t: labels<2 N; build: Net(3, 4, 2)
class Net:
    def __init__(self, I, H, O):
        W1, b1 = 0.5 * np.random.randn(I, H), np.zeros(H)
        W2 = 0.5 * np.random.randn(H, O)
        self.layers = [MatMul(W1), Bias(b1), Sin(), MatMul(W2)]
        self.loss_layer = SoftmaxCrossEntropy()
        self.params, self.grads = [], []
        for layer in self.layers:
            self.params += layer.params
            self.grads += layer.grads

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def forward(self, x, t):
        score = self.predict(x)
        return self.loss_layer.forward(score, t)

    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)  # WRONG joint 4: dout = self.loss_layer.backward(dout) * 0.5
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout
