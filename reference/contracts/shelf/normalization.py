"""Batch, layer, group and instance normalisation: over which axes, with which small constant.

Ioffe and Szegedy 2015 (batch), Ba et al. 2016 (layer), Wu and He 2018 (group), Zhang and
Sennrich 2019 (root mean square).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Known, Mode, Seen, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

Axes = tuple[int, ...]

LARGEST_CONSTANT = 0.02
"""A larger constant is not chosen to avoid a division by zero: it is taken for a mistake."""

_DIGITS = 3
"""A constant that somebody has written has at most so many digits: what is measured is rounded."""


def _normalized(
    x: torch.Tensor,
    gamma: torch.Tensor | None = None,
    beta: torch.Tensor | None = None,
    *,
    axes: Axes,
    along: Axes,
    groups: int,
    centred: bool,
    unbiased: bool,
    constant: float,
    inside: bool,
) -> torch.Tensor:
    """(x - mean) / sqrt(variance + constant) * gamma + beta.

    `axes` are those over which mean and variance are taken, `along` those of gamma and beta.
    """
    shape = x.shape
    if groups > 1:
        x = x.reshape(shape[0], groups, -1)
        axes = (2,)
    mean = x.mean(axes, keepdim=True) if centred else 0.0
    variance = ((x - mean) ** 2).mean(axes, keepdim=True)
    if unbiased:
        count = _count(tuple(x.shape), axes)
        variance = variance * count / (count - 1)
    scale = (variance + constant).sqrt() if inside else variance.sqrt() + constant
    out = ((x - mean) / scale).reshape(shape)
    sizes = [n if axis in along else 1 for axis, n in enumerate(shape)]
    if gamma is not None:
        out = out * gamma.reshape(sizes)
    return out if beta is None else out + beta.reshape(sizes)


def _count(shape: tuple[int, ...], axes: Axes) -> int:
    return int(np.prod([shape[axis] for axis in axes]))


_BATCH: dict[int, tuple[tuple[Axes, Axes], ...]] = {
    2: (((0,), (1,)), ((1,), (0,))),
    3: (((0, 1), (2,)), ((0,), (1, 2)), ((0, 2), (1,))),
    4: (((0, 2, 3), (1,)), ((0, 1, 2), (3,)), ((0,), (1, 2, 3))),
}
"""By the number of axes of x: over which it is normalised, and along which gamma and beta go."""

_LAYER: dict[int, tuple[tuple[Axes, Axes], ...]] = {
    1: (((0,), (0,)),),
    2: (((1,), (1,)), ((0,), (0,))),
    3: (((2,), (2,)), ((1, 2), (1, 2))),
    4: (((1, 2, 3), (1, 2, 3)), ((1, 2, 3), (1,)), ((3,), (3,)), ((1,), (1,))),
}

_INSTANCE: dict[int, tuple[tuple[Axes, Axes], ...]] = {
    3: (((2,), (1,)), ((1,), (2,))),
    4: (((2, 3), (1,)), ((1, 2), (3,))),
}

Kinds = dict[int, tuple[tuple[Axes, Axes], ...]]


def _ways(kinds: Kinds, seen: Seen, *, centred: bool = True, groups: bool = False) -> Iterator[Way]:
    images, weights = tuple(kinds), (0, 1, 2, 3, 4)
    for roles in ((images, weights, weights), (images, weights), (images,)):
        for order in seen.orders(*roles):
            x = seen.arrays[order[0]]
            if seen.output.shape != x.shape:
                continue
            for axes, along in kinds[x.ndim]:
                size = _count(x.shape, along)
                if any(seen.arrays[name].size != size for name in order[1:]):
                    continue
                for count in range(2, x.shape[1] + 1) if groups else (1,):
                    if count == 1 or x.shape[1] % count == 0:
                        yield from _with_constants(seen, order, axes, along, count, centred=centred)


def _with_constants(
    seen: Seen, order: tuple[str, ...], axes: Axes, along: Axes, groups: int, *, centred: bool
) -> Iterator[Way]:
    """With the small constant that the output shows, within the root or outside."""
    for unbiased in (False, True):
        if unbiased and _count(seen.shape(order[0]), axes) < 2:
            continue
        for inside in (True, False):
            bound = partial(
                _normalized,
                axes=axes,
                along=along,
                groups=groups,
                centred=centred,
                unbiased=unbiased,
                inside=inside,
            )
            measured = _measured(seen, order, bound, inside=inside)
            written = [number for number in seen.written if number <= LARGEST_CONSTANT]
            for constant in written if measured is None else [measured]:
                words = [Message("shelf.constant", constant=f"{constant:g}")]
                words += [Message("shelf.unbiased")] if unbiased else []
                words += [] if inside else [Message("shelf.outside")]
                yield Way(partial(bound, constant=constant), order, tuple(words))


def _measured(
    seen: Seen, order: tuple[str, ...], bound: Callable[..., torch.Tensor], *, inside: bool
) -> float | None:
    """The constant with which the output is that of the layer; None where there is none.

    Without a constant the scale is s and the output y0; with it the output is y = y0 s / s', of
    which s' = s y0 / y. So the constant is s'**2 - s**2, or s' - s if it is outside of the root.
    """
    import torch

    x, *weights = (torch.tensor(seen.arrays[name], dtype=torch.float64) for name in order)
    plain = bound(x, constant=0.0).numpy()
    out = np.asarray(seen.output, np.float64)
    sizes = [n if axis in bound.keywords["along"] else 1 for axis, n in enumerate(x.shape)]  # type: ignore[attr-defined]
    found = [weight.numpy().reshape(sizes) for weight in weights]
    with np.errstate(all="ignore"):
        own = out if not found else (out - (found[1] if len(found) > 1 else 0.0)) / found[0]
        ratio = plain / own
        # A row that is constant gives nothing; neither does an entry near the mean.
        telling = np.isfinite(ratio) & (np.abs(plain) > 0.1) & (np.abs(own) > 1e-3)
        if not telling.any():
            return None
        scale = _scale(x, bound)
        larger = scale * ratio
        constants = (larger**2 - scale**2 if inside else larger - scale)[telling]
    constant = float(f"{float(np.median(constants)):.{_DIGITS}g}")
    if abs(constant) < 1e-13:
        return 0.0
    return constant if 0 < constant <= LARGEST_CONSTANT else None


def _scale(x: torch.Tensor, bound: Callable[..., torch.Tensor]) -> Array:
    """The square root of the variance, for each entry of x."""
    keywords = bound.keywords  # type: ignore[attr-defined]
    axes, shape = keywords["axes"], x.shape
    if keywords["groups"] > 1:
        x, axes = x.reshape(shape[0], keywords["groups"], -1), (2,)
    mean = x.mean(axes, keepdim=True) if keywords["centred"] else 0.0
    variance = ((x - mean) ** 2).mean(axes, keepdim=True)
    if keywords["unbiased"]:
        count = _count(tuple(x.shape), axes)
        variance = variance * count / (count - 1)
    return np.asarray(variance.sqrt().expand(x.shape).reshape(shape).numpy())


BATCH_NORMALIZATION = Known(
    "BatchNormalization",
    "out = gamma * (x - mean) / sqrt(var + eps) + beta, over the batch",
    *(
        ("batchnormalization", "batchnorm", "bn", "batchnorm1d", "batchnorm2d", "spatialbatchnorm"),
        partial(_ways, _BATCH),
    ),
    mode=Mode(),
    precise=True,
    kin=("LayerNormalization", "InstanceNormalization", "GroupNormalization"),
    inputs=(("N D", "D", "D"), ("N C H W", "C", "C"), ("N D", "1 D", "1 D")),
)

LAYER_NORMALIZATION = Known(
    "LayerNormalization",
    "out = gamma * (x - mean) / sqrt(var + eps) + beta, over the features of each sample",
    ("layernormalization", "layernorm", "ln"),
    partial(_ways, _LAYER),
    kin=("BatchNormalization",),
    precise=True,
)

INSTANCE_NORMALIZATION = Known(
    "InstanceNormalization",
    "out = gamma * (x - mean) / sqrt(var + eps) + beta, over each channel of each sample",
    ("instancenormalization", "instancenorm", "instancenorm2d"),
    partial(_ways, _INSTANCE),
    precise=True,
)

GROUP_NORMALIZATION = Known(
    "GroupNormalization",
    "out = gamma * (x - mean) / sqrt(var + eps) + beta, over groups of channels of each sample",
    ("groupnormalization", "groupnorm", "spatialgroupnorm"),
    partial(_ways, {4: (((1, 2, 3), (1,)),)}, groups=True),
    inputs=(("N 4 H W", "1 4 1 1", "1 4 1 1", "whole<2..2>"), ("N 4 H W", "4", "4", "whole<2..2>")),
)

RMS_NORMALIZATION = Known(
    "RMSNormalization",
    "out = gamma * x / sqrt(mean of x**2 + eps), over the features of each sample",
    ("rmsnormalization", "rmsnorm"),
    partial(_ways, _LAYER, centred=False),
)

NORMALIZATIONS = (
    *(BATCH_NORMALIZATION, LAYER_NORMALIZATION, INSTANCE_NORMALIZATION),
    *(GROUP_NORMALIZATION, RMS_NORMALIZATION),
)
