"""The dialect of a network with an array added to the output of each layer in it.

The gradient of such an array is what backward of that layer has to be given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Contract, Kind, Notation, Variable
from trigrad.messages import Message
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.face import Build
from trigrad.subject.recording import Phase


@dataclass(frozen=True)
class Run:
    """What a run of the network gave."""

    output: Any
    phases: tuple[Phase, ...]
    """Of its forward and, where it was called, of its backward."""


class UpstreamDialect(PlainDialect):
    """A network on one case, whose operands are what is added to the outputs of its layers."""

    refusal = Message("apart.no_update")

    def __init__(
        self,
        defined: Any,
        calls: Mapping[str, str],
        shapes: Mapping[int, tuple[int, ...]],
        run: Callable[[Mapping[int, Any], bool], Run],
        given: Callable[[Run], Mapping[int, Any]],
        *,
        is_number: bool,
    ) -> None:
        """`run` runs the network, its backward as well or not; `given` finds each call's dout.

        `is_number`: whether its output is a loss, in whatever shape of one entry.
        """
        self._is_number = is_number
        self.defined = defined
        self.calls = calls
        self._shapes = shapes
        self._run = run
        self._given = given
        self.contract = upstream_contract(getattr(defined, "__name__", "network"), shapes)

    def build(self, command: Build) -> list[Array]:  # noqa: ARG002 - all is made when it is run
        """What is added, once that is known."""
        return []

    def forward(self, built: list[Array], operands: list[Any]) -> Any:
        """The network's output."""
        built[:] = operands
        output = self._run(dict(zip(self._shapes, operands, strict=True)), False).output
        return output.reshape(()) if self._is_number and np.ndim(output) else output

    def own_output(
        self,
        parameters: Mapping[str, Any],
        sizes: Mapping[str, int],
        operands: list[Any],
    ) -> Any:
        """The output, for arrays of whatever kind."""
        return self.forward(self.build(Build(dict(parameters), sizes)), operands)

    def backward(
        self,
        built: list[Array],
        dout: Any,  # noqa: ARG002 - that of the case, always
        operands: list[Any],  # noqa: ARG002
    ) -> dict[str, Any]:
        """What the layers' backward is given."""
        run = self._run(dict(zip(self._shapes, built, strict=True)), True)
        douts = self._given(run)
        found = {}
        for number, shape in self._shapes.items():
            if number in douts:
                value = np.asarray(douts[number])
                one = value.size == 1  # a number is passed for all
                found[name_of(number)] = np.full(shape, value.reshape(())) if one else value
        return found


def name_of(number: int) -> str:
    """What an array is called that is added to the output of a call."""
    return f"output {number}"


def upstream_contract(name: str, shapes: Mapping[int, tuple[int, ...]]) -> Contract:
    """The row of a network whose operands are what is added to its layers' outputs."""
    return Contract(
        name=name,
        kind=Kind.LAYER,
        operands=tuple(Variable(name_of(n), tuple(map(str, s))) for n, s in shapes.items()),
        output=None,
        twin=None,
        notation=Notation("", ()),
        gradients=tuple(map(name_of, shapes)),
    )
