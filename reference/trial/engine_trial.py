"""The trial of an engine: programs are drawn of what it can do, and compared with PyTorch."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from trigrad.cases.drawing import seed_for
from trigrad.claim.claim import HOLDS, Claim, Finding, Outcome, Severity, refuted, unsettled
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.programs.array_operations import MEAN, SUM
from trigrad.programs.drawing import drawn, smallest
from trigrad.programs.operation import Operation
from trigrad.programs.operations import operations
from trigrad.programs.program import NAMES, Program, Step
from trigrad.programs.sampling import MATRICES, SHAPES, Kind
from trigrad.programs.templates import (
    HELPERS,
    broadcasting,
    diamonds,
    value_of,
    with_helpers,
    with_numbers,
)
from trigrad.subject.face import Build, Compute, Face, Passes, Raised
from trigrad.trial.engine_abilities import Arrays, abilities, probe, reduces, takes_arrays
from trigrad.trial.judgement import Judgement
from trigrad.trial.program_judge import Mismatch, ProgramJudge, Spelling, Wrong
from trigrad.witnesses import engine_claims
from trigrad.witnesses.engine_claims import GRADIENTS, SHARED

ALONE = 1 / 2
"""Programs that are drawn for one operation, as a share of the examples."""

CALLS = 6
"""How many programs a search for a smaller one tries at most, for each example."""

CHAIN = 1500
"""Steps of a long chain: more than Python's usual limit of nested calls."""


_TOGETHER = {
    Passes.BOTH: "engine.together",
    Passes.TWICE: "engine.again",
    Passes.CLEARED: "engine.cleared",
}

_UNDOES_BROADCASTING = re.compile(
    r"(un|de|undo)_?broad|broadcast_(back|grad)|sum_?to|reduce_?(to|grad|like)|collapse", re.I
)
"""Names of functions that sum a gradient back to the shape of its operand."""


@dataclass
class Mistake:
    """An operation that is wrong, with the smallest program that shows it."""

    operation: Operation | None
    """None: no operation is wrong on its own."""
    mismatch: Mismatch
    evidence: Evidence
    words: Message
    derived: tuple[Operation, ...] = ()
    """The operations that are wrong because they use this one."""
    passes: Passes = Passes.BOTH
    """How often the engine went back."""


@dataclass
class EngineFindings:
    """What the trial of an engine found."""

    judgements: list[Judgement] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    programs: int = 0
    called: frozenset[str] = frozenset()
    """The learner's functions that the operations run through."""
    unjudged: str = ""
    """Why it cannot be judged."""


