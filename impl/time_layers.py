"""Layers that treat every time of a sequence in the same way: xs (N, T, ...), T times.

A layer without a state does not care which axis is the time. N sequences of T times are for it
N * T samples.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .embedding import Embedding
from .functions import Array
from .layers import Affine, SoftmaxWithLoss


class TimeEmbedding(Embedding):
    """The word vectors of sequences. Nothing is added to Embedding, which takes ids of any shape.

    W: (V, D)
    ids: (N, T); out is (N, T, D).
    """


class TimeAffine(Affine):
    """The same Affine at every time.

    W: (D, M)
    b: (M,)
    x: (N, T, D); out is (N, T, M).
    """

    def forward(self, x: Array) -> Array:
        """out[n, t] = x[n, t] @ W + b"""
        N, T, D = x.shape
        return super().forward(x.reshape(N * T, D)).reshape(N, T, -1)

    def backward(self, dout: Array) -> Array:
        """dx, dW and db as in Affine: the sums for dW and db go over the batch and the times

        Returns dx (N, T, D); leaves dW (D, M) and db (M,) as attributes.
        """
        N, T, M = dout.shape
        return super().backward(dout.reshape(N * T, M)).reshape(N, T, -1)


class TimeSoftmaxWithLoss:
    """SoftmaxWithLoss at every time, averaged over the times that count.

    Sequences of a batch are of different lengths: the shorter ones are filled up with targets
    that do not count.

    x: (N, T, V) scores.
    t: (N, T) integer labels. ignored: a label that says that this time does not count.

    Raises ValueError if no time counts, or what `SoftmaxWithLoss` raises.
    """

    def __init__(self, ignored: int = -1) -> None:
        self.ignored = ignored
        self.softmax = SoftmaxWithLoss()

    def forward(self, x: Array, t: ArrayLike) -> np.floating[Any]:
        """loss = mean over the times with t != ignored of -log(softmax(x)[t]), a scalar"""
        t = np.asarray(t)
        if t.shape != x.shape[:-1]:
            raise ValueError(f"t of shape {t.shape} does not fit scores of shape {x.shape}")
        self.counts = t != self.ignored  # (N, T), True where a time counts
        if not self.counts.any():
            raise ValueError(f"all targets are {self.ignored}, which does not count")
        self.x_shape = x.shape
        # An array of bools as an index takes the rows where it is True: (counted, V).
        self.loss = self.softmax.forward(x[self.counts], t[self.counts])
        return self.loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dx = dout * (y - t) / (how many times count), and 0 at the others

        y = softmax(x), t one-hot. Returns dx (N, T, V).
        """
        d = self.softmax.backward(dout)  # (counted, V)
        dx = np.zeros(self.x_shape, d.dtype)
        dx[self.counts] = d
        return dx
