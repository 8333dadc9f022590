"""`pytest --impl PATH` in this checkout: the same claims as tests, and nothing else.

Each run is a process of its own, as a user starts it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from trigrad.claim.claim import Witness
from trigrad.contracts.registry import CONTRACTS
from trigrad.trial.plan import plan

ROOT = Path(__file__).parents[2]

THREE_WAYS = {
    "tests/test_finite_difference.py": Witness.FINITE_DIFFERENCES,
    "tests/test_autograd.py": Witness.AUTOGRAD,
    "tests/test_laws.py": Witness.LAWS,
}

LAYERS = """
class AddLayer:
    def forward(self, x, y):
        return x + y

    def backward(self, dout):
        return dout * 1, -dout


class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        dout *= self.mask
        return dout


class MulLayer:
    def forward(self, x, y):
        return x * y

    def backward(self, dout):
        return dout * y, dout * x


class Sigmoid:
    def forward(self, x):
        pass

    def backward(self, dout):
        pass
"""

RIGHT = """
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
"""


@dataclass(frozen=True)
class Run:
    """What a run of pytest printed, and its exit code."""

    code: int
    output: str

    def outcomes(self) -> dict[str, str]:
        """The outcome of every test by its id, whatever folder that is shown from."""
        line = r"^(.+\.py::.+\]) (PASSED|FAILED|SKIPPED|XFAIL|XPASS|ERROR)\b"
        found = re.findall(line, self.output, re.M)
        return {re.sub(r"^.*(?=tests/)", "", name): outcome for name, outcome in found}


def pytest_run(*arguments: str) -> Run:
    """`python -m pytest` with these arguments, in the root of the checkout, as tox runs it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [*(sys.executable, "-m", "pytest", "-p", "tests.options"), "-v", *arguments],
        cwd=ROOT,
        env={
            **environment,
            "OMP_NUM_THREADS": "1",
            "COLUMNS": "400",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on layers that are wrong, right with advice, broken and not written yet."""
    path = tmp_path_factory.mktemp("a learner's") / "my layers.py"
    path.write_text(LAYERS)
    return pytest_run("--impl", str(path))


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run on a function that is right, by the option's other spelling."""
    path = tmp_path_factory.mktemp("right") / "layers.py"
    path.write_text(RIGHT)
    return pytest_run(f"--impl={path}", "--trigrad-seed=7")


class TestMixed:
    def test_the_claims_are_the_tests_and_nothing_else_is(self, mixed: Run) -> None:
        due = {
            f"{file}::test_claim[{claim.id}]"
            for file, witness in THREE_WAYS.items()
            for row in CONTRACTS
            for claim in plan(row)
            if claim.witness is witness
        }
        assert set(mixed.outcomes()) == due

    def test_the_exit_code_is_that_of_a_failure(self, mixed: Run) -> None:
        assert mixed.code == 1

    def test_the_header_says_who_is_on_trial(self, mixed: Run) -> None:
        (header,) = re.findall(r"^trigrad: .*$", mixed.output, re.M)
        assert re.fullmatch(r"trigrad: subject .*my layers\.py, seed 0, profile \w+", header)

    @pytest.mark.parametrize(
        ("name", "outcome"),
        [
            ("tests/test_finite_difference.py::test_claim[AddLayer: gradient of x]", "PASSED"),
            ("tests/test_finite_difference.py::test_claim[AddLayer: gradient of y]", "FAILED"),
            ("tests/test_autograd.py::test_claim[AddLayer: gradient of y]", "FAILED"),
            ("tests/test_autograd.py::test_claim[AddLayer: value]", "PASSED"),
            ("tests/test_autograd.py::test_claim[Relu: gradient of x]", "PASSED"),
            ("tests/test_laws.py::test_claim[Relu: backward keeps its arguments]", "XFAIL"),
            ("tests/test_laws.py::test_claim[MulLayer: backward runs]", "FAILED"),
            ("tests/test_autograd.py::test_claim[MulLayer: gradient of x]", "SKIPPED"),
            ("tests/test_autograd.py::test_claim[Sigmoid: value]", "SKIPPED"),
            ("tests/test_autograd.py::test_claim[Affine: value]", "SKIPPED"),
            ("tests/test_autograd.py::test_claim[TwoLayerNet: value]", "SKIPPED"),
        ],
    )
    def test_an_outcome(self, mixed: Run, name: str, outcome: str) -> None:
        assert mixed.outcomes()[name] == outcome

    def test_only_what_is_wrong_fails(self, mixed: Run) -> None:
        failed = {
            re.sub(r".*\[(\w+):.*", r"\1", name)
            for name, outcome in mixed.outcomes().items()
            if outcome in ("FAILED", "ERROR")
        }
        assert failed == {"AddLayer", "MulLayer"}

    @pytest.mark.parametrize(
        "reason",
        [
            "Affine is not there",
            "Sigmoid is not written yet",
            "MulLayer: not checked, because this already fails: ",
            (
                "advice: ReLU: backward changes its argument dout in place: work on a copy, "
                "because other code may still use it"
            ),
        ],
    )
    def test_a_reason(self, mixed: Run, reason: str) -> None:
        assert reason in mixed.output

    @pytest.mark.parametrize(
        "line",
        [
            r"the gradient of y is not the derivative of forward",
            r"case       x = \[\[\S+\]\]  y = \[\[\S+\]\]  dout = \[\[\S+\]\]",
            r"is         \[\[\S+\]\]",
            r"should be  \[\[\S+\]\]         finite differences",
            r"backward raises NameError: undefined name y",
        ],
    )
    def test_the_evidence_is_shown(self, mixed: Run, line: str) -> None:
        assert re.search(rf"^(E  )? *{line}$", mixed.output, re.M)

    def test_no_traceback_of_ours_is_shown(self, mixed: Run) -> None:
        assert "conftest.py:" not in mixed.output
        assert "Traceback" not in mixed.output


class TestRight:
    def test_what_is_there_passes_and_the_rest_is_skipped(self, right: Run) -> None:
        counts = Counter(
            ("softmax" if "[softmax: " in name else "others", outcome)
            for name, outcome in right.outcomes().items()
        )
        assert set(counts) <= {
            ("softmax", "PASSED"),
            ("softmax", "SKIPPED"),
            ("others", "SKIPPED"),
        }
        assert counts["softmax", "PASSED"] > 10
        assert right.code == 0

    def test_the_ids_are_short(self, right: Run) -> None:
        assert "\ntests/test_laws.py::test_claim[softmax: rows sum to 1] PASSED" in right.output

    def test_the_settings_are_those_of_the_checkout(self, right: Run) -> None:
        assert "\nconfigfile: pyproject.toml\n" in right.output

    def test_the_seed_is_the_one_that_was_given(self, right: Run) -> None:
        assert ", seed 7, profile " in right.output


def test_a_path_that_is_not_there_ends_with_one_line(tmp_path: Path) -> None:
    path = tmp_path / "nothing.py"
    run = pytest_run(f"--impl={path}")
    assert run.code == 2
    assert f"trigrad: there is no file or folder {path}: check the spelling" in run.output
    assert len([line for line in run.output.splitlines() if "trigrad: there" in line]) == 1
    assert "Traceback" not in run.output
    assert "PASSED" not in run.output


@pytest.mark.whole
def test_how_much_is_given_away(tmp_path: Path, mixed: Run) -> None:
    """What is shown with no option, "fix", is shown of the same layers above."""
    path = tmp_path / "layers.py"
    path.write_text(LAYERS)
    claim = "tests/test_autograd.py::test_claim[AddLayer: gradient of y]"
    law = pytest_run(claim, "--impl", str(path), "--trigrad-hints", "law")
    assert law.outcomes() == {claim: "FAILED"}
    for run, shown, place in ((law, False, ""), (mixed, True, "my ")):
        assert "the gradient of y is wrong: PyTorch computes another one" in run.output
        assert ("so: forward is right; the mistake is in backward" in run.output) is shown
        assert (f"({place}layers.py, line 7)" in run.output) is shown
        assert (f"({place}layers.py, lines 2-7)" in run.output) is not shown


def test_hints_of_another_name_are_refused(tmp_path: Path) -> None:
    run = pytest_run("--impl", str(tmp_path), "--trigrad-hints", "all")
    assert run.code == 4
    assert "--trigrad-hints: invalid choice: 'all'" in run.output
