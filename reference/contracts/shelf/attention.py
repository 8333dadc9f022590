"""Attention: as in the second volume (weights, then their sum), and of queries, keys and values.

Bahdanau et al. 2015; Vaswani et al. 2017.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


def _attended(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, *, scaled: bool, causal: bool
) -> torch.Tensor:
    import torch

    scores = q @ k.transpose(-1, -2)
    if scaled:
        scores = scores / math.sqrt(q.shape[-1])
    if causal:
        later = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(later, -math.inf)
    return scores.softmax(-1) @ v


def _words(*, scaled: bool, causal: bool) -> Iterator[Message]:
    if not scaled:
        yield Message("shelf.not_scaled")
    if causal:
        yield Message("shelf.causal")


_WAYS = tuple((scaled, causal) for scaled in (True, False) for causal in (False, True))
"""Whether scores are divided by sqrt(d), and whether later steps are left out."""

_SCALED = ("scaled", "multihead")
"""What says that they are divided: several heads are so by definition (Vaswani et al.)."""


def _of_queries(seen: Seen) -> Iterator[Way]:
    for order in seen.orders(*(((2, 3, 4),) * 3)):
        for scaled, causal in _WAYS:
            twin = partial(_attended, scaled=scaled, causal=causal)
            words = tuple(_words(scaled=scaled, causal=causal))
            yield Way(twin, order, words, at_odds_with=() if scaled else _SCALED)


def _with_weights(
    x: torch.Tensor, *weights: torch.Tensor, heads: int, scaled: bool, causal: bool, biased: bool
) -> torch.Tensor:
    """Self-attention: queries, keys and values are x times their weights."""
    matrices = weights[::2] if biased else weights
    biases = [b.reshape(-1) for b in weights[1::2]] if biased else [0.0] * len(matrices)
    q, k, v = (_split(x @ matrices[i] + biases[i], heads) for i in range(3))
    out = _attended(q, k, v, scaled=scaled, causal=causal)
    out = out.transpose(-3, -2).flatten(-2) if heads > 1 else out.squeeze(-3)
    return out @ matrices[3] + biases[3] if len(matrices) > 3 else out


def _split(x: torch.Tensor, heads: int) -> torch.Tensor:
    """(…, T, D) → (…, heads, T, D / heads)."""
    return x.reshape(*x.shape[:-1], heads, -1).transpose(-3, -2)


def _of_one_input(seen: Seen) -> Iterator[Way]:
    inputs, matrix, bias = (2, 3), (2,), (1, 2)
    for count in (3, 4):
        for biased in (False, True):
            roles = (matrix, bias) * count if biased else (matrix,) * count
            names = tuple(seen.arrays)
            several = seen.orders(inputs, *roles)
            if biased and len(names) == 1 + 2 * count:
                # Too many orders to try: as they are declared, or matrices before biases.
                weights = names[1:]
                pairs = zip(weights[:count], weights[count:], strict=True)
                several = iter([names, (names[0], *(n for pair in pairs for n in pair))])
            for order in several:
                width = seen.shape(order[1])[-1]
                for heads in range(1, width + 1):
                    if width % heads:
                        continue
                    for scaled, causal in _WAYS:
                        words = [*_words(scaled=scaled, causal=causal)]
                        words += [Message("shelf.heads", heads=heads)] if heads > 1 else []
                        twin = partial(
                            _with_weights, heads=heads, biased=biased, scaled=scaled, causal=causal
                        )
                        at_odds = () if scaled else _SCALED
                        yield Way(twin, order, tuple(words), at_odds_with=at_odds)


def _weights(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((3,), (2,)):
        yield Way(lambda hs, h: (hs * h[:, None]).sum(2).softmax(-1), order)


def _weight_sum(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((3,), (2,)):
        yield Way(lambda hs, a: (hs * a[:, :, None]).sum(1), order)


def _both(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((3,), (2,)):
        yield Way(
            lambda hs, h: (hs * (hs * h[:, None]).sum(2).softmax(-1)[:, :, None]).sum(1), order
        )


def _of_decoder(seen: Seen) -> Iterator[Way]:
    """Of every state of the decoder: context vectors, (N, T, H)."""
    for order in seen.orders((3,), (3,)):
        yield Way(lambda hs, q: _attended(q, hs, hs, scaled=False, causal=False), order)


ATTENTIONS = (
    Known(
        "ScaledDotProductAttention",
        "out = softmax(Q K^T / sqrt(d)) V",
        ("scaleddotproductattention", "scaleddotproduct", "dotproductattention", "sdpa"),
        _of_queries,
    ),
    Known(
        "SelfAttention",
        "out = softmax(Q K^T / sqrt(d)) V for Q = X Wq, K = X Wk, V = X Wv, in one head or several",
        ("selfattention", "multiheadattention", "multiheadselfattention", "mha", "attentionhead"),
        _of_one_input,
    ),
    Known(
        "AttentionWeight",
        "a = softmax over t of the inner products of hs[:, t] and h",
        ("attentionweight", "attentionweights"),
        _weights,
    ),
    Known(
        "WeightSum",
        "c = sum over t of a[:, t] * hs[:, t]",
        ("weightsum", "weightedsum", "contextvector"),
        _weight_sum,
    ),
    Known(
        "Attention",
        "c = sum over t of a[:, t] * hs[:, t], a = softmax of the inner products with h",
        ("attention", "attentionlayer", "dotattention"),
        lambda seen: (way for ways in (_both, _of_queries, _of_one_input) for way in ways(seen)),
    ),
    Known("TimeAttention", "Attention of every state", ("timeattention",), _of_decoder),
)
