"""Losses beside those of the table: hinge, Huber, and those of a linear classifier.

Huber 1964; Crammer and Singer 2001 for the hinge of several classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

# --- of scores and class labels


def _margins(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """One hinge loss for each sample, with a margin of 1; the class itself does not count."""
    own = x.gather(1, t[:, None])
    return (x - own + 1.0).clamp(min=0.0).sum(1) - 1.0


def _of_labels(x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -x.log_softmax(1).gather(1, t[:, None])[:, 0]


def _of_scores(each: Callable[..., torch.Tensor], seen: Seen) -> Iterator[Way]:
    for order in seen.orders((2,), (1,), labels=(1,)):
        yield Way(lambda x, t: each(x, t).mean(), order)
        yield Way(lambda x, t: each(x, t).sum(), order, (Message("reading.summed"),))
        yield Way(each, order, (Message("reading.each"),))


def _with_weights(each: Callable[..., torch.Tensor], seen: Seen) -> Iterator[Way]:
    """The loss of x W, and a penalty whose factor the value shows."""
    for order in seen.orders((2,), (2,), (1,), labels=(2,)):
        x, W, t = (seen.arrays[name] for name in order)
        if seen.output.ndim or x.shape[1] != W.shape[0] or x.shape[0] != t.shape[0]:
            continue
        bound = partial(_penalised, each)
        without = _value(bound, (x, W, t), 0.0)
        factor = float(f"{(float(seen.output) - without) / float((W**2).sum()):.6g}")
        if factor < -1e-9:
            continue
        factor = 0.0 if abs(factor) < 1e-9 else factor
        words = (Message("shelf.penalty", factor=f"{factor:g}"),) if factor else ()
        yield Way(partial(bound, factor=factor), order, words)


def _penalised(
    each: Callable[..., torch.Tensor],
    x: torch.Tensor,
    W: torch.Tensor,
    t: torch.Tensor,
    *,
    factor: float,
) -> torch.Tensor:
    return each(x @ W, t).mean() + factor * (W**2).sum()


def _value(
    twin: Callable[..., torch.Tensor], arrays: tuple[np.ndarray, ...], factor: float
) -> float:
    import torch

    return float(twin(*map(torch.tensor, arrays), factor=factor))


# --- of two real arrays


def _binary_hinge(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2), (1, 2)):
        yield Way(lambda x, t: (1 - x * t).clamp(min=0.0).mean(), order)
        yield Way(lambda x, t: (1 - x * t).clamp(min=0.0).sum(), order)


DELTAS = (1.0, 1.5, 1.345, 0.5, 2.0, 0.1)
"""What is tried: the usual one first, and Huber's own 1.345."""


def _huber_of(x: torch.Tensor, t: torch.Tensor, delta: float) -> torch.Tensor:
    off = (x - t).abs()
    return (0.5 * off**2).where(off <= delta, delta * (off - 0.5 * delta))


def _huber(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2), (1, 2)):
        for delta in (*DELTAS, *seen.written):
            words = (Message("reading.setting", name="delta", value=f"{delta:g}"),)
            yield Way(partial(_reduced, "mean", partial(_huber_of, delta=delta)), order, words)
            yield Way(partial(_reduced, "sum", partial(_huber_of, delta=delta)), order, words)
            yield Way(partial(_reduced, "rows", partial(_huber_of, delta=delta)), order, words)


def _reduced(
    how: str, each: Callable[..., torch.Tensor], x: torch.Tensor, t: torch.Tensor
) -> torch.Tensor:
    losses = each(x, t)
    if how == "mean":
        return losses.mean()
    return losses.sum() if how == "sum" else losses.sum() / x.shape[0]


def _any(*several: Callable[[Seen], Iterator[Way]]) -> Callable[[Seen], Iterator[Way]]:
    return lambda seen: (way for ways in several for way in ways(seen))


# --- softmax alone


def _softmax(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2, 3, 4)):
        yield Way(lambda x: x.softmax(-1), order)
        yield Way(lambda x: x.softmax(0), order, (Message("reading.columns"),))
        yield Way(lambda x: x.softmax(1), order)


def _log_softmax(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2, 3)):
        yield Way(lambda x: x.log_softmax(-1), order)
        yield Way(lambda x: x.log_softmax(0), order, (Message("reading.columns"),))


LOSSES = (
    Known(
        "Softmax",
        "out = exp(x) / the sum of exp(x) over the classes",
        ("softmax", "softmaxlayer", "activationsoftmax"),
        _softmax,
        precise=True,
    ),
    Known(
        "LogSoftmax",
        "out = x - log of the sum of exp(x) over the classes",
        ("logsoftmax",),
        _log_softmax,
        precise=True,
    ),
    Known(
        "HingeLoss",
        "the mean over the batch of the sum over j != t of max(0, x[j] - x[t] + 1)",
        ("svmloss", "hingeloss", "hinge", "multiclasshinge", "svm", "multiclasssvmloss"),
        _any(partial(_of_scores, _margins), _binary_hinge, partial(_with_weights, _margins)),
    ),
    Known(
        "SoftmaxLoss",
        "the softmax cross-entropy of scores, or of x W, and class labels",
        ("softmaxloss",),
        _any(partial(_of_scores, _of_labels), partial(_with_weights, _of_labels)),
    ),
    Known(
        "HuberLoss",
        "(x - t)**2 / 2 where abs(x - t) <= delta, else delta * (abs(x - t) - delta / 2)",
        ("huber", "huberloss", "smoothl1", "smoothl1loss"),
        _huber,
    ),
)
