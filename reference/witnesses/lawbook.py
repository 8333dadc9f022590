"""How a law is written down: a check with a name, a severity and the rows it applies to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers, gradient_of
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, refuted
from trigrad.claim.evidence import Evidence
from trigrad.contracts.schema import Array, Contract
from trigrad.numerics import tolerance

Check = Callable[[Answers], Finding]


@dataclass(frozen=True)
class Law:
    """A check with its name, its severity and the rows it applies to."""

    name: str
    severity: Severity
    applies: Callable[[Contract], bool]
    check: Check
    needs: tuple[str, ...] = ()
    beyond: bool = False

    def claim(self, contract: Contract, needs: tuple[str, ...]) -> Claim:
        """The law as a claim about a row."""
        return Claim(
            contract,
            self.name,
            Witness.LAWS,
            self.severity,
            self.check,
            (*needs, *self.needs),
            beyond=self.beyond,
        )


def first_line(check: Check) -> str:
    """The law in words: the first line of its docstring, as part of a sentence."""
    doc = (check.__doc__ or "").strip().splitlines()[0].rstrip(".")
    return doc[0].lower() + doc[1:]


class Lawbook:
    """A list of laws that a decorator adds to."""

    def __init__(self) -> None:
        self.laws: list[Law] = []

    def law(
        self,
        name: str,
        severity: Severity,
        applies: Callable[[Contract], bool],
        needs: tuple[str, ...] = (),
        *,
        beyond: bool = False,
    ) -> Callable[[Check], Check]:
        """Enter a check as a law for the rows that have the property.

        `needs` are laws whose refutation already says what this one would; `beyond` says whether
        it is about extreme inputs.
        """

        def enter(check: Check) -> Check:
            self.laws.append(Law(name, severity, applies, check, needs, beyond))
            return check

        return enter

    def claims(self, contract: Contract) -> Iterator[Claim]:
        """The laws that apply to a row."""
        needs = tuple(f"{gradient_of(name)} shape" for name in contract.gradients)
        for law in self.laws:
            if law.applies(contract):
                yield law.claim(contract, needs or ("output shape",))


def agree(
    answers: Answers,
    law: str,
    pairs: list[tuple[str, Array, Array]],
    remark: str,
    case: Case | None = None,
) -> Finding:
    """Whether arrays that the law says are equal are so, up to rounding.

    `pairs` are (quantity, is, should be); `remark` says in words what the two numbers are.
    """
    case = case or answers.case
    for what, is_, should_be in pairs:
        allowed = tolerance.roundoff(answers.contract, case, is_, should_be)
        if answers.contract.arguments is not None:  # a numerical result of the subject's own
            allowed += tolerance.allowance(answers.contract, case)
        # Two NaNs are the same here: that they are NaN is for the value's own claim to say.
        same = (is_ == should_be) | (np.isnan(is_) & np.isnan(should_be))
        error = float(np.max(np.where(same, 0.0, np.abs(is_ - should_be)), initial=0.0))
        if not error <= allowed:
            evidence = Evidence(what, case, is_, should_be, error, allowed, remark=remark)
            return refuted(f"broken law: {law}", evidence)
    return HOLDS
