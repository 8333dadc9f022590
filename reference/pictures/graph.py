"""The computational graph of a forward: nodes and arrows, each with a value and a gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.numerics.leftovers import largest, without_roundings
from trigrad.pictures.folding import Group, folded
from trigrad.pictures.leftovers import without_leftovers
from trigrad.pictures.numbers import CROSS, is_and_should_be, shape, telling, written
from trigrad.pictures.signs import sign
from trigrad.subject.drawn import Drawn
from trigrad.verdict.drawing import Drawing


class Form(StrEnum):
    """How a node is drawn."""

    CIRCLE = "circle"
    BOX = "box"
    INPUT = "input"
    CONSTANT = "constant"
    OUTPUT = "output"
    FORK = "fork"


@dataclass(frozen=True)
class Node:
    """An operation, an operand, a number, the output, or the point where a value forks."""

    form: Form
    text: str = ""
    title: str = ""
    """What a reader sees who points at it: the line of the learner's."""


@dataclass(frozen=True)
class Arrow:
    """A value that goes from one node to another, and the gradient that comes back; as lines."""

    source: int
    target: int
    value: tuple[str, ...] = ()
    gradient: tuple[str, ...] = ()
    wrong: bool = False
    """Whether the gradient, or of the last arrow the value, is not what it should be."""
    wrong_value: bool = False
    """Whether it is the value."""


@dataclass(frozen=True)
class Graph:
    """Nodes by their places, and the arrows between them."""

    nodes: Sequence[Node]
    arrows: Sequence[Arrow]
    note: str = ""
    """What is wrong that no arrow shows: a backward that raises."""


def graph_of(drawing: Drawing, *, by_layers: bool = False) -> Graph:
    """The graph of a drawing; `by_layers`: of a network, each layer is a node."""
    drawing = replace(drawing, drawn=without_leftovers(drawing.drawn))
    return _Maker(drawing, *folded(drawing.drawn, by_layers=by_layers)).graph()


class _Maker:
    def __init__(
        self, drawing: Drawing, groups: Sequence[Group], outputs: Mapping[str, int]
    ) -> None:
        self._drawing = drawing
        self._drawn: Drawn = drawing.drawn
        self._groups = groups
        self._outputs = outputs
        self._nodes: list[Node] = []
        self._arrows: list[Arrow] = []
        self._names: Mapping[int, str] = {n: name for name, n in self._drawn.leaves.items()}
        self._uses: dict[int, int] = {}
        """How many arrows begin with a value."""
        self._ends: dict[int, int] = {}
        """The node at which the arrows of a value begin: what made it, or a fork."""

    def graph(self) -> Graph:
        """The graph, from the operands to the output."""
        for value in self._outputs.values():
            self._uses[value] = self._uses.get(value, 0) + 1
        for group in self._groups:
            for use in group.inputs:
                self._uses[use.value] = self._uses.get(use.value, 0) + 1
        for group in self._groups:
            shown = [use for use in group.inputs if self._is_shown(group, use.value)]
            sources = [self._source(use.value) for use in shown]
            here = self._add(_node(group))
            for use, source in zip(shown, sources, strict=True):
                self._arrow(source, here, use.value, self._back(use.value, use.gradient))
            for value in group.outputs:
                self._made(value, here)
        should_be = self._output_parts()
        for name, value in self._outputs.items():
            end = self._source(value)
            here = self._add(Node(Form.OUTPUT, name))
            back = self._back(value, self._drawn.douts.get(value))
            self._arrow(end, here, value, back, should_be.get(name))
        return Graph(self._nodes, self._arrows, self._note())

    def _note(self) -> str:
        """What the arrows do not show."""
        if any(arrow.wrong for arrow in self._arrows) or not self._drawing.note:
            return ""
        return f"{CROSS} {self._drawing.note}"

    def _back(self, value: int, from_here: Array | None) -> Array | None:
        """What comes back along one of the arrows of a value."""
        return self._drawn.gradients.get(value) if self._uses[value] == 1 else from_here

    def _output_parts(self) -> Mapping[str, tuple[str, ...]]:
        """What is, and should be, of the outputs that are wrong, as lines."""
        due = self._drawing.output
        if due is None:
            return {}
        if isinstance(due, Message):
            is_ = shape(self._drawn.shapes[next(iter(self._outputs.values()))])
            return dict.fromkeys(
                self._outputs, (str(Message("picture.both", is_=is_, should_be=due)),)
            )
        shapes = [self._drawn.shapes[value] for value in self._outputs.values()]
        ends = np.cumsum([int(np.prod(each)) for each in shapes])
        if ends[-1] != due.size:
            return {}
        parts = np.split(due.ravel(), ends[:-1])
        found: dict[str, tuple[str, ...]] = {}
        for (name, value), part in zip(self._outputs.items(), parts, strict=True):
            own = self._drawn.values.get(value)
            if own is not None and telling(own, part.reshape(own.shape))[1].any():
                found[name] = tuple(is_and_should_be(own, part.reshape(own.shape)))
        return found

    def _add(self, node: Node) -> int:
        self._nodes.append(node)
        return len(self._nodes) - 1

    def _is_shown(self, group: Group, value: int) -> bool:
        """Whether it is drawn: not the numbers in a line or call that is one node."""
        return not group.label or value in self._drawn.gradients or value in self._names

    def _source(self, value: int) -> int:
        """The node at which an arrow of a value begins; an operand is entered when it is used."""
        if value not in self._ends:
            name = self._names.get(value, "")
            if value in self._drawn.gradients or name:
                form = Form.INPUT if value in self._drawn.gradients else Form.CONSTANT
                self._made(value, self._add(Node(form, name)))
            else:  # a number of its own at each place
                return self._add(Node(Form.CONSTANT, " ".join(self._written(value))))
        return self._ends[value]

    def _made(self, value: int, node: int) -> None:
        if self._uses.get(value, 0) > 1:
            fork = self._add(Node(Form.FORK))
            self._arrow(node, fork, value, self._drawn.gradients.get(value))
            node = fork
        self._ends[value] = node

    def _written(self, value: int) -> list[str]:
        array = self._drawn.values.get(value)
        return written(array) if array is not None else [shape(self._drawn.shapes[value])]

    def _arrow(
        self,
        source: int,
        target: int,
        value: int,
        gradient: Array | None,
        should_be: tuple[str, ...] | None = None,
    ) -> None:
        """Add an arrow; `should_be` are the lines of an output that is wrong."""
        drawing, node = self._drawing, self._nodes[source]
        numbered = node.form is Form.CONSTANT and value not in self._names
        shown = [] if numbered else self._written(value)  # the node has the number
        back = [] if gradient is None else written(gradient)
        wrong = should_be is not None
        if should_be is not None:
            shown = list(should_be)
        name = self._names.get(value, "")
        if node.form is Form.INPUT and name in drawing.wrong and gradient is not None:
            own = self._drawn.own.get(name)
            if own is not None:
                own = without_roundings(own, largest(gradient))
            back = is_and_should_be(own, gradient)
            wrong = (
                own is None or own.shape != gradient.shape or bool(telling(own, gradient)[1].any())
            )
        wrong_value = should_be is not None
        self._arrows.append(Arrow(source, target, tuple(shown), tuple(back), wrong, wrong_value))


def _node(group: Group) -> Node:
    if group.label:
        return Node(Form.BOX, group.label, group.title)
    text = sign(group.operations[0].name)
    return Node(Form.CIRCLE if len(text) <= 3 else Form.BOX, text, group.title)
