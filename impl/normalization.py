"""Chapter 6: layers that help a deep network to learn.

Dropout and BatchNormalization do one thing while the network is trained and another when it is
used. `forward` is told which with `train`; `backward` belongs to the latest forward, as always.
"""

import numpy as np

from .functions import Array, as_float


class Dropout:
    """Sets numbers to 0 at random, so that the network relies on none (Srivastava et al. 2014).

    dropout_ratio: the share that is set to 0, from 0 to less than 1. The numbers that are left
    become larger, so that their sum stays the same on average, and nothing has to be done when
    the network is used. (The book makes all numbers smaller there instead.) x: any shape.

    Raises ValueError for any other ratio.
    """

    def __init__(self, dropout_ratio: float = 0.5) -> None:
        if not 0 <= dropout_ratio < 1:
            raise ValueError(f"dropout_ratio is {dropout_ratio}, should be 0 or more, and below 1")
        self.dropout_ratio = dropout_ratio

    def forward(self, x: Array, train: bool = True) -> Array:
        """out = x * mask, where mask is 0 or 1 / (1 - dropout_ratio); all 1 without training"""
        x = as_float(x)
        if train:
            kept = np.random.rand(*x.shape) >= self.dropout_ratio
            self.mask: Array = kept.astype(x.dtype) / (1 - self.dropout_ratio)
        else:
            self.mask = np.ones_like(x)
        return x * self.mask

    def backward(self, dout: Array) -> Array:
        """dx = dout * mask"""
        return dout * self.mask


class BatchNormalization:
    """Mean 0 and variance 1 over the batch, then scale and shift (Ioffe and Szegedy 2015).

    x: (N, D), where each of the D numbers is normalised over the batch; or images (N, C, H, W),
    where each channel is normalised over the batch and its pixels. out has x's shape.

    gamma, beta: the scale and the shift, (D,) or (C,). The layer uses these very arrays: changing
    them in place trains it. momentum: see forward. eps: keeps the variance away from 0.

    running_mean and running_var, of gamma's shape, follow the mean and the variance of the batches
    that it is trained on. They are used when the network is used, where one sample must not change
    what another gets.
    """

    def __init__(self, gamma: Array, beta: Array, momentum: float = 0.9, eps: float = 1e-5) -> None:
        self.gamma = gamma
        self.beta = beta
        self.momentum = momentum
        self.eps = eps
        self.running_mean: Array = np.zeros_like(gamma)
        self.running_var: Array = np.ones_like(gamma)

    def forward(self, x: Array, train: bool = True) -> Array:
        """x_hat = (x - mean) / std,  out = gamma * x_hat + beta,  where std = sqrt(var + eps)

        In training, mean and var are the batch's; var = mean((x - mean)**2). The running ones
        move towards them: running = momentum * running + (1 - momentum) * the batch's.
        Without training, mean and var are the running ones.
        """
        # The axis that is not averaged over comes last, where gamma and beta broadcast:
        # (N, D) stays as it is, (N, C, H, W) becomes (N, H, W, C).
        x = np.moveaxis(as_float(x), 1, -1)
        self.axes = tuple(range(x.ndim - 1))
        self.train = train
        if train:
            mean, var = x.mean(axis=self.axes), x.var(axis=self.axes)
            new = 1 - self.momentum
            self.running_mean = self.momentum * self.running_mean + new * mean
            self.running_var = self.momentum * self.running_var + new * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std: Array = np.sqrt(var + self.eps)
        self.x_hat: Array = (x - mean) / self.std
        return np.moveaxis(self.gamma * self.x_hat + self.beta, -1, 1)

    def backward(self, dout: Array) -> Array:
        """dgamma = sum(dout * x_hat),  dbeta = sum(dout),  dx_hat = dout * gamma

        and dx by `through_normalization`; without training, where mean and std do not depend on
        x, dx = dx_hat / std. Sums are over all axes but that of gamma.

        Returns dx in x's shape; leaves dgamma and dbeta as attributes.
        """
        dout = np.moveaxis(dout, 1, -1)
        self.dgamma = np.sum(dout * self.x_hat, axis=self.axes)
        self.dbeta = np.sum(dout, axis=self.axes)
        dx_hat = dout * self.gamma
        if self.train:
            dx = through_normalization(dx_hat, self.x_hat, self.std, self.axes)
        else:
            dx = dx_hat / self.std
        return np.moveaxis(dx, -1, 1)


class LayerNormalization:
    """Mean 0 and variance 1 within each sample, then scale and shift (Ba et al. 2016).

    x: (N, D), or (..., D), normalised over the last axis. No sample depends on another, so there
    is nothing to be kept from training. out has x's shape.

    gamma, beta: the scale and the shift, (D,). The layer uses these very arrays: changing them in
    place trains it. eps: keeps the variance away from 0.
    """

    def __init__(self, gamma: Array, beta: Array, eps: float = 1e-5) -> None:
        self.gamma = gamma
        self.beta = beta
        self.eps = eps

    def forward(self, x: Array) -> Array:
        """x_hat = (x - mean) / std,  out = gamma * x_hat + beta,  where std = sqrt(var + eps)

        mean, and var = mean((x - mean)**2), are those of each row.
        """
        x = as_float(x)
        mean, var = x.mean(axis=-1, keepdims=True), x.var(axis=-1, keepdims=True)
        self.std: Array = np.sqrt(var + self.eps)
        self.x_hat: Array = (x - mean) / self.std
        out: Array = self.gamma * self.x_hat + self.beta
        return out

    def backward(self, dout: Array) -> Array:
        """dgamma = sum(dout * x_hat),  dbeta = sum(dout),  dx_hat = dout * gamma

        and dx by `through_normalization`. Sums are over all axes but the last.

        Returns dx in x's shape; leaves dgamma and dbeta as attributes.
        """
        rows = tuple(range(dout.ndim - 1))
        self.dgamma = np.sum(dout * self.x_hat, axis=rows)
        self.dbeta = np.sum(dout, axis=rows)
        return through_normalization(dout * self.gamma, self.x_hat, self.std, axes=(-1,))


def through_normalization(dx_hat: Array, x_hat: Array, std: Array, axes: tuple[int, ...]) -> Array:
    """dx = (dx_hat - mean(dx_hat) - x_hat * mean(dx_hat * x_hat)) / std

    The gradient of x_hat = (x - mean) / std with respect to x. An x moves its own x_hat, by
    1 / std; and all others, because it moves the mean (the second term) and the variance (the
    third).

    axes: those over which mean and std were taken; the means here are over the same. std has a
    shape that broadcasts to x_hat's. Returns x_hat's shape.
    """
    through_mean = dx_hat.mean(axis=axes, keepdims=True)
    through_var = x_hat * (dx_hat * x_hat).mean(axis=axes, keepdims=True)
    dx: Array = (dx_hat - through_mean - through_var) / std
    return dx
