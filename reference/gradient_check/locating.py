"""From an array whose gradient is wrong to its wrong entries, and to what they have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from trigrad.gradient_check.entry import CLEARLY, entry, entry_mismatch
from trigrad.gradient_check.gradient_report import Wrong
from trigrad.gradient_check.measuring import Measuring, Mismatch
from trigrad.gradient_check.relations import place_words, relation
from trigrad.numerics.bisection import Missing, descend, wrong_boxes
from trigrad.numerics.boxes import Box

MOST = 32
"""Wrong entries that are all searched; where there are more, some are taken."""

SAMPLE = 16
"""Entries that are measured where most are wrong."""

ALMOST = 1.25
"""Times the error of the whole array's slope that one of its parts may have."""

FEW = 4
"""With fewer wrong entries than this among the sampled ones, some are searched."""


@dataclass(frozen=True)
class Located:
    """Wrong entries of a gradient, their pattern in words, and whether that says what happened."""

    wrong: list[Wrong]
    pattern: str
    explained: bool = False


def located(measuring: Measuring, name: str, found: Mismatch) -> Located:
    """The wrong entries of a parameter's gradient, and in words what they have in common.

    found: the mismatch of the whole array along the present direction. No entries where each is
    wrong by too little to be told from its error.
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
    missing = Missing(found.value, found.error)

    def measure(box: Box) -> Missing:
        part = measuring.mismatch([box], step=found.slope.step, goal=goal)
        return Missing(part.value, part.error) if part.slope.known else Missing(0.0, np.inf)

    axes = tuple(range(len(shape)))
    for order in dict.fromkeys([axes, axes[::-1]]):  # by rows, then by columns
        boxes = wrong_boxes(whole, missing, measure, order, MOST)
        if boxes and all(box.size == 1 for box in boxes):
            measured = [entry(measuring, name, box.index, goal) for box in boxes]
            wrong = [w for w in measured if _stands(measuring, w, goal)]
            if wrong:
                return Located(wrong, _counted(wrong, boxes, shape))
        place = place_words(boxes, shape)
        if place:
            break
    boxes = boxes or [whole]
    wrong, tried = _sampled(measuring, boxes, goal)
    if len(wrong) >= min(FEW, tried):
        share = f"all {tried}" if len(wrong) == tried else f"{len(wrong)} of {tried}"
        pattern = f"{place or 'all over'}: {share} entries that were tried are wrong"
        return Located(wrong, pattern)
    for box in boxes[:SAMPLE]:
        index = descend(box, measure)
        if index is not None:
            again = entry(measuring, name, index, goal)
            wrong += [again] if _stands(measuring, again, goal) and again not in wrong else []
    return Located(wrong, f"{place or 'in many places'}: these are some of the wrong entries")


def _counted(wrong: list[Wrong], boxes: list[Box], shape: tuple[int, ...]) -> str:
    count = "1 entry is wrong" if len(wrong) == 1 else f"{len(wrong)} entries are wrong"
    place = place_words(boxes, shape) if len(wrong) >= FEW else ""
    return f"{place}: {count}" if place else count


def _sampled(measuring: Measuring, boxes: list[Box], goal: float) -> tuple[list[Wrong], int]:
    """Of a few random entries in the boxes those that are wrong, and how many were tried."""
    (name,) = {box.name for box in boxes}
    if sum(box.size for box in boxes) <= SAMPLE:
        tried = [index for box in boxes for index in box.indices()]
    else:
        shares = np.array([box.size for box in boxes], dtype=float)
        picks = measuring.random.choice(len(boxes), size=SAMPLE, p=shares / shares.sum())
        drawn = (_within(boxes[pick], measuring.random) for pick in picks)
        tried = list(dict.fromkeys(drawn))
    measured = [entry(measuring, name, index, goal) for index in tried]
    return [w for w in measured if _stands(measuring, w, goal)], len(tried)


def _stands(measuring: Measuring, wrong: Wrong, goal: float) -> bool:
    """Whether an entry is wrong; where not by much, whether other steps see it too."""
    if not wrong.proven or wrong.index is None:
        return False
    if abs(wrong.is_ - wrong.should_be) > CLEARLY * wrong.error:
        return True
    box = [Box.entry(wrong.name, wrong.index)]
    return measuring.stands(box, entry_mismatch(measuring, wrong.name, wrong.index, goal))


def _within(box: Box, random: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(random.integers(start, stop)) for start, stop in box.ranges)


def along(name: str, found: Mismatch) -> Wrong:
    """The whole array along a direction, where no single entry can be named."""
    return Wrong(name, None, found.expected, found.slope.value, found.error)
