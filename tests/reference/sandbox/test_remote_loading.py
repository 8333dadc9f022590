"""Loading in a worker: one statement that hangs or ends it does not cost the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from trigrad import check
from trigrad.api import open_target
from trigrad.claim.claim import Claim, Finding
from trigrad.sandbox import remote_loading
from trigrad.subject.face import Command, Raised, Result
from trigrad.trial.layer_trial import LayerTrial
from trigrad.verdict.results import Verdict

ADD = (
    "class AddLayer:\n"
    "    def forward(self, x, y):\n        return x + y\n"
    "    def backward(self, dout):\n        return dout, dout * 1.0\n"
)


def write(folder: Path, text: str, name: str = "a.py") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("    while True: pass", "its definition did not return within 1 s"),
        ("    __import__('os')._exit(5)", "its definition ended its process, with status 5"),
        ("    x = undefined", "its definition raises NameError: undefined name undefined"),
    ],
)
def test_a_class_body_fails_alone(tmp_path: Path, line: str, said: str) -> None:
    bad = f"class Relu:\n{line}\n    def forward(self, x): return x\n"
    report = check(write(tmp_path, bad + ADD), timeout=1.0, examples=2)
    verdicts = {r.name: r.verdict for r in report.layers if r.verdict is not Verdict.MISSING}
    assert verdicts == {"Relu": Verdict.FAIL, "AddLayer": Verdict.PASS}
    assert said in str(report)
    assert report.exit_status == 1


def test_a_helper_that_hangs_is_a_note(tmp_path: Path) -> None:
    bad = "import time\ndef helper(x=time.sleep(60)):\n    return x\n"
    report = check(write(tmp_path, bad + ADD), timeout=1.0, examples=2)
    assert report.exit_status == 0
    assert any("it did not return within 1 s" in note for note in report.notes)


def test_too_many_of_them(tmp_path: Path) -> None:
    many = "".join(
        f"def f{i}(x=__import__('os')._exit(1)):\n    pass\n"
        for i in range(remote_loading.RELOADS + 1)
    )
    report = check(write(tmp_path, many + ADD), examples=1)
    assert report.exit_status == 2
    assert f"{remote_loading.RELOADS} of its statements" in str(report.error)
    assert "\n" not in str(report.error)


def test_a_module_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ADD, "some_layers_of_mine.py")
    monkeypatch.chdir(tmp_path)
    report = check("some_layers_of_mine", examples=2)
    assert report.exit_status == 0
    assert report.layers[0].where is not None
    assert report.layers[0].where.file == "some_layers_of_mine.py"


def test_a_module_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "while True: pass\n", "module_that_hangs.py")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(remote_loading, "WHOLE", 1)
    report = check("module_that_hangs", examples=1, timeout=1.0)
    assert report.exit_status == 2
    assert "did not return within 1 s" in str(report.error)


def test_a_mistake_of_ours_is_no_fault_of_the_layer(
    tmp_path: Path,
) -> None:
    """A class that makes the code around it fail is not judged, and never passes."""
    bad = (
        "import sys\nclass Relu:\n"
        "    def forward(self, x):\n"
        "        sys.modules['trigrad.sandbox.worker'].pack_results = None\n        return x\n"
        "    def backward(self, dout):\n        return dout\n"
    )
    report = check(write(tmp_path, bad + ADD), examples=2)
    assert [r.name for r in report.layers if r.verdict is Verdict.PASS] == ["AddLayer"]
    (unjudged,) = report.unjudged
    assert unjudged.name == "Relu"
    assert "trigrad itself failed" in unjudged.why
    assert report.exit_status == 3


class Tiring:
    """A face that does not come back once it has been asked so often."""

    def __init__(self, face: Any) -> None:
        self._face = face
        self.left: float = math.inf
        self.over = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._face, name)

    def revive(self) -> None:
        self.left, self.over = math.inf, False

    def run(self, commands: Sequence[Command]) -> list[Result]:
        self.left -= 1
        self.over = self.over or self.left < 0
        if self.over:
            return [Raised("forward", "Timeout", "is too slow", ended=True)] * len(commands)
        return list(self._face.run(commands))


def test_a_search_for_a_small_case_takes_no_verdict_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refuted with numbers stays so, and the other claims are judged."""
    wrong = (
        "class Relu:\n    def forward(self, x):\n        self.x = x\n        return x * (x > 0)\n"
        "    def backward(self, dout):\n        return 2 * dout * (self.x > 0)\n"
    )
    (candidate,) = open_target(write(tmp_path, wrong)).candidates
    face: Any = Tiring(candidate.face)
    search = LayerTrial._made_small

    def tiring_search(trial: LayerTrial, claim: Claim, finding: Finding) -> Finding:
        face.left = 2
        return search(trial, claim, finding)

    monkeypatch.setattr(LayerTrial, "_made_small", tiring_search)
    judgements = LayerTrial(candidate.contract, face, 0, 3).judge()
    failing = [j for j in judgements if j.fails]
    assert "gradient of x" in {j.claim.name for j in failing}
    for judgement in failing:
        evidence = judgement.finding.evidence
        assert evidence is not None
        assert evidence.raised is None, judgement
    assert not any("blocked" in j.finding.message for j in judgements)


def test_what_cannot_be_shown_is_refuted_all_the_same(tmp_path: Path) -> None:
    odd = (
        "class Odd:\n    def __repr__(self):\n        raise ValueError('no repr')\n"
        "class Relu:\n    def forward(self, x):\n        x = Odd()\n        return x + 1\n"
        "    def backward(self, dout):\n        return dout\n"
    )
    report = check(write(tmp_path, odd), examples=1)
    assert report.layers[0].verdict is Verdict.FAIL


def test_a_lambda_beside_other_functions(tmp_path: Path) -> None:
    text = (
        "import numpy as np\n"
        "sigmoid = lambda x: 1 / (1 + np.exp(-x))\n"
        "def softmax(x):\n"
        "    e = np.exp(x - x.max(axis=-1, keepdims=True))\n"
        "    return e / e.sum(axis=-1, keepdims=True)\n"
    )
    report = check(write(tmp_path, text), examples=2)
    verdicts = {r.name: r.verdict for r in report.layers if r.verdict is not Verdict.MISSING}
    assert verdicts == {"sigmoid": Verdict.PASS, "softmax": Verdict.PASS}
