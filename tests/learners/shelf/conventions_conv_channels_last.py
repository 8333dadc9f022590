import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


class Conv2D:
    """x (N, H, W, C), kernel (kh, kw, C, F), 'valid'"""

    def __init__(self, kernel, bias):
        self.kernel = kernel
        self.bias = bias

    def forward(self, x):
        kh, kw = self.kernel.shape[:2]
        self.x = x
        self.win = sliding_window_view(x, (kh, kw), axis=(1, 2))  # N, H', W', C, kh, kw
        return np.einsum("nhwcij,ijcf->nhwf", self.win, self.kernel) + self.bias

    def backward(self, dout):
        kh, kw = self.kernel.shape[:2]
        self.dkernel = np.einsum("nhwcij,nhwf->ijcf", self.win, dout)
        self.dbias = dout.sum(axis=(0, 1, 2))
        dx = np.zeros(self.x.shape)
        H, W = dout.shape[1:3]
        for i in range(kh):
            for j in range(kw):
                dx[:, i:i + H, j:j + W, :] += dout @ self.kernel[i, j].T
        return dx


class MaxPool2D:
    """2 x 2, x (N, H, W, C) with even H and W"""

    def forward(self, x):
        N, H, W, C = x.shape
        self.shape = x.shape
        win = x.reshape(N, H // 2, 2, W // 2, 2, C).transpose(0, 1, 3, 5, 2, 4).reshape(N, H // 2, W // 2, C, 4)
        self.arg = win.argmax(axis=-1)
        return win.max(axis=-1)

    def backward(self, dout):
        N, H, W, C = self.shape
        d = np.eye(4)[self.arg] * dout[..., None]
        d = d.reshape(N, H // 2, W // 2, C, 2, 2).transpose(0, 1, 4, 2, 5, 3)
        return d.reshape(self.shape)


class GlobalAveragePool:
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(1, 2))

    def backward(self, dout):
        N, H, W, C = self.shape
        return np.ones(self.shape) * dout[:, None, None, :] / (H * W)
