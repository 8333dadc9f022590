"""Mistakes that show across calls: an earlier call's state, another object's, sums that grow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from reference.case import Case
from reference.claim import AbsentError
from reference.contract import Array, Kind
from reference.hearing import Answer, Hearing
from reference.subject.face import Command
from reference.verdict.sight import OUTPUT, Predict, Sight, named, reproduces

Run = Callable[[Hearing], Answer | None]

LAST = "backward belongs to the last forward"
SHARED = "objects share nothing"
TWICE = "same when called twice"


def across(refuted: Sequence[str], hearings: Sequence[Hearing], name: str) -> str:
    """The words for a quantity that is right in one call and wrong across calls; else empty.

    `refuted` are names of laws.
    """
    if TWICE in refuted:
        seen = _sights(hearings, name, second_time)
        words = "grows from call to call: the second is added to the first"
        if seen and named(seen, [lambda _: iter([(words, lambda s: 2 * s.should_be)])]):
            return words
    if name != OUTPUT and LAST in refuted:
        words = _kept(hearings, name, after_another, "of an earlier forward, not of the last one")
        if words:
            return words
    if name != OUTPUT and SHARED in refuted:
        return _kept(hearings, name, beside_another, "of another object of the same class")
    return ""


def spoilt_by_backward(hearings: Sequence[Hearing]) -> bool:
    """Whether a second run is right as long as backward has not run before it."""
    after_both = any(_wrong(hearing, second_time(hearing)) for hearing in hearings)
    after_forward = any(_wrong(hearing, second_forward(hearing)) for hearing in hearings)
    return after_both and not after_forward


def _wrong(hearing: Hearing, answer: Answer | None) -> bool:
    if answer is None:
        return True
    names = [OUTPUT, *answer.gradients]
    sights = [Sight(hearing, n, _of(answer, n)) for n in names]
    return not all(s.right for s in sights)


def second_time(hearing: Hearing) -> Answer | None:
    """The answer to a second run on one object; None where it raises."""
    build, *calls = hearing.whole()
    return _answer(hearing, [build, *calls, *calls])


def second_forward(hearing: Hearing) -> Answer | None:
    """The answer after forward twice on one object, with no backward before."""
    build, *calls = hearing.whole()
    return _answer(hearing, [build, calls[0], *calls])


def after_another(hearing: Hearing) -> Answer | None:
    """The answer after a forward on other operands of the same shapes."""
    build, *calls = hearing.whole()
    if hearing.contract.kind is Kind.NETWORK:
        calls = calls[1:]  # gradient(x, t) runs its own forward
    return _answer(hearing, [build, hearing.forward(other_case(hearing.case)), *calls])


def beside_another(hearing: Hearing) -> Answer | None:
    """The answer where another object runs forward before mine runs backward."""
    case = other_case(hearing.case)
    build, forward, *backward = hearing.whole()
    made, run = (replace(c, which=1) for c in (hearing.build(case), hearing.forward(case)))
    results = hearing.face.run([build, made, forward, run, *backward])
    try:
        return hearing.answer_from([results[2], results[4]], hearing.case)
    except AbsentError:
        return None


def _answer(hearing: Hearing, commands: Sequence[Command]) -> Answer | None:
    try:
        return hearing.answer_to(hearing.case, commands)
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


def _sights(hearings: Sequence[Hearing], name: str, run: Run) -> list[Sight]:
    answers = [(hearing, run(hearing)) for hearing in hearings]
    return [Sight(h, name, _of(a, name)) for h, a in answers if a is not None]


def _kept(hearings: Sequence[Hearing], name: str, run: Run, whose: str) -> str:
    sights = _sights(hearings, name, run)
    operands = [v.name for v in hearings[0].contract.operands]
    for count in range(1, len(operands) + 1):
        for names in combinations(operands, count):
            if sights and reproduces(sights, _for_other(names)):
                return f"the one for the {' and '.join(names)} {whose}"
    return ""


def _for_other(names: Sequence[str]) -> Predict:
    def predict(sight: Sight) -> Array:
        other = other_case(sight.case).operands
        return sight.on(sight.case.with_values(**{name: other[name] for name in names}))

    return predict
