"""Mistakes that show only across calls: state of an earlier call or another object, or sums."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.evidence import AbsentError
from trigrad.claim.quantity import OUTPUT, Quantity, gradient
from trigrad.contracts.schema import Array, Kind
from trigrad.diagnosis.observation import Observation, Predict, reproduces
from trigrad.messages import Message
from trigrad.subject.face import Command

Run = Callable[[Answers], Answer | None]

LAST = "backward belongs to the last forward"
SHARED = "objects share nothing"
TWICE = "same when called twice"
"""Names of laws."""


def across(
    refuted: Sequence[str], all_answers: Sequence[Answers], quantity: Quantity
) -> Message | None:
    """What is wrong with a quantity that is right in one call and wrong across calls.

    `refuted` are names of laws. None if nothing is recognised.
    """
    if TWICE in refuted:
        seen = _observed(all_answers, quantity, second_time)
        if seen and reproduces(seen, lambda s: 2 * s.should_be):
            return Message("across.grows")
    if quantity != OUTPUT and LAST in refuted:
        names = _kept(all_answers, quantity, after_another)
        if names:
            return Message("across.earlier", names=names)
    if quantity != OUTPUT and SHARED in refuted:
        names = _kept(all_answers, quantity, beside_another)
        return Message("across.other_object", names=names) if names else None
    return None


def spoilt_by_backward(all_answers: Sequence[Answers]) -> bool:
    """Whether a second run is right as long as backward has not run before it."""
    after_both = any(_wrong(answers, second_time(answers)) for answers in all_answers)
    after_forward = any(_wrong(answers, second_forward(answers)) for answers in all_answers)
    return after_both and not after_forward


def _wrong(answers: Answers, answer: Answer | None) -> bool:
    if answer is None:
        return True
    quantities = [OUTPUT, *map(gradient, answer.gradients)]
    seen = [Observation(answers, quantity, _of(answer, quantity)) for quantity in quantities]
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
    """The answer where another object runs forward between an object's forward and backward."""
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
    """Other operands of the same shapes: other entries, or one-hot rows in another order."""
    moved = {}
    for name, array in case.operands.items():
        other = np.roll(array, 1, axis=-1) if array.ndim else array
        one_hot = array.dtype.kind != "f" or set(np.unique(array)) <= {0.0, 1.0}
        moved[name] = other if one_hot else 1.25 - other
    return case.with_values(**moved)


def _of(answer: Answer, quantity: Quantity) -> Array:
    return answer.output if quantity == OUTPUT else answer.gradients[quantity.key]


def _observed(all_answers: Sequence[Answers], quantity: Quantity, run: Run) -> list[Observation]:
    runs = [(answers, run(answers)) for answers in all_answers]
    return [Observation(h, quantity, _of(a, quantity)) for h, a in runs if a is not None]


def _kept(all_answers: Sequence[Answers], quantity: Quantity, run: Run) -> tuple[str, ...]:
    """The operands whose values of the other call or object explain the quantity; else empty."""
    seen = _observed(all_answers, quantity, run)
    operands = [v.name for v in all_answers[0].contract.operands]
    for count in range(1, len(operands) + 1):
        for names in combinations(operands, count):
            if seen and reproduces(seen, _for_other(names)):
                return names
    return ()


def _for_other(names: Sequence[str]) -> Predict:
    def predict(observation: Observation) -> Array:
        other = other_case(observation.case).operands
        return observation.on(observation.case.with_values(**{name: other[name] for name in names}))

    return predict
