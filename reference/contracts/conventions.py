"""Conventions that several rows have in common, and what decides whether they are meant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from trigrad.contracts.schema import (
    Condition,
    Contract,
    Decision,
    Kind,
    Reading,
    Readings,
    Reduced,
    Sign,
    Variable,
)
from trigrad.messages import Message

COLUMNS = Message("reading.columns")
"""How a reading in which samples are columns is called."""

AXIS = Condition(
    shown_by=Sign.COLUMNS,
    refuted_by=Sign.ROWS,
    otherwise=Decision.UNDECIDED,
    words=Message("reading.either_axis"),
)
"""A sum over axis 0 is right where samples are columns, and the usual mistake where they are rows.
"""

ONE_SAMPLE = Condition(refuted_by=Sign.BATCH)
"""What is right for one sample is a mistake as soon as a batch is passed."""

MAYBE_SAMPLE = Condition(
    refuted_by=Sign.AXIS,
    refutes=Decision.UNDECIDED,
    words=Message("reading.sample_or_batch"),
)
"""What is right for one sample may be a mistake in a file whose other code is for batches."""

SHOWN_SAMPLE = Condition(shown_by=Sign.SINGLE, otherwise=Decision.REFUSED)
"""A sum that is silent about batches is right for one sample only where the file shows one."""

LABELS_ONLY = Condition(refuted_by=Sign.ONE_HOT)
"""What is right for class labels is a mistake as soon as one-hot targets are passed."""

TWO_CLASSES = Condition(shown_by=Sign.BINARY, otherwise=Decision.REFUSED)
"""The sum over classes of both terms is right with one probability for each sample only."""

DIVIDED_LATER = Condition(shown_by=Sign.DIVIDED_LATER, otherwise=Decision.REFUSED)
"""A sum over the batch is right only where something behind it divides by the batch size."""

SUM_OR_MEAN = Condition(
    shown_by=Sign.DIVIDED_LATER,
    also_shown_by=Sign.SAYS_SUM,
    otherwise=Decision.UNDECIDED,
    words=Message("reading.sum_or_mean"),
)
"""A sum with its own derivative is N times the mean: that only asks for another learning rate."""

ALL_OR_ROWS = Condition(
    shown_by=Sign.SAYS_ALL,
    otherwise=Decision.UNDECIDED,
    words=Message("reading.all_or_rows"),
)
"""Likewise a mean over all entries, which is the mean over the batch divided by the classes."""

SUMMED = Message("reading.summed")
"""How a loss is called that is a sum over the batch."""

LABELS_AS_TARGETS = Message("reading.labels")
"""How a reading in which targets are class labels is called."""


@dataclass(frozen=True)
class LossForm:
    """What a loss is computed from, and whether it is a mean: a row with its own twin."""

    contract: Contract
    words: tuple[Message, ...] = ()
    conditions: tuple[Condition, ...] = ()
    instead_of: Contract | None = None
    """As in Reading."""
    meant_by: frozenset[Sign] = frozenset()
    """As in Reading."""
    reduced: Reduced = Reduced.NOT
    """As in Reading."""
    by_gradients: bool = False
    """As in Reading."""


def one_number(row: Contract) -> Reading:
    """What works on one plain number at a time, of a row that works on each entry for itself.

    Of two operands it is one number each. In a file that passes arrays to its layers it is a
    mistake.
    """
    entries = tuple(Variable(each.name, ("1", "1"), each.domain) for each in row.operands)
    return Reading(
        key="numbers",
        words=(Message("reading.numbers"),),
        contract=replace(
            row.promising(rows=False, numbers=False, arrays=False),
            operands=entries,
            output=("1", "1"),
            readings=Readings(),
        ),
        numbers=True,
        instead_of=row,  # what takes arrays is judged on arrays
        conditions=tuple(Condition(refuted_by=s) for s in (Sign.BATCH, Sign.ROWS, Sign.COLUMNS)),
    )


def of_columns(row: Contract) -> Contract:
    """The row with the expressions of which it consists where samples are columns."""
    usual = tuple(
        text.replace("shape[0]", "shape[1]").replace("axis=-1", "axis=0")
        for text in row.notation.usual
    )
    return replace(row, notation=replace(row.notation, usual=usual))


def loss_readings(usual: Contract, forms: Iterable[LossForm]) -> tuple[Reading, ...]:
    """Every form, with its two operands in either order, and with samples as rows or as columns.

    The form whose row is `usual` is no further reading in the usual order, with samples as rows.
    """
    alone = usual.kind is Kind.FUNCTION  # in a layer, the softmax and the mean show the axis
    found = []
    for columns, form, swapped in product((False, True), tuple(forms), (False, True)):
        plain = not (columns or swapped)
        # Whether a layer takes labels only, its dialect finds out (`dialects.label_discovery`).
        labels = form.instead_of and usual.kind is Kind.LAYER and form.contract.scalar
        if plain and not form.reduced and (form.contract is usual or labels):
            continue
        if columns and not any("N" in v.shape for v in form.contract.operands):
            continue  # one sample has no such axis
        names = tuple(v.name for v in form.contract.operands)
        words = (
            *((Message("reading.targets_first"),) if swapped else ()),
            *form.words,
            *((COLUMNS,) if columns else ()),
        )
        reading = Reading(
            key=", ".join(word.key.removeprefix("reading.") for word in words),
            words=words,
            contract=of_columns(form.contract) if columns else form.contract,
            order=names[::-1] if swapped else (),
            columns=columns,
            conditions=(*form.conditions, *((AXIS,) if columns and alone else ())),
            meant_by=form.meant_by
            | ({Sign.TARGETS_FIRST} if swapped else set())
            | ({Sign.COLUMNS} if columns else set()),
            instead_of=form.instead_of,
            reduced=form.reduced,
            by_gradients=form.by_gradients,
        )
        found.append(reading)
    return tuple(found)
