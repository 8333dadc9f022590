"""What an operation of an engine is: how it is written, what PyTorch has for it, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

Number = int | float

MARGIN = 0.2
"""How far the operands of a program stay from kinks and from the edges of a domain."""

LARGEST = 200.0
"""No value of a program is larger: a reader can still follow it, and rounding stays small."""


def anywhere(*_: Any) -> bool:
    """Any operands will do."""
    return True


@dataclass(frozen=True)
class Operation:
    """One way to write one operation, such as `a * b`, `2 * a`, `a.tanh()` or `tanh(a)`."""

    name: str
    """What it computes: "mul"."""
    template: str
    """How it is written: "{0} * {1}"; {n} is a plain number."""
    twin: Callable[..., torch.Tensor]
    """The same in PyTorch, of the operands and the number, if there is one."""
    methods: tuple[str, ...]
    """The methods or the function of the learner's that it calls."""
    numbers: tuple[Number, ...] = ()
    """The numbers that may stand for {n}."""
    domain: Callable[..., bool] = anywhere
    """Whether it may be put to these operands (tensors) and this number."""
    arrays: bool = False
    """Whether it is about arrays only."""
    certain: bool = True
    """Whether its spelling means PyTorch's function and no other."""

    @property
    def operands(self) -> int:
        """How many objects of the engine it takes."""
        return 2 if "{1}" in self.template else 1

    @property
    def function(self) -> str:
        """The name of the function that it calls; "" for an operator or method."""
        head, bracket, _ = self.template.partition("(")
        return head if bracket and head.isidentifier() else ""

    def written(self, *names: str, number: Number | None = None) -> str:
        """The expression with these operands."""
        return self.template.format(*names, n=number)

    @property
    def shown(self) -> str:
        """The expression as it is named in sentences: `a * b`, `2 * a`."""
        number = self.numbers[0] if self.numbers else None
        return self.written("a", "b", number=number)
