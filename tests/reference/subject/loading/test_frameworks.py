"""Layers that let a library differentiate: advice, and with numpy_only a failure."""

from __future__ import annotations

import ast
import importlib
import sys
from pathlib import Path

import pytest

from trigrad import check
from trigrad.cases.case import Case
from trigrad.claim.answers import Answers
from trigrad.claim.claim import Outcome, Severity
from trigrad.contracts.registry import CONTRACTS
from trigrad.subject.loading.frameworks import frameworks_of
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.source.text import Chunk
from trigrad.trial.plan import plan
from trigrad.verdict.results import Verdict
from trigrad.witnesses.should_claims import NUMPY_ONLY
from trigrad.witnesses.twin import TwinFace

BY_AUTOGRAD = """\
import torch

class Sigmoid:
    def forward(self, x):
        self.x = torch.tensor(x, requires_grad=True)
        self.out = torch.sigmoid(self.x)
        return self.out.detach().numpy()

    def backward(self, dout):
        dout = torch.tensor(dout)
        return torch.autograd.grad(self.out, self.x, dout, retain_graph=True)[0].numpy()
"""

BY_HAND = """\
import numpy as np
import torch

class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out) * self.out

def compare(x):
    return torch.sigmoid(torch.tensor(x))
"""

THROUGH_A_HELPER = """\
from torch import nn, tensor as t
import numpy as np

def squash(x):
    return nn.functional.sigmoid(t(x)).numpy()

class Sigmoid:
    def forward(self, x):
        self.out = squash(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out) * self.out
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "a.py"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("text", [BY_AUTOGRAD, THROUGH_A_HELPER], ids=["itself", "a helper"])
def test_what_its_text_uses_is_advised(tmp_path: Path, text: str) -> None:
    """Read from the text: in this process, imported modules are not looked at."""
    report = check(write(tmp_path, text), examples=2, in_process=True)
    assert "suggestion: it uses PyTorch" in report.suggestions


@pytest.mark.parametrize("text", [BY_AUTOGRAD, THROUGH_A_HELPER], ids=["itself", "a helper"])
def test_what_uses_a_framework_is_advised(tmp_path: Path, text: str) -> None:
    report = check(write(tmp_path, text), examples=2)
    assert report.layers[0].verdict is Verdict.PASS
    assert "suggestion: it uses PyTorch: compute the gradients by hand" in report.suggestions
    strict = check(write(tmp_path, text), examples=2, numpy_only=True)
    assert strict.layers[0].verdict is Verdict.FAIL
    assert strict.exit_status == 1
    assert "uses PyTorch" in str(strict)


def test_what_only_compares_with_one_is_not(tmp_path: Path) -> None:
    report = check(write(tmp_path, BY_HAND), examples=2, numpy_only=True)
    assert report.exit_status == 0
    assert "PyTorch" not in str(report)


@pytest.mark.parametrize("row", CONTRACTS, ids=lambda row: row.name)
def test_the_claim_refuses_and_accepts(row) -> None:  # type: ignore[no-untyped-def]
    (claim,) = (c for c in plan(row) if c.name == NUMPY_ONLY)
    assert claim.severity is Severity.SHOULD
    face = TwinFace(row)
    answers = Answers(row, face, Case({}, {}, {}))
    assert claim.check(answers).outcome is Outcome.PASS
    face.frameworks = ("JAX",)  # type: ignore[assignment]
    finding = claim.check(answers)
    assert finding.outcome is Outcome.FAIL
    assert finding.message.startswith("it uses JAX")
    (strict,) = (c for c in plan(row, frozenset({NUMPY_ONLY})) if c.name == NUMPY_ONLY)
    assert strict.severity is Severity.MUST


BORROWED = """\
import ast
import importlib

class Sigmoid:
    def __init__(self):
        {imported}
        self.layer = {made}

    def forward(self, x):
        return self.layer.forward(x)

    def backward(self, dout):
        return self.layer.backward(dout)
"""


def test_trigrad_s_own_layers_are_borrowed_too(tmp_path: Path) -> None:
    made = "importlib.import_module('trigrad.impl').Sigmoid()"
    path = write(tmp_path, BORROWED.format(imported="pass", made=made))
    report = check(path, examples=2, in_process=True)
    assert "suggestion: it uses trigrad's own layers" in report.suggestions
    (layer,) = check(path, examples=2, in_process=True, numpy_only=True).layers
    assert layer.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("imported", "made"),
    [
        ("from trigrad.impl import Sigmoid as Theirs", "Theirs()"),
        ("import trigrad.impl as given", "given.Sigmoid()"),
    ],
)
def test_a_class_that_borrows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, imported: str, made: str
) -> None:
    """What is imported already has them: where a file is read, they are not found."""
    (tmp_path / "borrows.py").write_text(BORROWED.format(imported=imported, made=made))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "borrows", raising=False)
    (layer,) = check(importlib.import_module("borrows").Sigmoid, numpy_only=True).layers
    assert layer.verdict is Verdict.FAIL


def test_a_file_may_call_the_check_itself(tmp_path: Path) -> None:
    text = "from trigrad import check\n" + BY_HAND.replace("torch", "check")
    report = check(write(tmp_path, text), examples=2, in_process=True, numpy_only=True)
    assert report.layers[0].verdict is Verdict.PASS


@pytest.mark.parametrize(
    "importing",
    [
        "import torch",
        "import \uff54orch as torch  # Python reads it as torch",
        "import importlib\ntorch = importlib.import_module('t\\x6frch')",
        "torch = __import__('tor' 'ch')",
    ],
    ids=["plain", "wide letters", "escaped", "in two pieces"],
)
def test_however_it_is_imported(importing: str) -> None:
    text = f"{importing}\n\nclass Relu:\n    def forward(self, x):\n        return torch.relu(x)\n"
    chunk = Chunk(text, "a.py")
    node = ast.parse(text).body[-1]
    assert isinstance(node, ast.ClassDef)
    definition = Definition("Relu", object, node, chunk)
    assert frameworks_of([definition], {"a.py": chunk}) == ("PyTorch",)
