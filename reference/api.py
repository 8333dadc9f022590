"""What Python code calls: `check` for a report, `claims` to parametrise tests over."""

from __future__ import annotations

import unittest
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from trigrad.claim.claim import Claim, Outcome, Severity
from trigrad.contracts.registry import contract_named
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS, TIMEOUT
from trigrad.hints import Hints, hints_named
from trigrad.opening import open_subject
from trigrad.report.report import Report
from trigrad.report.withholding import quiet
from trigrad.sandbox.host import SandboxError, available
from trigrad.sandbox.limits import Limits
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.source.sources import UnreadableError
from trigrad.subject.subject import Subject
from trigrad.trial.plan import plan
from trigrad.verdict.judge import SubjectTrial, try_subject
from trigrad.witnesses.should_claims import NUMPY_ONLY

NO_SANDBOX = "this system has no sandbox: the code runs in trigrad's own process, without limits"

Target = str | Path | ModuleType | type | FunctionType


def check(
    target: Target | None = None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    layer: str | None = None,
    require: Sequence[str] = (),
    seed: int = 0,
    examples: int = EXAMPLES,
    timeout: float = TIMEOUT,
    in_process: bool = False,
    numpy_only: bool = False,
    hints: str = Hints.FIX,
    repair_seconds: float = REPAIR_SECONDS,
) -> Report:
    """Judge layers three ways and return the report.

    Args:
        target: a path (`.py`, `.ipynb`, `.md`, a folder), an importable module's name, a module,
            or a class or function itself; None is trigrad's own `impl`.
        contract: the row by which a class is judged whose name nothing recognises ("Affine").
        build: makes its object from the row's parameters, `lambda W, b: MyDense(...)`.
        layer: judge only this one, by the contract's name or its own.
        require: names of contracts that must be there.
        seed: decides every case; the same seed and layer give the same cases.
        examples: cases drawn for each layer.
        timeout: seconds that a claim may take before the layer is said to hang.
        in_process: run the code in this process, without a sandbox or a time limit: for a
            debugger. Modules, classes and functions are always run here.
        numpy_only: a layer that uses a library which differentiates by itself fails.
        hints: how much the report gives away where it is shown: "law" the law that is broken and
            the case, "line" also the lines, "fix" also what they should be.
        repair_seconds: how long to look for a failing layer's repair; 0: not at all. With the
            hints "law" none is looked for.

    Returns:
        A Report. Where nothing can be judged its `error` says why; nothing is raised for what is
        wrong with the target.

    Raises:
        ValueError: a name in `require` or `contract` is none of the contracts, or `hints` is none
            of the three, or `repair_seconds` is negative.
    """
    level = hints_named(hints)
    if not repair_seconds >= 0:
        raise ValueError(f"repair_seconds is {repair_seconds}, should be 0 or more")
    for name in [*require, *([contract] if contract else [])]:
        if contract_named(name) is None:
            raise ValueError(f"there is no contract named {name!r}")
    required = tuple(row.name for name in require if (row := contract_named(name)))
    try:
        limits = None if in_process else Limits(timeout=timeout)
        subject = open_target(target, contract=contract, build=build, limits=limits)
        strict = frozenset({NUMPY_ONLY} if numpy_only else ())
        results = try_subject(
            subject,
            seed=seed,
            examples=examples,
            layer=layer,
            required=required,
            strict=strict,
            repair_seconds=repair_seconds if level.names_lines else 0,
        )
        options = " --numpy-only" if numpy_only else ""
        options += "" if timeout == TIMEOUT or in_process else f" --timeout {timeout:g}"
        if level.names_lines and repair_seconds != REPAIR_SECONDS:
            options += f" --repair-seconds {repair_seconds:g}"
        return quiet(Report.of(replace(results, options=options, hints=level)))
    except UnreadableError as error:
        return quiet(Report(str(target), "", seed, examples, error=str(error), hints=level))
    except SandboxError as error:
        why = f"{error}; --in-process runs the code without it"
        return Report(str(target), "", seed, examples, error=why)


def open_target(
    target: Target | None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    limits: Limits | None = None,
) -> Subject:
    """The subject behind a target; None is trigrad's own `impl`, whatever lies in this folder.

    Paths and names are opened in a sandbox where there are `limits` and the system has one.
    """
    if target is None:
        from trigrad import impl

        target = impl
    if limits is None or available():
        return open_subject(target, contract=contract, build=build, limits=limits)
    subject = open_subject(target, contract=contract, build=build)
    subject.notes.insert(0, NO_SANDBOX)
    return subject


class ClaimRefutedError(AssertionError):
    """A must-claim is refuted; the message is the layer's part of the report."""


class AdviceWarning(UserWarning):
    """A should-claim is refuted."""


@dataclass(frozen=True)
class BoundClaim:
    """A claim about one layer of a subject. `str(claim)` is a readable test id."""

    claim: Claim
    candidate: Candidate
    trial: SubjectTrial

    def __str__(self) -> str:
        return f"{self.candidate.name}: {self.claim.witness}: {self.claim.name}"

    def check(self) -> None:
        """Hold the claim against the layer, whose trial takes place at the first call.

        Raises:
            ClaimRefutedError: a must-claim is refuted or cannot be settled.
            unittest.SkipTest: another claim, which fails, leaves nothing to judge here.

        A refuted should-claim is an AdviceWarning.
        """
        result = self.trial.result(self.candidate)
        if isinstance(result, Unjudged):
            raise ClaimRefutedError(f"{self}: not judged, {result.why}")
        judgement = result.judgement_of(self.claim)
        if judgement is None:
            raise ClaimRefutedError(f"{self}: {result.name} is {result.verdict}")
        if judgement.finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            return
        if judgement.finding.outcome is Outcome.BLOCKED:  # the claim that blocks it fails itself
            raise unittest.SkipTest(f"{self}: {judgement.finding.message}")
        if self.claim.severity is Severity.MUST:
            from trigrad.report.as_text import judgement_as_text

            raise ClaimRefutedError(f"{self}\n{judgement_as_text(result, self.claim)}")
        if judgement.finding.outcome is Outcome.FAIL:
            warnings.warn(f"{self}: {judgement.finding.message}", AdviceWarning, stacklevel=2)


def claims(
    target: Target | None = None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
    advice: bool = False,
    seed: int = 0,
    examples: int = EXAMPLES,
) -> list[BoundClaim]:
    """Every claim about every layer of a subject, to parametrise tests over.

    ::

        @pytest.mark.parametrize("claim", claims("mylib.layers"), ids=str)
        def test_gradients(claim):
            claim.check()

    The subject is loaded now, and judged when the first claim of a layer is checked. `advice`
    adds the should-claims. The other arguments are those of `check`.

    Raises:
        UnreadableError: there is nothing to judge; a test suite should not pass on nothing.
        SandboxError: paths and names are judged in a sandbox, and there can be none.
    """
    subject = open_target(target, contract=contract, build=build, limits=Limits())
    if not subject.candidates:
        raise UnreadableError(f"{subject.path} has no layer that can be judged")
    trial = SubjectTrial(subject, seed, examples)
    return [
        BoundClaim(claim, candidate, trial)
        for candidate in subject.candidates
        for claim in plan(candidate.contract)
        if advice or claim.severity is Severity.MUST
    ]
