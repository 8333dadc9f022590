"""NumPy's own generator stays; each run begins with the same state, and leaves it as it was."""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass
class Draws:
    """Whether random numbers were drawn, known when the run is over."""

    made: bool = False


def generators_in(namespaces: Sequence[dict[str, Any]]) -> list[Any]:
    """NumPy's generators among the names of modules."""
    return [
        each
        for namespace in namespaces
        for each in namespace.values()
        if isinstance(each, np.random.Generator | np.random.RandomState)
    ]


@contextmanager
def reseeded(own: Sequence[Any], seed: int) -> Iterator[Draws]:
    """Seed the generators of NumPy and Python, and new ones that are given no seed.

    Args:
        own: generators of the learner's: they begin the run in the state that they have.
        seed: for all others.
    """
    draws = Draws()
    real = np.random.default_rng
    before = [_state(each) for each in own]
    numpy_state, python_state = np.random.get_state(legacy=False), random.getstate()

    def default_rng(given: Any = None) -> np.random.Generator:
        draws.made = True
        return real(seed if given is None else given)

    np.random.seed(seed)
    random.seed(seed)
    begun = _positions(own)
    np.random.default_rng = default_rng  # type: ignore[assignment]
    try:
        yield draws
    finally:
        np.random.default_rng = real
        draws.made |= _positions(own) != begun
        np.random.set_state(numpy_state)
        random.setstate(python_state)
        for each, state in zip(own, before, strict=True):
            _restore(each, state)


def _positions(own: Sequence[Any]) -> list[Any]:
    """Where all generators stand, to be compared."""
    kind, key, *rest = np.random.get_state()
    return [
        (kind, np.asarray(key).tobytes(), rest),
        random.getstate(),
        *(pickle.dumps(_state(each)) for each in own),
    ]


def _state(generator: Any) -> Any:
    if isinstance(generator, np.random.RandomState):
        return generator.get_state(legacy=False)
    return generator.bit_generator.state


def _restore(generator: Any, state: Any) -> None:
    if isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    else:
        generator.bit_generator.state = state
