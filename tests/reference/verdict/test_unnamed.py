"""A layer with the name of a contract whose forward takes only arrays with more axes."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.report.report import Report
from trigrad.verdict.results import Verdict

OVER_TIME = """
import numpy as np


class {name}:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        N, T, D = x.shape
        return np.einsum("ntd,dm->ntm", x, self.W) + self.b

    def backward(self, dout):
        self.dW = np.einsum("ntd,ntm->dm", self.x, dout)
        self.db = dout.{reduced}(axis=(0, 1))
        return np.einsum("ntm,dm->ntd", dout, self.W)
"""

ONE_SAMPLE = """
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        (D,) = x.shape
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x[:, None] * dout
        self.db = dout
        return self.W @ dout
"""


def checked(folder: Path, text: str) -> Report:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    return check(path, repair_seconds=0)


@pytest.mark.parametrize("name", ["Affine", "Affine3"])
@pytest.mark.parametrize(("reduced", "verdict"), [("sum", Verdict.PASS), ("mean", Verdict.FAIL)])
def test_it_is_judged_by_what_forward_computes(
    tmp_path: Path, name: str, reduced: str, verdict: Verdict
) -> None:
    report = checked(tmp_path, OVER_TIME.format(name=name, reduced=reduced))
    (layer,) = report.layers
    assert (layer.name, layer.verdict) == (name, verdict)
    assert any("it computes Affine" in note for note in layer.notes)
    if verdict is Verdict.FAIL:
        assert "gradient of b" in {str(j.claim.about) for j in layer.judgements if j.fails}


def test_its_fix_has_no_side_effect(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(OVER_TIME.format(name="Affine", reduced="mean"), "utf-8")
    (layer,) = check(path).layers
    assert layer.repair is not None
    assert layer.repair.verified
    assert layer.repair.drawbacks == ()


def test_one_sample_alone_is_read_by_the_contract(tmp_path: Path) -> None:
    (layer,) = checked(tmp_path, ONE_SAMPLE).layers
    assert layer.verdict is Verdict.PASS
    assert not any("guessed" in note for note in layer.notes)


IMAGES = """
class {name}:
    def forward(self, x, y):
        N, C, H, W = x.shape
        return {forward}

    def backward(self, dout):
        return {backward}
"""


@pytest.mark.parametrize(
    ("forward", "backward", "verdict"),
    [
        ("x + y", "dout, dout", Verdict.PASS),
        ("x + y", "dout, -dout", Verdict.FAIL),
        ("x - y", "dout, -dout", Verdict.INCONCLUSIVE),  # right, and not what the name says
    ],
)
def test_the_function_of_its_name_is_meant(
    tmp_path: Path, forward: str, backward: str, verdict: Verdict
) -> None:
    text = IMAGES.format(name="AddLayer", forward=forward, backward=backward)
    (layer,) = checked(tmp_path, text).layers
    assert layer.verdict is verdict, str(layer)
    if verdict is Verdict.INCONCLUSIVE:
        assert layer.undecided is not None
        assert layer.undecided.key == "shelf.other"


def test_a_function_pair_and_no_sandbox(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(
        "def relu_forward(x):\n    N, C, H, W = x.shape\n    return x * (x > 0), x\n\n\n"
        "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n",
        "utf-8",
    )
    (layer,) = check(path, repair_seconds=0, in_process=True).layers
    assert layer.verdict is Verdict.PASS
