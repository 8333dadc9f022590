"""What is known of a spelling and of one object: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_layout import Layout
from trigrad.subject.dialects.array_paths import Path

SETUPS = (
    *("initialize", "initialise", "init", "build", "setup", "init_weights", "init_params"),
    *("initialize_weights", "initialize_parameters", "init_parameters", "init_param"),
    *("reset_parameters", "_initialize", "_build", "_setup", "_init_weights", "_init_params"),
)
"""Methods that make the weights, where the constructor doesn't."""


@dataclass(frozen=True)
class Reading:
    """What only an object shows of its class's spelling; the book's, unless found otherwise."""

    layout: Layout = field(default_factory=Layout)
    places: Mapping[str, tuple[Path, ...]] = field(default_factory=dict)
    """Where the object keeps each parameter."""
    turned: frozenset[str] = frozenset()
    """Parameters that the object keeps transposed."""
    setup: str = ""
    """A method that makes the weights, called after the constructor."""
    lazy: bool = False
    """Whether the weights are made by the first forward."""
    rate: str = ""
    """The attribute that holds the step of its updates, which is set to 1."""
    known_rate: bool = False
    """Whether a learning rate that has a default is given as 1."""
    gradients: Mapping[str, Path] = field(default_factory=dict)
    """Where gradients are kept that no name tells."""
    updates: frozenset[str] = frozenset()
    """Parameters whose gradient is what backward takes from them."""
    mean: bool = False
    """Whether the gradients of parameters are divided by the size of the batch."""
    labels: str = ""
    """The operand that is handed over as class labels."""
    notes: tuple[str, ...] = ()


@dataclass
class Made:
    """An object with what it was given."""

    subject: Any
    weights: dict[str, Array]
    """In the subject's layout: the very arrays that it was given."""
    shapes: dict[str, tuple[int, ...]]
    """The shapes of the contract."""
    operands: dict[str, Any] = field(default_factory=dict)
    output: Any = None
    overwritten: tuple[str, ...] = ()
    """The weights that the last call changed."""
    shared: tuple[tuple[str, str], ...] = ()
    """Gradients of the last backward that lie in the memory of a weight, each with that weight."""
