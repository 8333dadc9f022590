"""What a layer computes rightly as it is: a change that spoils any of it is no repair.

A repair passes every claim on cases of the usual size. Here the layer is also run on larger values
and other batches, before and after: what was right has to stay right, entry by entry; a quantity of
which every claim holds has to stay the same, up to rounding; the weights stay as forward takes
them; no argument is overwritten that was not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from trigrad.cases.case import Case
from trigrad.cases.drawing import seed_for
from trigrad.cases.fresh import fresh_cases
from trigrad.cases.kinks import KINK_MARGIN
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Outcome, Severity
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import OUTPUT, gradient
from trigrad.contracts.schema import Array, Contract, Domain, Kind
from trigrad.numerics import tolerance
from trigrad.numerics.tolerance import THREE_DIGITS
from trigrad.subject.face import BatchAxis, Face, Result, Returned
from trigrad.trial.judgement import Judgement
from trigrad.witnesses.twin import answer_of_twin

PLAIN = 2
"""Cases with values as they are drawn."""

FAR = 4
"""Cases with values beyond those that are drawn."""

FURTHER = {Domain.REAL: 16.0, Domain.LOGIT: 8.0, Domain.WEIGHT: 2.0}
"""By how much; no sigmoid or softmax overflows there that is written as in a textbook."""

SHARPER = 4
"""The power of probabilities there: one in ten becomes one in ten thousand."""


def further(contract: Contract, case: Case) -> Case:
    """The case with larger values, and probabilities nearer to 0 and 1."""
    moved: dict[str, Array] = {}
    for variable in contract.variables:
        array = case.arrays[variable.name]
        if variable.domain is Domain.PROBABILITY:
            sharper = array**SHARPER
            moved[variable.name] = sharper / sharper.sum(axis=-1, keepdims=True)
        elif variable.domain in FURTHER:
            moved[variable.name] = FURTHER[variable.domain] * array
    return case.with_values(**moved)


def cases_beyond(contract: Contract, seed: int) -> list[Case]:
    """A few cases on which no claim is checked, some of them with larger values."""
    fresh = fresh_cases(contract, seed_for(seed, f"harm to {contract.name}"))
    cases = [*fresh[:PLAIN], *(further(contract, case) for case in fresh[PLAIN : PLAIN + FAR])]
    kinks = contract.promises.kinks
    return [c for c in cases if kinks is None or np.abs(kinks(c.arrays)).min() >= KINK_MARGIN]


Values = dict[str, Array]
"""The output and the gradients that there are."""


@dataclass(frozen=True)
class Seen:
    """What a face gives on one case: its values, and how it was read."""

    values: Values
    axis: BatchAxis = BatchAxis.ROWS
    turned: tuple[str, ...] = ()
    stepped: frozenset[str] = frozenset()
    """The parameters that backward changes."""

    @property
    def reading(self) -> tuple[BatchAxis, tuple[str, ...]]:
        """In which layout it takes operands and weights; gradients may become means or sums."""
        axis = BatchAxis.COLUMNS if self.axis is BatchAxis.COLUMNS_MEAN else self.axis
        return axis, self.turned


def seen_on(contract: Contract, face: Face, cases: Sequence[Case]) -> list[Seen]:
    """What a face gives on each of the cases, in the contract's shapes."""
    all_answers = [Answers(contract, face, case) for case in cases]
    commands = [command for answers in all_answers for command in answers.whole()]
    results = face.run(commands)
    each = len(commands) // max(1, len(cases))
    return [
        _seen(answers, results[i * each : (i + 1) * each]) for i, answers in enumerate(all_answers)
    ]


def _seen(answers: Answers, results: Sequence[Result]) -> Seen:
    values: Values = {}
    for key in (OUTPUT.key, *answers.contract.gradients):
        try:
            if key == OUTPUT.key:
                values[key] = answers.output_from(results[1], answers.case)
            else:
                values[key] = answers.gradient_from(results[2], key, answers.case)
        except AbsentError:
            continue  # what is not there cannot be spoilt
    built, last = results[0], results[-1]
    if not isinstance(built, Returned):
        return Seen(values)
    changed = last.overwritten if isinstance(last, Returned) else ()
    stepped = frozenset(v.name for v in answers.contract.parameters if v.name in changed)
    return Seen(values, built.batch_axis, built.turned, stepped)


def twin_on(contract: Contract, case: Case) -> Values:
    """The right values on a case."""
    answer = answer_of_twin(contract, case)
    return {OUTPUT.key: answer.output, **answer.gradients}


