"""Put programs to an engine: which of them are right, and what is wrong in the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from trigrad.claim.claim import Witness
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.slope import Slope
from trigrad.programs.program import Program
from trigrad.subject.face import Face, Odd, Passes, Raised, Result, Returned
from trigrad.witnesses.programs import (
    Right,
    along_all,
    along_each,
    both_ways,
    differs,
    moved,
    outputs_of,
    precision,
    refutes,
    right,
    slopes,
)

DIGITS = 6


class Wrong(StrEnum):
    """What is wrong in a program."""

    RAISES = "raises"
    VALUE = "value"
    GRADIENT = "gradient"
    UNDECIDED = "undecided"
    """The witnesses do not agree."""


@dataclass(frozen=True)
class Mismatch:
    """A program in which an engine is wrong."""

    program: Program
    wrong: Wrong
    words: Message
    is_: str = ""
    should_be: str = ""
    error: float | None = None
    allowed: float | None = None
    raised: Raised | None = None
    witnesses: tuple[Witness, ...] = ()
    own: Mapping[str, Array] = field(default_factory=dict)
    """What the engine gives: the gradients of the leaves by name, and "output"."""
    differing: frozenset[str] = frozenset()
    """Which of these are other numbers than PyTorch's, or not there."""

    @property
    def counts(self) -> bool:
        """Whether it is a mistake of the engine's."""
        return self.wrong is not Wrong.UNDECIDED


@dataclass(frozen=True)
class Spelling:
    """How an engine is written, for the lines that a reader sees."""

    engine: str
    value: str
    gradient: str
    further: str
    backward: str
    clearing: str

    @property
    def method(self) -> str:
        """The method that goes back."""
        return self.backward.partition("(")[0]

    def lines(self, program: Program, passes: Passes = Passes.BOTH) -> tuple[str, ...]:
        """A program in Python."""
        *lines, back = program.lines(self.engine, self.further, self.backward)
        once = (*lines, back)
        if passes is Passes.TWICE:
            return (*once, *once)
        if passes is Passes.CLEARED:
            cleared = tuple(self._cleared(name) for name in program.leaves)
            return (*once, *cleared, *lines[len(program.leaves) :], back)
        return once

    def _cleared(self, name: str) -> str:
        return f"{name}.{self.clearing}()" if self.clearing else f"{name}.{self.gradient} = …"

    def of(self, name: str, output: str) -> str:
        """Where a number is found: `a.grad`, `c.data`."""
        if name == "output":
            return f"{output}.{self.value}"
        return f"{name}.{self.gradient}"


