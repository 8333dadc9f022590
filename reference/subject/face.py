"""The face: the one interface to any subject, with commands as input and results as output.

The witnesses never hold an object of the learner's. They send a batch of commands and receive a
batch of results, so that the subject may live in a worker process: one message carries a whole
stack of perturbed operands.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from trigrad.contracts.schema import Array, Arrays
from trigrad.messages import Message

Sizes = tuple[int, ...]
"""The shape of an array."""

DEFINITION = "its definition"
"""The value of `Raised.call` for the statement that defines a class or function."""

FUNCTION = "it"
"""What a Raised calls a function, which has no method to name."""


class Form(StrEnum):
    """The form in which an array is passed to the subject."""

    PLAIN = "plain"
    READ_ONLY = "read-only"
    STRIDED = "non-contiguous"
    FORTRAN = "column-major (Fortran order)"
    NUMBER = "plain number"  # an array of one entry, as a Python float
    LIST = "list"  # nested lists of Python floats; what is given back must be lists or numbers


class BatchAxis(StrEnum):
    """Which axis of a layer's operands is the batch."""

    ROWS = "rows"
    COLUMNS = "columns"
    NONE = "none: one sample at a time"
    ONE_ROW = "none: one sample at a time, as a row"
    COLUMNS_MEAN = "columns, and the gradients of the parameters are means over them"


ROWS_OF_SAMPLES = frozenset((BatchAxis.ROWS, BatchAxis.ONE_ROW))
"""Where a sample is a row, whether or not there may be several."""


@dataclass(frozen=True)
class Build:
    """Create a new object. `parameters` are its weights; `sizes` are passed to a network."""

    parameters: Arrays = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    which: int = 0
    """The number of the object. One run may use several; the other commands have it too."""


@dataclass(frozen=True)
class Forward:
    """Call forward (a function, or a network's loss) on the operands."""

    operands: Arrays
    form: Form = Form.PLAIN
    which: int = 0


@dataclass(frozen=True)
class Backward:
    """Call backward. If `dout` is None, it is called as in training: without dout, if possible."""

    dout: Array | None = None
    form: Form = Form.PLAIN
    operands: Arrays = field(default_factory=dict)
    """The arguments of a network's gradient(x, t); a layer stores its own."""
    which: int = 0


@dataclass(frozen=True)
class Method:
    """Call another method, such as a network's predict, with as many operands as it takes."""

    name: str
    operands: Arrays
    which: int = 0


@dataclass(frozen=True)
class Sweep:
    """Build and forward for each of many values of one array, each with a new object.

    A numerical derivative needs hundreds of these; sent one by one, they would take longer to send
    than to run. The outputs are returned in one array, stacked like the values.
    """

    parameters: Arrays
    operands: Arrays
    name: str
    """The operand or parameter that takes the values, instead of its value above."""
    stack: Array
    """The values, stacked along the first axis."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    form: Form = Form.PLAIN
    """The form in which the operands are passed."""
    which: int = 0


@dataclass(frozen=True)
class Nudge:
    """A network's loss for every entry of one weight, changed in place by `step` and `-step`.

    This is what the book's numerical gradient needs. The losses are returned in one array of shape
    (2, *shape of the weight): first those with `step` added, then those with it subtracted.
    """

    name: str
    """The name of the weight."""
    operands: Arrays
    step: float
    which: int = 0


@dataclass(frozen=True)
class Look:
    """What the last forward and backward of an object gave, read once more, as it is now.

    Something else may have changed it in the meantime.
    """

    which: int = 0


@dataclass(frozen=True)
class Rewrite:
    """Write other values into the arrays in which an object holds its weights, as an update does.

    Of several arrays with the values of one weight the one number `choice` is written, or the last
    one. Where there is none of that number for any weight, the result is a Raised with `unjudged`.
    """

    parameters: Arrays
    choice: int = 0
    which: int = 0


@dataclass(frozen=True)
class Differentiate:
    """Build an object and run its forward on PyTorch, which differentiates it.

    The result has the output, the gradients of <dout, output> if there is a `dout` or the output
    is a number, and under TIE how near two numbers are that forward compares. Where no library can
    follow what forward does, it is a Raised with `unjudged`.
    """

    parameters: Arrays
    operands: Arrays
    sizes: Mapping[str, int] = field(default_factory=dict)
    dout: Array | None = None
    wanted: tuple[str, ...] = ()
    """The arrays whose gradients are asked for."""
    which: int = 0


@dataclass(frozen=True)
class Draw:
    """Build an object, run its forward on PyTorch, and note all that it does.

    The result is what `subject.drawn` packs: the operations, and all values with their gradients.
    Where no library can follow what forward does, it is a Raised with `unjudged`.
    """

    parameters: Arrays
    operands: Arrays
    sizes: Mapping[str, int] = field(default_factory=dict)
    dout: Array | None = None
    which: int = 0


TIE = "nearest tie"
STABILISED = "without stabilisers"
"""By how much output and gradients change without the tiny constants that forward adds."""


@dataclass(frozen=True)
class Guess:
    """Find a declaration for what nobody has declared: it is the only note of the result."""

    which: int = 0


class Passes(StrEnum):
    """How often a program is run, and whether the way back is taken."""

    FORWARD = "forward"
    """Only forward, for each of many values of its leaves."""
    BOTH = "both"
    TWICE = "twice"
    """Forward and back, and the same again with new leaves."""
    TRACED = "traced"
    """Forward once; the notes are the learner's functions that were called, the outermost first."""
    CLEARED = "cleared"
    """The same again with the same leaves, whose gradients are cleared in between."""