def spoilt(
    contract: Contract, case: Case, before: Values, after: Values, kept: frozenset[str]
) -> list[str]:
    """The quantities with an entry that was right before and is not any more.

    Of those in `kept` no entry may change in its first three digits either, where the contract
    allows more: with a constant inside a logarithm, a rare class may have nearly any loss.
    """
    found = []
    for key, due in twin_on(contract, case).items():
        was = before.get(key)
        if was is None:
            continue
        allowed = tolerance.allowed(contract, case, was)
        with np.errstate(all="ignore"):
            right = np.abs(was - due) <= allowed
            if not right.any():
                continue
            now = after.get(key)
            if now is None:
                found.append(key)
                continue
            still = np.abs(now - due) <= allowed
            if key in kept:
                roundoff = tolerance.roundoff(contract, case, was, now)
                still &= np.abs(now - was) <= np.maximum(roundoff, THREE_DIGITS * np.abs(was))
        if (right & ~still).any():
            found.append(key)
    return found


@dataclass
class Original:
    """A layer before any edit: its judgements, and what it computes."""

    contract: Contract
    face: Face
    judgements: Sequence[Judgement]
    seed: int

    @cached_property
    def cases(self) -> list[Case]:
        """The cases on which it is compared with an edited layer."""
        return cases_beyond(self.contract, self.seed)

    @cached_property
    def _seen(self) -> list[Seen]:
        self.face.start_clock(1.0)
        return seen_on(self.contract, self.face, self.cases)

    @cached_property
    def kept(self) -> frozenset[str]:
        """The quantities of which every claim holds: no edit need change them."""
        held = {OUTPUT.key: OUTPUT} | {name: gradient(name) for name in self.contract.gradients}
        musts = [j for j in self.judgements if j.claim.severity is Severity.MUST]
        return frozenset(
            key
            for key, quantity in held.items()
            if all(j.finding.outcome is Outcome.PASS for j in musts if j.claim.about == quantity)
        )

    @property
    def _kept_parameters(self) -> frozenset[str]:
        return self.kept & {variable.name for variable in self.contract.parameters}

    def is_harmed(self, face: Face, judgements: Sequence[Judgement]) -> bool:
        """Whether an edited layer spoils something that was right."""
        if any(j.claim.method and self._held(j) for j in self.worse(judgements)):
            return True  # it overwrites what it is given
        after = seen_on(self.contract, face, self.cases)
        for case, was, now in zip(self.cases, self._seen, after, strict=True):
            if OUTPUT.key in self.kept and was.reading != now.reading:
                return True  # forward is right as it takes them: backward has to fit it
            if spoilt(self.contract, case, was.values, now.values, self.kept):
                return True
            if self._has_means(case, was):
                if was.axis is now.axis:
                    return True  # nobody divides by accident: the others have to be means, too
            elif was.axis is not now.axis and self._kept_parameters:
                return True  # means instead of sums, or sums instead of means: one was right
            if self.contract.kind is Kind.LAYER and was.stepped & self.kept - now.stepped:
                return True  # it updates its weights, rightly, and would not any more
        return False

    def _has_means(self, case: Case, seen: Seen) -> bool:
        """Whether the gradient of a parameter is right but for a division by the batch size.

        Where samples are columns: there gradients are usually means over the batch.
        """
        batch = case.sizes.get("N", 1)
        if seen.axis is not BatchAxis.COLUMNS or batch == 1:
            return False
        due = twin_on(self.contract, case)
        for variable in self.contract.parameters:
            value = seen.values.get(variable.name)
            if value is None or variable.name in self.kept:
                continue
            allowed = batch * tolerance.allowed(self.contract, case, value)
            if bool(np.all(np.abs(batch * value - due[variable.name]) <= allowed)):
                return True
        return False

    @cached_property
    def _earlier(self) -> dict[object, Judgement]:
        return {j.claim: j for j in self.judgements}

    @cached_property
    def _is_blocked(self) -> bool:
        return any(j.finding.outcome is Outcome.BLOCKED for j in self.judgements)

    def worse(self, judgements: Sequence[Judgement]) -> list[Judgement]:
        """What an edited layer is advised of, or refuses to take, and the layer as it is not.

        What the layer as it is did not get as far as is no different: what is blocked or undecided,
        and, where a call raises whatever is given, what it refuses.
        """
        return [j for j in judgements if self._is_worse(j)]

    def _is_worse(self, after: Judgement) -> bool:
        if after.advises:
            return self._held(after) or (self._refused(after) and not self._is_blocked)
        return after.finding.outcome is Outcome.NOT_APPLICABLE and self._held(after)

    def _held(self, after: Judgement) -> bool:
        return self._earlier[after.claim].finding.outcome is Outcome.PASS

    def _refused(self, after: Judgement) -> bool:
        return self._earlier[after.claim].finding.outcome is Outcome.NOT_APPLICABLE
