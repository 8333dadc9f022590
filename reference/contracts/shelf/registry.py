"""The shelf: to add an entry, write it in a file of its family and list it here."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trigrad.contracts.naming import undecorated
from trigrad.contracts.shelf.attention import ATTENTIONS
from trigrad.contracts.shelf.blocks import BLOCKS
from trigrad.contracts.shelf.convolution import CONVOLUTIONS
from trigrad.contracts.shelf.dropout import DROPOUT
from trigrad.contracts.shelf.losses import LOSSES
from trigrad.contracts.shelf.normalization import NORMALIZATIONS
from trigrad.contracts.shelf.recurrent import RECURRENT
from trigrad.contracts.shelf.schema import Known
from trigrad.contracts.shelf.sequences import SEQUENCES

SHELF: tuple[Known, ...] = (
    *(*CONVOLUTIONS, *NORMALIZATIONS, DROPOUT),
    *(*RECURRENT, *SEQUENCES, *ATTENTIONS),
    *(*LOSSES, *BLOCKS),
)


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+d?")

_NOISE = frozenset(
    {
        *("forward", "backward", "propagation", "prop", "pass", "layer", "node", "op", "function"),
        *("naive", "fast", "vectorized", "vectorised", "loops", "loop", "im2col", "strides"),
        *("my", "simple", "custom", "numpy", "np", "the", "class"),
    }
)
"""Words in names that do not say what is computed."""


def known_as(names: Iterable[str]) -> tuple[Known, ...]:
    """The entries that have one of these names: `conv_forward_naive` is a convolution's."""
    spelled = {said for name in names for said in (_told(name), undecorated(name))}
    return tuple(k for k in SHELF if spelled & {k.name.lower(), *k.aliases})


def _told(name: str) -> str:
    words = [word.lower() for word in _WORD.findall(name)]
    return "".join(word for word in words if word not in _NOISE) or "".join(words)