class EngineTrial:
    """The trial of one engine."""

    def __init__(
        self,
        contract: Contract,
        face: Face,
        seed: int,
        examples: int,
        uses: Collection[str] = (),
    ) -> None:
        """`uses` are the names that its text mentions."""
        self._broadcasts = any(_UNDOES_BROADCASTING.search(name) for name in uses)
        self._claims = engine_claims.engine_claims(contract)
        self._face = face
        self._seed = seed_for(seed, contract.name)
        self._examples = examples
        self._few = max(3, round(examples * ALONE))
        self._name = contract.name
        self._trusted: list[Operation] = []
        self._wrong: list[Mistake] = []
        self._failing: list[tuple[Operation, Kind, Mismatch]] = []
        self._can_broadcast = False
        self._doubts: list[Mismatch] = []
        self._tainted: set[str] = set()
        """The first functions of operations that fail: what else runs through them is no help."""
        self._ends_with: Operation | None = None

    def judge(self) -> EngineFindings:
        """Every claim about it."""
        self._face.start_clock(1.0)
        (built,) = self._face.run([Build()])
        if isinstance(built, Raised):
            return EngineFindings(unjudged=built.unjudged or built.sentence)
        value, gradient, further, call, clearing, arrays, numbers, flat = (
            *built.notes,
            *[""] * 8,
        )[:8]
        spelling = Spelling(self._name, value, gradient, further, call, clearing)
        self._judge = ProgramJudge(self._face, spelling)
        shaped = (
            takes_arrays(self._face, flat=bool(flat))
            if arrays
            else Arrays(taken=False, number_needed=False)
        )
        scalar = not shaped.taken
        self._number_needed = shaped.number_needed
        self._flat = bool(flat)
        if scalar and not numbers:
            return EngineFindings(unjudged=str(Message("engine.no_operation")))
        self._can = abilities(self._face, scalar=scalar, flat=self._flat)
        if not self._can.able:
            return EngineFindings(unjudged=self._why_unable())
        self._each_alone()
        self._name_mistakes()
        judgements = self._findings()
        return EngineFindings(
            judgements, self._notes(), self._wrong, self._judge.judged, self._called
        )

    # --- each operation on its own ---

    def _each_alone(self) -> None:
        sums = [o for o in self._can.able if o.name in (SUM, MEAN)]
        others = [o for o in self._can.able if o not in sums]
        # What makes a number of an array is needed first, and is tried again with all the others.
        first = [o for o in sums if reduces(o)]
        for operation in (*first, *others, *sums):
            if self._face.over:
                return
            if any(operation is failing for failing, _, _ in self._failing):
                continue
            self._alone(operation, again=operation in sums)
            if (
                self._ends_with is None
                and reduces(operation)
                and not self._can.scalar
                and self._is_right(operation)
            ):
                self._ends_with = operation

    def _is_right(self, operation: Operation) -> bool:
        return operation in self._trusted

    def _kind(self, operation: Operation) -> Kind:
        ends = None if self._ends_with is operation else self._ends_with
        return replace(
            self._whole(),
            pool=(operation, *self._trusted),
            must=operation,
            shared=False,
            ends_with=ends,
        )

    def _alone(self, operation: Operation, *, again: bool) -> None:
        kind = self._kind(operation)
        if not again:
            kind = replace(kind, pool=tuple(o for o in kind.pool if o.name not in (SUM, MEAN)))
        programs = drawn(kind, self._seed, self._few)
        if kind.shapes != ((),) or reduces(operation):
            first = probe(operation, scalar=self._can.scalar, flat=self._flat)
            more = [*with_numbers(first), *with_helpers(operation, first, self._helpers())]
            programs = [_ending(p, kind.ends_with) for p in (first, *more)] + programs
        self._face.start_clock(1.0)
        found = [m for m in self._judge.judge(programs) if m is not None]
        wrong = [m for m in found if m.counts]
        calls = set(self._can.calls[operation])
        if not wrong:
            self._doubts += found
            if not found and not calls & self._tainted and operation not in self._trusted:
                self._trusted.append(operation)
            return
        self._trusted = [o for o in self._trusted if o is not operation]
        self._tainted |= {*self._can.calls[operation][:1]}
        self._failing.append((operation, kind, min(wrong, key=lambda m: m.program.size)))

    def _helpers(self) -> list[Operation]:
        """Two operations that are right, to use a result further."""
        right = [o for o in self._trusted if "{1}" in o.template and o.name in HELPERS]
        first = {o.name: o for o in reversed(right)}
        return [first[name] for name in HELPERS if name in first][:2]

    def _name_mistakes(self) -> None:
        """Of the operations that fail, those in which the mistake is; the others use these.

        An operation that runs through the first function of another one that fails uses it. So it
        does if both run through a function that no right operation runs through.
        """
        calls = self._can.calls
        right = self._exonerated()
        inside: list[tuple[set[str], Mistake]] = []
        for operation, kind, least in sorted(
            self._failing, key=lambda f: (len(calls[f[0]]), f[2].program.size)
        ):
            here = set(calls[operation])
            of = next((m for there, m in inside if there & here), None)
            if of is not None and not self._both_raise(of.mismatch, least):
                of.derived = (*of.derived, operation)
                continue
            mistake = self._mistake(operation, self._smaller([kind], least))
            inside.append(({*calls[operation][:1], *(here - right)}, mistake))
        self._wrong = [mistake for _, mistake in inside]

    def _exonerated(self, but: str = "") -> set[str]:
        """The functions that right operations run through; not with a number in an operand's
        place, of which no gradient is seen."""
        whole = (o for o in self._trusted if o.name != but and (not o.numbers or o.name == "pow"))
        return {name for o in whole for name in self._can.calls[o]}

    def _both_raise(self, one: Mismatch, other: Mismatch) -> bool:
        """Whether two calls raise at different lines: then these are two mistakes."""
        if one.raised is None or other.raised is None:
            return False
        return one.raised.where != other.raised.where

    def _mistake(self, operation: Operation, mismatch: Mismatch) -> Mistake:
        if mismatch.raised is not None and mismatch.raised.ended:
            back = (self._judge.spelling.method,)
            return Mistake(
                None, mismatch, self._judge.evidence(mismatch, methods=back), mismatch.words
            )
        words = Message("engine.of", operation=operation.shown, words=mismatch.words)
        calls = self._can.calls[operation]
        known = self._exonerated(but=operation.name if mismatch.program.broadcasts else "")
        inside = [name for name in calls if name not in known]
        classes = tuple(name for name in inside if name[:1].isupper())
        methods = classes or calls[:1] or operation.methods
        evidence = self._judge.evidence(mismatch, methods=methods)
        return Mistake(operation, mismatch, evidence, words)

    def _smaller(
        self, kinds: Sequence[Kind], start: Mismatch, passes: Passes = Passes.BOTH
    ) -> Mismatch:
        """The same mistake in the smallest program that is found."""
        if start.raised is not None and start.raised.ended:
            return start
        seen: dict[Program, Mismatch] = {start.program: start}
        self._face.start_clock(1.0)

        def fails(program: Program) -> bool:
            if self._face.over:
                return False
            (found,) = self._judge.judge([program], passes)
            if found is None or not found.counts or found.wrong is not start.wrong:
                return False
            seen[program] = found
            return True

        before = self._judge.judged
        best = smallest(kinds, self._seed, fails, start.program, CALLS * self._examples)
        self._judge.judged = before
        return seen[best]

    # --- everything together ---

    def _findings(self) -> list[Judgement]:
        values, autograd, differences, shared, again, cleared, broadcast, long = self._claims
        judged: list[Judgement] = []
        if not self._trusted and len(self._failing) > 1:
            self._wrong = [self._everything("engine.everything")]
        elif self._adds_up_wrong():
            self._wrong = [self._everything("engine.adding")]
        for mistake in self._wrong:
            words = mistake.words
            if mistake.derived:
                names = tuple(o.shown for o in mistake.derived)
                words = Message("engine.derived", words=words, names=names)
            finding = refuted(words, mistake.evidence)
            by = [values] if mistake.mismatch.wrong is Wrong.VALUE else [autograd, differences]
            judged += [Judgement(claim, finding) for claim in by]
        done = {j.claim.name for j in judged}
        if self._doubts:
            doubt = unsettled(self._doubts[0].words)
            judged += [Judgement(c, doubt) for c in (autograd, differences)]
            done.add(GRADIENTS)
        for claim in (values, autograd, differences):
            if claim.name not in done:
                judged.append(Judgement(claim, HOLDS))
        judged.append(self._together(shared, Passes.BOTH))
        stop = any(j.fails for j in judged)
        for claim, passes in ((again, Passes.TWICE), (cleared, Passes.CLEARED)):
            judged.append(self._blocked(claim) if stop else self._together(claim, passes))
        if not self._can.scalar and self._flat:
            judged.append(self._blocked(broadcast) if stop else self._broadcast(broadcast))
        if not stop and not any(j.fails for j in judged):
            judged.append(self._long(long))
        order = [(claim.name, claim.witness) for claim in self._claims]
        return sorted(judged, key=lambda j: order.index((j.claim.name, j.claim.witness)))

    def _adds_up_wrong(self) -> bool:
        """Whether every operation of two fails, each where a value is used twice."""
        two = {m.operation.name for m in self._wrong if m.operation and m.operation.operands == 2}
        right = any(o.operands == 2 for o in self._trusted)
        return len(two) > 1 and not right and all(m.mismatch.program.reuses for m in self._wrong)

    def _everything(self, key: str) -> Mistake:
        """The smallest program, where the mistake is in what all operations need."""
        least = min(self._wrong, key=lambda m: m.mismatch.program.size)
        words = Message(key, backward=self._judge.spelling.method, words=least.words)
        methods = (self._judge.spelling.method,)
        evidence = replace(least.evidence, methods=methods)
        return Mistake(None, least.mismatch, evidence, words)

    def _whole(self) -> Kind:
        single = self._number_needed and self._ends_with is None
        return Kind(
            tuple(self._trusted),
            shared=True,
            scalar=self._can.scalar,
            shapes=((),) if single else SHAPES if self._flat else MATRICES,
            ends_with=self._ends_with,
        )

    def _together(self, claim: Claim, passes: Passes) -> Judgement:
        """Programs of all that is right on its own, in which values are used more than once."""
        if not self._trusted or self._face.over:
            return self._blocked(claim)
        kind = self._whole()
        count = 2 * self._examples if passes is Passes.BOTH else self._examples
        programs = [*self._diamonds(), *drawn(kind, self._seed, count)]
        self._face.start_clock(1.0)
        found = [m for m in self._judge.judge(programs, passes) if m is not None]
        wrong = [m for m in found if m.counts]
        if not wrong:
            return Judgement(claim, unsettled(found[0].words) if found else HOLDS)
        least = self._smaller([kind], min(wrong, key=lambda m: m.program.size), passes)
        if passes is Passes.CLEARED and not self._judge.spelling.clearing:
            claim = replace(
                claim, severity=Severity.SHOULD
            )  # something else may have to be cleared
        methods = (self._judge.spelling.method,)
        evidence = self._judge.evidence(least, passes, methods)
        words = Message(_TOGETHER[passes], words=least.words)
        self._wrong.append(Mistake(None, least, evidence, words, passes=passes))
        return Judgement(claim, refuted(words, evidence))

    def _diamonds(self) -> list[Program]:
        """Programs in which a result is used on ways of different lengths."""
        plain = [o for o in self._trusted if not o.arrays]
        ones, twos = ([o for o in plain if o.operands == count][:2] for count in (1, 2))
        if self._number_needed and self._ends_with is None:
            return []
        leaf = np.full(() if self._can.scalar else (2,) if self._flat else (1, 2), 1.5)
        made = diamonds(leaf, ones, twos, scalar=self._can.scalar)
        return [_ending(program, self._ends_with) for program in made]

    def _broadcast(self, claim: Claim) -> Judgement:
        """Operands of other shapes: a capability, unless no operation has it."""
        binary = [o for o in self._trusted if o.operands == 2 and not o.arrays]
        holds: list[Operation] = []
        mistakes: list[Mistake] = []
        for operation in binary:
            kind = replace(self._kind(operation), broadcast=True)
            programs = [_ended(p, self._ends_with) for p in broadcasting(operation)]
            programs += [p for p in drawn(kind, self._seed, self._few) if p.broadcasts]
            self._face.start_clock(1.0)
            wrong = [m for m in self._judge.judge(programs) if m is not None and m.counts]
            if not wrong:
                holds += [operation] if programs else []
                continue
            least = self._smaller([kind], min(wrong, key=lambda m: m.program.size))
            mistakes.append(self._mistake(operation, least))
        self._can_broadcast = bool(holds)
        if not mistakes:
            return Judgement(claim, HOLDS)
        finding = refuted(mistakes[0].words, mistakes[0].evidence)
        right = {o.name for o in holds}
        wrong_ones = {m.operation.name for m in mistakes if m.operation is not None}
        if not self._broadcasts and len(right) <= max(1, len(wrong_ones)):
            if mistakes[0].mismatch.wrong is Wrong.RAISES:
                return Judgement(claim, HOLDS)  # a clear error: it is not a capability
            claim = replace(claim, severity=Severity.SHOULD)
            words = Message("engine.broadcast", what=mistakes[0].words)
            return Judgement(claim, replace(finding, words=words))
        self._wrong += mistakes
        return Judgement(claim, finding)

    def _long(self, claim: Claim) -> Judgement:
        """A chain that is longer than Python's limit of nested calls."""
        add = next((o for o in self._trusted if o.name == "add" and o.operands == 2), None)
        if add is None:
            return Judgement(claim, Finding(Outcome.NOT_APPLICABLE, Message("engine.no_add")))
        leaves = probe(add, scalar=self._can.scalar, flat=self._flat).leaves
        names = ["a", *(f"x{i}" for i in range(CHAIN))]
        steps = [(new, add.written(old, "b")) for old, new in pairwise(names)]
        if self._ends_with is not None:
            steps.append(("y", self._ends_with.written(names[-1])))
        self._face.start_clock(1.0)
        (result,) = self._face.run([Compute(leaves, tuple(steps), Passes.BOTH, self._can.scalar)])
        if not isinstance(result, Raised) or result.ended:
            return Judgement(claim, HOLDS)
        words = Message("engine.long", raised=result.error, steps=CHAIN)
        return Judgement(claim, refuted(words, Evidence(words, raised=result)))

    def _blocked(self, claim: Claim) -> Judgement:
        first = self._wrong[0].operation if self._wrong else None
        name = first.shown if first is not None else Message(f"claim.{SHARED}")
        return Judgement(claim, Finding(Outcome.BLOCKED, Message("blocked", names=(name,))))

    # --- words ---

    def _why_unable(self) -> str:
        plain = self._can.refused.get("a + b") or self._can.refused.get("a * b")
        if plain is None:
            return str(Message("engine.no_operation"))
        return plain.unjudged or plain.sentence

    @property
    def _called(self) -> frozenset[str]:
        through = (name for calls in self._can.calls.values() for name in calls)
        named = (name for o in self._can.able for name in o.methods)
        return frozenset((*through, *named))

    def _notes(self) -> list[str]:
        """What it can do, in one line."""
        numbers = [o for o in operations() if o.numbers and o.name != "pow"]
        shown = [o for o in self._can.able if o not in numbers]
        first = {(o.name, o.operands): o for o in reversed(shown)}
        able = dict.fromkeys(o.shown for o in shown if first[o.name, o.operands] is o)
        binary = {o.name for o in self._can.able if "{1}" in o.template}
        refused = tuple(o.shown for o in numbers if o.name in binary and o not in self._can.able)
        plain = Message("engine.plain_but", refused=refused)
        if any(o in self._can.able for o in numbers):
            plain = Message("engine.plain") if not refused else plain
            able[str(plain)] = None
        if self._can_broadcast:
            able[str(Message("engine.broadcasting"))] = None
        kind = Message("engine.numbers" if self._can.scalar else "engine.arrays")
        return [str(Message("engine.handles", kind=kind, able=tuple(able)))]


def _ending(program: Program, operation: Operation | None) -> Program:
    """The program with that operation at its end, if its output is an array."""
    output = value_of(program)
    if output is None or output.ndim == 0:
        return program
    return _ended(program, operation)


def _ended(program: Program, operation: Operation | None) -> Program:
    if operation is None:
        return program
    name = NAMES[len(program.leaves) + len(program.steps)]
    step = Step(name, operation, (program.output,))
    return Program(program.leaves, (*program.steps, step), program.scalar)
