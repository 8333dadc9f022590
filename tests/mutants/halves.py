"""Two halves of the known mistakes: costs are fitted to one and measured on the other."""

from __future__ import annotations

import hashlib

FITTED, UNSEEN = "fitted", "unseen"


def half_of(name: str) -> str:
    """The half that a mistake belongs to, by its name: the same in every run."""
    digest = hashlib.sha256(name.encode()).digest()
    return UNSEEN if digest[-1] % 2 else FITTED
