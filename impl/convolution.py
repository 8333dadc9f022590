"""Chapter 7: layers for images, which know which pixels are neighbours.

A batch of images is (N, C, H, W): N images of C channels, each H high and W wide. Convolution and
pooling look at windows: parts of an image, FH high and FW wide. The first one is in the upper
left corner, the next ones `stride` pixels to the right or further down; `pad` is the width of the
border that is put round the image first. That makes OH windows in a column and OW in a row.

`im2col` writes every window as one row of a matrix. Convolution is then a matrix product, as in
Affine, and pooling takes one number from every row.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .functions import Array, as_float


def output_size(length: int, window: int, stride: int = 1, pad: int = 0) -> int:
    """How many windows fit: (length + 2 * pad - window) // stride + 1

    Gives OH for the height of an image and a window, OW for their width.

    Raises ValueError if not even one fits.
    """
    if window > length + 2 * pad:
        raise ValueError(f"a window of {window} does not fit into {length} pixels with pad {pad}")
    return (length + 2 * pad - window) // stride + 1


def im2col(x: Array, FH: int, FW: int, stride: int = 1, pad: int = 0, border: float = 0.0) -> Array:
    """The windows of all images, each as a row.

    x: (N, C, H, W). border: the value of the pixels that are put round an image.
    Returns a new array (N * OH * OW, C * FH * FW). Its rows are the windows of the first image,
    from left to right and then downwards, then those of the next image. A row is the first
    channel of a window, pixel by pixel in the same order, then the next channel.

    Raises ValueError if no window fits.
    """
    N, C, H, W = x.shape
    OH, OW = output_size(H, FH, stride, pad), output_size(W, FW, stride, pad)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=border)
    # A view: the windows at all pixels, and of these every stride-th. Nothing is copied yet.
    windows = sliding_window_view(padded, (FH, FW), axis=(2, 3))[:, :, ::stride, ::stride]
    rows = windows.transpose(0, 2, 3, 1, 4, 5)  # from (N, C, OH, OW, FH, FW)
    return rows.reshape(N * OH * OW, C * FH * FW)


def col2im(
    rows: Array, x_shape: tuple[int, ...], FH: int, FW: int, stride: int = 1, pad: int = 0
) -> Array:
    """The way back for gradients: dx from the gradient of im2col(x).

    A pixel may be in several windows, and the gradients of its uses add up. So col2im is not the
    inverse of im2col: col2im(im2col(x)) is x times the number of windows that a pixel is in.

    rows: (N * OH * OW, C * FH * FW). x_shape: (N, C, H, W). Returns an array of that shape.
    """
    N, C, H, W = x_shape
    OH, OW = output_size(H, FH, stride, pad), output_size(W, FW, stride, pad)
    windows = rows.reshape(N, OH, OW, C, FH, FW).transpose(0, 3, 1, 2, 4, 5)
    padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), rows.dtype)
    # Pixel (i, j) of every window at once: these are different pixels, stride apart.
    for i in range(FH):
        for j in range(FW):
            down = slice(i, i + stride * OH, stride)
            right = slice(j, j + stride * OW, stride)
            padded[:, :, down, right] += windows[:, :, :, :, i, j]
    return padded[:, :, pad : pad + H, pad : pad + W]


class Convolution:
    """Every window times every filter: F filters W (F, C, FH, FW), and a bias b (F,).

    The layer uses these very arrays: changing them in place trains it.
    x: (N, C, H, W), and out is (N, F, OH, OW): a filter makes one channel of it.

    Raises ValueError if b or x does not fit W, or no window fits.
    """

    def __init__(self, W: Array, b: Array, stride: int = 1, pad: int = 0) -> None:
        if W.ndim != 4 or b.shape != W.shape[:1]:
            raise ValueError(f"W {W.shape} and b {b.shape}: should be (F, C, FH, FW) and (F,)")
        self.W = W
        self.b = b
        self.stride = stride
        self.pad = pad

    def forward(self, x: Array) -> Array:
        """out[n, f, i, j] = sum(W[f] * window (i, j) of image n) + b[f]

        For all of them at once: out = rows @ W.T + b, where rows = im2col(x), and W is
        (F, C * FH * FW).
        """
        F, C, FH, FW = self.W.shape
        if x.ndim != 4 or x.shape[1] != C:
            raise ValueError(
                f"x of shape {x.shape} does not fit W of shape {self.W.shape}: "
                f"should be (N, {C}, H, W)"
            )
        N, _, H, W = self.x_shape = x.shape
        OH = output_size(H, FH, self.stride, self.pad)
        OW = output_size(W, FW, self.stride, self.pad)
        self.rows = im2col(x, FH, FW, self.stride, self.pad)
        out = self.rows @ self.W.reshape(F, -1).T + self.b
        return out.reshape(N, OH, OW, F).transpose(0, 3, 1, 2)

    def backward(self, dout: Array) -> Array:
        """drows = dout @ W,  dW = dout.T @ rows,  db = dout summed over all windows

        This is Affine's backward, with dout (N * OH * OW, F) and W (F, C * FH * FW); and
        dx = col2im(drows).

        Returns dx in x's shape; leaves dW (F, C, FH, FW) and db (F,) as attributes.
        """
        F, _, FH, FW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        self.dW = (dout.T @ self.rows).reshape(self.W.shape)
        self.db = np.sum(dout, axis=0)
        drows = dout @ self.W.reshape(F, -1)
        return col2im(drows, self.x_shape, FH, FW, self.stride, self.pad)


class MaxPooling:
    """The largest number of every window, each channel for itself.

    x: (N, C, H, W), and out is (N, C, OH, OW). The border is -infinity: never the largest.

    Raises ValueError if pad is more than half a window, so that one might see nothing but border;
    or if no window fits.
    """

    def __init__(self, pool_h: int, pool_w: int, stride: int = 1, pad: int = 0) -> None:
        if 2 * pad > min(pool_h, pool_w):
            raise ValueError(f"pad {pad} is more than half of a window of {pool_h} x {pool_w}")
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x: Array) -> Array:
        """out[n, c, i, j] = the maximum of window (i, j) in channel c of image n"""
        N, C, H, W = self.x_shape = x.shape
        OH = output_size(H, self.pool_h, self.stride, self.pad)
        OW = output_size(W, self.pool_w, self.stride, self.pad)
        channels = as_float(x).reshape(N * C, 1, H, W)  # each as an image of its own
        rows = im2col(channels, self.pool_h, self.pool_w, self.stride, self.pad, border=-np.inf)
        self.largest = rows.argmax(axis=1)
        out: Array = rows[np.arange(len(rows)), self.largest]
        return out.reshape(N, C, OH, OW)

    def backward(self, dout: Array) -> Array:
        """dx = dout where the maximum was, else 0; of equal numbers the first one has it

        Where windows overlap, a pixel may be the maximum of several: their dout add up.
        """
        N, C, H, W = self.x_shape
        drows = np.zeros((dout.size, self.pool_h * self.pool_w), dout.dtype)
        drows[np.arange(dout.size), self.largest] = dout.reshape(-1)
        dx = col2im(drows, (N * C, 1, H, W), self.pool_h, self.pool_w, self.stride, self.pad)
        return dx.reshape(self.x_shape)


class AveragePooling:
    """The mean of every window, each channel for itself.

    x: (N, C, H, W), and out is (N, C, OH, OW). The border is 0, and counts in the mean.

    Raises ValueError if no window fits.
    """

    def __init__(self, pool_h: int, pool_w: int, stride: int = 1, pad: int = 0) -> None:
        self.pool_h = pool_h
        self.pool_w = pool_w
        self.stride = stride
        self.pad = pad

    def forward(self, x: Array) -> Array:
        """out[n, c, i, j] = the mean of window (i, j) in channel c of image n"""
        N, C, H, W = self.x_shape = x.shape
        OH = output_size(H, self.pool_h, self.stride, self.pad)
        OW = output_size(W, self.pool_w, self.stride, self.pad)
        channels = as_float(x).reshape(N * C, 1, H, W)  # each as an image of its own
        rows = im2col(channels, self.pool_h, self.pool_w, self.stride, self.pad)
        out: Array = rows.mean(axis=1)
        return out.reshape(N, C, OH, OW)

    def backward(self, dout: Array) -> Array:
        """dx = dout / (pool_h * pool_w) for every number of a window; overlaps add up"""
        N, C, H, W = self.x_shape
        area = self.pool_h * self.pool_w
        drows = np.repeat(dout.reshape(-1, 1) / area, area, axis=1)
        dx = col2im(drows, (N * C, 1, H, W), self.pool_h, self.pool_w, self.stride, self.pad)
        return dx.reshape(self.x_shape)


class Flatten:
    """All numbers of a sample in one row: what an Affine layer takes after images."""

    def forward(self, x: Array) -> Array:
        """out = x (N, ...) as (N, D), with D numbers in each sample"""
        self.x_shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, dout: Array) -> Array:
        """dx = dout (N, D) in x's shape"""
        return dout.reshape(self.x_shape).copy()  # reshape alone would still be dout's memory
