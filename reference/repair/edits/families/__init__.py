"""The families of edits: each a module that offers edits of one sort, and examples of them.

To add one: a module beside these with `edits` and `examples`, its name in FAMILIES, and the kinds
of its edits in `costs.py`. One test runs the examples of all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.families import (
    analogy,
    axes,
    calls,
    constructors,
    derivatives,
    differences,
    factors,
    gradients,
    identifiers,
    keys,
    loops,
    misspelt,
    numbers,
    operators,
    optimisers,
    parts,
    paths,
    powers,
    products,
    projections,
    reuse,
    scales,
    shapes,
    siblings,
    slips,
    statements,
    steps,
    storing,
    usual,
    windows,
)

Examples = tuple[tuple[str, str], ...]
"""Texts before and after an edit: definitions, or statements of a `backward(self, dout)`."""


class Family(Protocol):
    """What a module of this folder has."""

    def edits(self, context: Context) -> Iterator[Edit]:
        """The edits that a definition may have."""

    def examples(self) -> Examples:
        """Texts before and after one of them."""


FAMILIES: tuple[Family, ...] = (
    operators,
    numbers,
    identifiers,
    calls,
    products,
    shapes,
    factors,
    statements,
    storing,
    analogy,
    gradients,
    reuse,
    keys,
    siblings,
    loops,
    misspelt,
    constructors,
    slips,
    differences,
    derivatives,
    powers,
    axes,
    windows,
    parts,
    paths,
    projections,
    scales,
    steps,
    usual,
    optimisers,
)
