import numpy as np


def batchnorm_forward(hprebn, bngain, bnbias):
    n = hprebn.shape[0]
    bnmeani = 1/n * hprebn.sum(0, keepdims=True)
    bndiff = hprebn - bnmeani
    bndiff2 = bndiff**2
    bnvar = 1/(n-1) * bndiff2.sum(0, keepdims=True)  # Bessel's correction
    bnvar_inv = (bnvar + 1e-5)**-0.5
    bnraw = bndiff * bnvar_inv
    hpreact = bngain * bnraw + bnbias
    return hpreact, (bngain, bndiff, bnvar, bnvar_inv, bnraw)


def batchnorm_backward(dhpreact, cache):
    bngain, bndiff, bnvar, bnvar_inv, bnraw = cache
    n = dhpreact.shape[0]
    dbngain = (bnraw * dhpreact).sum(0, keepdims=True)
    dbnbias = dhpreact.sum(0, keepdims=True)
    dbnraw = bngain * dhpreact
    dbnvar_inv = (bndiff * dbnraw).sum(0, keepdims=True)
    dbndiff = bnvar_inv * dbnraw
    dbnvar = (-0.5*(bnvar + 1e-5)**-1.5) * dbnvar_inv
    dbndiff2 = (1.0/(n-1)) * np.ones_like(bndiff) * dbnvar
    dbndiff += (2*bndiff) * dbndiff2
    dbnmeani = (-dbndiff).sum(0, keepdims=True)
    dhprebn = dbndiff.copy()
    dhprebn += 1.0/n * (np.ones_like(dbndiff) * dbnmeani)
    return dhprebn, dbngain, dbnbias


def cross_entropy_forward(logits, Yb):
    n = logits.shape[0]
    logit_maxes = logits.max(1, keepdims=True)
    norm_logits = logits - logit_maxes  # subtract max for numerical stability
    counts = np.exp(norm_logits)
    counts_sum = counts.sum(1, keepdims=True)
    counts_sum_inv = counts_sum**-1
    probs = counts * counts_sum_inv
    logprobs = np.log(probs)
    loss = -logprobs[range(n), Yb].mean()
    return loss, (probs, Yb)


def cross_entropy_backward(cache):
    probs, Yb = cache
    n = probs.shape[0]
    dlogits = probs.copy()
    dlogits[range(n), Yb] -= 1
    dlogits /= n
    return dlogits
