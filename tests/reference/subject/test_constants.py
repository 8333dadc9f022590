"""Computed constants: run where a layer needs them, and only if they only compute."""

from __future__ import annotations

from pathlib import Path

import pytest

from reference import check
from reference.report import Report, Verdict

SIGMOID = """
class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x)) + 0 * {constant}
        return self.out

    def backward(self, dout):
        return dout * self.out * (1 - self.out)
"""


def judged(folder: Path, top: str, constant: str) -> Report:
    path = folder / "notes.py"
    path.write_text(f"import numpy as np\n{top}\n{SIGMOID.format(constant=constant)}", "utf-8")
    return check(path, examples=2, layer="Sigmoid")


@pytest.mark.parametrize(
    ("top", "constant"),
    [
        ("eps = np.float64(1e-7)", "eps"),
        ("base = float(2)\neps = base * np.sqrt(base)", "eps"),
        ("rng = np.random.default_rng(0)", "rng.random()"),
        ("size: int = max(1, 2)", "size"),
        ("tiny = np.finfo(np.float64).tiny", "tiny"),
    ],
)
def test_what_a_layer_needs_is_computed(tmp_path: Path, top: str, constant: str) -> None:
    assert judged(tmp_path, top, constant).layers[0].verdict is Verdict.PASS


def test_what_no_layer_needs_is_not_computed(tmp_path: Path) -> None:
    # It would raise, and be said.
    assert judged(tmp_path, "unused = np.zeros(-1)", "1").notes == ()


@pytest.mark.parametrize(
    "top", ["data = open('x').read()", "data = np.load('x.npy')", "data = fetch(1)"]
)
def test_what_does_more_than_compute_is_not_run(tmp_path: Path, top: str) -> None:
    (unjudged,) = judged(tmp_path, top, "len(data)").unjudged
    assert unjudged.why == (
        "it needs data, computed at line 2, which is not here (undefined name data)"
    )


@pytest.mark.parametrize("name", ["y", "dout", "W"])
def test_an_operand_s_name_at_the_top_hides_no_mistake(tmp_path: Path, name: str) -> None:
    layer = judged(tmp_path, f"{name} = np.array(1.0)", name).layers[0]
    assert layer.verdict is Verdict.FAIL
    raised = layer.failures[0].finding.evidence
    assert raised is not None
    assert raised.raised is not None
    assert raised.raised.error == "NameError"
