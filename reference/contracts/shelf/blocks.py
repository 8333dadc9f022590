"""Simple functions of arrays as layers, changes of shape, and two layers in one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from trigrad.contracts.shelf.linear import dense, dense_columns
from trigrad.contracts.shelf.schema import Known, Seen, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

ANY = (0, 1, 2, 3, 4)


def _of_one(*functions: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[Seen], Iterator[Way]]:
    def ways(seen: Seen) -> Iterator[Way]:
        for order in seen.orders(ANY):
            yield from (Way(function, order) for function in functions)

    return ways


def _of_two(
    function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> Callable[[Seen], Iterator[Way]]:
    def ways(seen: Seen) -> Iterator[Way]:
        for order in seen.orders(ANY, ANY):
            yield Way(function, order)

    return ways


def _summed(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((1, 2, 3, 4)):
        yield Way(lambda x: x.sum(), order)
        for axis in range(seen.arrays[order[0]].ndim):
            for kept in (False, True):
                yield Way(partial(_sum, axis=axis, kept=kept), order)


def _sum(x: torch.Tensor, *, axis: int, kept: bool) -> torch.Tensor:
    return x.sum(axis, keepdim=kept)


def _flattened(seen: Seen) -> Iterator[Way]:
    for order in seen.orders((2, 3, 4)):
        yield Way(lambda x: x.reshape(x.shape[0], -1), order)
        yield Way(lambda x: x.reshape(-1), order, (Message("shelf.one_array"),))
        yield Way(lambda x: x.reshape(x.shape[0], -1).T, order)


def _powers(seen: Seen) -> Iterator[Way]:
    for order in seen.orders(ANY):
        for exponent in (2, 3, 0.5, -1, 4):
            words = (Message("reading.setting", name="exponent", value=f"{exponent:g}"),)
            yield Way(partial(_power, exponent=exponent), order, words)


def _power(x: torch.Tensor, *, exponent: float) -> torch.Tensor:
    return x**exponent


# --- two layers in one

ACTIVATIONS = ("relu", "sigmoid", "tanh")


def _activated(
    x: torch.Tensor,
    W: torch.Tensor,
    b: torch.Tensor | None = None,
    *,
    sums: Callable[..., torch.Tensor],
    activation: str,
) -> torch.Tensor:
    out: torch.Tensor = getattr(sums(x, W, b), activation)()
    return out


def _affine_with(activations: tuple[str, ...], seen: Seen) -> Iterator[Way]:
    for roles in (((2, 3, 4), (2,), (0, 1, 2)), ((2,), (2,))):
        for order in seen.orders(*roles):
            for sums in (_flat_dense, dense_columns):
                for activation in activations:
                    words = [Message("shelf.then", activation=activation)]
                    words += [Message("reading.columns")] if sums is dense_columns else []
                    twin = partial(_activated, sums=sums, activation=activation)
                    yield Way(twin, order, tuple(words))


def _flat_dense(x: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None) -> torch.Tensor:
    return dense(x.reshape(x.shape[0], -1), W, b)


def _conv_relu(seen: Seen) -> Iterator[Way]:
    from trigrad.contracts.shelf.convolution import CONVOLUTION

    for way in CONVOLUTION.ways(seen):
        twin = way.twin
        yield Way(
            lambda *arrays, twin=twin, **settings: twin(*arrays, **settings).relu(),
            *(way.arrays, (*way.words, Message("shelf.then", activation="relu"))),
        )


BLOCKS = (
    Known("Exp", "out = exp(x)", ("exp", "exponential"), _of_one(lambda x: x.exp())),
    Known(
        *("Log", "out = log(x)", ("log", "logarithm"), _of_one(lambda x: x.log())),
        inputs=(("positive N D",),),
    ),
    Known(
        *("Sqrt", "out = sqrt(x)", ("sqrt", "squareroot"), _of_one(lambda x: x.sqrt())),
        inputs=(("positive N D",),),
    ),
    Known("Square", "out = x**2", ("square", "squared"), _of_one(lambda x: x**2)),
    Known("Pow", "out = x**a", ("pow", "power"), _powers),
    Known("Neg", "out = -x", ("neg", "negative", "negate"), _of_one(lambda x: -x)),
    Known("Identity", "out = x", ("identity", "identityfunction"), _of_one(lambda x: x)),
    Known("Sin", "out = sin(x)", ("sin", "sine"), _of_one(lambda x: x.sin())),
    Known("Cos", "out = cos(x)", ("cos", "cosine"), _of_one(lambda x: x.cos())),
    Known("Sub", "out = x - y", ("sub", "subtract", "minus"), _of_two(lambda x, y: x - y)),
    Known(
        *("Div", "out = x / y", ("div", "divide", "division"), _of_two(lambda x, y: x / y)),
        inputs=(("N D", "positive N D"),),
    ),
    Known("Sum", "out = the sum of x, or along an axis", ("sum", "reducesum"), _summed),
    Known(
        "Flatten",
        "out = x with all axes but the first in one",
        ("flatten", "reshape", "flat"),
        _flattened,
        inputs=(("N C H W",),),
    ),
    Known(
        "AffineRelu",
        "out = max(x W + b, 0)",
        ("affinerelu", "linearrelu", "denserelu"),
        partial(_affine_with, ("relu",)),
    ),
    Known(
        "AffineActivation",
        "out = an activation of x W + b",
        ("linearactivation", "affineactivation", "denselayer", "fullyconnected", "neuronlayer"),
        partial(_affine_with, ACTIVATIONS),
    ),
    Known("ConvRelu", "out = max(convolution of x, 0)", ("convrelu",), _conv_relu),
)
