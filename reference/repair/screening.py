"""What an edited layer gives on a few cases: enough to drop nearly every edit at little cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Contract
from trigrad.numerics import tolerance
from trigrad.subject.face import Face, Raised, Result
from trigrad.witnesses.twin import answer_of_twin


class Level(IntEnum):
    """How far a layer gets with one quantity, on the worst of the cases."""

    ABSENT = 0
    """The call raises, or there is no such value."""
    MISSHAPEN = 1
    WRONG = 2
    RIGHT = 3


@dataclass(frozen=True)
class Standing:
    """What an edited layer gives: for each quantity its level, and how far it is off."""

    levels: tuple[Level, ...]
    errors: tuple[float, ...]
    """Relative to what should be, 0 to 1 for all that is not absent; the mean over the cases."""
    raised: int = 0
    """The line at which backward raises on the first case that it raises on; 0 for none."""

    @property
    def right(self) -> bool:
        """Whether everything is what PyTorch finds."""
        return all(level is Level.RIGHT for level in self.levels)

    def loses(self, other: Standing) -> bool:
        """Whether something is further from right than it is in the other."""
        return any(mine < theirs for mine, theirs in zip(self.levels, other.levels, strict=True))

    def gains(self, other: Standing) -> bool:
        """Whether nothing is further from right than in the other, and something nearer."""
        return not self.loses(other) and (self.levels != other.levels or self.gets_on(other))

    def gets_on(self, other: Standing) -> bool:
        """Whether backward raises at a later line than in the other: the one before was mended."""
        return self.raised > other.raised > 0

    @property
    def distance(self) -> float:
        """How far it is from right altogether: the smaller, the nearer."""
        absent = sum(Level.WRONG - level for level in self.levels if level < Level.WRONG)
        return absent + sum(self.errors)


class Screen:
    """A few cases with PyTorch's answers, put to one edited layer after the other."""

    def __init__(self, contract: Contract, cases: Sequence[Case]) -> None:
        self._contract = contract
        self._cases = list(cases)
        self._answers = [answer_of_twin(contract, case) for case in cases]

    def glance(self, face: Face) -> Standing:
        """What a layer gives on the first case."""
        return self._standing(face, 1)

    def standing(self, face: Face) -> Standing:
        """What a layer gives on all cases."""
        return self._standing(face, len(self._cases))

    def _standing(self, face: Face, count: int) -> Standing:
        """What a layer gives on so many cases, which are asked at once."""
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
        found = [self._output(answers, answer.output, results)]
        found += [self._gradient(answers, n, g, results) for n, g in answer.gradients.items()]
        return [level for level, _ in found], [error for _, error in found]

    def _output(
        self, answers: Answers, due: Array, results: Sequence[Result]
    ) -> tuple[Level, float]:
        try:
            return self._compared(answers, answers.output_from(results[1], answers.case), due)
        except AbsentError as absent:
            return _absent(absent)

    def _gradient(
        self, answers: Answers, name: str, due: Array, results: Sequence[Result]
    ) -> tuple[Level, float]:
        try:
            is_ = answers.gradient_from(results[2], name, answers.case)
        except AbsentError as absent:
            return _absent(absent)
        return self._compared(answers, is_, due)

    def _compared(self, answers: Answers, is_: Array, due: Array) -> tuple[Level, float]:
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


def _absent(absent: AbsentError) -> tuple[Level, float]:
    return (Level.ABSENT if absent.shapes is None else Level.MISSHAPEN), 1.0
