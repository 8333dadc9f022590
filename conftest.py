"""What only this checkout's tests need: options, the Hypothesis profiles, the one report."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from tests.long_tests import FEW_EXAMPLES, TESTS, first_ones_first, left_out
from trigrad.api import OWN_IMPL, check, open_target
from trigrad.claim.claim import Claim, Outcome, Severity
from trigrad.defaults import EXAMPLES, REPAIR_SECONDS
from trigrad.hints import Hints
from trigrad.report.as_text import judgement_as_text
from trigrad.report.withholding import quiet, withheld
from trigrad.sandbox.host import SandboxError
from trigrad.sandbox.limits import Limits
from trigrad.subject.source.sources import UnreadableError
from trigrad.verdict.judge import try_subject
from trigrad.verdict.results import LayerReport, Results, Verdict

pytest_plugins = ("tests.options",)

THREE_WAYS = ("test_finite_difference.py", "test_autograd.py", "test_laws.py")
SAME_PROCESS = [f"tests/{name}" for name in THREE_WAYS]
SEED = pytest.StashKey[int]()

# In English, whatever the language of this machine.
os.environ["TRIGRAD_LANG"] = "en"

# What CI draws is always the same; `thorough` draws more, and other cases each time.
hypothesis.settings.register_profile("dev", max_examples=EXAMPLES)
hypothesis.settings.register_profile("ci", max_examples=EXAMPLES, derandomize=True)
hypothesis.settings.register_profile("thorough", max_examples=500)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_configure(config: pytest.Config) -> None:
    """Settle the seed once, so that the header can say it."""
    seed = config.getoption("--trigrad-seed")
    if seed is None:
        thorough = hypothesis.settings.get_current_profile_name() == "thorough"
        seed = int.from_bytes(os.urandom(4), "big") if thorough else 0
    config.stash[SEED] = seed
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False  # the files with most tests first; see ONE_IN
    if config.args_source.name == "ARGS":
        config.option.whole = True  # what is named is run; other processes are told the options
    if not config.option.whole:
        options = check.__kwdefaults__
        assert options is not None, "they are given by their names"
        options["examples"] = FEW_EXAMPLES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests first that take long, and leave out what only `--whole` runs."""
    first_ones_first(items)
    if not config.getoption("--whole"):
        left = left_out(items)
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=left)


def pytest_report_header(config: pytest.Config) -> str:
    """Say which subject is judged, and how to repeat it."""
    subject = config.getoption("--impl") or "impl"
    profile = hypothesis.settings.get_current_profile_name()
    whole = config.getoption("--whole") or config.getoption("--impl")
    part = "" if whole else ", a part of the long tests (--whole runs all)"
    return f"trigrad: subject {subject}, seed {config.stash[SEED]}, profile {profile}{part}"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --impl only the three ways are run, unless the command line names files itself."""
    if config.getoption("--impl") is None or config.args_source.name == "ARGS":
        return None
    if collection_path.is_dir() or collection_path in [TESTS / name for name in THREE_WAYS]:
        return None
    return True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the three ways in one process: each process would judge the subject again."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ThreeWaysTogether(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "the three ways" if file in SAME_PROCESS else file

    return ThreeWaysTogether(config, log)


@pytest.fixture(scope="session")
def report(pytestconfig: pytest.Config) -> Results:
    """The report on the whole subject, made once, when the first test asks for it."""
    seed = pytestconfig.stash[SEED]
    try:
        subject = open_target(pytestconfig.getoption("--impl") or OWN_IMPL, limits=Limits())
    except (UnreadableError, SandboxError) as error:
        pytest.exit(f"trigrad: {error}", returncode=2)
    level = Hints(pytestconfig.getoption("--trigrad-hints"))
    judged = try_subject(
        subject,
        seed=seed,
        examples=hypothesis.settings().max_examples,
        repair_seconds=REPAIR_SECONDS if level.names_lines else 0,
    )
    found = quiet(replace(judged, hints=level))
    if found.error is not None:
        pytest.exit(f"trigrad: {found.error}", returncode=2)
    return found


@pytest.fixture
def hold(report: Results) -> Callable[[Claim], None]:
    """Check one claim about every layer of the subject that was judged by its contract.

    A layer that is not there skips the test; advice is an expected failure, so that it is seen and
    fails nothing.
    """

    def hold_claim(claim: Claim) -> None:
        name = claim.contract.name
        layers = [layer for layer in report.layers if layer.layer == name]
        if not layers:
            reasons = "; ".join(f"{u.name}: {u.why}" for u in report.unjudged)
            pytest.skip(f"{name} is not there{f' (not judged: {reasons})' if reasons else ''}")
        advice = [words for layer in layers if (words := _hold(claim, layer, report.hints))]
        if advice:
            pytest.xfail(f"advice: {'; '.join(advice)}")

    return hold_claim


def _hold(claim: Claim, layer: LayerReport, hints: Hints) -> str:
    """Fail or skip the test for one layer; the advice there is, if any."""
    layer = withheld(layer, hints)
    if layer.verdict is Verdict.UNIMPLEMENTED:
        pytest.skip(f"{layer.name} is not written yet")
    judgement = layer.judgement_of(claim)
    if judgement is None:  # a claim of the row that its reading does not make
        pytest.skip(f"{layer.name}: {'; '.join(layer.notes)}")
    if layer.undecided is not None and claim.severity is Severity.MUST:
        pytest.fail(f"{layer.name}: {layer.undecided}", pytrace=False)
    finding = judgement.finding
    if finding.outcome is Outcome.BLOCKED:
        pytest.skip(f"{layer.name}: {finding.message}")
    if finding.outcome is Outcome.NOT_APPLICABLE:
        pytest.skip(f"{layer.name}: not applicable: {finding.message}")
    if finding.outcome is Outcome.PASS:
        return ""
    if finding.outcome is Outcome.INCONCLUSIVE and claim.severity is Severity.SHOULD:
        pytest.skip(f"{layer.name}: undecided: {finding.message}")
    if claim.severity is Severity.MUST:
        pytest.fail(judgement_as_text(layer, claim, hints), pytrace=False)
    return f"{layer.name}: {finding.message}"
