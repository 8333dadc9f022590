"""What pytest can do wherever trigrad is installed; all its options begin with --trigrad.

`pytest --trigrad mylib/layers.py` adds one test for each claim about the layers of that file,
folder or module, beside the project's own tests.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from trigrad.hints import Hints

if TYPE_CHECKING:  # at its first use: this module is imported by every run of pytest
    from trigrad.suite import BoundClaim, UnjudgedClaim


def pytest_addoption(parser: pytest.Parser) -> None:
    """Name the subjects, the seed of their cases and how much is revealed."""
    group = parser.getgroup("trigrad")
    group.addoption(
        "--trigrad",
        action="append",
        default=[],
        metavar="PATH",
        help="also test the layers in this file, notebook, folder or module; one test a claim",
    )
    group.addoption(
        "--trigrad-contracts",
        metavar="FILE",
        help="with --trigrad, a Python file with contracts of your own; it is run",
    )
    group.addoption(
        "--trigrad-advice",
        action="store_true",
        help="with --trigrad, also test what a layer should do and need not",
    )
    group.addoption(
        "--trigrad-seed",
        type=int,
        metavar="N",
        help="seed of the drawn cases (default 0; with Hypothesis' profile thorough a new one)",
    )
    group.addoption(
        "--trigrad-hints",
        choices=[level.value for level in Hints],
        default=Hints.FIX.value,
        help="how much the failures reveal: law; line adds the lines; fix (the default) adds the "
        "correction",
    )


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Say which subjects are tested."""
    seed = config.getoption("--trigrad-seed") or 0
    return [f"trigrad: {path}, seed {seed}" for path in config.getoption("--trigrad")]


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose
def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Add the claims about each subject to the project's own tests."""
    for path in session.config.getoption("--trigrad"):
        items.extend(_SubjectNode.from_parent(session, **_place(session, path)).collect_of(path))


def _place(session: pytest.Session, path: str) -> dict[str, Any]:
    """Where a subject is, and the name by which pytest shows it: as a file, seen from the root."""
    there = Path(path).absolute()
    if not there.exists():  # a module's name
        return {"name": path, "nodeid": path}
    root = session.config.rootpath
    name = there.relative_to(root).as_posix() if there.is_relative_to(root) else path
    return {"name": name, "nodeid": name, "path": there}


class _SubjectNode(pytest.Collector):
    """A file, notebook, folder or module whose layers are tested."""

    def collect_of(self, target: str) -> Iterator[_ClaimItem]:
        """One test a claim.

        Raises:
            pytest.UsageError: there is nothing to judge. In a worker of pytest-xdist, where nobody
                would read that, it is a test which fails.
        """
        from trigrad.api import declarations_of, open_target
        from trigrad.catalogue.in_force import UnknownLanguageError, language
        from trigrad.contracts.own import ContractsError
        from trigrad.defaults import EXAMPLES, REPAIR_SECONDS
        from trigrad.sandbox.host import SandboxError
        from trigrad.sandbox.limits import Limits
        from trigrad.subject.source.text import UnreadableError
        from trigrad.suite import UnjudgedClaim, claims_of
        from trigrad.verdict.judge import SubjectTrial

        option = self.config.getoption
        hints = Hints(option("--trigrad-hints"))
        seconds = REPAIR_SECONDS if hints.names_lines else 0
        try:
            language(None)  # one that TRIGRAD_LANG asks for and that is not offered is said at once
            own = option("--trigrad-contracts") or ()
            declarations = declarations_of(target, None, None, contracts=own)
            subject = open_target(target, limits=Limits(), declarations=declarations)
            seed = option("--trigrad-seed") or 0
            trial = SubjectTrial(subject, seed, EXAMPLES, repair_seconds=seconds)
            self.config.add_cleanup(trial.close)  # -k may have left some of its layers unjudged
            found = claims_of(subject, trial, advice=option("--trigrad-advice"), hints=hints)
        except (UnreadableError, SandboxError, ContractsError, UnknownLanguageError) as error:
            if not hasattr(self.config, "workerinput"):
                raise pytest.UsageError(f"trigrad: {error}") from error
            found = [UnjudgedClaim(target, str(error))]
        for bound in found:
            yield _ClaimItem.from_parent(self, name=str(bound), bound=bound)

    def collect(self) -> list[pytest.Item]:
        """Nothing that a path on the command line could name."""
        return []


class _ClaimItem(pytest.Item):
    """One claim. Advice is an expected failure, so that it is seen and fails nothing."""

    def __init__(self, *, bound: BoundClaim | UnjudgedClaim, **options: Any) -> None:
        super().__init__(**options)
        self.bound = bound

    def runtest(self) -> None:
        """Hold the claim against the layer."""
        from trigrad.messages import Message
        from trigrad.suite import AdviceWarning

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", AdviceWarning)
                self.bound.check()
        except AdviceWarning as advice:
            pytest.xfail(str(Message("suggestion", words=str(advice))))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *_: Any) -> Any:
        """The layer's part of the report; a traceback only of what is not the layer's fault."""
        from trigrad.suite import ClaimRefutedError

        if isinstance(excinfo.value, ClaimRefutedError):
            return excinfo.value.details
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        """The subject's file, and the claim."""
        return self.path, None, self.name
