"""Layers of a small CNN library: sizes in the constructor, weights in dicts."""
from abc import ABC, abstractmethod
from typing import Optional, Tuple

import numpy as np


class Layer(ABC):
    @abstractmethod
    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        ...

    @abstractmethod
    def backward(self, dout: np.ndarray) -> np.ndarray:
        ...


class Conv2D(Layer):
    def __init__(self, in_channels: int, out_channels: int, kernel_size: int, stride: int = 1, padding: int = 0):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.k, self.stride, self.padding = kernel_size, stride, padding
        scale = np.sqrt(2.0 / (in_channels * kernel_size ** 2))
        self.W = np.random.randn(out_channels, in_channels, kernel_size, kernel_size) * scale
        self.b = np.zeros(out_channels)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x, training=True):
        p, s, k = self.padding, self.stride, self.k
        self.x_shape = x.shape
        self.xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        n, _, h, w = self.xp.shape
        oh, ow = (h - k) // s + 1, (w - k) // s + 1
        out = np.zeros((n, self.out_channels, oh, ow))
        for i in range(oh):
            for j in range(ow):
                patch = self.xp[:, :, i * s:i * s + k, j * s:j * s + k]
                out[:, :, i, j] = np.einsum("ncij,fcij->nf", patch, self.W) + self.b
        return out

    def backward(self, dout):
        p, s, k = self.padding, self.stride, self.k
        self.dW[...] = 0
        dxp = np.zeros_like(self.xp)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                patch = self.xp[:, :, i * s:i * s + k, j * s:j * s + k]
                d = dout[:, :, i, j]
                self.dW += np.einsum("nf,ncij->fcij", d, patch)
                dxp[:, :, i * s:i * s + k, j * s:j * s + k] += np.einsum("nf,fcij->ncij", d, self.W)
        self.db = dout.sum(axis=(0, 2, 3))
        return dxp if p == 0 else dxp[:, :, p:-p, p:-p]


class MaxPool2D(Layer):
    def __init__(self, pool_size: int = 2, stride: Optional[int] = None):
        self.pool_size = pool_size
        self.stride = stride or pool_size

    def forward(self, x, training=True):
        self.x = x
        n, c, h, w = x.shape
        k, s = self.pool_size, self.stride
        oh, ow = (h - k) // s + 1, (w - k) // s + 1
        out = np.empty((n, c, oh, ow))
        self.where = np.empty((n, c, oh, ow), dtype=int)
        for i in range(oh):
            for j in range(ow):
                window = x[:, :, i * s:i * s + k, j * s:j * s + k].reshape(n, c, -1)
                self.where[:, :, i, j] = window.argmax(axis=2)
                out[:, :, i, j] = window.max(axis=2)
        return out

    def backward(self, dout):
        n, c, oh, ow = dout.shape
        k, s = self.pool_size, self.stride
        dx = np.zeros_like(self.x)
        nn, cc = np.meshgrid(np.arange(n), np.arange(c), indexing="ij")
        for i in range(oh):
            for j in range(ow):
                r, q = np.divmod(self.where[:, :, i, j], k)
                dx[nn, cc, i * s + r, j * s + q] += dout[:, :, i, j]
        return dx


class GlobalAveragePool(Layer):
    def forward(self, x, training=True):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, dout):
        n, c, h, w = self.shape
        return np.broadcast_to(dout[:, :, None, None], self.shape) / (h * w)


class ZeroPad2D(Layer):
    def __init__(self, pad: int = 1):
        self.pad = pad

    def forward(self, x, training=True):
        p = self.pad
        return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))

    def backward(self, dout):
        p = self.pad
        return dout[:, :, p:-p, p:-p]


class UpSample(Layer):
    """nearest neighbour, twice as large"""

    def forward(self, x, training=True):
        return x.repeat(2, axis=2).repeat(2, axis=3)

    def backward(self, dout):
        n, c, h, w = dout.shape
        return dout.reshape(n, c, h // 2, 2, w // 2, 2).sum(axis=(3, 5))


class ChannelBias(Layer):
    def __init__(self, channels: int):
        self.b = np.zeros((1, channels, 1, 1))

    def forward(self, x, training=True):
        return x + self.b

    def backward(self, dout):
        self.db = dout.sum(axis=(0, 2, 3), keepdims=True)
        return dout
