"""Affine (section 5.6) and MatMul, which is Affine without a bias."""

from __future__ import annotations

from dataclasses import replace

from trigrad.contracts.scales import weight_scales
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

_W = Variable("W", ("D", "M"))


_B = Variable("b", ("M",))


_AFFINE = Contract(
    name="Affine",
    kind=Kind.LAYER,
    operands=(X,),
    parameters=(_W, _B),
    output=("N", "M"),
    twin=lambda x, W, b: x @ W + b,
    gradients=("x", "W", "b"),
    promises=Promises(
        rows=True,
        added=("b",),
    ),
    notation=Notation(
        formula="out = x @ W + b; dx = dout @ W.T; dW = x.T @ dout; db = dout summed over axis 0",
        aliases=(
            "affine",
            "linear",
            "dense",
            "fullyconnected",
            "fullconnected",
            "fc",
            "innerproduct",
        ),
        usual=(
            "np.dot(x, W) + b",
            "np.dot(dout, W.T)",
            "np.dot(x.T, dout)",
            "np.sum(dout, axis=0)",
        ),
    ),
)


_AFFINE_TENSOR = replace(
    _AFFINE,
    operands=(Variable("x", ("N", "P", "Q", "R")),),
    parameters=(Variable("W", ("P*Q*R", "M")), _B),
    twin=lambda x, W, b: x.flatten(1) @ W + b,
    largest=3,
)


_AFFINE_SAMPLE = replace(
    _AFFINE.promising(rows=False, added=()), operands=(Variable("x", ("D",)),), output=("M",)
)


AFFINE = replace(
    _AFFINE,
    readings=Readings(
        variants=(
            Variant("4-D x", Message("input.tensor"), _AFFINE_TENSOR),
            Variant("1-D samples", Message("input.sample"), _AFFINE_SAMPLE, at_least_two=("D",)),
        ),
        scales=weight_scales("W", "b"),
    ),
)


MATMUL = Contract(
    name="MatMul",
    kind=Kind.LAYER,
    operands=(X,),
    parameters=(_W,),
    output=("N", "M"),
    twin=lambda x, W: x @ W,
    gradients=("x", "W"),
    promises=Promises(
        rows=True,
    ),
    readings=Readings(scales=weight_scales("W")),
    notation=Notation(
        formula="out = x @ W; dx = dout @ W.T; dW = x.T @ dout",
        aliases=("matmul", "matrixmultiply", "matrixmultiplication", "weightmultiply"),
        usual=(
            "np.dot(x, W)",
            "np.dot(dout, W.T)",
            "np.dot(x.T, dout)",
        ),
    ),
)
