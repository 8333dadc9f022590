"""What an edited layer computes on a few cases: enough to reject nearly every edit cheaply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import partial

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Contract
from trigrad.numerics import tolerance
from trigrad.subject.face import Face, Odd, Raised, Result, Returned
from trigrad.witnesses.twin import answer_of_twin


class Level(IntEnum):
    """How near to right one quantity (the output, a gradient) is, on the worst of the cases."""

    ABSENT = 0
    """The call raises, or there is no such value."""
    MISSHAPEN = 1
    WRONG = 2
    RIGHT = 3


@dataclass(frozen=True)
class Standing:
    """What an edited layer computes: for each quantity its level, and how far it is off."""

    levels: tuple[Level, ...]
    errors: tuple[float, ...]
    """e / (1 + e) for a relative error e, so from 0 to 1; the mean over the cases."""
    raised: int = 0
    """The line at which backward raises on the first case that it raises on; 0 for none."""

    @property
    def right(self) -> bool:
        """Whether everything is what PyTorch finds."""
        return all(level is Level.RIGHT for level in self.levels)

    def loses(self, other: Standing) -> bool:
        """Whether some quantity has a lower level than in the other."""
        return any(mine < theirs for mine, theirs in zip(self.levels, other.levels, strict=True))

    def gains(self, other: Standing) -> bool:
        """Whether no quantity has a lower level than in the other, and something is better."""
        return not self.loses(other) and (self.levels != other.levels or self.raises_later(other))

    def output_gains(self, before: Standing) -> bool:
        """Whether the output is right, which it was not."""
        return before.levels[0] < self.levels[0] == Level.RIGHT

    def is_worth_following(self, before: Standing) -> bool:
        """Whether it keeps what is right, and is better where a quantity is wrong."""
        return self.gains(before) or (before.right and self.right)

    def raises_later(self, other: Standing) -> bool:
        """Whether backward raises at a later line than in the other, so gets further."""
        return self.raised > other.raised > 0

    @property
    def distance(self) -> float:
        """How far all quantities together are from right; 0 if all are right."""
        absent = sum(Level.WRONG - level for level in self.levels if level < Level.WRONG)
        return absent + sum(self.errors)


class Screen:
    """A few cases with PyTorch's answers, with which edited layers are compared."""

    def __init__(self, contract: Contract, cases: Sequence[Case]) -> None:
        self._contract = contract
        self._cases = list(cases)
        self._answers = [answer_of_twin(contract, case) for case in cases]

    def glance(self, face: Face) -> Standing:
        """What a layer computes on the first case."""
        return self._standing(face, 1)

    def standing(self, face: Face) -> Standing:
        """What a layer computes on all cases."""
        return self._standing(face, len(self._cases))

    def _standing(self, face: Face, count: int) -> Standing:
        """What a layer computes on the first `count` cases, which are run together."""
        all_answers = [Answers(self._contract, face, case) for case in self._cases[:count]]
        commands = [command for answers in all_answers for command in answers.whole()]
        results = face.run(commands)
        each = len(commands) // len(all_answers)
        rows = [
            self._row(answers, answer, results[i * each : (i + 1) * each])
            for i, (answers, answer) in enumerate(zip(all_answers, self._answers, strict=False))
        ]
        levels = tuple(Level(min(column)) for column in zip(*[r[0] for r in rows], strict=True))
        errors = tuple(float(np.mean(c)) for c in zip(*[r[1] for r in rows], strict=True))
        return Standing(levels, errors, next(filter(None, map(_line, results)), 0))

    def _row(
        self, answers: Answers, answer: Answer, results: Sequence[Result]
    ) -> tuple[list[Level], list[float]]:
        """Level and error of every quantity on one case: the output, then the gradients."""
        case = answers.case
        found = [
            self._compared(
                answers,
                partial(answers.output_from, results[1], case),
                answer.output,
                _is_array(results[1], "output"),
            )
        ]
        for name, due in answer.gradients.items():
            found.append(
                self._compared(
                    answers,
                    partial(answers.gradient_from, results[2], name, case),
                    due,
                    _is_array(results[2], name),
                )
            )
        return [level for level, _ in found], [error for _, error in found]

    def _compared(
        self, answers: Answers, value: Callable[[], Array], due: Array, is_array: bool
    ) -> tuple[Level, float]:
        try:
            is_ = value()
        except AbsentError:
            return (Level.MISSHAPEN if is_array else Level.ABSENT), 1.0
        allowed = tolerance.allowed(self._contract, answers.case, is_)
        with np.errstate(all="ignore"):
            off = np.abs(is_ - due)
            if bool(np.all(off <= allowed)):
                return Level.RIGHT, 0.0
            scale = float(np.abs(due).max(initial=0.0)) or 1.0
            error = float(off.max(initial=0.0)) / scale
        return Level.WRONG, error / (1 + error) if np.isfinite(error) else 1.0


def _line(result: Result) -> int:
    """The line at which backward raised; 0 where it is another result."""
    if isinstance(result, Raised) and result.call == "backward" and result.where is not None:
        return result.where.line
    return 0


def _is_array(result: Result, name: str) -> bool:
    """Whether a call returned an array of that name, of whatever shape."""
    value = result.values.get(name) if isinstance(result, Returned) else None
    return value is not None and not isinstance(value, Odd)