@dataclass(frozen=True)
class Compute:
    """Run a program on an engine: a class of numbers or arrays that remember their operations.

    `steps` are the names and the expressions, in Python, of its values; the last one is the output.
    The result has the output, and the gradients of the leaves by their names. With FORWARD, each
    leaf is a stack of values along a new first axis, and so is the output.
    """

    leaves: Arrays
    steps: tuple[tuple[str, str], ...]
    passes: Passes = Passes.BOTH
    scalar: bool = True
    """Whether the leaves are passed as plain numbers, not as arrays."""
    which: int = 0


@dataclass(frozen=True)
class Optimise:
    """Make an optimiser, and let it take steps.

    `parameters` are where the weights begin, in the order in which they are passed, and
    `gradients` has for each of them those of all steps, stacked along a new first axis. So has the
    result the weights after each step.
    """

    parameters: Arrays
    gradients: Arrays
    settings: Mapping[str, float]
    """What the learner's arguments are given, by the names of the row: `lr`, `momentum`, …"""
    choice: int = 0
    """Of several ways to understand the names of the arguments, the number of one."""
    beside: bool = False
    """Whether another optimiser of the same class takes steps in between, on other weights."""
    which: int = 0


@dataclass(frozen=True)
class Dissect:
    """Run a network forward and backward, and record what each layer in it meets.

    Its result has one note for each call of a layer (`subject.met`), and the arrays by the number
    of the call. In the same run, the object `which + n * LAYER` is then the layer of call number
    n - 1 as it was before that call, and `which + UPSTREAM * LAYER` the network with an array added
    to the output of each call: its gradients are what the layers' backward was given.
    """

    parameters: Arrays
    operands: Arrays
    sizes: Mapping[str, int] = field(default_factory=dict)
    dout: Array | None = None
    which: int = 0


LAYER = 1000
UPSTREAM = 999


Command = (
    Build
    | Forward
    | Backward
    | Method
    | Sweep
    | Nudge
    | Look
    | Rewrite
    | Differentiate
    | Guess
    | Compute
    | Optimise
    | Dissect
    | Draw
)


def called(command: Command, calls: Mapping[str, str]) -> str:
    """What a command calls, by the learner's names; `calls` has those of the two passes."""
    match command:
        case Build() | Dissect():
            return "the constructor"
        case Optimise():
            return calls["backward"]
        case Compute():
            forward = command.passes in (Passes.FORWARD, Passes.TRACED)
            return calls["forward" if forward else "backward"]
        case Look() | Rewrite():
            return "an attribute"
        case Forward() | Sweep() | Nudge() | Differentiate() | Draw() | Guess():
            return calls["forward"]
        case Backward():
            return calls["backward"]
        case Method():
            return command.name


@dataclass(frozen=True)
class Where:
    """A place in the subject's own text. Lines count from 1 in the cell, or in the file."""

    file: str
    cell: int | None
    line: int
    text: str = ""


