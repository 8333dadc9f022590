"""What stands around recurrent layers: embeddings, and affine layers of every step."""

from __future__ import annotations

from collections.abc import Iterator

from trigrad.contracts.shelf.linear import dense, dense_columns
from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message


def _embedded(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2), (2,), labels=(0,)):
        yield Way(lambda idx, W: W[idx], order)


def _embedded_dot(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((2,), (1,), (2,), labels=(1,)):
        yield Way(lambda h, idx, W: (W[idx] * h).sum(1), order)


def _affine_of_steps(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((2, 3, 4), (2,), (0, 1, 2)):
        yield Way(dense, order)
        yield Way(dense_columns, order, (Message("reading.columns"),))
        yield Way(lambda x, W, b: dense(x, W.T, b), order)
    for order in seen.orders((2, 3, 4), (2,)):
        yield Way(lambda x, W: x @ W, order)
        yield Way(lambda x, W: W @ x, order, (Message("reading.columns"),))
        yield Way(lambda x, W: x @ W.T, order)


SEQUENCES = (
    Known(
        "Embedding",
        "out = W[idx]",
        ("embedding", "timeembedding", "wordembedding", "embed", "embeddinglayer"),
        _embedded,
        inputs=(("labels<V N", "V D"), ("labels<V N T", "V D")),
    ),
    Known(
        "EmbeddingDot",
        "out[n] = the inner product of h[n] and W[idx[n]]",
        ("embeddingdot",),
        _embedded_dot,
        inputs=(("N D", "labels<V N", "V D"),),
    ),
    Known(
        "TimeAffine",
        "out[:, t] = xs[:, t] W + b",
        ("timeaffine", "temporalaffine", "timedistributed", "timelinear", "timedense"),
        _affine_of_steps,
    ),
)
