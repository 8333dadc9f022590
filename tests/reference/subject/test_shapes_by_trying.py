"""Shapes that names do not tell are found by running forward."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

from trigrad.contracts.declaration import Declaration, declared
from trigrad.contracts.schema import Array
from trigrad.subject.dialects.declared_calls import passes_of
from trigrad.subject.objects_made import ways_of
from trigrad.subject.shapes_by_trying import shapes_by_trying


class Gated:
    """Both products have to be as wide as x, since x is one of the two that are mixed."""

    def __init__(self, Wt: Array, bt: Array, Wh: Array, bh: Array) -> None:
        self.Wt, self.bt, self.Wh, self.bh = Wt, bt, Wh, bh

    def forward(self, x: Array) -> Any:
        t = 1 / (1 + np.exp(-(x @ self.Wt + self.bt)))
        return t * np.tanh(x @ self.Wh + self.bh) + (1 - t) * x

    def backward(self, dout: Array) -> None: ...


class LargestOfSeveral:
    """A weight of three axes, and a matrix that is added."""

    def __init__(self, weight: Array, bias: Array) -> None:
        self.weight, self.bias = weight, bias

    def forward(self, x: Array) -> Any:
        pieces = np.tensordot(x, self.weight, axes=(1, 0)) + self.bias
        if self.bias.shape != pieces.shape[1:]:
            raise ValueError("one offset for each piece")
        return pieces.max(axis=-1)

    def backward(self, dout: Array) -> None: ...


class OverTime:
    """Rows of x are steps, and it is multiplied from the left."""

    def __init__(self, Wxh: Array, Whh: Array, Why: Array) -> None:
        self.Wxh, self.Whh, self.Why = Wxh, Whh, Why

    def forward(self, xs: Array) -> Any:
        h = np.zeros(self.Whh.shape[0])
        ys = []
        for x in xs:
            h = np.tanh(self.Wxh @ x + self.Whh @ h)
            ys.append(self.Why @ h)
        return np.array(ys)

    def backward(self, dys: Array) -> None: ...


class ChannelsLast:
    """A convolution whose images and filters have their channels last."""

    def __init__(self, filters: Array) -> None:
        self.filters = filters

    def forward(self, image: Array) -> Any:
        n, height, width, _ = image.shape
        rows, columns, _, count = self.filters.shape
        out = np.zeros((n, height - rows + 1, width - columns + 1, count))
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                patch = image[:, i : i + rows, j : j + columns]
                out[:, i, j] = np.tensordot(patch, self.filters, axes=3)
        return out

    def backward(self, dout: Array) -> None: ...


def mixed(left: Array, right: Array, table: Array) -> Any:
    """Two inputs of sizes of their own."""
    return np.einsum("ni,ijk,nj->nk", left, table, right)


def mixed_backward(dout: Array) -> None: ...


class Swallows:
    """Catches whatever is raised: also where an array without a shape is used."""

    def __init__(self, gain: Array) -> None:
        self.gain = gain

    def forward(self, x: Array) -> Any:
        try:
            return x * self.gain
        except Exception:  # noqa: BLE001 - as learners write it
            return np.zeros(1)

    def backward(self, dout: Array) -> None: ...


class Refuses:
    """No shape will do."""

    def __init__(self, weight: Array) -> None:
        self.weight = weight

    def forward(self, x: Array) -> Any:
        raise ValueError(f"not with {x.shape} and {self.weight.shape}")

    def backward(self, dout: Array) -> None: ...


def found(value: Any, backward: Any = None, first: int = 12) -> list[dict[str, tuple[str, ...]]]:
    passes = passes_of(value, backward, Declaration("", ()))
    ways = [w for w in ways_of(value, {}) if not w.given] if isinstance(value, type) else []
    texts = islice(shapes_by_trying(value, passes, ways, {}), first)
    return [{v.name: v.shape for v in declared(text).variables} for text in texts]


@pytest.mark.parametrize(
    ("value", "backward", "shapes"),
    [
        (Gated, None, {"x": "N D", "Wt": "D D", "bt": "D", "Wh": "D D", "bh": "D"}),
        (LargestOfSeveral, None, {"x": "N D", "weight": "D M H", "bias": "M H"}),
        (ChannelsLast, None, {"image": "N H W C", "filters": "3 3 C M"}),
        (mixed, mixed_backward, {"left": "N D", "table": "D M H", "right": "N M"}),
    ],
)
def test_they_are_among_the_first(
    value: Any, backward: Callable[..., None] | None, shapes: dict[str, str]
) -> None:
    assert {n: tuple(s.split()) for n, s in shapes.items()} in found(value, backward)


def test_the_sizes_of_a_recurrence_fit_each_other() -> None:
    for shapes in found(OverTime, first=1):
        assert shapes["Whh"][0] == shapes["Whh"][-1]
        assert shapes["Wxh"] == (shapes["Whh"][0], shapes["xs"][1])


def test_what_is_found_runs_and_is_found_again() -> None:
    every = found(Gated, first=40)
    assert every == found(Gated, first=40)
    assert all({*shapes} == {"x", "Wt", "bt", "Wh", "bh"} for shapes in every)
    # Mixed with x, nothing may be wider than it.
    assert {axis for shapes in every for axis in shapes["Wh"]} <= {*every[0]["x"], "1"}


def test_a_handler_of_the_layer_does_not_hide_which_array_is_used() -> None:
    assert {"x": ("N", "D"), "gain": ("D",)} in found(Swallows)


def test_where_nothing_runs_nothing_is_found() -> None:
    assert found(Refuses) == []


def test_the_weights_that_an_object_holds_tell_its_input() -> None:
    class Held:
        def __init__(self, width: int) -> None:
            self.weight = np.ones((width, width))

        def forward(self, x: Array) -> Any:
            rows, steps, _ = x.shape
            return x.reshape(rows * steps, -1) @ self.weight

        def backward(self, dout: Array) -> None: ...

    assert found(Held)[0] == {"x": ("N", "T", "D"), "weight": ("D", "D")}
