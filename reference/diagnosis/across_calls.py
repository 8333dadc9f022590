"""Mistakes that show across calls: an earlier call's state, another object's, sums that grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import Array, Kind
from trigrad.diagnosis.observation import OUTPUT, Observation, Predict, named, reproduces
from trigrad.subject.face import Command

Run = Callable[[Answers], Answer | None]

LAST = "backward belongs to the last forward"
SHARED = "objects share nothing"
TWICE = "same when called twice"


def across(refuted: Sequence[str], all_answers: Sequence[Answers], name: str) -> str:
    """The words for a quantity that is right in one call and wrong across calls; else empty.

    `refuted` are names of laws.
    """
    if TWICE in refuted:
        seen = _observed(all_answers, name, second_time)
        words = "grows from call to call: the second is added to the first"
        if seen and named(seen, [lambda _: iter([(words, lambda s: 2 * s.should_be)])]):
            return words
    if name != OUTPUT and LAST in refuted:
        words = _kept(
            all_answers, name, after_another, "of an earlier forward, not of the last one"
        )
        if words:
            return words
    if name != OUTPUT and SHARED in refuted:
        return _kept(all_answers, name, beside_another, "of another object of the same class")
    return ""


def spoilt_by_backward(all_answers: Sequence[Answers]) -> bool:
    """Whether a second run is right as long as backward has not run before it."""
    after_both = any(_wrong(answers, second_time(answers)) for answers in all_answers)
    after_forward = any(_wrong(answers, second_forward(answers)) for answers in all_answers)
    return after_both and not after_forward


def _wrong(answers: Answers, answer: Answer | None) -> bool:
    if answer is None:
        return True
    names = [OUTPUT, *answer.gradients]
    seen = [Observation(answers, n, _of(answer, n)) for n in names]
    return not all(s.right for s in seen)


def second_time(answers: Answers) -> Answer | None:
    """The answer to a second run on one object; None where it raises."""
    build, *calls = answers.whole()
    return _answer(answers, [build, *calls, *calls])


def second_forward(answers: Answers) -> Answer | None:
    """The answer after forward twice on one object, with no backward before."""
    build, *calls = answers.whole()
    return _answer(answers, [build, calls[0], *calls])


def after_another(answers: Answers) -> Answer | None:
    """The answer after a forward on other operands of the same shapes."""
    build, *calls = answers.whole()
    if answers.contract.kind is Kind.NETWORK:
        calls = calls[1:]  # gradient(x, t) runs its own forward
    return _answer(answers, [build, answers.forward(other_case(answers.case)), *calls])


def beside_another(answers: Answers) -> Answer | None:
    """The answer where another object runs forward before mine runs backward."""
    case = other_case(answers.case)
    build, forward, *backward = answers.whole()
    made, run = (replace(c, which=1) for c in (answers.build(case), answers.forward(case)))
    results = answers.face.run([build, made, forward, run, *backward])
    try:
        return answers.answer_from([results[2], results[4]], answers.case)
    except AbsentError:
        return None


def _answer(answers: Answers, commands: Sequence[Command]) -> Answer | None:
    try:
        return answers.answer_to(answers.case, commands)
    except AbsentError:
        return None


def other_case(case: Case) -> Case:
    """Other operands of the same shapes: entries moved on, with other signs where they may."""
    moved = {}
    for name, array in case.operands.items():
        other = np.roll(array, 1, axis=-1)
        one_hot = array.dtype.kind != "f" or set(np.unique(array)) <= {0.0, 1.0}
        moved[name] = other if one_hot else 1.25 - other
    return case.with_values(**moved)


def _of(answer: Answer, name: str) -> Array:
    return answer.output if name == OUTPUT else answer.gradients[name]


def _observed(all_answers: Sequence[Answers], name: str, run: Run) -> list[Observation]:
    answers = [(answers, run(answers)) for answers in all_answers]
    return [Observation(h, name, _of(a, name)) for h, a in answers if a is not None]


def _kept(all_answers: Sequence[Answers], name: str, run: Run, whose: str) -> str:
    seen = _observed(all_answers, name, run)
    operands = [v.name for v in all_answers[0].contract.operands]
    for count in range(1, len(operands) + 1):
        for names in combinations(operands, count):
            if seen and reproduces(seen, _for_other(names)):
                return f"the one for the {' and '.join(names)} {whose}"
    return ""


def _for_other(names: Sequence[str]) -> Predict:
    def predict(observation: Observation) -> Array:
        other = other_case(observation.case).operands
        return observation.on(observation.case.with_values(**{name: other[name] for name in names}))

    return predict
