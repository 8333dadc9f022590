"""Where nodes and arrows are drawn: in columns from left to right, and the labels between them.

A label is in a column of its own, and an arrow that passes a column has a place there, so that
nothing is drawn over another. Places in a column are ordered by those of their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from trigrad.catalogue.columns import width
from trigrad.pictures.graph import Arrow, Form, Graph, Node

CHARACTER, LINE = 7.3, 15.0
"""The width of a character and the height of a line, of 12 pixels and equal widths."""

WIDER = 0.65
"""By which share of a letter a sign of Chinese, Japanese or Korean is wider than one."""

GAP, SPACE = 16.0, 12.0
"""Between columns, and between what stands one below the other."""

RADIUS = 17.0
SWEEPS = 8


@dataclass
class Box:
    """A place in a column: of a node, of an arrow's label, or where an arrow passes."""

    column: int
    width: float
    above: float
    """How far it reaches above its middle, and below it."""
    below: float
    node: Node | None = None
    arrow: Arrow | None = None
    x: float = 0.0
    """Its left side."""
    y: float = 0.0
    """Its middle."""
    before: list[Box] = field(default_factory=list)
    after: list[Box] = field(default_factory=list)


@dataclass(frozen=True)
class Laid:
    """All places, the arrows as the places through which they go, and the size of the whole."""

    boxes: Sequence[Box]
    paths: Sequence[tuple[Arrow, Sequence[Box]]]
    width: float
    height: float


def laid_out(graph: Graph) -> Laid:
    """The places of a graph's nodes and arrows."""
    ranks = _ranks(graph)
    boxes = [_of_node(node, 2 * rank) for node, rank in zip(graph.nodes, ranks, strict=True)]
    nodes = list(boxes)
    paths: list[tuple[Arrow, list[Box]]] = []
    for arrow in graph.arrows:
        source, target = nodes[arrow.source], nodes[arrow.target]
        way = [source]
        for column in range(source.column + 1, target.column):
            label = _of_label(arrow, column) if column == source.column + 1 else None
            way.append(label or Box(column, 0.0, 2.0, 2.0))
        boxes += way[1:]
        way.append(target)
        for one, other in pairwise(way):
            one.after.append(other)
            other.before.append(one)
        paths.append((arrow, way))
    columns = _columns(boxes)
    _order(columns)
    width = _spread(columns)
    top = min(box.y - box.above for box in boxes)
    for box in boxes:
        box.y += SPACE - top
    height = max(box.y + box.below for box in boxes) + SPACE
    return Laid(boxes, paths, width, height)


def _ranks(graph: Graph) -> list[int]:
    """The column of each node: after all that goes into it; an operand just before its use."""
    ranks = [0] * len(graph.nodes)
    for _ in graph.nodes:
        before = list(ranks)
        for arrow in graph.arrows:
            ranks[arrow.target] = max(ranks[arrow.target], ranks[arrow.source] + 1)
        if ranks == before:
            break
    entering = {arrow.target for arrow in graph.arrows}
    for place in range(len(graph.nodes)):
        if place not in entering:
            ranks[place] = min(ranks[a.target] for a in graph.arrows if a.source == place) - 1
    return ranks


def width_of(text: str) -> float:
    """The width of a text in pixels; signs of Chinese, Japanese and Korean are wider."""
    wide = width(text) - len(text)  # each takes two columns of a terminal
    return CHARACTER * (len(text) + WIDER * wide)


def _of_node(node: Node, column: int) -> Box:
    wide = width_of(node.text)
    match node.form:
        case Form.CIRCLE:
            return Box(column, 2 * RADIUS, RADIUS, RADIUS, node)
        case Form.BOX:
            return Box(column, wide + 18, RADIUS, RADIUS, node)
        case Form.FORK:
            return Box(column, 6.0, 4.0, 4.0, node)
        case _:
            return Box(column, wide + 4, LINE / 2 + 2, LINE / 2 + 2, node)


def _of_label(arrow: Arrow, column: int) -> Box:
    texts = [*arrow.value, *(f"← {line}" for line in arrow.gradient)]
    longest = max(map(width_of, texts), default=0.0)
    above = LINE * len(arrow.value) + 5
    below = LINE * len(arrow.gradient) + 7
    return Box(column, longest + 6, above, below, arrow=arrow)


def _columns(boxes: Sequence[Box]) -> list[list[Box]]:
    columns: list[list[Box]] = [[] for _ in range(max(box.column for box in boxes) + 1)]
    for box in boxes:
        columns[box.column].append(box)
    return columns


def _order(columns: Sequence[list[Box]]) -> None:
    """Order the places in each column by their neighbours', and give them their heights."""
    for column in columns:
        _place(column, [float(i) for i in range(len(column))])
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in columns if forth else reversed(columns):
            near = [
                (box.before if forth else box.after) or box.before or box.after for box in column
            ]
            wanted = [
                sum(_height(box, n) for n in found) / len(found)
                for box, found in zip(column, near, strict=True)
            ]
            order = sorted(range(len(column)), key=lambda place: wanted[place])
            column[:] = [column[place] for place in order]
            _place(column, [wanted[place] for place in order])


def _height(box: Box, neighbour: Box) -> float:
    """Where a place is wanted for the sake of a neighbour: operands in their order, from above."""
    entering = neighbour.before
    if len(entering) < 2 or all(box is not each for each in entering):
        return neighbour.y
    place = next(at for at, each in enumerate(entering) if each is box)
    return neighbour.y + place - (len(entering) - 1) / 2


def _place(column: Sequence[Box], wanted: Sequence[float]) -> None:
    """Put what stands in a column as near as can be to where it is wanted, in its order."""
    for box, y in zip(column, wanted, strict=True):
        box.y = y
    for _ in range(4 * len(column)):
        moved = False
        for upper, lower in pairwise(column):
            missing = (upper.y + upper.below + SPACE) - (lower.y - lower.above)
            if missing > 0.01:
                upper.y -= missing / 2
                lower.y += missing / 2
                moved = True
        if not moved:
            return
    for upper, lower in pairwise(column):
        lower.y = max(lower.y, upper.y + upper.below + SPACE + lower.above)


def _spread(columns: Sequence[Sequence[Box]]) -> float:
    """Give the columns their places from left to right; the width of all."""
    x = SPACE
    for column in columns:
        width = max((box.width for box in column), default=0.0)
        for box in column:
            if box.arrow is not None or (box.node is None):
                box.x, box.width = x, width
            elif box.node.form is Form.INPUT or box.node.form is Form.CONSTANT:
                box.x = x + width - box.width
            else:
                box.x = x + (width - box.width) / 2
        x += width + GAP
    return x - GAP + SPACE
