"""The random generators that an object or its module keeps: each forward begins with them anew.

So a dropout that draws from a generator of its own drops the same in every call.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import numpy as np

Generator = np.random.Generator | np.random.RandomState | random.Random


def generators_of(layer: Any, namespace: Mapping[str, Any]) -> list[Generator]:
    """The generators in the attributes of an object and of its parts, and in its module."""
    held = vars(layer).values() if hasattr(layer, "__dict__") else ()
    parts = [part for part in held if hasattr(part, "__dict__") and not isinstance(part, type)]
    inner = [each for part in parts for each in vars(part).values()]
    return [g for g in (*held, *inner, *namespace.values()) if isinstance(g, Generator)]


def restart(generators: list[Generator], seed: int) -> None:
    """Put them, and those of NumPy and Python, to where they are with this seed."""
    np.random.seed(seed)
    random.seed(seed)
    for each in generators:
        if isinstance(each, np.random.Generator):
            kind = type(each.bit_generator)
            each.bit_generator.state = kind(seed).state
        else:
            each.seed(seed)
