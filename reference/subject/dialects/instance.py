"""One object of a layer, with the values it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.optimiser_calls import OptimiserCall


@dataclass
class Instance:
    """An object of the subject, its weights and what its last calls have changed."""

    subject: Any
    weights: dict[str, Array]
    """The very arrays that it was given, in the subject's layout."""
    shapes: dict[str, tuple[int, ...]]
    """The shapes of the weights in the contract's layout."""
    operands: dict[str, Any] = field(default_factory=dict)
    """The operands of the last forward, in the subject's layout."""
    output: Any = None
    """The output of the last forward, in the subject's layout."""
    caches: tuple[Any, ...] = ()
    """What the last forward returned beside its output."""
    stored: tuple[str, ...] = ()
    """The weights whose gradients the last backward left in the object."""
    optimiser_calls: Sequence[OptimiserCall] = ()
    """What the last backward gave to the optimisers that the object holds."""
    overwritten: tuple[str, ...] = ()
    """The weights that the last call changed."""
    shared: tuple[tuple[str, str], ...] = ()
    """Gradients of the last backward that share memory with a weight, each with that weight."""
    misfits: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=dict)
    """Gradients of the last backward that no step can subtract: their shape, and the weight's."""
