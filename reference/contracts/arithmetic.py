"""MulLayer and AddLayer (section 5.4)."""

from __future__ import annotations

from dataclasses import replace

from trigrad.contracts.conventions import one_number
from trigrad.contracts.schema import (
    Contract,
    Kind,
    Notation,
    Promises,
    Readings,
    Variable,
    Variant,
)
from trigrad.contracts.variables import X
from trigrad.messages import Message

_Y = Variable("y", ("N", "D"))


def _broadcast(row: Contract) -> Variant:
    operands = (X, Variable("y", ("D",)))
    return Variant(
        "broadcast operands",
        Message("input.broadcast"),
        replace(row.promising(rows=False, numbers=False), operands=operands),
        at_least_two=("N",),
    )


_MUL = Contract(
    name="MulLayer",
    kind=Kind.LAYER,
    operands=(X, _Y),
    output=("N", "D"),
    twin=lambda x, y: x * y,
    gradients=("x", "y"),
    promises=Promises(
        rows=True,
        numbers=True,
    ),
    notation=Notation(
        formula="out = x * y; dx = dout * y; dy = dout * x",
        aliases=("mul", "mult", "multiply", "multiplication", "multiplier", "product", "times"),
        usual=(
            "x * y",
            "dout * y",
            "dout * x",
            "dout * y, dout * x",
        ),
    ),
)


MUL = replace(_MUL, readings=Readings(variants=(_broadcast(_MUL),), others=(one_number(_MUL),)))


_ADD = Contract(
    name="AddLayer",
    kind=Kind.LAYER,
    operands=(X, _Y),
    output=("N", "D"),
    twin=lambda x, y: x + y,
    gradients=("x", "y"),
    promises=Promises(
        rows=True,
        numbers=True,
    ),
    notation=Notation(
        formula="out = x + y; dx = dout; dy = dout",
        aliases=("add", "adder", "addition", "plus"),
        usual=(
            "x + y",
            "dout",
            "dout, dout",
        ),
    ),
)


ADD = replace(_ADD, readings=Readings(variants=(_broadcast(_ADD),), others=(one_number(_ADD),)))
