"""What the rows of functions of each entry have in common: activations, and their functions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.conventions import one_number
from trigrad.contracts.schema import (
    Array,
    Contract,
    Kind,
    Notation,
    Promises,
    Reading,
    Readings,
    Settings,
)
from trigrad.contracts.variables import X

if TYPE_CHECKING:
    import torch

Twin = Callable[..., "torch.Tensor"]

MANY = 256
"""How many choices of settings are kept: for the same numbers it is then the same row."""


def activation(
    name: str,
    notation: Notation,
    twin: Twin,
    kinks: tuple[float, ...] = (),
    others: tuple[Reading, ...] = (),
    zero_at: float | None = None,
    settings: tuple[float, ...] = (),
) -> Contract:
    """The row of a layer that computes each entry of out from that entry of x, both (N, D).

    `kinks` are the numbers at which it has no derivative; `zero_at` the only one, if 0 is what is
    taken for it there. `others` are its other definitions, `settings` the numbers that are chosen.
    """
    row = Contract(
        name=name,
        kind=Kind.LAYER,
        operands=(X,),
        output=("N", "D"),
        twin=twin,
        gradients=("x",),
        promises=Promises(
            rows=True,
            kinks=(lambda a: _distance(a["x"], kinks)) if kinks else None,
            kink_at=zero_at,
        ),
        notation=notation,
        settings=settings,
    )
    return replace(row, readings=Readings(others=(*others, one_number(row))))


def function_of(row: Contract, name: str, formula: str, aliases: tuple[str, ...]) -> Contract:
    """The row of the function that a layer's forward computes."""

    def alone(layer: Contract) -> Contract:
        notation = replace(layer.notation, formula=formula, aliases=aliases)
        return replace(layer, name=name, kind=Kind.FUNCTION, gradients=(), notation=notation)

    others = tuple(replace(r, contract=alone(r.contract)) for r in row.readings.others)
    found = replace(alone(row), readings=replace(row.readings, others=others))
    settings = row.readings.settings
    if settings is None:
        return found
    made = lru_cache(maxsize=MANY)(
        lambda *numbers: function_of(settings.row(*numbers), name, formula, aliases)
    )
    return replace(found, readings=replace(found.readings, settings=replace(settings, row=made)))


def with_choices(
    name: str,
    notation: Notation,
    twin: Callable[..., Twin],
    kinks: tuple[float, ...] = (),
    *,
    usually: Mapping[str, float],
    at: tuple[float, ...],
    measured: Callable[[Array], tuple[float, ...] | None],
    arguments: Collection[str],
) -> Contract:
    """The row of an activation with numbers that its writer may choose.

    Args:
        name: as in `activation`, and so are the next three.
        notation: its usual expressions have {0}, {1} for the numbers.
        twin: makes the function with these numbers.
        kinks: where it has no derivative.
        usually: the words for the numbers, with what they usually are.
        at: the entries of x at which forward shows them.
        measured: makes them from what forward gives there; None if they are none that are meant.
        arguments: names of arguments that give the first of them, beside the words themselves.
    """

    def made(*numbers: float) -> Contract:
        said = ", ".join(f"{n} = {number:g}" for n, number in zip(usually, numbers, strict=True))
        usual = tuple(text.format(*map(repr, numbers)) for text in notation.usual)
        written = replace(notation, remark=said, usual=usual)
        return activation(name, written, twin(*numbers), kinks, settings=numbers)

    first = next(iter(usually.values()))
    settings = Settings(
        names=tuple(usually),
        at=np.array([at]),
        measured=measured,
        row=lru_cache(maxsize=MANY)(made),
        arguments={**dict.fromkeys(arguments, first), **usually},
    )
    row = replace(made(*usually.values()), settings=())
    return replace(row, readings=Readings(others=(one_number(row),), settings=settings))


def _distance(x: Array, kinks: tuple[float, ...]) -> Array:
    """How far each entry is beyond the nearest of the numbers, negative below it."""
    beyond = np.array([x - at for at in kinks])
    nearest = np.abs(beyond).argmin(axis=0)
    return np.asarray(np.take_along_axis(beyond, nearest[np.newaxis], axis=0)[0])
