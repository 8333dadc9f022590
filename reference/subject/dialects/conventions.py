"""The conventions of a layer that only its objects show, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from trigrad.subject.dialects.array_layout import ArrayLayout
from trigrad.subject.dialects.array_paths import ArrayPath
from trigrad.subject.dialects.optimiser_calls import GivenGradient
from trigrad.subject.face import BatchAxis

SETUP_METHODS = (
    *("initialize", "initialise", "init", "build", "setup", "init_weights", "init_params"),
    *("initialize_weights", "initialize_parameters", "init_parameters", "init_param"),
    *("reset_parameters", "_initialize", "_build", "_setup", "_init_weights", "_init_params"),
)
"""Methods that create the weights where the constructor does not."""


class OneSample(Enum):
    """How a layer is passed a single sample, if it takes only one."""

    COLUMN = "column"
    VECTOR = "vector"
    ROW = "row"


@dataclass(frozen=True)
class Conventions:
    """How an object stores its weights and gradients; the defaults are the book's conventions."""

    layout: ArrayLayout = field(default_factory=ArrayLayout)
    weight_paths: Mapping[str, tuple[ArrayPath, ...]] = field(default_factory=dict)
    """The attributes that hold each parameter."""
    transposed: frozenset[str] = frozenset()
    """Parameters that the object stores transposed."""
    setup_method: str = ""
    """A method that creates the weights, called after the constructor."""
    lazy: bool = False
    """Whether the first forward creates the weights."""
    rate_attribute: str = ""
    """The attribute with the learning rate of its updates, which is set to 1."""
    rate_passed: bool = False
    """Whether a learning rate that has a default is passed as 1."""
    gradient_paths: Mapping[str, ArrayPath] = field(default_factory=dict)
    """The attributes that hold gradients under names that do not tell so."""
    given: Mapping[str, GivenGradient] = field(default_factory=dict)
    """Where gradients are in what backward gives to an optimiser that the object holds."""
    updated: frozenset[str] = frozenset()
    """Parameters that backward updates: their gradient is what it subtracts from them."""
    returned: Mapping[str, ArrayPath] = field(default_factory=dict)
    """Where gradients are in what backward returns, if it is not one array, a tuple of them in the
    contract's order or a dict by their names."""
    output_index: int | None = None
    """Which entry of what forward returns is the output; None if it returns nothing else."""
    clearing_method: str = ""
    """A method that sets the gradients to zero, called before backward, which adds to them."""
    adds_up: bool = False
    """Whether backward adds to the gradients of its last call."""
    cleared_elsewhere: str = ""
    """The place in the text where something else sets them to zero, as an optimiser does."""
    uncleared: bool = False
    """Whether backward adds to the gradients, and nothing that is known sets them to zero."""
    one_sample: OneSample | None = None
    """How the only sample is passed to a layer that takes one at a time."""
    mean: bool = False
    """Whether the gradients of the parameters are divided by the batch size."""
    labels_for: str = ""
    """The operand that is passed as class labels."""
    notes: tuple[str, ...] = ()
    """What a learner should know of these conventions."""

    @property
    def batch_axis(self) -> BatchAxis:
        """Which axis of the operands is the batch."""
        if self.one_sample:
            return BatchAxis.ONE_ROW if self.one_sample is OneSample.ROW else BatchAxis.NONE
        if not self.layout.features_first:
            return BatchAxis.ROWS
        return BatchAxis.COLUMNS_MEAN if self.mean else BatchAxis.COLUMNS
