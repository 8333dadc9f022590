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
from trigrad.report.withholding import quiet, withheld
from trigrad.sandbox.host import SandboxError, available
from trigrad.sandbox.limits import Limits
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.face import Where
from trigrad.subject.source.sources import UnreadableError
from trigrad.subject.subject import Subject
from trigrad.trial.plan import plan
from trigrad.verdict.judge import SubjectTrial, file_of, try_subject
from trigrad.verdict.results import Results
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
        contract: the contract to use when the name of a class isn't recognised ("Affine"). For a
            class or function only.
        build: makes an object of the class from the contract's parameters,
            `lambda W, b: MyDense(...)`. For a class only.
        layer: judge only this one, by the contract's name or its own.
        require: names of contracts that must be there.
        seed: decides every case; the same seed and layer give the same cases.
        examples: cases drawn for each layer.
        timeout: time limit per claim, in seconds; longer counts as a hang.
        in_process: run the code in this process, without a sandbox or a time limit: for a
            debugger. Modules, classes and functions are always run here.
        numpy_only: a layer that uses a library which differentiates by itself fails.
        hints: how much the report reveals where it is shown: "law" the law that is broken and
            the case, "line" also the lines, "fix" also the correction.
        repair_seconds: time limit for finding a fix of a failing layer, in seconds; 0 disables
            it. With the hints "law" no fix is looked for.

    Returns:
        A Report, which is true in a condition only if every layer holds: `assert check(…)`. Where
        nothing can be judged its `error` says why; nothing is raised for what is wrong with the
        target.

    Raises:
        ValueError: a name in `require` or `contract` is none of the contracts; `contract` or
            `build` is given for a path or a module; `hints` is none of the three; or
            `repair_seconds` is negative.
    """
    level = hints_named(hints)
    if not repair_seconds >= 0:
        raise ValueError(f"repair_seconds is {repair_seconds}, should be 0 or more")
    _check_contract(target, contract, build)
    for name in require:
        _check_named(name)
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
        return quiet(Report(str(target), "", seed, examples, error=why, hints=level))


def _check_contract(
    target: Target | None, contract: str | None, build: Callable[..., Any] | None
) -> None:
    """Refuse a contract for what may hold several layers, and one that is not there.

    Raises:
        ValueError: says what to do.
    """
    if contract is not None:
        _check_named(contract)
    for option, given in (("contract", contract), ("build", build)):
        if given is not None and (target is None or isinstance(target, str | Path | ModuleType)):
            raise ValueError(
                f"{option}= is for one class or function, not for a path or a module: import the "
                f"class and give it itself, as in check(MyDense, {option}=…)"
            )


def _check_named(contract: str) -> None:
    if contract_named(contract) is None:
        raise ValueError(f"there is no contract named {contract!r}")


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
            raise _not_judged(f"{self}: not judged, {unjudged.why}", skip=self.skip)
        result = withheld(result, self.hints)
        judgement = result.judgement_of(self.claim)
        assert judgement is not None, "every claim of the plan is judged"
        if judgement.finding.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE):
            return
        if judgement.finding.outcome is Outcome.BLOCKED:  # the claim that blocks it fails itself
            raise unittest.SkipTest(f"{self}: {judgement.finding.message}")
        if self.claim.severity is Severity.MUST:
            from trigrad.report.as_text import judgement_as_text

            raise ClaimRefutedError(str(self), judgement_as_text(result, self.claim, self.hints))
        if judgement.finding.outcome is Outcome.FAIL:
            warnings.warn(f"{self}: {judgement.finding.message}", AdviceWarning, stacklevel=2)


@dataclass(frozen=True)
class UnjudgedClaim:
    """That something can be judged which can't: a layer, or a file that cannot be read."""

    name: str
    why: str
    skip: bool = False

    def __str__(self) -> str:
        return f"{self.name}: can be judged"

    def check(self) -> None:
        """Say why it cannot be judged.

        Raises:
            ClaimRefutedError: always, unless it is to be skipped.
            unittest.SkipTest: it is.
        """
        __tracebackhide__ = True
        raise _not_judged(f"{self.name}: not judged, {self.why}", skip=self.skip)


def _not_judged(words: str, *, skip: bool) -> Exception:
    return unittest.SkipTest(words) if skip else ClaimRefutedError(words)


def _without_fixes(unjudged: Sequence[Unjudged], hints: Hints) -> tuple[Unjudged, ...]:
    """The same without what these hints do not reveal."""
    return quiet(Results("", "", 0, 0, unjudged=tuple(unjudged), hints=hints)).unjudged


def _at(words: str, where: Where | None) -> str:
    from trigrad.report.locations import place

    return f"{words} ({place(where)})" if where else words


def claims(
    target: Target | None = None,
    *,
    contract: str | None = None,
    build: Callable[..., Any] | None = None,
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
    `advice` adds the should-claims. The other arguments are those of `check`.

    Raises:
        UnreadableError: there is nothing to judge; a test suite should not pass on nothing.
        SandboxError: paths and names are judged in a sandbox, and there can be none.
        ValueError: as `check`; or `unjudged` is neither "fail" nor "skip".
    """
    if unjudged not in ("fail", "skip"):
        raise ValueError(f"unjudged is {unjudged!r}, should be 'fail' or 'skip'")
    _check_contract(target, contract, build)
    subject = open_target(target, contract=contract, build=build, limits=Limits())
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
        raise UnreadableError(f"{subject.path} has no layer that can be judged")
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
