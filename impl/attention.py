"""Attention: a mean of vectors, with weights that say where to look.

First the three layers of the second volume of "Deep Learning from Scratch", where a decoder's
state h looks at the T states hs of an encoder. Then the same for many queries at once, as in
"Attention Is All You Need" (Vaswani et al. 2017): T queries look at S keys, and take from the
values that belong to them.
"""

import numpy as np
from numpy.typing import NDArray

from .functions import Array, softmax


class Softmax:
    """Softmax without a loss. x: (..., C)."""

    def forward(self, x: Array) -> Array:
        """y = exp(x_k) / sum_j exp(x_j) over the last axis"""
        self.y = softmax(x)
        return self.y

    def backward(self, dout: Array) -> Array:
        """dx_k = y_k * (dout_k - sum_j dout_j * y_j): each x_k changes all of the row's y_j"""
        y = self.y
        dx: Array = y * (dout - np.sum(dout * y, axis=-1, keepdims=True))
        return dx


class AttentionWeight:
    """How much h has to do with each of the T vectors of hs: a softmax over products.

    hs: (N, T, H)
    h: (N, H); out is (N, T), and each row sums to 1.
    """

    def __init__(self) -> None:
        self.softmax = Softmax()

    def forward(self, hs: Array, h: Array) -> Array:
        """a = softmax(s), where s[n, t] = sum over k of hs[n, t, k] * h[n, k]"""
        self.hs = hs
        self.h = h
        return self.softmax.forward(np.einsum("ntk,nk->nt", hs, h))

    def backward(self, da: Array) -> tuple[Array, Array]:
        """dhs[n, t, k] = ds[n, t] * h[n, k],  dh[n, k] = sum over t of ds[n, t] * hs[n, t, k]

        Returns dhs (N, T, H) and dh (N, H).
        """
        ds = self.softmax.backward(da)
        return np.einsum("nt,nk->ntk", ds, self.h), np.einsum("nt,ntk->nk", ds, self.hs)


class WeightSum:
    """The sum of the T vectors of hs, each times its weight.

    hs: (N, T, H)
    a: (N, T); out is (N, H).
    """

    def forward(self, hs: Array, a: Array) -> Array:
        """c[n, k] = sum over t of a[n, t] * hs[n, t, k]"""
        self.hs = hs
        self.a = a
        c: Array = np.einsum("nt,ntk->nk", a, hs)
        return c

    def backward(self, dc: Array) -> tuple[Array, Array]:
        """dhs[n, t, k] = a[n, t] * dc[n, k],  da[n, t] = sum over k of dc[n, k] * hs[n, t, k]

        Returns dhs (N, T, H) and da (N, T).
        """
        return np.einsum("nt,nk->ntk", self.a, dc), np.einsum("nk,ntk->nt", dc, self.hs)


class Attention:
    """What h finds in hs: the mean of its T vectors, those weighted most that h looks at.

    hs: (N, T, H)
    h: (N, H); out is (N, H).
    """

    def __init__(self) -> None:
        self.weight = AttentionWeight()
        self.sum = WeightSum()

    def forward(self, hs: Array, h: Array) -> Array:
        """c = WeightSum(hs, a), where a = AttentionWeight(hs, h)"""
        return self.sum.forward(hs, self.weight.forward(hs, h))

    def backward(self, dc: Array) -> tuple[Array, Array]:
        """dhs = that of WeightSum + that of AttentionWeight: hs was used twice

        Returns dhs (N, T, H) and dh (N, H).
        """
        dhs_sum, da = self.sum.backward(dc)
        dhs_weight, dh = self.weight.backward(da)
        return dhs_sum + dhs_weight, dh


