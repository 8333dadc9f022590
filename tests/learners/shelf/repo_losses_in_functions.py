"""Losses that return their gradient as well."""
import numpy as np


def mse_loss(pred, target):
    diff = pred - target
    return np.mean(diff ** 2), 2 * diff / diff.size


def cross_entropy_with_logits(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    n = len(labels)
    loss = -logp[np.arange(n), labels].mean()
    grad = np.exp(logp)
    grad[np.arange(n), labels] -= 1
    return loss, grad / n


def bce_with_logits_loss(logits, y):
    """mean over all entries, stable"""
    loss = np.maximum(logits, 0) - logits * y + np.log1p(np.exp(-np.abs(logits)))
    grad = (1 / (1 + np.exp(-logits)) - y) / y.size
    return loss.mean(), grad


def hinge_loss_binary(scores, y):
    """y in {-1, 1}"""
    margin = 1 - y * scores
    loss = np.maximum(0, margin).mean()
    dscores = np.where(margin > 0, -y, 0.0) / len(y)
    return loss, dscores


def smooth_l1_loss(pred, target, beta=1.0):
    d = pred - target
    small = np.abs(d) < beta
    loss = np.where(small, 0.5 * d ** 2 / beta, np.abs(d) - 0.5 * beta).sum()
    grad = np.where(small, d / beta, np.sign(d))
    return loss, grad


def kl_divergence_loss(mu, logvar):
    """of a variational autoencoder, mean over the batch"""
    n = mu.shape[0]
    kl = -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar)) / n
    dmu = mu / n
    dlogvar = -0.5 * (1 - np.exp(logvar)) / n
    return kl, dmu, dlogvar


def masked_softmax_loss(scores, targets, mask):
    """scores: (N, T, V), targets: (N, T), mask: (N, T)"""
    N, T, V = scores.shape
    e = np.exp(scores - scores.max(axis=2, keepdims=True))
    p = e / e.sum(axis=2, keepdims=True)
    n, t = np.indices((N, T))
    loss = -np.sum(mask * np.log(p[n, t, targets])) / N
    dscores = p.copy()
    dscores[n, t, targets] -= 1
    dscores *= mask[:, :, None] / N
    return loss, dscores
