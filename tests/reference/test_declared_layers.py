"""The layers of tests/learners/declared pass; with a mistake in their backward they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from declared_mutants import EQUIVALENT, FOLDER, PASSES, fate, lines_of, options_of, right_layers

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import Verdict

FILES = sorted(FOLDER.glob("*.py"))


EACH = 2
"""How many mutants of each other file are judged here."""


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_layers_pass(path: Path) -> None:
    report = check(path, in_process=True, examples=2, repair_seconds=0)
    assert report.exit_status == 0, str(report)
    assert any(layer.declaration for layer in report.layers)
    assert {layer.verdict for layer in report.layers} == {Verdict.PASS}


def test_a_right_layer_passes_in_the_sandbox() -> None:
    report = check(FOLDER / "residual.py", examples=2, repair_seconds=0)
    assert report.exit_status == 0, str(report)


@pytest.mark.parametrize("name", ["tanh", "mse", "layer_norm", "kl_divergence", "hinge"])
def test_mistakes_in_backward_do_not_pass(name: str) -> None:
    (right,) = right_layers(name)
    options = options_of(right)
    chosen = options[5 :: max(1, len(options) // EACH)][:EACH]
    assert chosen
    fates = {lines_of(right, option): fate(right, option) for option in chosen}
    assert set(fates.values()) != {EQUIVALENT}
    assert PASSES not in fates.values(), fates


def test_all_lengths_may_be_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "# trigrad: x: 2 3\n"
        "class Double:\n"
        "    def forward(self, x):\n        return 2 * x\n\n"
        "    def backward(self, dout):\n        return 2 * dout\n"
    )
    assert check(path, in_process=True)
