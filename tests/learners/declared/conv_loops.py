import numpy as np


# trigrad: x: N C H W; W: F C 3 3; b: F; build: Conv(W, b, stride=2, pad=1)
class Conv:
    def __init__(self, W, b, stride=1, pad=0):
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x):
        s, p = self.stride, self.pad
        N, C, H, W = x.shape
        F, C, kh, kw = self.W.shape
        oh = (H + 2 * p - kh) // s + 1
        ow = (W + 2 * p - kw) // s + 1
        self.x_shape = x.shape
        self.x_pad = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        out = np.zeros((N, F, oh, ow))
        for n in range(N):
            for f in range(F):
                for i in range(oh):
                    for j in range(ow):
                        window = self.x_pad[n, :, i * s:i * s + kh, j * s:j * s + kw]
                        out[n, f, i, j] = np.sum(window * self.W[f]) + self.b[f]
        return out

    def backward(self, dout):
        s, p = self.stride, self.pad
        N, F, oh, ow = dout.shape
        _, _, kh, kw = self.W.shape
        dx_pad = np.zeros_like(self.x_pad)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        for n in range(N):
            for f in range(F):
                self.db[f] += dout[n, f].sum()
                for i in range(oh):
                    for j in range(ow):
                        g = dout[n, f, i, j]
                        self.dW[f] += g * self.x_pad[n, :, i * s:i * s + kh, j * s:j * s + kw]
                        dx_pad[n, :, i * s:i * s + kh, j * s:j * s + kw] += g * self.W[f]
        H, W = self.x_shape[2:]
        return dx_pad[:, :, p:p + H, p:p + W]