class ScaledDotProductAttention:
    """Each of T queries takes a mean of the S values, weighted by how well it fits their keys.

    The axes in front, such as the batch N, are the same for all three.

    q: (N, T, D)
    k: (N, S, D)
    v: (N, S, E); out is (N, T, E).
    mask: (T, S), or whatever broadcasts to (N, T, S): True where a query may look at a key. For
    example `np.tri(T, dtype=bool)`: no time may look at a later one.

    Raises ValueError if a query may look at no key.
    """

    def __init__(self) -> None:
        self.softmax = Softmax()

    def forward(self, q: Array, k: Array, v: Array, mask: NDArray[np.bool_] | None = None) -> Array:
        """out = a @ v, where a = softmax(q @ k.T / sqrt(D)), and a = 0 where the mask is False

        Products of D numbers grow with sqrt(D), and a softmax of large numbers has nearly no
        gradient: so they are divided by that.
        """
        self.q = q
        self.k = k
        self.v = v
        scores = q @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5  # (N, T, S)
        if mask is not None:
            if not np.any(mask, axis=-1).all():
                raise ValueError("the mask leaves a query without any key to look at")
            scores = np.where(mask, scores, -np.inf)  # and exp(-inf) is 0
        self.a = self.softmax.forward(scores)
        return self.a @ v

    def backward(self, dout: Array) -> tuple[Array, Array, Array]:
        """dv = a.T @ dout,  da = dout @ v.T,  ds = that of softmax: 0 where a is 0;

        dq = ds @ k / sqrt(D),  dk = ds.T @ q / sqrt(D)

        Returns dq (N, T, D), dk (N, S, D) and dv (N, S, E).
        """
        dv = self.a.swapaxes(-1, -2) @ dout
        da = dout @ self.v.swapaxes(-1, -2)
        ds = self.softmax.backward(da) / self.q.shape[-1] ** 0.5
        return ds @ self.k, ds.swapaxes(-1, -2) @ self.q, dv


class HeadProjection:
    """The same x multiplied by the weights of each head.

    W: (H, D, E), for each of H heads a matrix.
    x: (N, T, D); out is (N, H, T, E).
    """

    def __init__(self, W: Array) -> None:
        self.W = W

    def forward(self, x: Array) -> Array:
        """out[n, h] = x[n] @ W[h]"""
        self.x = x
        out: Array = np.einsum("ntd,hde->nhte", x, self.W)
        return out

    def backward(self, dout: Array) -> Array:
        """dx[n] = sum over h of dout[n, h] @ W[h].T,  dW[h] = sum over n of x[n].T @ dout[n, h]

        Returns dx (N, T, D); leaves dW (H, D, E) as an attribute.
        """
        self.dW: Array = np.einsum("ntd,nhte->hde", self.x, dout)
        dx: Array = np.einsum("nhte,hde->ntd", dout, self.W)
        return dx


class MultiHeadAttention:
    """H attentions side by side, each on its own projections of the inputs to E numbers.

    Each head h has its own weights, Wq[h] and so on: this is the paper's notation. Side by side
    in one matrix (D, H*E), as most programs have them, they are the same numbers.

    Wq: (H, D, E)
    Wk: (H, D, E)
    Wv: (H, D, E)
    Wo: (H, E, D)
    q: (N, T, D)
    k: (N, S, D)
    v: (N, S, D); out is (N, T, D). For self-attention all three are one array.
    mask: (T, S), or whatever broadcasts to (N, H, T, S), as in `ScaledDotProductAttention`.
    """

    def __init__(self, Wq: Array, Wk: Array, Wv: Array, Wo: Array) -> None:
        self.query = HeadProjection(Wq)
        self.key = HeadProjection(Wk)
        self.value = HeadProjection(Wv)
        self.Wo = Wo
        self.attention = ScaledDotProductAttention()

    def forward(self, q: Array, k: Array, v: Array, mask: NDArray[np.bool_] | None = None) -> Array:
        """out[n] = sum over h of heads[n, h] @ Wo[h], where

        heads[n, h] = attention(q[n] @ Wq[h], k[n] @ Wk[h], v[n] @ Wv[h])
        """
        Q = self.query.forward(q)  # (N, H, T, E)
        K = self.key.forward(k)
        V = self.value.forward(v)
        self.heads = self.attention.forward(Q, K, V, mask)
        out: Array = np.einsum("nhte,hed->ntd", self.heads, self.Wo)
        return out

    def backward(self, dout: Array) -> tuple[Array, Array, Array]:
        """dheads[n, h] = dout[n] @ Wo[h].T,  dWo[h] = sum over n of heads[n, h].T @ dout[n];

        then back through the attention and the three projections.

        Returns dq (N, T, D), dk (N, S, D), dv (N, S, D), which for self-attention are to be
        added; leaves dWq, dWk, dWv (H, D, E) and dWo (H, E, D) as attributes.
        """
        dheads: Array = np.einsum("ntd,hed->nhte", dout, self.Wo)
        self.dWo: Array = np.einsum("nhte,ntd->hed", self.heads, dout)
        dQ, dK, dV = self.attention.backward(dheads)
        dq = self.query.backward(dQ)
        dk = self.key.backward(dK)
        dv = self.value.backward(dV)
        self.dWq = self.query.dW
        self.dWk = self.key.dW
        self.dWv = self.value.dW
        return dq, dk, dv
