"""What a worker tells of the layers in a network: each call of one, as text in a note."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from trigrad.subject.face import Where

NOT_CALLED = -1
"""The place among the backward calls of a layer whose backward is not called."""

OUTSIDE = -1
"""The number of the call around one that the network itself makes."""


@dataclass(frozen=True)
class Met:
    """One call of a layer's forward in a network, with the backward that belongs to it."""

    number: int
    """The number of the call: forward calls in the order in which they begin."""
    name: str
    """Where the network holds the layer: `layers['Affine1']`; "" if it does not."""
    cls: str
    """The name of its class."""
    where: Where | None
    """The line in which its backward begins."""
    last: int
    """The last line of its backward."""
    around: int = OUTSIDE
    """The number of the call within which it is made."""
    leaf: bool = True
    """Whether it calls no further layers."""
    layer: int = 0
    """The number of the object, since one layer may be called several times."""
    back: int = NOT_CALLED
    """The place of its backward among those that ended."""
    why: str = ""
    """Why it cannot be judged; "" if it can."""
    weights: tuple[str, ...] = ()
    """The arrays that it holds and on which its output depends."""
    found: tuple[str, ...] = ()
    """The inputs and weights of which it gives a gradient."""
    shared: Mapping[str, str] = field(default_factory=dict)
    """Which of its arrays are the network's weights themselves, by their names there."""
    raised: str = ""
    """What its backward raised in the network; "" if it did not."""
    stale: bool = False
    """Whether its backward gave something else in the network than for this call alone."""

    def packed(self) -> str:
        """The call as text."""
        where = self.where
        place = None if where is None else plain_place(where)
        return json.dumps({**vars(self), "where": place, "shared": dict(self.shared)})


def unpacked(note: str) -> Met:
    """A call from its text, which something else than this module may have written.

    Raises:
        ValueError: it is not such a text.
    """
    try:
        value = json.loads(note)
        where = value["where"]
        return Met(
            number=number_of(value["number"]),
            name=text_of(value["name"]),
            cls=text_of(value["cls"]),
            where=None if where is None else where_of(where),
            last=number_of(value["last"]),
            around=number_of(value["around"]),
            leaf=value["leaf"] is True,
            layer=number_of(value["layer"]),
            back=number_of(value["back"]),
            why=text_of(value["why"]),
            weights=tuple(map(text_of, value["weights"])),
            found=tuple(map(text_of, value["found"])),
            shared={text_of(k): text_of(v) for k, v in value["shared"].items()},
            raised=text_of(value["raised"]),
            stale=value["stale"] is True,
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a call of a layer: {error}") from error


def plain_place(where: Where) -> list[Any]:
    """A place as plain values."""
    return [where.file, where.cell, where.line, where.text]


def where_of(value: Any) -> Where:
    """A place from its plain values; ValueError or TypeError for anything else."""
    file, cell, line, text = value
    numbers = None if cell is None else number_of(cell), number_of(line)
    return Where(text_of(file), *numbers, text_of(text))


def text_of(value: Any) -> str:
    """A printable text; ValueError for anything else."""
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("not a text")
    return value


def number_of(value: Any) -> int:
    """A whole number; ValueError for anything else."""
    if type(value) is not int:
        raise ValueError("not a number")
    return value
