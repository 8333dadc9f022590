"""Which entries of a wrong gradient are wrong, and what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigrad.gradient_check.entry import CLEARLY, entry, entry_mismatch
from trigrad.gradient_check.gradient_report import Wrong
from trigrad.gradient_check.measuring import Measuring, Mismatch
from trigrad.gradient_check.relations import place_words, relation
from trigrad.messages import Message
from trigrad.numerics.bisection import Residual, descend, wrong_boxes
from trigrad.numerics.boxes import Box

MOST = 32
"""Up to so many wrong entries, all are searched; of more, a sample is taken."""

SAMPLE = 16
"""Size of that sample."""

ALMOST = 1.25
"""The slope of a part may have this many times the error of the whole array's slope."""

FEW = 4
"""If fewer entries of the sample are wrong than this, wrong ones are searched."""


@dataclass(frozen=True)
class Located:
    """Wrong entries of a gradient, their pattern in words, and whether that says what happened."""

    wrong: list[Wrong]
    pattern: str
    explained: bool = False


def located(measuring: Measuring, name: str, found: Mismatch) -> Located:
    """The wrong entries of a parameter's gradient, and in words what they have in common.

    found: the mismatch of the whole array along the present direction. There are no entries if each
    is wrong by less than its error.
    """
    whole = measuring.whole(name)
    shape = measuring.gradients[name].shape
    direction = measuring.directions[name]
    goal = ALMOST * found.slope.error
    words = relation(measuring, name)
    measuring.directions[name] = direction
    if words is not None:
        wrong, _ = _sampled(measuring, [whole], goal)
        return Located(wrong or [along(name, found)], words, explained=True)
    residual = Residual(found.value, found.error)

    def measure(box: Box) -> Residual:
        part = measuring.mismatch([box], step=found.slope.step, goal=goal)
        return Residual(part.value, part.error) if part.slope.known else Residual(0.0, np.inf)

    axes = tuple(range(len(shape)))
    for order in dict.fromkeys([axes, axes[::-1]]):  # by rows, then by columns
        boxes = wrong_boxes(whole, residual, measure, order, MOST)
        if boxes and all(box.size == 1 for box in boxes):
            measured = [entry(measuring, name, box.index, goal) for box in boxes]
            wrong = [w for w in measured if _is_confirmed(measuring, w, goal)]
            if wrong:
                return Located(wrong, _counted(wrong, boxes, shape))
        place = place_words(boxes, shape)
        if place:
            break
    boxes = boxes or [whole]
    wrong, tried = _sampled(measuring, boxes, goal)
    if len(wrong) >= min(FEW, tried):
        at = place or Message("gc.all_over")
        said = Message("gc.tried_all", place=at, tried=tried)
        if len(wrong) < tried:
            said = Message("gc.tried_some", place=at, wrong=len(wrong), tried=tried)
        return Located(wrong, str(said))
    for box in boxes[:SAMPLE]:
        index = descend(box, measure)
        if index is not None:
            again = entry(measuring, name, index, goal)
            wrong += [again] if _is_confirmed(measuring, again, goal) and again not in wrong else []
    at = place or Message("gc.in_many_places")
    return Located(wrong, str(Message("gc.some", place=at)))


def _counted(wrong: list[Wrong], boxes: list[Box], shape: tuple[int, ...]) -> str:
    place = place_words(boxes, shape) if len(wrong) >= FEW else ""
    if place:
        return str(Message("gc.count_at", place=place, count=len(wrong)))
    return str(Message("gc.count", count=len(wrong)))


def _sampled(measuring: Measuring, boxes: list[Box], goal: float) -> tuple[list[Wrong], int]:
    """The wrong ones among some random entries of the boxes, and how many were tried."""
    (name,) = {box.name for box in boxes}
    if sum(box.size for box in boxes) <= SAMPLE:
        tried = [index for box in boxes for index in box.indices()]
    else:
        shares = np.array([box.size for box in boxes], dtype=float)
        picks = measuring.random.choice(len(boxes), size=SAMPLE, p=shares / shares.sum())
        drawn = (_within(boxes[pick], measuring.random) for pick in picks)
        tried = list(dict.fromkeys(drawn))
    measured = [entry(measuring, name, index, goal) for index in tried]
    return [w for w in measured if _is_confirmed(measuring, w, goal)], len(tried)


def _is_confirmed(measuring: Measuring, wrong: Wrong, goal: float) -> bool:
    """Whether an entry is wrong; if not by much, whether other steps confirm it."""
    if not wrong.proven or wrong.index is None:
        return False
    if abs(wrong.is_ - wrong.should_be) > CLEARLY * wrong.error:
        return True
    box = [Box.entry(wrong.name, wrong.index)]
    return measuring.confirmed(box, entry_mismatch(measuring, wrong.name, wrong.index, goal))


def _within(box: Box, random: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(random.integers(start, stop)) for start, stop in box.ranges)


def along(name: str, found: Mismatch) -> Wrong:
    """The mismatch of the whole array along a direction, where no single entry can be named."""
    return Wrong(name, None, found.expected, found.slope.value, found.error)
