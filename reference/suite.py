"""`claims`: the claims about a subject one by one, to parametrise a test suite over."""

from __future__ import annotations

import unittest
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from trigrad.api import (
    OWN_IMPL,
    AnyTarget,
    Contracts,
    check_contract,
    declarations_of,
    open_target,
)
from trigrad.claim.claim import Claim, Outcome, Severity
from trigrad.defaults import EXAMPLES
from trigrad.hints import Hints
from trigrad.messages import Message
from trigrad.report.withholding import quiet, withheld
from trigrad.sandbox.limits import Limits
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Where
from trigrad.subject.source.sources import UnreadableError
from trigrad.subject.subject import Subject
from trigrad.trial.plan import plan
from trigrad.verdict.judge import SubjectTrial, file_of
from trigrad.verdict.results import Results


class ClaimRefutedError(AssertionError):
    """A must-claim is refuted; the message is the claim, and the layer's part of the report."""

    def __init__(self, claim: str, details: str = "") -> None:
        super().__init__("\n".join(filter(None, (claim, details))))
        self.details = details or claim
        """The layer's part of the report, or why there is none."""


class AdviceWarning(UserWarning):
    """A should-claim is refuted."""


@dataclass(frozen=True, repr=False)
class BoundClaim:
    """A claim about one layer of a subject. `str(claim)` is a readable test id."""

    claim: Claim
    candidate: Candidate
    trial: SubjectTrial
    file: str = ""
    """The layer's file, where another file has a layer of the same name."""
    skip: bool = False
    """Whether a layer that cannot be judged is skipped, not refuted."""
    hints: Hints = Hints.FIX

    def __str__(self) -> str:
        file = f"{self.file}: " if self.file else ""
        return f"{file}{self.candidate.name}: {self.claim.witness}: {self.claim.name}"

    def __repr__(self) -> str:
        return f"<claim {self}>"

    def check(self) -> None:
        """Hold the claim against the layer, which is judged at the first call.

        Raises:
            ClaimRefutedError: a must-claim is refuted or undecided.
            unittest.SkipTest: another claim, which fails, leaves nothing to judge here.

        A refuted should-claim is an AdviceWarning.
        """
        __tracebackhide__ = True  # pytest shows the caller's line, not this function
        result = self.trial.result(self.candidate)
        if isinstance(result, Unjudged):
            (unjudged,) = _without_fixes([result], self.hints)
            raise _not_judged(str(self), unjudged.why, skip=self.skip)
        result = withheld(result, self.hints)
        judgement = result.judgement_of(self.claim)
        if judgement is None:  # a claim of the row that its reading does not make
            raise unittest.SkipTest(f"{self}: {'; '.join(result.notes)}")
        if result.undecided is not None and self.claim.severity is Severity.MUST:
            raise ClaimRefutedError(str(self), str(result.undecided))
        if judgement.finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            return
        if judgement.finding.outcome is Outcome.BLOCKED:  # the claim that blocks it fails itself
            raise unittest.SkipTest(f"{self}: {judgement.finding.message}")
        if self.claim.severity is Severity.MUST:
            from trigrad.report.as_text import judgement_as_text

            raise ClaimRefutedError(str(self), judgement_as_text(result, self.claim, self.hints))
        if judgement.finding.outcome is Outcome.FAIL:
            warnings.warn(f"{self}: {judgement.finding.message}", AdviceWarning, stacklevel=2)


@dataclass(frozen=True, repr=False)
class UnjudgedClaim:
    """That something can be judged which can't: a layer, or a file that cannot be read."""

    name: str
    why: str
    skip: bool = False

    def __str__(self) -> str:
        return f"{self.name}: can be judged"

    def __repr__(self) -> str:
        return f"<claim {self}>"

    def check(self) -> None:
        """Say why it cannot be judged.

        Raises:
            ClaimRefutedError: always, unless it is to be skipped.
            unittest.SkipTest: it is.
        """
        __tracebackhide__ = True
        raise _not_judged(self.name, self.why, skip=self.skip)


