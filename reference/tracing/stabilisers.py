"""Tiny constants that are added: as in `log(y + 1e-7)`, to keep away from 0.

A backward that leaves them out is as right as one that does not: the run without them tells by how
much the two differ.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from trigrad.tracing.session import session

LARGEST = 1e-3
"""The largest constant that is taken for a stabiliser; batch normalisation has up to this."""

_ADDING = ("add", "subtract")


def seen(name: str, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs of an elementwise function, without a stabiliser if the run leaves them out."""
    if name not in _ADDING or not any(map(_is_tiny, inputs)):
        return inputs
    now = session()
    now.stabilised = True
    return tuple(0.0 if _is_tiny(v) else v for v in inputs) if now.unstabilised else inputs


def _is_tiny(value: Any) -> bool:
    if type(value) is not float and not issubclass(type(value), np.floating):
        return False  # a stand-in calls itself a float
    return 0 < abs(float(value)) <= LARGEST
