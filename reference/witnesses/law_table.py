"""Laws: checks with a name, a severity and the rows that they apply to, listed by a decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import HOLDS, Claim, Finding, Severity, Witness, refuted
from trigrad.claim.evidence import Evidence
from trigrad.claim.quantity import Quantity, gradient
from trigrad.contracts.same_bytes import same_bytes
from trigrad.contracts.schema import Array, Contract
from trigrad.messages import Message
from trigrad.numerics import tolerance
from trigrad.witnesses.precision import roundoff

Check = Callable[[Answers], Finding]

Pair = tuple[Quantity | Message, Array, Array]
"""A quantity, what it is, and what it should be."""


@dataclass(frozen=True)
class Law:
    """A check with its name, its severity and the rows that it applies to."""

    name: str
    severity: Severity
    applies: Callable[[Contract], bool]
    check: Check
    needs: tuple[str, ...] = ()
    method: str = ""
    extreme: bool = False
    of_contracts: bool = False

    def claim(self, contract: Contract, needs: tuple[str, ...]) -> Claim:
        """The law as a claim about a row."""
        return Claim(
            contract,
            self.name,
            Witness.LAWS,
            Severity.SHOULD if self.of_contracts and contract.declaration else self.severity,
            self.check,
            (*needs, *self.needs),
            method=self.method,
            extreme=self.extreme,
        )


class LawTable:
    """A list of laws, to which a decorator adds."""

    def __init__(self) -> None:
        self.laws: list[Law] = []

    def law(
        self,
        name: str,
        severity: Severity,
        applies: Callable[[Contract], bool],
        needs: tuple[str, ...] = (),
        *,
        method: str = "",
        extreme: bool = False,
        of_contracts: bool = False,
    ) -> Callable[[Check], Check]:
        """Add a check as a law for the rows for which `applies` is true.

        Args:
            name: identifies the claim; never translated or reworded.
            severity: whether breaking it fails the layer.
            applies: to which rows.
            needs: further laws; where one of them is refuted, this one would only repeat it.
            method: "forward" or "backward", if the law is about what it does to its arguments.
            extreme: whether it is about extreme inputs, which a layer isn't required to handle.
            of_contracts: whether only a contract can promise it: of a declared layer it is advice.
        """

        def add(check: Check) -> Check:
            self.laws.append(
                Law(name, severity, applies, check, needs, method, extreme, of_contracts)
            )
            return check

        return add

    def claims(self, contract: Contract) -> Iterator[Claim]:
        """The laws that apply to a row, as claims."""
        needs = tuple(f"{gradient(name).id} shape" for name in contract.gradients)
        for law in self.laws:
            if law.applies(contract):
                yield law.claim(contract, needs or ("output shape",))


def agree(
    answers: Answers,
    law: Message,
    pairs: list[Pair],
    remark: Message,
    case: Case | None = None,
    *,
    allowance: float = 0.0,
) -> Finding:
    """Whether arrays that are equal by a law are so, up to rounding.

    `remark` says what the two arrays of a pair are. `case` is where they come from, if it is not
    the one that was drawn. `allowance` is what the contract allows beside rounding.
    """
    case = case or answers.case
    # Where a numerical derivative is computed, all results are.
    if answers.contract.arguments is not None:
        allowance = tolerance.allowance(answers.contract, case)
    for what, is_, should_be in pairs:
        if same_bytes(is_, should_be):
            continue
        # Two NaNs are equal here: another claim says that the value is NaN.
        same = (is_ == should_be) | (np.isnan(is_) & np.isnan(should_be))
        error = float(np.max(np.where(same, 0.0, np.abs(is_ - should_be)), initial=0.0))
        allowed = roundoff(answers, case, error, allowance, is_, should_be) + allowance
        if not error <= allowed:
            evidence = Evidence(what, case, is_, should_be, error, allowed, remark=remark)
            return refuted(Message("law.broken", law=law), evidence)
    return HOLDS
