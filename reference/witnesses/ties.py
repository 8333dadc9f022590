"""Equal entries: where a layer takes the largest of several that are the same.

Any way to share the gradient among them is right, as long as no part of it is lost or counted
twice: as all entries grow by the same amount, they stay equal, and forward has a slope there.
"""

from __future__ import annotations

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import HOLDS, Finding, Severity, not_applicable, refuted
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import gradient
from trigrad.contracts.schema import Array, Contract, Domain
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.numerics.slope import slope_along
from trigrad.witnesses.law_table import LawTable

TABLE = LawTable()

LEVEL = 1.37
"""The value of all entries: no constant with which somebody compares."""

NAME = "ties"


def _moved(contract: Contract) -> list[str]:
    """The operands that are made equal."""
    real = (Domain.REAL, Domain.LOGIT, Domain.POSITIVE)
    return [v.name for v in contract.operands if v.domain in real and v.name in contract.gradients]


@TABLE.law(NAME, Severity.SHOULD, lambda c: c.own is not None and bool(_moved(c)))
def check_ties(answers: Answers) -> Finding:
    """Where several entries are the largest, the gradient is shared among them."""
    contract, names = answers.contract, _moved(answers.contract)
    case = _with_all(answers.case, names, 0.0)
    assert contract.own is not None, "asked of what has its own forward"
    if contract.own.distance_to_tie(case.arrays) > 0:
        return not_applicable(Message("ties.none"))
    here = answers.on(case)
    weight = np.ones(()) if case.dout is None else case.dout
    gradients = {name: here.gradient(name) for name in names}
    if not np.isfinite(here.output).all():
        return not_applicable(Message("ties.none"))

    def values_at(steps: object) -> Array:
        several = [answers.on(_with_all(case, names, float(t))) for t in np.asarray(steps)]
        return np.array([float(np.sum(weight * each.output)) for each in several])

    eps = float(np.finfo(np.float64).eps)
    is_ = float(sum(np.sum(array) for array in gradients.values()))
    terms = float(np.sum(np.abs(weight * here.output)))
    total = sum(float(np.abs(array).sum()) for array in gradients.values())
    slope = slope_along(
        values_at,
        float(np.sum(weight * here.output)),
        tolerance.value_rounding(terms, eps, LEVEL * total),
        tolerance.probe_step(eps),
        tolerance.probe_goal(total, eps),
    )
    if not slope.known or slope.kink:
        return not_applicable(Message("ties.none"))
    allowed = tolerance.DOUBT * slope.error + tolerance.roundoff(contract, case, np.asarray(total))
    if abs(is_ - slope.value) <= allowed:
        return HOLDS
    words = Message("ties.shared", is_=f"{is_:.4g}", due=f"{slope.value:.4g}")
    found = np.asarray(is_), np.asarray(slope.value)
    return refuted(words, Evidence(gradient(names[0]), case, *found, abs(is_ - slope.value)))


def _with_all(case: Case, names: list[str], more: float) -> Case:
    """The case with all entries of these arrays equal."""
    return case.with_values(**{n: np.full_like(case.arrays[n], LEVEL + more) for n in names})
