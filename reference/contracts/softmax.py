"""The function softmax (section 3.5), and in which ways it is written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from trigrad.contracts.conventions import AXIS, COLUMNS, ONE_SAMPLE, of_columns
from trigrad.contracts.schema import (
    Array,
    Arrays,
    Contract,
    Domain,
    Kind,
    Notation,
    Promises,
    Reading,
    Readings,
    Sign,
    Variable,
    Variant,
)
from trigrad.contracts.variables import LOGITS, STABILISER
from trigrad.messages import Message


def softmax(x: Array) -> Array:
    """exp(x) over its sum, along the last axis; shifted by the maximum, so nothing overflows."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True))


def _stabilised_denominator(a: Arrays) -> float:
    """By how much y may be off where the stabiliser is added to the sum S: y - y S / (S + d) < d/S.

    S is at least 1 where x was shifted by its maximum, and the sum of exp(x) where it was not.
    """
    return float((STABILISER / np.minimum(1.0, np.exp(a["x"]).sum(axis=-1))).max())


_SOFTMAX = Contract(
    name="softmax",
    kind=Kind.FUNCTION,
    operands=(LOGITS,),
    output=("N", "C"),
    twin=lambda x: x.softmax(-1),
    promises=Promises(
        rows=True,
        shift_invariant=("x",),
        row_sum=1.0,
        allowance=_stabilised_denominator,
    ),
    notation=Notation(
        formula="exp(x) / the sum of exp(x) over the last axis",
        aliases=("softmax",),
        usual=(
            "np.exp(x)",
            "x - np.max(x, axis=-1, keepdims=True)",
            "np.exp(x - np.max(x, axis=-1, keepdims=True))",
            "np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)",
        ),
    ),
    smallest={"C": 2},
)


_OF_SAMPLE = replace(
    _SOFTMAX.promising(rows=False),
    operands=(Variable("x", ("C",), Domain.LOGIT),),
    output=("C",),
)


SOFTMAX = replace(
    _SOFTMAX,
    readings=Readings(
        variants=(Variant("1-D samples", Message("input.sample"), _OF_SAMPLE),),
        others=(
            Reading(
                key="columns",
                words=(COLUMNS,),
                contract=of_columns(_SOFTMAX),
                columns=True,
                conditions=(AXIS,),
                meant_by=frozenset({Sign.COLUMNS}),
            ),
            Reading(
                key="one sample",
                words=(Message("reading.one_sample"),),
                contract=_OF_SAMPLE,
                conditions=(ONE_SAMPLE,),
            ),
        ),
    ),
)
