"""Dropout: Srivastava et al. 2014, with the kept entries scaled in training or in test mode."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Known, Meant, Mode, Seen, Share, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch


def _dropped(seen: Seen) -> Iterator[Way]:
    """x times the mask that it draws: ones show it, as the generator begins anew for each call."""
    for (name,) in seen.orders((1, 2, 3, 4)):
        if _mask(seen, name, seen.shape(name)) is None:
            continue

        def twin(x: torch.Tensor, name: str = name) -> torch.Tensor:
            import torch

            mask = _mask(seen, name, tuple(x.shape))
            return x * torch.tensor(np.full(x.shape, np.nan) if mask is None else mask)

        yield Way(twin, (name,), (Message("shelf.mask"),))


def _mask(seen: Seen, name: str, shape: tuple[int, ...]) -> Array | None:
    """What ones become; None where that is not 0 and one other number.

    Which number is looked at with the test mode, which has to fit it.
    """
    given = seen.forward({name: np.ones(shape)})
    if given is None or given.shape != shape or not np.isfinite(given).all():
        return None
    kept = given[given != 0]
    alike = kept.size == 0 or np.allclose(kept, kept[0])
    return given if alike else None


DROPOUT = Known(
    "Dropout",
    "out = x * mask, or x * mask / (share that is kept)",
    (
        *("dropout", "inverteddropout", "dropoutnd", "dropout2d"),
        *("spatialdropout", "spatialdropout2d", "channeldropout"),
    ),
    _dropped,
    mode=Mode(
        mean=True,
        share=Share(
            0.3,
            {
                "dropout_ratio": Meant.DROPPED,
                "dropout_rate": Meant.DROPPED,
                "drop_rate": Meant.DROPPED,
                "drop_ratio": Meant.DROPPED,
                "drop_prob": Meant.DROPPED,
                "drop_probability": Meant.DROPPED,
                "dropout_prob": Meant.DROPPED,
                "p_drop": Meant.DROPPED,
                "keep_prob": Meant.KEPT,
                "keep_probability": Meant.KEPT,
                "keep_ratio": Meant.KEPT,
                "p_keep": Meant.KEPT,
                "ratio": Meant.EITHER,
                "rate": Meant.EITHER,
                "prob": Meant.EITHER,
                "p": Meant.EITHER,
            },
        ),
    ),
    only_named=True,
)