@dataclass(frozen=True)
class Odd:
    """A value that is not a numeric array, described in words: "None", "a list of 2"."""

    words: str


def itself(weight: str) -> str:
    """How `Returned.shared` names a weight, as opposed to the gradient of the same name."""
    return f"{weight} itself"


@dataclass(frozen=True)
class Returned:
    """A call that returned. `values` has "output", or the gradients by name."""

    values: Mapping[str, Array | Odd]
    overwritten: tuple[str, ...] = ()
    """The operands, "dout" and parameters that the call has changed."""
    shared: tuple[tuple[str, str], ...] = ()
    """Pairs of gradients that share memory; the second may be a weight, named by `itself`."""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What building the object showed of its conventions: "W is stored as (M, D)"."""
    batch_axis: BatchAxis = BatchAxis.ROWS
    """The same as data, as far as a repair depends on it."""
    turned: tuple[str, ...] = ()
    """The parameters that the object stores transposed."""
    misfits: Mapping[str, tuple[Sizes, Sizes]] = field(default_factory=dict)
    """The gradients that a step cannot subtract from their parameters as the object stores these:
    the shapes of both, of the gradient first."""
    uncleared: bool = False
    """Whether backward adds to its gradients, and nothing that is known sets them to zero."""
    unordered: tuple[str, ...] = ()
    """Of a guess: arrays of one shape, in the order in which backward returns their gradients by
    their names; () where forward takes them in that order."""


@dataclass(frozen=True)
class Raised:
    """A call that raised."""

    call: str
    error: str
    """The name of the exception. If it is "", nothing was called, and `message` is a predicate
    whose subject is `call`: "is a misspelled name"."""
    message: str
    where: Where | None = None
    hints: tuple[str, ...] = ()
    """Hints from the learner's variables: "x is a tuple there, since line 13: x = x.shape"."""
    absent: str | None = None
    """The missing module or constant that is the reason of the error, if any."""
    ended: bool = False
    """Whether the call did not raise, but did not return either, or ended its process. Then
    `message` is a predicate whose subject is `call`: "did not return within 10 s"."""
    unjudged: str = ""
    """If not "", why the layer cannot be judged; for example, no dialect covers its spelling."""

    @property
    def sentence(self) -> str:
        """What happened, in one sentence: `forward raises ValueError: ...`."""
        if self.ended or not self.error:
            return str(Message("raised.other", call=self.call, message=self.message))
        if not self.message:
            return str(Message("raised.error", call=self.call, error=self.error))
        return str(
            Message("raised.error_why", call=self.call, error=self.error, message=self.message)
        )


Result = Returned | Raised


class Face(Protocol):
    """The interface to a layer or network of any subject."""

    @property
    def takes_dout(self) -> bool:
        """Whether backward can be given an upstream gradient."""
        ...

    @property
    def frameworks(self) -> tuple[str, ...]:
        """The autodiff libraries that its text uses."""
        ...

    def has(self, method: str) -> bool:
        """Whether a network has another method of that name."""
        ...

    def run(self, commands: Sequence[Command]) -> list[Result]:
        """Carry out the commands in order, one result each.

        After a call that raised, every later command for the same object has the same result,
        until the object is built again.
        """
        ...

    @property
    def apart(self) -> bool:
        """Whether it runs in another process, so that a message for several runs saves time."""
        ...

    def run_some(self, runs: Sequence[Sequence[Command]]) -> list[list[Result]]:
        """Carry out the first of several runs, as many as go together; one of them at least.

        Each is carried out by itself, as `run` does, and knows no object of another.
        """
        ...

    @property
    def over(self) -> bool:
        """Whether a call did not return: then every later result says the same."""
        ...

    def start_clock(self, share: float, at_most: float = math.inf) -> None:
        """Restart the time limit, if there is one, for the next claim.

        It is `share` times the whole limit, and at most `at_most` seconds.
        """
        ...

    def revive(self) -> None:
        """Forget that a call did not return: the next one is run again."""
        ...

    def stop(self, ending: Raised) -> None:
        """Take it that a call did not return: `ending` is every later result, if it can be so."""
        ...

    def close(self) -> None:
        """Release the resources: no more commands will be sent."""
        ...
