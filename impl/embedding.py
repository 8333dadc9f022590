"""Layers that look words up: a word is a number, its vector a row of a table.

V is the number of words in the vocabulary. A word id is an integer from 0 to V - 1. Ids have no
gradient: there is nothing between word 3 and word 4.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .functions import Array, sigmoid

Ids = NDArray[np.integer[Any]]


class Embedding:
    """The rows of a table of word vectors.

    It is what Affine does to one-hot rows, without the products with 0. The layer uses this very
    array: changing it in place trains it.

    W: (V, D), a row for each word.
    ids: (N,) word ids, or an array of them of any other shape; out has one axis more, (N, D).

    Raises ValueError if an id is not one of 0 ... V-1; TypeError if ids are not integers.
    """

    def __init__(self, W: Array) -> None:
        self.W = W

    def forward(self, ids: Ids) -> Array:
        """out[n] = W[ids[n]]"""
        self.ids = word_ids(ids, len(self.W))
        out: Array = self.W[self.ids]
        return out

    def backward(self, dout: Array) -> None:
        """dW[i] = the sum of dout[n] over all n with ids[n] = i

        Leaves dW (V, D) as an attribute, and returns nothing: ids have no gradient.
        """
        self.dW = np.zeros_like(self.W)
        # Not dW[ids] += dout: where an id is there twice, the second would overwrite the first.
        np.add.at(self.dW, self.ids, dout)


class EmbeddingDot:
    """The product of each h with the vector of one word: how well the word fits to h.

    W: (V, D), a row for each word.
    h: (N, D)
    ids: (N,) word ids; out is (N,).
    """

    def __init__(self, W: Array) -> None:
        self.embedding = Embedding(W)

    def forward(self, h: Array, ids: Ids) -> Array:
        """out[n] = sum over d of h[n, d] * w[n, d], where w[n] = W[ids[n]]"""
        self.h = h
        self.w = self.embedding.forward(ids)
        out: Array = np.sum(h * self.w, axis=1)
        return out

    def backward(self, dout: Array) -> Array:
        """dh[n] = dout[n] * w[n];  dW[i] = the sum of dout[n] * h[n] over all n with ids[n] = i

        dout: (N,). Returns dh (N, D); leaves dW (V, D) as an attribute.
        """
        dout = dout[:, np.newaxis]  # (N, 1): one factor for a whole row
        self.embedding.backward(dout * self.h)
        self.dW = self.embedding.dW
        return dout * self.w


class NegativeSamplingLoss:
    """Tells the right word from K wrong ones, in place of a softmax over all V words.

    Each word is a question of its own, yes or no: its score h . W[id] goes through a sigmoid
    (Mikolov et al. 2013). The wrong words are drawn outside, by a `UnigramSampler`, so that this
    layer gives the same loss for the same arguments and its gradient can be checked.

    W: (V, D), a row for each word.
    h: (N, D)
    right_ids: (N,) the ids of the right words.
    wrong_ids: (N, K) for each of them, the ids of K others.
    """

    def __init__(self, W: Array) -> None:
        self.dot = EmbeddingDot(W)

    def forward(self, h: Array, right_ids: Ids, wrong_ids: Ids) -> np.floating[Any]:
        """loss = mean over the batch of -log(p(right)) - the sum of log(1 - p(wrong)), a scalar

        Here p(id) = sigmoid(h . W[id]), and so -log(p) = log(1 + exp(-score)) and
        -log(1 - p) = log(1 + exp(score)).
        """
        ids = np.column_stack([right_ids, wrong_ids])  # (N, 1 + K), the right word first
        self.N, self.words = ids.shape
        self.t = np.zeros(ids.shape, bool)
        self.t[:, 0] = True
        scores = self.dot.forward(np.repeat(h, self.words, axis=0), ids.ravel())
        self.scores = scores.reshape(ids.shape)
        # logaddexp(x, 0) is log(exp(x) + 1), computed so that no exp overflows.
        losses = np.logaddexp(np.where(self.t, -self.scores, self.scores), 0)
        loss: np.floating[Any] = np.sum(losses) / self.N
        return loss

    def backward(self, dout: float | np.floating[Any] = 1) -> Array:
        """dscore = dout * (p - t) / N, where t = 1 for the right word and 0 for a wrong one

        Returns dh (N, D), the sum over the words; leaves dW (V, D) as an attribute.
        """
        dscores = dout * (sigmoid(self.scores) - self.t) / self.N
        dh = self.dot.backward(dscores.ravel())
        self.dW = self.dot.dW
        dh = dh.reshape(self.N, self.words, -1)  # (N, 1 + K, D)
        return np.asarray(dh.sum(axis=1))


class UnigramSampler:
    """Draws wrong words for NegativeSamplingLoss, frequent ones more often.

    A word that is there `count` times in the text is drawn with a probability proportional to
    count ** power. With a power below 1 rare words are drawn a little more often than they occur.

    counts: (V,) how often each word is in the text. generator: all randomness comes from it.
    """

    def __init__(
        self, counts: ArrayLike, generator: np.random.Generator, power: float = 0.75
    ) -> None:
        self.p = np.asarray(counts, float) ** power
        self.generator = generator

    def sample(self, right_ids: Ids, K: int) -> NDArray[np.integer[Any]]:
        """K words for each of the right ones, (N,), that are not that one. Returns (N, K)."""
        p = np.tile(self.p, (len(right_ids), 1))  # (N, V)
        p[np.arange(len(right_ids)), right_ids] = 0
        p /= np.sum(p, axis=1, keepdims=True)
        V = len(self.p)
        return np.array([self.generator.choice(V, size=K, p=row) for row in p]).reshape(-1, K)


def word_ids(ids: Ids, V: int) -> Ids:
    """The ids, if each is one of 0 ... V-1.

    Raises ValueError if not: -1 would silently be the last word. TypeError if they are not
    integers.
    """
    ids = np.asarray(ids)
    if not np.issubdtype(ids.dtype, np.integer):
        raise TypeError(f"word ids are {ids.dtype}, should be integers")
    if ids.size and (ids.min() < 0 or ids.max() >= V):
        raise ValueError(
            f"word ids run from {ids.min()} to {ids.max()}, should be in 0 ... {V - 1}"
        )
    return ids
