"""Where a right optimiser moves weights: PyTorch's own, and the formulas of all conventions."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from trigrad.cases.steps import Walk
from trigrad.contracts.optimiser_formulas import (
    PLACES,
    Decay,
    Eps,
    Family,
    Settings,
    added_to_gradient,
    walked,
)
from trigrad.contracts.optimisers import Rules
from trigrad.contracts.schema import Array
from trigrad.numerics import tolerance

Bounds = Mapping[str, tuple[Array, Array]]
"""For each weight the lowest and highest number that is right, after each step."""


def bounds(
    family: Family, decay: Decay, walk: Walk, settings: Settings, small: Sequence[float]
) -> Bounds:
    """Between which numbers a formula is, wherever eps stands, and with any of these as eps."""
    found = {}
    count = len(walk.weights)
    for index, (name, start) in enumerate(walk.weights.items()):
        here = {**settings, "index": index, "count": count}
        ways = [
            np.stack(list(walked(family(place), start, walk.gradients[name], s, decay)))
            for place, s in _places(here, small)
        ]
        found[name] = np.min(ways, axis=0), np.max(ways, axis=0)
    return found


def _places(settings: Settings, small: Sequence[float]) -> Iterator[tuple[Eps, Settings]]:
    if not small:
        yield Eps.OUTSIDE, {**settings, "eps": 0.0}
    for eps, place in product(small, PLACES):
        yield place, {**settings, "eps": eps}


def allowed(
    family: Family, walk: Walk, settings: Settings, small: Sequence[float], eps: float
) -> Mapping[str, Array]:
    """How far each weight may be off through rounding after each step."""
    found = {}
    for name, start in walk.weights.items():
        largest = {**settings, "eps": max(small, default=0.0), "index": 0, "count": 1}
        gradients = np.abs(walk.gradients[name])
        with np.errstate(all="ignore"):
            *_, end = walked(family(Eps.SMALL), start, gradients, largest, added_to_gradient)
        way = np.nan_to_num(np.abs(end - start), nan=0.0, posinf=0.0)
        found[name] = tolerance.of_steps(len(gradients), start, way, eps)
    return found


def fitting(found: Array, low: Array, high: Array, off: Array) -> Array:
    """Which numbers are within the bounds, but for rounding; what is nan has to be nan."""
    with np.errstate(all="ignore"):
        inside = (found >= low - off) & (found <= high + off)
        same = (np.isnan(found) & np.isnan(low)) | ((found == low) & np.isinf(low))
    result: Array = inside | same
    return result


def of_pytorch(rules: Rules, walk: Walk, settings: Settings) -> Mapping[str, Array]:
    """Where PyTorch's optimiser moves the weights."""
    import torch

    weights = {n: torch.nn.Parameter(torch.tensor(a)) for n, a in walk.weights.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        optimiser = rules.torch(torch.optim, list(weights.values()), settings)
    after: dict[str, list[Array]] = {name: [] for name in weights}
    for number in range(len(next(iter(walk.gradients.values())))):
        for name, weight in weights.items():
            weight.grad = torch.tensor(walk.gradients[name][number])
        optimiser.step()
        for name, weight in weights.items():
            after[name].append(weight.detach().numpy().copy())
    return {name: np.stack(each) for name, each in after.items()}
