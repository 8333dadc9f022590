"""The search for wrong entries, by itself: boxes that are halved, relations, places in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from trigrad.contracts.schema import Array
from trigrad.gradient_check.relations import place_words
from trigrad.numerics.bisection import Residual, descend, wrong_boxes
from trigrad.numerics.boxes import Box


class Errors:
    """What is missing in each entry, and how many boxes were asked for."""

    def __init__(self, missing: Array, error: float = 1e-9) -> None:
        self.missing = missing
        self.error = error
        self.asked = 0

    def measure(self, box: Box) -> Residual:
        self.asked += 1
        return Residual(float(self.missing[box.slices].sum()), self.error)

    def found(self, most: int = 32, axes: tuple[int, ...] | None = None) -> list[Box]:
        whole = Box.whole("W", self.missing.shape)
        axes = tuple(range(self.missing.ndim)) if axes is None else axes
        first = self.measure(whole)
        return wrong_boxes(whole, first, self.measure, axes, most)


SHAPES = [(), (1,), (2,), (7,), (1000,), (5, 9), (3, 4, 5), (1, 64, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_halves_are_all_of_the_box(shape: tuple[int, ...]) -> None:
    axes = tuple(range(len(shape)))
    boxes = [Box.whole("W", shape)]
    assert boxes[0].size == math.prod(shape)
    while any(box.size > 1 for box in boxes):
        boxes = [b for box in boxes for b in (box.halves(axes) if box.size > 1 else (box,))]
        assert sum(box.size for box in boxes) == math.prod(shape)
    assert sorted(box.index for box in boxes) == list(np.ndindex(shape))
    assert list(Box.whole("W", shape).indices()) == list(np.ndindex(shape))
    assert {Box.entry("W", box.index) for box in boxes} == set(boxes)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_wrong_entries_are_found_with_few_measurements(shape: tuple[int, ...], count: int) -> None:
    random = np.random.default_rng(count)
    missing = np.zeros(shape)
    count = min(count, missing.size)
    places = random.choice(missing.size, size=count, replace=False)
    missing.reshape(-1)[places] = random.uniform(0.5, 1, size=count)
    errors = Errors(missing)
    boxes = errors.found()
    assert sorted(b.index for b in boxes) == sorted(map(tuple, np.argwhere(missing)))
    assert all(box.size == 1 for box in boxes)
    depth = sum(math.ceil(math.log2(length)) for length in shape)
    assert errors.asked <= 1 + 2 * count * depth


def test_search_stops_where_there_are_many() -> None:
    errors = Errors(np.ones(4096))
    boxes = errors.found(most=8)
    assert len(boxes) == 16
    assert sum(box.size for box in boxes) == 4096
    assert errors.asked < 40


@pytest.mark.parametrize(("axes", "cut"), [((0, 1), (1, 64)), ((1, 0), (64, 1))])
def test_axes_decide_what_is_cut_first(axes: tuple[int, ...], cut: tuple[int, int]) -> None:
    boxes = Errors(np.ones((64, 64))).found(most=32, axes=axes)
    assert {tuple(b - a for a, b in box.ranges) for box in boxes} == {cut}


def test_mismatch_that_is_lost_on_the_way_is_no_entry() -> None:
    """The whole misses something, and none of its parts do."""
    whole = Box.whole("W", (8,))
    assert wrong_boxes(whole, Residual(1.0, 0.1), lambda _: Residual(0.0, 2.0), (0,), 8) == []


@pytest.mark.parametrize("place", [0, 13, 99])
def test_descent_finds_an_entry(place: int) -> None:
    missing = np.zeros(100)
    missing[place] = -1.0
    errors = Errors(missing)
    assert descend(Box.whole("W", (100,)), errors.measure) == (place,)
    assert errors.asked <= 14
    assert descend(Box.whole("W", (100,)), Errors(0 * missing).measure) is None


def test_missing_is_wrong_beyond_its_error() -> None:
    assert Residual(1.1, 1.0).wrong
    assert Residual(-1.1, 1.0).wrong
    assert not Residual(1.0, 1.0).wrong
    assert not Residual(0.0, 0.0).wrong
    assert Residual(np.nan, 1.0).wrong


@pytest.mark.parametrize(
    ("indices", "shape", "words"),
    [
        ([(3, 0), (3, 1)], (10, 10), "row 3"),
        ([(3, 0), (5, 1)], (10, 2), "rows 3, 5"),
        ([(3, 8), (5, 8), (0, 8), (1, 8), (2, 8)], (6, 10), "column 8"),
        ([(0, 0), (1, 1)], (3, 3), ""),
        ([(0, 1, 2), (1, 1, 2)], (3, 9, 3), "along axis 1, index 1"),
        ([(7,)], (100,), ""),
        ([()], (), ""),
        ([], (10, 10), ""),
    ],
)
def test_place_in_words(indices: list[tuple[int, ...]], shape: tuple[int, ...], words: str) -> None:
    assert place_words([Box.entry("W", index) for index in indices], shape) == words


def test_wide_boxes_have_no_place() -> None:
    assert place_words([Box("W", ((0, 2), (0, 10)))], (10, 10)) == ""
