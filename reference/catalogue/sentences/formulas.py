"""The sentences in English: formulas with words in them."""

from __future__ import annotations

from trigrad.catalogue.catalogue import Template

FORMULAS: dict[str, Template] = {
    # What a layer computes, by its name
    "formula.Convolution": (
        "out[n, f] = sum over c of x[n, c] * W[f, c], at every stride; plus b[f]"
    ),
    "formula.Pooling": "out = the largest entry of each window, or their mean",
    "formula.MaxPooling": "out = the largest entry of each window",
    "formula.AveragePooling": "out = the mean of each window",
    "formula.GlobalAveragePooling": "out[n, c] = the mean of x[n, c]",
    "formula.BatchNormalization": (
        "out = gamma * (x - mean) / sqrt(var + eps) + beta, over the batch"
    ),
    "formula.LayerNormalization": (
        "out = gamma * (x - mean) / sqrt(var + eps) + beta, over the features of each sample"
    ),
    "formula.InstanceNormalization": (
        "out = gamma * (x - mean) / sqrt(var + eps) + beta, over each channel of each sample"
    ),
    "formula.GroupNormalization": (
        "out = gamma * (x - mean) / sqrt(var + eps) + beta, over groups of channels of each sample"
    ),
    "formula.RMSNormalization": (
        "out = gamma * x / sqrt(mean of x**2 + eps), over the features of each sample"
    ),
    "formula.Dropout": "out = x * mask, or x * mask / (share that is kept)",
    "formula.LSTM": (
        "c = f * c_prev + i * g, h = o * tanh(c); f, i, o = sigmoid and g = tanh of x Wx + h Wh + b"
    ),
    "formula.GRU": (
        "h = (1 - z) * h_prev + z * tanh(x Wx + (r * h_prev) Wh + b); z, r = sigmoid of such sums"
    ),
    "formula.TimeLSTM": "an LSTM from step to step, from zeros or the states that it is given",
    "formula.TimeGRU": "a GRU from step to step, from zeros or the state that it is given",
    "formula.EmbeddingDot": "out[n] = the inner product of h[n] and W[idx[n]]",
    "formula.SelfAttention": (
        "out = softmax(Q K^T / sqrt(d)) V for Q = X Wq, K = X Wk, V = X Wv, in one head or several"
    ),
    "formula.AttentionWeight": "a = softmax over t of the inner products of hs[:, t] and h",
    "formula.WeightSum": "c = sum over t of a[:, t] * hs[:, t]",
    "formula.Attention": (
        "c = sum over t of a[:, t] * hs[:, t], a = softmax of the inner products with h"
    ),
    "formula.TimeAttention": "Attention of every state",
    "formula.Softmax": "out = exp(x) / the sum of exp(x) over the classes",
    "formula.LogSoftmax": "out = x - log of the sum of exp(x) over the classes",
    "formula.HingeLoss": (
        "the mean over the batch of the sum over j != t of max(0, x[j] - x[t] + 1)"
    ),
    "formula.SoftmaxLoss": "the softmax cross-entropy of scores, or of x W, and class labels",
    "formula.HuberLoss": (
        "(x - t)**2 / 2 where abs(x - t) <= delta, else delta * (abs(x - t) - delta / 2)"
    ),
    "formula.Sum": "out = the sum of x, or along an axis",
    "formula.Flatten": "out = x with all axes but the first in one",
    "formula.AffineActivation": "out = an activation of x W + b",
    "formula.ConvRelu": "out = max(convolution of x, 0)",
    # Of the layers of the table
    "formula.Relu": "out = max(x, 0); dx = dout where x > 0, else 0",
    "formula.LeakyReLU": (
        "out = x where x > 0, else slope * x; dx = dout where x > 0, else slope * dout"
    ),
    "formula.ELU": (
        "out = x where x > 0, else a * (exp(x) - 1); dx = dout where x > 0, else dout * (out + a)"
    ),
    "formula.SELU": "out = s * x where x > 0, else s * a * (exp(x) - 1), s = 1.0507, a = 1.6733",
    "formula.GELU": "out = x * (1 + erf(x / sqrt(2))) / 2, or its approximation with tanh",
    "formula.HardTanh": "out = x, between -1 and 1; dx = dout inside, else 0",
    "formula.HardSigmoid": "out = x / 6 + 1/2, between 0 and 1; dx = dout / 6 inside, else 0",
    "formula.HardSwish": "out = x * (x / 6 + 1/2, between 0 and 1)",
    "formula.ReLU6": "out = x, between 0 and 6; dx = dout inside, else 0",
    "formula.Affine": (
        "out = x @ W + b; dx = dout @ W.T; dW = x.T @ dout; db = dout summed over axis 0"
    ),
    "formula.SoftmaxWithLoss": (
        "the mean over the batch of -log(softmax(x)[t]); dx = dout * (softmax(x) - t) / N"
    ),
    "formula.BinaryCrossEntropy": (
        "the mean over all entries of -(t log y + (1 - t) log(1 - y)); dy = dout * (y - t) / (y * "
        "(1 - y)) / (N * C)"
    ),
    "formula.SigmoidWithLoss": (
        "the mean over all entries of -(t log y + (1 - t) log(1 - y)), y = sigmoid(x); dx = dout * "
        "(y - t) / (N * C)"
    ),
    "formula.MeanSquaredError": (
        "the mean over all entries of (y - t)**2; dy = dout * 2 * (y - t) / (N * D)"
    ),
    "formula.MeanAbsoluteError": (
        "the mean over all entries of abs(y - t); dy = dout * sign(y - t) / (N * D)"
    ),
}
