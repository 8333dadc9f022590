"""In which scale gradients may be right: the batch size or the sign, made up for elsewhere."""

from __future__ import annotations

from dataclasses import replace

from trigrad.contracts.conventions import DIVIDED_LATER
from trigrad.contracts.schema import Condition, Decision, GradientScale, Sign
from trigrad.messages import Message

NOT_DIVIDED = GradientScale((Message("reading.not_divided"),), -1, (DIVIDED_LATER,))
"""The loss is a mean, and its gradient is that of the sum."""

STEP_ADDS = Condition(
    shown_by=Sign.ADDED,
    refuted_by=Sign.SUBTRACTED,
    otherwise=Decision.REFUSED,
    words=Message("reading.steps_both_ways"),
)
"""The opposite sign is right where the step adds, and the usual mistake without such a step."""


def with_opposite_sign(scale: GradientScale) -> tuple[GradientScale, ...]:
    """Gradients of a loss whose sign is the opposite of the derivative's, alone or so scaled."""
    alone = GradientScale((Message("reading.opposite"),), conditions=(STEP_ADDS,), negative=True)
    both = replace(
        alone,
        words=(*alone.words, *scale.words),
        power=scale.power,
        conditions=(*alone.conditions, *scale.conditions),
    )
    return alone, both


LOSS_SCALES = (NOT_DIVIDED, *with_opposite_sign(NOT_DIVIDED))
"""How the gradients of a loss may differ from those of its mean."""


def weight_scales(*parameters: str) -> tuple[GradientScale, ...]:
    """How the weight gradients of a layer may differ from the contract's, and what decides it.

    The layer divides them by the batch size, because its loss does not. Or it adds them to the
    weights itself: it is then given target - output, or another error with the opposite sign.
    Or their sign is turned where they are made, and the step adds them.
    """
    names = tuple(f"d{name}" for name in parameters)
    divided = GradientScale(
        (Message("reading.divided", names=names),),
        1,
        (
            Condition(
                shown_by=Sign.NOT_DIVIDED,
                refuted_by=Sign.DIVIDED_BEFORE,
                otherwise=Decision.UNDECIDED,
                words=Message("reading.either_divides"),
            ),
        ),
        parameters,
    )
    added = GradientScale(
        (Message("reading.error_added", names=parameters),),
        0,
        (
            Condition(shown_by=Sign.ADDED_WITHIN, otherwise=Decision.REFUSED),
            Condition(
                shown_by=Sign.DESCENT,
                refuted_by=Sign.ASCENT,
                otherwise=Decision.UNDECIDED,
                words=Message("reading.either_sign"),
            ),
        ),
        parameters,
        negative=True,
    )
    turned = GradientScale(
        (Message("reading.turned", names=names),),
        0,
        (
            STEP_ADDS,
            Condition(refuted_by=Sign.ADDED_WITHIN),
            Condition(refuted_by=Sign.DESCENT),
        ),
        parameters,
        negative=True,
    )
    return (
        divided,
        *(
            each
            for one in (added, turned)
            for each in (
                one,
                replace(
                    one,
                    words=(*one.words, *divided.words),
                    power=1,
                    conditions=(*one.conditions, *divided.conditions),
                ),
            )
        ),
    )
