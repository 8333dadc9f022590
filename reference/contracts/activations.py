"""Relu and Sigmoid (section 5.5), and the function sigmoid (section 3.2)."""

from __future__ import annotations

from trigrad.contracts.schema import (
    Contract,
    Kind,
    Notation,
    Promises,
)
from trigrad.contracts.variables import X

RELU = Contract(
    name="Relu",
    kind=Kind.LAYER,
    operands=(X,),
    output=("N", "D"),
    twin=lambda x: x.relu(),
    gradients=("x",),
    promises=Promises(
        rows=True,
        kinks=lambda a: a["x"],
        kink_at=0.0,
    ),
    notation=Notation(
        formula="out = max(x, 0); dx = dout where x > 0, else 0",
        aliases=("relu", "rectifier", "rectifiedlinear", "rectifiedlinearunit"),
        usual=(
            "x * (x > 0)",
            "np.maximum(x, 0)",
            "x > 0",
            "x <= 0",
            "dout * (x > 0)",
            "dout * out",
            "dout * (out > 0)",
        ),
    ),
)


SIGMOID = Contract(
    name="Sigmoid",
    kind=Kind.LAYER,
    operands=(X,),
    output=("N", "D"),
    twin=lambda x: x.sigmoid(),
    gradients=("x",),
    promises=Promises(
        rows=True,
    ),
    notation=Notation(
        formula="y = 1 / (1 + exp(-x)); dx = dout * y * (1 - y)",
        aliases=("sigmoid", "logistic"),
        usual=(
            "1 / (1 + np.exp(-x))",
            "dout * out * (1 - out)",
        ),
    ),
)


SIGMOID_FUNCTION = Contract(
    name="sigmoid",
    kind=Kind.FUNCTION,
    operands=(X,),
    output=("N", "D"),
    twin=lambda x: x.sigmoid(),
    promises=Promises(
        rows=True,
    ),
    notation=Notation(
        formula="1 / (1 + exp(-x))",
        aliases=("sigmoid", "logistic"),
        usual=("1 / (1 + np.exp(-x))",),
    ),
)