class ProgramJudge:
    """Runs programs on one engine."""

    def __init__(self, face: Face, spelling: Spelling) -> None:
        self.face = face
        self.spelling = spelling
        self.judged = 0
        """How many programs were compared with PyTorch."""

    def judge(
        self, programs: Sequence[Program], passes: Passes = Passes.BOTH
    ) -> list[Mismatch | None]:
        """What is wrong in each program; None where it is right."""
        self.judged += len(programs)
        results = self.face.run([both_ways(p, passes) for p in programs])
        dues = [right(p) for p in programs]
        return (
            [
                self._compared(p, result, due)
                for p, result, due in zip(programs, results, dues, strict=True)
            ]
            if self.face.over
            else self._with_differences(programs, results, dues)
        )

    def _with_differences(
        self, programs: Sequence[Program], results: Sequence[Result], dues: Sequence[Right]
    ) -> list[Mismatch | None]:
        """The same; where PyTorch finds nothing, the differences are asked along one direction."""
        found = [self._compared(*each) for each in zip(programs, results, dues, strict=True)]
        there = [number for number, mismatch in enumerate(found) if mismatch is None]
        directions = {n: along_all(programs[n]) for n in there}
        near = self.face.run([moved(programs[n], directions[n], _eps(results[n])) for n in there])
        for number, result in zip(there, near, strict=True):
            program, due = programs[number], dues[number]
            measured = self._slopes(result, 1, due, _eps(results[number]))
            (direction,) = directions[number]
            total = sum(float((due.values[n] * d).sum()) for n, d in direction.items())
            allowed = sum(due.allowed_for(n, _eps(results[number])) for n in direction)
            if measured and refutes(np.array(total), measured, allowed):
                words = Message("engine.doubt", what=program.steps[-1].expression)
                found[number] = Mismatch(program, Wrong.UNDECIDED, words)
        return found

    def _slopes(self, result: Result, count: int, due: Right, eps: float) -> list[Slope]:
        outputs = outputs_of(result)
        expected = due.values["output"]
        if outputs is None or (outputs.shape[1:] != expected.shape and expected.size > 1):
            return []
        return slopes(outputs, count, due, eps)

    def _compared(self, program: Program, result: Result, due: Right) -> Mismatch | None:
        if isinstance(result, Raised):
            words = Message("engine.raises", raised=result.sentence)
            return Mismatch(program, Wrong.RAISES, words, raised=result)
        eps = _eps(result)
        value = self._value(program, result, due, eps)
        if value is not None:
            return _with_own(value, result, due, eps)
        undecided: Mismatch | None = None
        for name in program.leaves:
            found = self._gradient(program, name, result, due, eps)
            if found is not None and found.counts:
                return _with_own(found, result, due, eps)
            undecided = undecided or found
        return undecided

    def _value(self, program: Program, result: Returned, due: Right, eps: float) -> Mismatch | None:
        found, expected = result.values.get("output"), due.values["output"]
        fitting = _fitting(found, expected)
        if fitting is not None and not differs("output", fitting, due, eps):
            return None
        words = Message("engine.wrong", name=self.spelling.of("output", program.output))
        return self._mismatch(
            program, "output", found, due, words, Wrong.VALUE, (Witness.AUTOGRAD,)
        )

    def _gradient(
        self,
        program: Program,
        name: str,
        result: Returned,
        due: Right,
        eps: float,
    ) -> Mismatch | None:
        found, expected = result.values.get(name), due.values[name]
        words = Message("engine.wrong", name=self.spelling.of(name, program.output))
        both = (Witness.FINITE_DIFFERENCES, Witness.AUTOGRAD)
        fitting = _fitting(found, expected)
        if fitting is None:
            return self._mismatch(program, name, found, due, words, Wrong.GRADIENT, both)
        wrong = differs(name, fitting, due, eps)
        if not wrong:
            return None
        directions = along_each(program, name)
        (near,) = self.face.run([moved(program, directions, eps)])
        measured = self._slopes(near, len(directions), due, eps)
        if measured and refutes(fitting, measured, due.allowed_for(name, eps)):
            return self._mismatch(program, name, found, due, words, Wrong.GRADIENT, both)
        words = Message("engine.undecided", name=self.spelling.of(name, program.output))
        return self._mismatch(program, name, found, due, words, Wrong.UNDECIDED, ())

    def _mismatch(
        self,
        program: Program,
        name: str,
        found: Array | Odd | None,
        due: Right,
        words: Message,
        wrong: Wrong,
        witnesses: tuple[Witness, ...],
    ) -> Mismatch:
        expected = due.values[name]
        place = self.spelling.of(name, program.output)
        is_, should_be = (f"{place} = {text}" for text in _shown(found, expected))
        error = allowed = None
        if isinstance(found, np.ndarray) and found.shape == expected.shape:
            error = float(np.abs(found - expected).max(initial=0.0))
            allowed = due.allowed_for(name, precision(found))
        return Mismatch(program, wrong, words, is_, should_be, error, allowed, None, witnesses)

    def evidence(
        self,
        mismatch: Mismatch,
        passes: Passes = Passes.BOTH,
        methods: tuple[str, ...] = (),
    ) -> Evidence:
        """The same for the report; `methods` are those of the operation that is wrong."""
        return Evidence(
            mismatch.words,
            is_=mismatch.is_ or None,
            should_be=mismatch.should_be or None,
            error=mismatch.error,
            tolerance=mismatch.allowed,
            raised=mismatch.raised,
            remark=_agreeing(mismatch.witnesses),
            program=self.spelling.lines(mismatch.program, passes),
            methods=methods,
        )


def _with_own(found: Mismatch, result: Returned, due: Right, eps: float) -> Mismatch:
    """The same with all that the engine gives, and what of it differs."""
    own = {n: v for n, v in result.values.items() if isinstance(v, np.ndarray)}
    differing = set()
    for name, expected in due.values.items():
        fitting = _fitting(own.get(name), expected)
        if fitting is not None:
            own[name] = fitting
        if fitting is None or differs(name, fitting, due, eps):
            differing.add(name)
    return replace(found, own=own, differing=frozenset(differing))


_NAMES = {
    Witness.FINITE_DIFFERENCES: Message("witness.finite_differences"),
    Witness.AUTOGRAD: Message("witness.autograd"),
    Witness.LAWS: Message("witness.laws"),
}


def _agreeing(witnesses: Sequence[Witness]) -> Message | None:
    """Who says what should be."""
    names = tuple(_NAMES[witness] for witness in witnesses)
    if not names:
        return None
    return Message("witness.agree", names=names) if len(names) > 1 else names[0]


def _eps(result: Result) -> float:
    return precision(*result.values.values()) if isinstance(result, Returned) else tolerance.EPS


def _fitting(found: Array | Odd | None, expected: Array) -> Array | None:
    """An array of the right shape; a number may be held in an array of one entry."""
    if not isinstance(found, np.ndarray):
        return None
    if found.size == expected.size == 1:
        return found.reshape(expected.shape)
    return found if found.shape == expected.shape else None


def _shown(found: Array | Odd | None, expected: Array) -> tuple[str, str]:
    if found is None or isinstance(found, Odd):
        return ("…" if found is None else found.words), _text(expected)
    if found.shape != expected.shape:
        shapes = (str(Message("shape", shape=str(s))) for s in (found.shape, expected.shape))
        one, other = shapes
        return f"{_text(found)}, {one}", f"{_text(expected)}, {other}"
    return _text(found), _text(expected)


def _text(array: Array) -> str:
    if array.ndim == 0:
        return f"{float(array):.{DIGITS}g}"
    return np.array2string(array + 0.0, precision=DIGITS, separator=", ").replace("\n", "")
