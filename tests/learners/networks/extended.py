from collections import OrderedDict
import numpy as np


class Affine_:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(0)
        return dout @ self.W.T


class Drop:
    def __init__(self, ratio=0.5):
        self.ratio = ratio
        self.mask = None
    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.ratio
            return x * self.mask
        return x * (1.0 - self.ratio)
    def backward(self, dout):
        return dout * self.mask  # WRONG layer 8: return dout


class BN:
    def __init__(self, gamma, beta, momentum=0.9):
        self.gamma, self.beta, self.momentum = gamma, beta, momentum
        self.running_mean = None
    def forward(self, x, train_flg=True):
        if self.running_mean is None:
            self.running_mean = np.zeros(x.shape[1])
            self.running_var = np.zeros(x.shape[1])
        mu = x.mean(axis=0)
        self.xc = x - mu
        var = np.mean(self.xc**2, axis=0)
        self.std = np.sqrt(var + 10e-7)
        self.xn = self.xc / self.std
        self.n = len(x)
        self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
        return self.gamma * self.xn + self.beta
    def backward(self, dout):
        self.dbeta = dout.sum(axis=0)
        self.dgamma = np.sum(self.xn * dout, axis=0)  # WRONG layer 6: self.dgamma = np.sum(self.xc * dout, axis=0)
        dxn = self.gamma * dout
        dxc = dxn / self.std
        dstd = -np.sum((dxn * self.xc) / (self.std * self.std), axis=0)
        dvar = 0.5 * dstd / self.std
        dxc += (2.0 / self.n) * self.xc * dvar
        dmu = np.sum(dxc, axis=0)
        return dxc - dmu / self.n


class SoftmaxLoss_:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(x)
    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class Relu_:
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out
    def backward(self, dout):
        dout[self.mask] = 0
        return dout


# trigrad: x: N D; t: onehot N 3; build: Extended(D, [4, 5], 3)
class Extended:
    def __init__(self, i, hs, o, weight_decay_lambda=0.1):
        self.lam = weight_decay_lambda
        self.n = len(hs)
        sizes = [i] + hs + [o]
        self.params = {}
        self.layers = OrderedDict()
        for k in range(1, len(sizes)):
            self.params[f"W{k}"] = np.random.randn(sizes[k - 1], sizes[k]) * 0.4
            self.params[f"b{k}"] = np.zeros(sizes[k])
        for k in range(1, self.n + 1):
            self.layers[f"Affine{k}"] = Affine_(self.params[f"W{k}"], self.params[f"b{k}"])
            self.params[f"gamma{k}"] = np.ones(hs[k - 1])
            self.params[f"beta{k}"] = np.zeros(hs[k - 1])
            self.layers[f"BN{k}"] = BN(self.params[f"gamma{k}"], self.params[f"beta{k}"])
            self.layers[f"Act{k}"] = Relu_()
            self.layers[f"Drop{k}"] = Drop(0.3)
        k = self.n + 1
        self.layers[f"Affine{k}"] = Affine_(self.params[f"W{k}"], self.params[f"b{k}"])
        self.last = SoftmaxLoss_()
    def predict(self, x, train_flg=False):
        for key, layer in self.layers.items():
            if "Drop" in key or "BN" in key:
                x = layer.forward(x, train_flg)
            else:
                x = layer.forward(x)
        return x
    def loss(self, x, t, train_flg=True):
        y = self.predict(x, train_flg)
        decay = 0
        for k in range(1, self.n + 2):
            decay += 0.5 * self.lam * np.sum(self.params[f"W{k}"] ** 2)
        return self.last.forward(y, t) + decay
    def gradient(self, x, t):
        self.loss(x, t, train_flg=True)
        d = self.last.backward(1)
        for layer in list(self.layers.values())[::-1]:
            d = layer.backward(d)
        grads = {}
        for k in range(1, self.n + 2):
            grads[f"W{k}"] = self.layers[f"Affine{k}"].dW + self.lam * self.params[f"W{k}"]
            grads[f"b{k}"] = self.layers[f"Affine{k}"].db
            if k != self.n + 1:
                grads[f"gamma{k}"] = self.layers[f"BN{k}"].dgamma
                grads[f"beta{k}"] = self.layers[f"BN{k}"].dbeta
        return grads
