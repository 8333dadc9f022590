"""The face that every subject shows: commands in, arrays out.

The court never holds a learner's object. It sends a batch of commands and gets a batch of
results, so that a worker process can stand behind the same face: one message carries a whole
stack of perturbed operands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from trigrad.contracts.schema import Array, Arrays

DEFINITION = "its definition"
"""What a Raised calls the statement that defines a class or function."""

FUNCTION = "it"
"""What a Raised calls a function, which has no method to name."""


class Form(StrEnum):
    """In what form an array is handed to the subject."""

    PLAIN = "plain"
    READ_ONLY = "read-only"
    STRIDED = "non-contiguous"
    NUMBER = "plain number"  # one entry, as a Python float


@dataclass(frozen=True)
class Build:
    """Make a new object. `parameters` are its weights; `sizes` are given to a network."""

    parameters: Arrays = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    which: int = 0
    """Which of the objects that live side by side in one run; so too in the other commands."""


@dataclass(frozen=True)
class Forward:
    """Call forward (a function, or a network's loss) on the operands."""

    operands: Arrays
    form: Form = Form.PLAIN
    which: int = 0


@dataclass(frozen=True)
class Backward:
    """Call backward. `dout` None means: as training does, with no argument where that works."""

    dout: Array | None = None
    form: Form = Form.PLAIN
    operands: Arrays = field(default_factory=dict)
    """What a network's gradient(x, t) is given; a layer remembers its own."""
    which: int = 0


@dataclass(frozen=True)
class Method:
    """Call a further method, such as a network's predict, with those of its operands it takes."""

    name: str
    operands: Arrays
    which: int = 0


@dataclass(frozen=True)
class Sweep:
    """Build and forward for each of many values of one array, each on an object of its own.

    What a numerical derivative needs, in one command: hundreds of them by themselves would cost
    more to send than to carry out. The outputs come back in one array, stacked as the values are.
    """

    parameters: Arrays
    operands: Arrays
    name: str
    """The operand or parameter that takes the values, whatever it has above."""
    stack: Array
    """The values, one after the other along the first axis."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    which: int = 0


@dataclass(frozen=True)
class Nudge:
    """A network's loss with every entry of one weight moved in its place, one after the other.

    What the book's numerical gradient needs, in one command. The losses come back in an array of
    shape (2, ...), the weight's behind the 2: with the entry moved up by `step`, and down.
    """

    name: str
    """The weight."""
    operands: Arrays
    step: float
    which: int = 0


Command = Build | Forward | Backward | Method | Sweep | Nudge


def called(command: Command, calls: Mapping[str, str]) -> str:
    """What a command calls, in the learner's words; `calls` are those for the two passes."""
    match command:
        case Build():
            return "the constructor"
        case Forward() | Sweep() | Nudge():
            return calls["forward"]
        case Backward():
            return calls["backward"]
        case Method():
            return command.name


@dataclass(frozen=True)
class Where:
    """A place in the subject's own text. Lines count from 1 in the cell, or else in the file."""

    file: str
    cell: int | None
    line: int
    text: str = ""


@dataclass(frozen=True)
class Odd:
    """Something that is not a numeric array, in words: "None", "a list"."""

    words: str


def itself(weight: str) -> str:
    """What a weight, as opposed to its gradient, is called in `Returned.shared`."""
    return f"{weight} itself"


@dataclass(frozen=True)
class Returned:
    """A call that came back. `values` has "output", or a gradient for each name that has one."""

    values: Mapping[str, Array | Odd]
    overwritten: tuple[str, ...] = ()
    """Arguments, "dout" and parameters that the call has changed."""
    shared: tuple[tuple[str, str], ...] = ()
    """Pairs of gradients that are one and the same memory; the other may be a weight `itself`."""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What making the object showed of its spelling: "W is kept as (M, D)"."""


@dataclass(frozen=True)
class Raised:
    """A call that raised."""

    call: str
    error: str
    message: str
    where: Where | None = None
    hints: tuple[str, ...] = ()
    """What the learner's own variables show: "x is a tuple there, since line 13: x = x.shape"."""
    absent: str | None = None
    """What is not here and whose absence raised this: a module, or a constant not computed."""
    ended: bool = False
    """Whether nothing was raised: the call did not return, or took its process with it.
    `message` goes on from `call` then: "did not return within 10 s"."""
    unjudged: str = ""
    """Why nothing can be judged: it turned out to be spelt in a way that no dialect covers."""

    @property
    def sentence(self) -> str:
        """What happened, in one sentence: `forward raises ValueError: ...`."""
        if self.ended:
            return f"{self.call} {self.message}"
        return f"{self.call} raises {self.error}" + (f": {self.message}" if self.message else "")


Result = Returned | Raised


class Face(Protocol):
    """What the court can ask of any subject."""

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        ...

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Libraries that differentiate by themselves and that its text uses."""
        ...

    def has(self, method: str) -> bool:
        """Whether a network has a further method of that name."""
        ...

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each.

        After a call that raised, what is asked of that object repeats the result, until it is
        built again.
        """
        ...

    @property
    def over(self) -> bool:
        """Whether a call did not come back: every further result says the same."""
        ...

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """A claim begins: it has the time limit times `share`, where there is one.

        It has `at_most` so many seconds.
        """
        ...

    def revive(self) -> None:
        """Forget that a call did not come back."""
        ...

    def close(self) -> None:
        """Nothing more will be asked."""
        ...
