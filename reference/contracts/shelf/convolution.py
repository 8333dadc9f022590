"""Convolution and pooling (chapter 7), channels first or last, of a batch or of one image."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from trigrad.contracts.schema import Array
from trigrad.contracts.shelf.schema import Grid, Known, Seen, Setting, Twin, Way
from trigrad.messages import Message

if TYPE_CHECKING:
    import torch

SETTINGS = (
    Setting("stride", ("stride", "strides"), 1, 2),
    # dx = padded[:, :, pad:-pad, pad:-pad], as courses have it, is empty without padding.
    Setting("pad", ("pad", "padding"), 0, 1, may_fail_at=0),
)

DILATION = Setting("dilation", ("dilation", "dilations", "dilation_rate"), 1, 2)

STRIDES = (1, 2, 3, 4)
PADDINGS = (0, 1, 2, 3)
DILATIONS = (1, 2, 3)
WINDOWS = (2, 3, 4, 1, 5)
"""What is tried of each; larger ones do not fit the small images of a case."""

_FIRST, _LAST, _IMAGE, _GREY = "NCHW", "NHWC", "CHW", "HW"


def _to_batch(x: torch.Tensor, layout: str) -> torch.Tensor:
    """(N, C, H, W) from another layout."""
    if layout == _LAST:
        return x.movedim(-1, 1)
    return x.reshape((1,) * (4 - x.ndim) + tuple(x.shape))


def _from_batch(out: torch.Tensor, layout: str) -> torch.Tensor:
    if layout == _LAST:
        return out.movedim(1, -1)
    return out if layout == _FIRST else out[0] if layout == _IMAGE else out[0, 0]


def _layouts(x: Array) -> tuple[str, ...]:
    return {4: (_FIRST, _LAST), 3: (_IMAGE,), 2: (_GREY,)}.get(x.ndim, ())


def _axes(layout: str, x: Array) -> tuple[int, int]:
    """Those of height and width."""
    return (1, 2) if layout == _LAST else (x.ndim - 2, x.ndim - 1)


def _words(layout: str, stride: int | None, pad: int | None) -> Iterator[Message]:
    if layout == _LAST:
        yield Message("shelf.channels_last")
    if layout in (_IMAGE, _GREY):
        yield Message("shelf.one_image")
    if stride is not None and stride > 1:
        yield Message("shelf.stride", stride=stride)
    if pad:
        yield Message("shelf.pad", pad=pad)


# --- convolution


def _convolution(
    x: torch.Tensor,
    W: torch.Tensor,
    b: torch.Tensor | None = None,
    *,
    layout: str,
    kernel: str,
    turned: bool,
    stride: int,
    pad: int,
    dilation: int,
) -> torch.Tensor:
    import torch

    batch = _to_batch(x, layout)
    if kernel == "HWCF":
        W = W.permute(3, 2, 0, 1)
    elif kernel == "FHWC":
        W = W.permute(0, 3, 1, 2)
    W = W.reshape((1,) * (4 - W.ndim) + tuple(W.shape))
    groups = 1
    if kernel == "depthwise":
        W = W.reshape(-1, 1, *W.shape[-2:])
        groups = batch.shape[1]
    if turned:
        W = W.flip(-2, -1)
    # For its gradient PyTorch wants the numbers in one piece.
    batch, W = batch.contiguous(), W.contiguous()
    out = torch.nn.functional.conv2d(
        batch, W, stride=stride, padding=pad, dilation=dilation, groups=groups
    )
    if b is not None and b.numel() == out.shape[1]:
        out = out + b.reshape(-1, 1, 1)
    out = _from_batch(out, layout)
    if b is not None and b.numel() != W.shape[0]:
        out = out + b.reshape(out.shape)  # a number of its own for each entry of the output
    return out


def _kernels(layout: str, W: Array) -> tuple[str, ...]:
    if W.ndim == 4:
        if layout == _LAST:
            return "HWCF", "FHWC"
        return ("FCHW", "depthwise") if W.shape[1] == 1 else ("FCHW",)
    return ("depthwise",) if W.ndim == 3 and layout != _GREY else ("FCHW",)


def _convolutions(seen: Seen) -> Iterator[Way]:
    images, kernels = (4, 3, 2), (4, 3, 2)
    for roles in ((images, kernels), (images, kernels, (0, 1, 2, 3, 4))):
        for order in seen.orders(*roles):
            yield from _convolutions_of(seen, order)


def _convolutions_of(seen: Seen, order: tuple[str, ...]) -> Iterator[Way]:
    x, W = (seen.arrays[name] for name in order[:2])
    for layout in _layouts(x):
        rows = x.shape[_axes(layout, x)[0]]
        for kernel in _kernels(layout, W):
            window = {"HWCF": 0, "FHWC": 1}.get(kernel, W.ndim - 2)
            for stride, pad, dilation in _dilated(seen, layout, rows, W.shape[window]):
                for turned in (False, True):
                    twin = partial(_convolution, layout=layout, kernel=kernel, turned=turned)
                    fixed = _fixed(seen, stride=stride, pad=pad, dilation=dilation)
                    words = [*_words(layout, fixed.get("stride"), fixed.get("pad"))]
                    if fixed.get("dilation", 1) > 1:
                        words.append(Message("shelf.dilation", dilation=dilation))
                    if turned:
                        words.append(Message("shelf.turned"))
                    wide = _wide(W.shape[window], dilation)
                    grid = Grid(order[0], _axes(layout, x), wide)
                    yield Way(_bound(twin, fixed), order, tuple(words), grid)


def _wide(window: int, dilation: int) -> int:
    """How many rows a window reaches over."""
    return dilation * (window - 1) + 1


def _dilated(seen: Seen, layout: str, rows: int, window: int) -> Iterator[tuple[int, int, int]]:
    """Strides, paddings and dilations with which the output has its number of rows."""
    for dilation in seen.choices("dilation", DILATIONS):
        for stride, pad in _steps(seen, layout, rows, _wide(window, dilation)):
            yield stride, pad, dilation


def _steps(seen: Seen, layout: str, rows: int, window: int) -> Iterator[tuple[int, int]]:
    """Strides and paddings with which that many rows become as many as the output has."""
    if seen.output.ndim < 2:
        return
    out = seen.output.shape[1] if layout == _LAST else seen.output.shape[-2]
    for pad in seen.choices("pad", PADDINGS):
        for stride in seen.choices("stride", STRIDES):
            if rows + 2 * pad >= window and (rows + 2 * pad - window) // stride + 1 == out:
                yield stride, pad


def _bound(twin: Twin, fixed: Mapping[str, int]) -> Twin:
    """The function with the settings that are the same for all cases."""
    return partial(twin, **fixed)


def _fixed(seen: Seen, **settings: int) -> dict[str, int]:
    """The settings that are the same for all cases."""
    return {name: value for name, value in settings.items() if name not in seen.settings}


CONVOLUTION = Known(
    "Convolution",
    "out[n, f] = sum over c of x[n, c] * W[f, c], at every stride; plus b[f]",
    ("convolution", "conv", "conv2d", "convolutional", "convolution2d", "convlayer"),
    _convolutions,
    settings=(*SETTINGS, DILATION),
    inputs=(
        ("N C H W", "F C 3 3", "F"),
        ("N C 5 5", "F C 3 3", "F 1"),
        ("N 5 5 C", "3 3 C F", "1 1 1 F"),
        ("N 5 5 C", "3 3 C F", "F"),
        ("C 5 5", "F C 3 3", "F 3 3"),
    ),
)

DEPTHWISE = Known(
    "DepthwiseConvolution",
    "out[n, c] = x[n, c] * W[c], plus b[c]",
    ("depthwise", "depthwiseconv", "depthwiseconv2d", "depthwiseconvolution"),
    _convolutions,
    settings=(*SETTINGS, DILATION),
)

# --- pooling


def _pooled(
    x: torch.Tensor,
    *,
    kind: str,
    border: float,
    layout: str,
    window: tuple[int, int],
    stride: int,
    pad: int,
) -> torch.Tensor:
    """The largest entries or the means; the padding of an image is a `border` of that value."""
    import torch

    batch = _to_batch(x, layout)
    functional = torch.nn.functional
    if kind == "max":
        padded = functional.pad(batch, (pad,) * 4, value=border)
        return _from_batch(functional.max_pool2d(padded, window, stride), layout)
    return _from_batch(functional.avg_pool2d(batch, window, stride, pad), layout)


def _borders(seen: Seen, kind: str, pad: int) -> tuple[float, ...]:
    """Of zeros, which can be the largest, as layers by hand often have it; or as PyTorch has it."""
    padded = pad > 0 or "pad" in seen.settings
    return (0.0, -math.inf) if padded and kind == "max" else (0.0,)


def _pools(kinds: tuple[str, ...], seen: Seen) -> Iterator[Way]:
    for (name,) in seen.orders((4, 3, 2)):
        x = seen.arrays[name]
        for layout in _layouts(x):
            sizes = tuple(x.shape[axis] for axis in _axes(layout, x))
            squares = [(w, w) for w in WINDOWS]
            whole = [sizes] if sizes[0] != sizes[1] else []
            for window in (*squares, *whole):
                for stride, pad in _steps(seen, layout, sizes[0], window[0]):
                    if 2 * pad > min(window):
                        continue  # PyTorch refuses it
                    fixed = _fixed(seen, stride=stride, pad=pad)
                    further = tuple(_words(layout, fixed.get("stride"), fixed.get("pad")))
                    grid = Grid(name, _axes(layout, x), window[0])
                    for kind in kinds:
                        pool = partial(_pooled, kind=kind, layout=layout, window=window)
                        for border in _borders(seen, kind, pad):
                            twin = _bound(partial(pool, border=border), fixed)
                            yield Way(twin, (name,), (_window(kind, *window), *further), grid)


def _window(kind: str, height: int, width: int) -> Message:
    if kind == "max":
        return Message("shelf.max_window", height=height, width=width)
    return Message("shelf.mean_window", height=height, width=width)


def _global_average(seen: Seen) -> Iterator[Way]:
    for (name,) in seen.orders((4,)):
        yield Way(lambda x: x.mean((2, 3)), (name,))
        yield Way(lambda x: x.mean((2, 3), keepdim=True), (name,))
        yield Way(lambda x: x.mean((1, 2)), (name,), (Message("shelf.channels_last"),))


MAX_POOLING = Known(
    "MaxPooling",
    "out = the largest entry of each window",
    ("maxpooling", "maxpool", "maxpool2d", "maxpooling2d", "maxpoollayer"),
    partial(_pools, ("max",)),
    settings=SETTINGS,
)

AVERAGE_POOLING = Known(
    "AveragePooling",
    "out = the mean of each window",
    ("averagepooling", "avgpool", "avgpooling", "averagepool", "meanpooling", "meanpool"),
    partial(_pools, ("mean",)),
    settings=SETTINGS,
)

POOLING = Known(
    "Pooling",
    "out = the largest entry of each window, or their mean",
    ("pooling", "pool", "pool2d", "pooling2d", "poolinglayer"),
    partial(_pools, ("max", "mean")),
    settings=SETTINGS,
    inputs=(("N C H W",), ("N 4 4 C",), ("N C 4 4",)),
)

GLOBAL_AVERAGE = Known(
    "GlobalAveragePooling",
    "out[n, c] = the mean of x[n, c]",
    ("globalaveragepooling", "globalavgpool", "globalaveragepool", "gap", "globalavgpooling"),
    _global_average,
)

CONVOLUTIONS = (CONVOLUTION, DEPTHWISE, POOLING, MAX_POOLING, AVERAGE_POOLING, GLOBAL_AVERAGE)
