"""Every entry of the shelf knows its function as NumPy computes it, and no other one."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from trigrad.contracts.shelf.of_rows import OF_ROWS
from trigrad.contracts.shelf.registry import SHELF, known_as
from trigrad.contracts.shelf.schema import Known, Seen

RANDOM = np.random.default_rng(7)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def softmax(x: np.ndarray) -> np.ndarray:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def windows(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """(N, C, rows, columns, size, size)."""
    every = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return every[:, :, ::stride, ::stride]


def convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return np.einsum("ncijkl,fckl->nfij", windows(x, 3, 2), W) + b[:, None, None]


def convolution_last(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("ncijkl,klcf->nijf", windows(x.transpose(0, 3, 1, 2), 3, 1), W) + b


def depthwise(x: np.ndarray, W: np.ndarray) -> np.ndarray:
    return np.einsum("ncijkl,ckl->ncij", windows(x, 3, 1), W)


def normalized(*axes: int, eps: float = 1e-5) -> Callable[..., np.ndarray]:
    def function(x: np.ndarray, gamma: Any = 1.0, beta: Any = 0.0) -> np.ndarray:
        centred = x - x.mean(axes, keepdims=True)
        return gamma * centred / np.sqrt((centred**2).mean(axes, keepdims=True) + eps) + beta

    return function


def group_normalized(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
    grouped = x.reshape(x.shape[0], 2, -1)
    out = normalized(2)(grouped).reshape(x.shape)
    return gamma[:, None, None] * out + beta[:, None, None]


def rms(x: np.ndarray, g: np.ndarray) -> np.ndarray:
    return g * x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-8)


def rnn(x: Any, h: Any, Wx: Any, Wh: Any, b: Any) -> np.ndarray:
    return np.tanh(x @ Wx + h @ Wh + b)


def lstm(x: Any, h: Any, c: Any, Wx: Any, Wh: Any, b: Any) -> np.ndarray:
    f, g, i, o = np.split(x @ Wx + h @ Wh + b, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c)


def gru(x: Any, h: Any, Wx: Any, Wh: Any, b: Any) -> np.ndarray:
    z, r, n = np.split(x @ Wx + b, 3, axis=1)
    Wz, Wr, Wn = np.split(Wh, 3, axis=1)
    z, r = sigmoid(z + h @ Wz), sigmoid(r + h @ Wr)
    return (1 - z) * h + z * np.tanh(n + (r * h) @ Wn)


def over_time(step: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
    def function(xs: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> np.ndarray:
        h, outputs = np.zeros((xs.shape[0], Wh.shape[0])), []
        for t in range(xs.shape[1]):
            h = step(xs[:, t], h, Wx, Wh, b)
            outputs.append(h)
        return np.stack(outputs, axis=1)

    return function


def lstm_over_time(xs: Any, Wx: Any, Wh: Any, b: Any) -> np.ndarray:
    h = c = np.zeros((xs.shape[0], Wh.shape[0]))
    outputs = []
    for t in range(xs.shape[1]):
        f, g, i, o = np.split(xs[:, t] @ Wx + h @ Wh + b, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def attended(q: Any, k: Any, v: Any) -> np.ndarray:
    return softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])) @ v


def self_attended(x: Any, Wq: Any, Wk: Any, Wv: Any) -> np.ndarray:
    return attended(x @ Wq, x @ Wk, x @ Wv)


def weights(hs: Any, h: Any) -> np.ndarray:
    return softmax((hs * h[:, None]).sum(2))


def weighted(hs: Any, a: Any) -> np.ndarray:
    return (hs * a[:, :, None]).sum(1)


def hinge(x: Any, t: Any) -> np.ndarray:
    margins = np.maximum(x - x[np.arange(len(t)), t][:, None] + 1, 0)
    margins[np.arange(len(t)), t] = 0
    return margins.sum() / len(t)


def cross_entropy(x: Any, t: Any) -> np.ndarray:
    return -np.log(softmax(x)[np.arange(len(t)), t]).mean()


def huber(x: Any, t: Any) -> np.ndarray:
    off = np.abs(x - t)
    return np.where(off <= 1, off**2 / 2, off - 0.5).mean()


LABELS = np.array([2, 0, 1])

EXAMPLES: dict[str, tuple[Callable[..., Any], tuple[tuple[int, ...] | np.ndarray, ...]]] = {
    "Convolution": (convolution, ((2, 3, 5, 7), (4, 3, 3, 3), (4,))),
    "Convolution, channels last": (convolution_last, ((2, 5, 6, 3), (3, 3, 3, 4), (4,))),
    "DepthwiseConvolution": (depthwise, ((2, 3, 5, 6), (3, 3, 3))),
    "Pooling": (lambda x: windows(x, 2, 2).max((4, 5)), ((2, 3, 4, 6),)),
    "MaxPooling": (lambda x: windows(x, 3, 1).max((4, 5)), ((2, 3, 5, 6),)),
    "AveragePooling": (lambda x: windows(x, 2, 2).mean((4, 5)), ((2, 3, 4, 6),)),
    "GlobalAveragePooling": (lambda x: x.mean((2, 3)), ((2, 3, 4, 5),)),
    "BatchNormalization": (normalized(0), ((5, 3), (3,), (3,))),
    "BatchNormalization, no weights": (normalized(0, eps=1e-3), ((5, 3),)),
    "LayerNormalization": (normalized(1), ((3, 5), (5,), (5,))),
    "InstanceNormalization": (normalized(2, 3), ((2, 3, 4, 5),)),
    "GroupNormalization": (group_normalized, ((2, 4, 3, 5), (4,), (4,))),
    "RMSNormalization": (rms, ((3, 5), (5,))),
    "RNN": (rnn, ((3, 4), (3, 2), (4, 2), (2, 2), (2,))),
    "LSTM": (lstm, ((3, 4), (3, 2), (3, 2), (4, 8), (2, 8), (8,))),
    "GRU": (gru, ((3, 4), (3, 2), (4, 6), (2, 6), (6,))),
    "TimeRNN": (over_time(rnn), ((3, 4, 5), (5, 2), (2, 2), (2,))),
    "TimeLSTM": (lstm_over_time, ((3, 4, 5), (5, 8), (2, 8), (8,))),
    "TimeGRU": (over_time(gru), ((3, 4, 5), (5, 6), (2, 6), (6,))),
    "Embedding": (lambda idx, W: W[idx], (LABELS, (4, 5))),
    "EmbeddingDot": (lambda h, idx, W: (h * W[idx]).sum(1), ((3, 5), LABELS, (4, 5))),
    "TimeAffine": (lambda x, W, b: x @ W + b, ((2, 3, 4), (4, 5), (5,))),
    "ScaledDotProductAttention": (attended, ((3, 4), (5, 4), (5, 2))),
    "SelfAttention": (self_attended, ((5, 4), (4, 3), (4, 3), (4, 2))),
    "AttentionWeight": (weights, ((2, 5, 3), (2, 3))),
    "WeightSum": (weighted, ((2, 5, 3), (2, 5))),
    "Attention": (lambda hs, h: weighted(hs, weights(hs, h)), ((2, 5, 3), (2, 3))),
    "TimeAttention": (
        lambda hs, q: softmax(q @ np.swapaxes(hs, 1, 2)) @ hs,
        ((2, 5, 3), (2, 4, 3)),
    ),
    "Softmax": (softmax, ((3, 4),)),
    "LogSoftmax": (lambda x: np.log(softmax(x)), ((3, 4),)),
    "HingeLoss": (hinge, ((3, 4), LABELS)),
    "HingeLoss, with weights": (
        lambda W, X, t: hinge(X @ W, t) + 0.5 * (W**2).sum(),
        ((5, 4), (3, 5), LABELS),
    ),
    "SoftmaxLoss": (cross_entropy, ((3, 4), LABELS)),
    "HuberLoss": (huber, ((3, 4), (3, 4))),
    "Exp": (np.exp, ((3, 4),)),
    "Log": (lambda x: np.log(np.abs(x) + 0.0 * x), ((3, 4),)),
    "Sqrt": (lambda x: np.sqrt(np.abs(x)), ((3, 4),)),
    "Square": (np.square, ((3, 4),)),
    "Pow": (lambda x: x**3, ((3, 4),)),
    "Neg": (np.negative, ((3, 4),)),
    "Identity": (lambda x: x, ((3, 4),)),
    "Sin": (np.sin, ((3, 4),)),
    "Cos": (np.cos, ((3, 4),)),
    "Sub": (np.subtract, ((3, 4), (3, 4))),
    "Div": (np.divide, ((3, 4), (3, 4))),
    "Sum": (lambda x: x.sum(1), ((3, 4),)),
    "Flatten": (lambda x: x.reshape(3, -1), ((3, 4, 2),)),
    "AffineRelu": (lambda x, W, b: np.maximum(x @ W + b, 0), ((3, 4), (4, 5), (5,))),
    "AffineActivation": (
        lambda A, W, b: sigmoid(W @ A + b),
        ((4, 3), (5, 4), (5, 1)),
    ),
    "ConvRelu": (
        lambda x, W, b: np.maximum(convolution(x, W, b), 0),
        ((2, 3, 5, 7), (4, 3, 3, 3), (4,)),
    ),
}

POSITIVE = ("Log", "Sqrt")
"""What takes positive numbers only."""

WITHOUT_EXAMPLE = {"Dropout"}
"""What its forward computes depends on a mask: see tests/reference/trial/test_modes.py."""


def entry(name: str) -> Known:
    return next(known for known in SHELF if known.name == name.partition(",")[0])


def seen(name: str) -> Seen:
    """What forward gives on drawn arrays."""
    function, shapes = EXAMPLES[name]
    arrays = {
        f"a{place}": shape if isinstance(shape, np.ndarray) else RANDOM.normal(size=shape)
        for place, shape in enumerate(shapes)
    }
    if name in POSITIVE:
        arrays = {key: np.abs(array) for key, array in arrays.items()}
    labels = frozenset(key for key, array in arrays.items() if array.dtype.kind == "i")
    return Seen(arrays, np.asarray(function(*arrays.values())), labels)


def fits(known: Known, what: Seen) -> bool:
    """Whether one of its ways gives the output that was seen."""
    for way in known.ways(what):
        tensors = [torch.tensor(what.arrays[key]) for key in way.arrays]
        try:
            found = way.twin(*tensors)
        except (RuntimeError, IndexError):
            continue
        output = found[0] if isinstance(found, tuple) else found
        if output.shape == what.output.shape and np.allclose(output.numpy(), what.output):
            return True
    return False


def test_every_entry_has_an_example() -> None:
    assert {name.partition(",")[0] for name in EXAMPLES} | WITHOUT_EXAMPLE == {
        known.name for known in SHELF
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_function_is_known(name: str) -> None:
    assert fits(entry(name), seen(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_another_function_is_not(name: str) -> None:
    right = seen(name)
    for wrong in (right.output * 1.5 + 0.25, right.output**2 + right.output + 1):
        other = Seen(right.arrays, wrong, right.labels)
        known_by_value = name.startswith("HingeLoss, with weights")  # its penalty is measured
        assert fits(entry(name), other) == known_by_value, name


def test_names_lead_to_one_entry() -> None:
    for one, other in itertools.combinations(SHELF, 2):
        assert set(one.aliases).isdisjoint(other.aliases), (one.name, other.name)
    for known in SHELF:
        assert known_as([known.name]) == (known,) or known in known_as([known.name])


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("conv_forward_naive", "Convolution"),
        ("MaxPool2D", "MaxPooling"),
        ("Layer_Dropout", "Dropout"),
        ("spatial_batchnorm_forward", "BatchNormalization"),
        ("lstm_step_forward", "LSTM"),
        ("Activation_Softmax", "Softmax"),
        ("affine_relu_forward", "AffineRelu"),
    ],
)
def test_names_as_learners_write_them(spelled: str, name: str) -> None:
    assert [known.name for known in known_as([spelled])] == [name]


def test_rows_of_the_table_are_known_by_their_functions() -> None:
    x = RANDOM.normal(size=(3, 4))
    fitting = [k.name for k in OF_ROWS if fits(k, Seen({"z": x}, np.tanh(x)))]
    assert fitting == ["Tanh"]
