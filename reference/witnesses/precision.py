"""Whether a subject computes in single precision, although its results are float64.

A float32 inside a layer is advice, as float32 results are: results are then compared with the
precision of what they were computed from.
"""

from __future__ import annotations

import numpy as np
from hypothesis.errors import UnsatisfiedAssumption

from trigrad.cases.case import Case
from trigrad.cases.special import probe_case
from trigrad.claim.answers import Answer, Answers
from trigrad.claim.evidence import AbsentError
from trigrad.contracts.schema import WHOLE_NUMBERS, Array, Domain
from trigrad.numerics import tolerance
from trigrad.subject.face import Returned

FINE = 2.0**-40
"""A relative change that float64 shows, and float32 does not: its unit is 2**-23."""

COARSE = 2.0**-18
"""A relative change that float32 shows, too."""

VISIBLE = 2.0**-24
"""By how much the results must change with COARSE: then float64 would show FINE, 2**-22 of it."""

DECIMALS = 1e-10
"""Results that are multiples of a power of ten as large as this were rounded to decimals."""


def hidden(answers: Answers, allowance: float) -> bool:
    """Whether what is allowed for the constants of a declared forward hides all its gradients.

    A row of the table is asked on cases where it does not; a user's own forward may be anywhere, as
    where softmax gives 0 and only a constant keeps its logarithm finite. One gradient alone may be
    0 rightly: that of a bias before a batch normalisation is.
    """
    if answers.contract.own is None or not allowance:
        return False
    given = answers.results[-1]
    values = given.values.values() if isinstance(given, Returned) else ()
    arrays = [v for v in values if isinstance(v, np.ndarray) and v.dtype.kind == "f"]
    return all(allowance > float(np.abs(each).max(initial=0.0)) for each in arrays)


def roundoff(
    answers: Answers, case: Case, error: float, allowance: float, *results: Array
) -> float:
    """How far two right results may differ through rounding, in the precision of the subject.

    `error` is how far they differ, and `allowance` what the contract allows beside. Whether the
    subject computes in single precision is looked at only where it matters.
    """
    exact = tolerance.roundoff(answers.contract, case, *results)
    if error <= exact + allowance:
        return exact
    single = tolerance.roundoff(answers.contract, case, np.empty(0, np.float32))
    return single if error <= single + allowance and single_inside(answers) else exact


def single_inside(answers: Answers) -> bool:
    """Whether the results do not change with some operand or parameter by so little as FINE.

    Looked at on a case of its own: where a function is saturated, nothing changes the results.
    Rounding to decimals has that effect, too: that is a mistake, and no precision. A numerical
    gradient divides rounded differences by a small step, so that it is as coarse in float64.
    """
    if answers.contract.arguments is not None:
        return False
    return answers.once("single inside", lambda: _single_inside(answers))


def _single_inside(answers: Answers) -> bool:
    try:
        here = answers.on(probe_case(answers.contract))
        if not np.isfinite(here.output).all() or _rounded_to_decimals(here.output):
            return False
        return any(
            _change(here, v.name, FINE) == 0 and _change(here, v.name, COARSE) > VISIBLE
            for v in here.contract.variables
            if v.domain not in (Domain.ONE_HOT, *WHOLE_NUMBERS)
        )
    except (AbsentError, UnsatisfiedAssumption):
        return False  # it does not handle these sizes, and what it computes in is not known


def _rounded_to_decimals(output: Array) -> bool:
    return all(tolerance.grains(float(value))[1] >= DECIMALS for value in output.flat)


def _change(answers: Answers, name: str, share: float) -> float:
    """By how much the results change with an array that is changed by a share of itself.

    As a share of the largest entry of that result. One that is not finite tells nothing.
    """
    moved = answers.case.with_values(**{name: answers.case.arrays[name] * (1 + share)})
    one = answers.answer_to(moved)
    other = answers.answer if answers.contract.differentiates else Answer(answers.output, {})
    pairs = [(one.output, other.output)]
    pairs += [(one.gradients[n], other.gradients[n]) for n in one.gradients]
    pairs = [pair for pair in pairs if np.isfinite(pair).all()]
    sizes = [float(np.abs(b).max(initial=0.0)) or 1.0 for _, b in pairs]
    changes = [float(np.abs(a - b).max(initial=0.0)) for a, b in pairs]
    return max((c / size for c, size in zip(changes, sizes, strict=True)), default=0.0)
