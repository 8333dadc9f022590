import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(0)
        return dout @ self.W.T


class SoftmaxLoss:
    def forward(self, x, t):
        self.t = t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(t * np.log(self.y + 1e-7)) / len(x)
    def backward(self, dout=1):
        return (self.y - self.t) / len(self.t)


class Embed:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]
    def forward(self, idx):
        W, = self.params
        self.idx = idx
        return W[idx]
    def backward(self, dout):
        dW, = self.grads
        dW[...] = 0
        np.add.at(dW, self.idx, dout)  # WRONG layer 1: dW[self.idx] += dout
        return None


class Rnn:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h = np.tanh(h_prev @ Wh + x @ Wx + b)
        self.cache = (x, h_prev, h)
        return h
    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, h = self.cache
        dt = dh * (1 - h**2)
        self.grads[0][...] = x.T @ dt
        self.grads[1][...] = h_prev.T @ dt
        self.grads[2][...] = dt.sum(axis=0)  # WRONG layer 4: self.grads[2][...] = dt.mean(axis=0)
        return dt @ Wx.T, dt @ Wh.T


class TimeRnn:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        self.layers, H = [], Wh.shape[0]
        hs, h = np.empty((N, T, H)), np.zeros((N, H))
        for t in range(T):
            layer = Rnn(*self.params)
            h = layer.forward(xs[:, t, :], h)
            hs[:, t, :] = h
            self.layers.append(layer)
        return hs
    def backward(self, dhs):
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        dxs, dh = np.empty((N, T, Wx.shape[0])), 0
        grads = [0, 0, 0]
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)  # WRONG own layers[1]: dx, dh = layer.backward(dhs[:, t, :])
            dxs[:, t, :] = dx
            for i, g in enumerate(layer.grads):
                grads[i] += g
        for i, g in enumerate(grads):
            self.grads[i][...] = g
        return dxs


class TimeMean:
    def forward(self, hs):
        self.shape = hs.shape
        return hs.mean(axis=1)
    def backward(self, dout):
        return np.repeat(dout[:, None, :], self.shape[1], axis=1) / self.shape[1]


# trigrad: ids: labels<6 N 3; t: onehot N 2; build: Lm()
class Lm:
    def __init__(self):
        r = np.random.RandomState(0)
        self.layers = [Embed(r.randn(6, 3)), TimeRnn(r.randn(3, 4), r.randn(4, 4), np.zeros(4)), TimeMean(), Affine(r.randn(4, 2), np.zeros(2))]
        self.loss_layer = SoftmaxLoss()
    def forward(self, ids, t):
        x = ids
        for layer in self.layers:
            x = layer.forward(x)
        return self.loss_layer.forward(x, t)
    def backward(self, dout=1):
        d = self.loss_layer.backward(dout)
        for layer in reversed(self.layers):
            d = layer.backward(d)
        return d
