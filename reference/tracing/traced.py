"""What tracing a function gives: its output, and its gradient on demand; or why it cannot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np

from trigrad.messages import Message

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]
PullBack: TypeAlias = Callable[[Sequence[Array | None]], dict[str, Array]]
"""From a `dout` for each array of the output (none: zeros) to the gradient of each leaf."""


class Untraceable(Exception):  # noqa: N818 (it is no fault of the code)
    """The function cannot be traced without losing its gradient; `message` says at what."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Traced:
    """A function that was run on stand-ins for its arrays.

    Attributes:
        output: what it returned, with NumPy arrays and floats in place of the stand-ins.
        precision: the lowest precision of a float array or number that was met.
        nearest_tie: the smallest difference of two values that were compared, or of which one was
            chosen (`maximum`, `abs`, `floor`, `argmax`, …); infinite if there was none.
        random: whether random numbers were drawn.
        way: how the gradient is found: "autograd" or "complex step".
    """

    output: Any
    precision: np.dtype[Any]
    nearest_tie: float
    random: bool
    way: str
    pull_back: PullBack = field(repr=False)

    def gradients(self, dout: Any) -> dict[str, Array]:
        """The gradient of ⟨dout, output⟩ for each leaf, in float64 and in its shape.

        Args:
            dout: in the form of the output; None stands for zeros.

        Raises:
            ValueError: it has another form or shape than the output.
        """
        return self.pull_back(aligned(dout, self.output))

    def but(self, pull_back: PullBack) -> Traced:
        """The same, with another way to find the gradient."""
        return replace(self, pull_back=pull_back)


def is_numeric(value: Any) -> bool:
    """Whether a value is a float array or number: what can have a `dout`."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind == "f"
    return isinstance(value, float)


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """A value of nested tuples, lists and dicts, with all else in it changed."""
    if isinstance(value, dict):
        return {key: rebuilt(each, change) for key, each in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(rebuilt(each, change) for each in value))
    if isinstance(value, list | tuple):
        return type(value)(rebuilt(each, change) for each in value)
    return change(value)


def flattened(value: Any, wanted: Callable[[Any], bool]) -> list[Any]:
    """What is wanted in a value of nested tuples, lists and dicts, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [each for part in value for each in flattened(part, wanted)]
    return [value] if wanted(value) else []


def aligned(dout: Any, output: Any) -> list[Array | None]:
    """The `dout` of each array or number in an output; None stands for zeros.

    Raises:
        ValueError: it has another form or shape.
    """
    if isinstance(output, dict):
        if dout is not None and not (isinstance(dout, dict) and dout.keys() == output.keys()):
            raise ValueError("dout has other keys than the output")
        pairs = [(None if dout is None else dout[key], each) for key, each in output.items()]
    elif isinstance(output, list | tuple):
        if dout is not None and not (isinstance(dout, list | tuple) and len(dout) == len(output)):
            raise ValueError("dout has another number of parts than the output")
        pairs = list(zip(dout or [None] * len(output), output, strict=True))
    elif not is_numeric(output):
        return []
    elif dout is None:
        return [None]
    else:
        array = np.asarray(dout, dtype=np.float64)
        if array.shape != np.shape(output):
            raise ValueError(f"dout has shape {array.shape}, the output {np.shape(output)}")
        return [array]
    return [each for part, whole in pairs for each in aligned(part, whole)]
