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
        place = None if where is None else [where.file, where.cell, where.line, where.text]
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
            number=_number(value["number"]),
            name=_text(value["name"]),
            cls=_text(value["cls"]),
            where=None if where is None else _where(where),
            last=_number(value["last"]),
            around=_number(value["around"]),
            leaf=value["leaf"] is True,
            layer=_number(value["layer"]),
            back=_number(value["back"]),
            why=_text(value["why"]),
            weights=tuple(map(_text, value["weights"])),
            found=tuple(map(_text, value["found"])),
            shared={_text(k): _text(v) for k, v in value["shared"].items()},
            raised=_text(value["raised"]),
            stale=value["stale"] is True,
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a call of a layer: {error}") from error


def _where(value: Any) -> Where:
    file, cell, line, text = value
    return Where(_text(file), None if cell is None else _number(cell), _number(line), _text(text))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError("not a text")
    return value


def _number(value: Any) -> int:
    if type(value) is not int:
        raise ValueError("not a number")
    return value
