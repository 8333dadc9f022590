"""The case of an optimiser in words: how it is called, one number of a weight, its gradients."""

from __future__ import annotations

from dataclasses import dataclass

from trigrad.cases.steps import Walk
from trigrad.claim.evidence import Evidence
from trigrad.messages import Message
from trigrad.subject.face import Raised
from trigrad.trial.optimiser_reading import Mode


@dataclass(frozen=True)
class CaseWords:
    """What is the same in all cases of one optimiser."""

    call: str
    method: str
    """The method or function that takes a step."""

    def lines(
        self, mode: Mode, walk: Walk, weight: str, place: tuple[int, ...], steps: int
    ) -> tuple[str, ...]:
        """What is called, the weight, and its gradients up to that step."""
        start = walk.weights[weight][place]
        gradients = [f"{g[place]:g}" for g in walk.gradients[weight][:steps]]
        return (
            str(Message("optimiser.called", call=self.call, settings=mode.shown)),
            str(
                Message(
                    "optimiser.case",
                    entry=entry_of(weight, place),
                    start=f"{start:g}",
                    gradients=", ".join(gradients),
                )
            ),
        )

    def case(
        self, mode: Mode, more: tuple[str, ...], words: Message, raised: Raised | None = None
    ) -> Evidence:
        """The evidence where there is no number to show."""
        called = str(Message("optimiser.called", call=self.call, settings=mode.shown))
        return Evidence(words, program=(called, *more), methods=(self.method,), raised=raised)


def entry_of(weight: str, place: tuple[int, ...]) -> str:
    """`W1[0, 2]`"""
    return f"{weight}[{', '.join(map(str, place))}]"