def _not_judged(name: str, why: str, *, skip: bool) -> Exception:
    words = str(Message("told.not_judged", name=name, why=Message("not_judged", why=why)))
    return unittest.SkipTest(words) if skip else ClaimRefutedError(words)


def _without_fixes(unjudged: Sequence[Unjudged], hints: Hints) -> tuple[Unjudged, ...]:
    """The same without what these hints do not reveal."""
    return quiet(Results("", "", 0, 0, unjudged=tuple(unjudged), hints=hints)).unjudged


def _at(words: str, where: Where | None) -> str:
    from trigrad.report.locations import place

    return f"{words} ({place(where)})" if where else words


def claims(
    target: AnyTarget = OWN_IMPL,
    declaration: str | None = None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    like: Callable[..., Any] | None = None,
    layer: str | None = None,
    contracts: Contracts = (),
    advice: bool = False,
    unjudged: str = "fail",
    seed: int = 0,
    examples: int = EXAMPLES,
) -> list[BoundClaim | UnjudgedClaim]:
    """Every claim about every layer of a subject, to parametrise tests over.

    ::

        @pytest.mark.parametrize("claim", claims("mylib.layers"), ids=str)
        def test_gradients(claim):
            claim.check()

    The subject is loaded now, and judged when the first claim of a layer is checked. What cannot be
    judged is a claim, too: a layer without a contract, one that is not written yet, a file that
    cannot be read. It fails with the reason; with `unjudged="skip"` it is skipped with it.
    `advice` adds the should-claims. The other arguments are those of `check`; `layer` says whose
    the declaration is, where the target is a path.

    Raises:
        UnreadableError: there is nothing to judge; a test suite should not pass on nothing.
        SandboxError: paths and names are judged in a sandbox, and there can be none.
        ValueError: as `check`; or `unjudged` is neither "fail" nor "skip".
    """
    if unjudged not in ("fail", "skip"):
        raise ValueError(str(Message("argument.unjudged", given=repr(unjudged))))
    check_contract(target, contract, build)
    subject = open_target(
        target,
        contract=contract,
        build=build,
        limits=Limits(),
        declarations=declarations_of(target, declaration, layer, build, like, contracts),
    )
    trial = SubjectTrial(subject, seed, examples)
    return claims_of(subject, trial, advice=advice, skip=unjudged == "skip")


def claims_of(
    subject: Subject,
    trial: SubjectTrial,
    *,
    advice: bool = False,
    skip: bool = False,
    hints: Hints = Hints.FIX,
) -> list[BoundClaim | UnjudgedClaim]:
    """The claims about the layers of a subject, and what of it cannot be judged.

    Raises:
        UnreadableError: there is nothing to judge, or with `skip` nothing that can be judged.
    """
    written = [candidate for candidate in subject.candidates if not candidate.unimplemented]
    lacking = [
        UnjudgedClaim(c.name, _at("; ".join(c.notes), c.where), skip)
        for c in subject.candidates
        if c.unimplemented
    ]
    lacking += [
        UnjudgedClaim(u.name, _at(u.why, u.where), skip)
        for u in _without_fixes(subject.unjudged, hints)
    ]
    if not written and (skip or not lacking):
        raise UnreadableError(str(Message("nothing.written", path=subject.path)))
    files: dict[str, set[str]] = {}
    for candidate in written:
        files.setdefault(candidate.name, set()).add(file_of(candidate))
    found: list[BoundClaim | UnjudgedClaim] = []
    for candidate in written:
        file = file_of(candidate) if len(files[candidate.name]) > 1 else ""
        found += [
            BoundClaim(claim, candidate, trial, file, skip, hints)
            for claim in plan(candidate.contract)
            if advice or claim.severity is Severity.MUST
        ]
    return [*found, *lacking]
