"""Convolutions with a dilation, and with a padding that is chosen by a string."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

CONVOLUTION = """
import numpy as np


class Conv2d:
    def __init__(self, W, b, stride=1, dilation=1):
        self.W, self.b, self.stride, self.dilation = W, b, stride, dilation

    def window(self, i, j):
        s, d, k = self.stride, self.dilation, self.W.shape[2]
        rows = slice(i * s, i * s + d * (k - 1) + 1, d)
        return (slice(None), slice(None), rows, slice(j * s, j * s + d * (k - 1) + 1, d))

    def forward(self, x):
        self.x = x
        reach = self.dilation * (self.W.shape[2] - 1) + 1
        rows = (x.shape[2] - reach) // self.stride + 1
        columns = (x.shape[3] - reach) // self.stride + 1
        out = np.zeros((len(x), len(self.W), rows, columns))
        for i in range(rows):
            for j in range(columns):
                part = x[self.window(i, j)]
                out[:, :, i, j] = np.tensordot(part, self.W, ((1, 2, 3), (1, 2, 3))) + self.b
        return out

    def backward(self, dout):
        dx, self.dW = np.zeros_like(self.x), np.zeros_like(self.W)
        self.db = dout.sum(axis=(0, 2, 3))
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                d = dout[:, :, i, j]
                self.dW += np.tensordot(d, self.x[self.window(i, j)], (0, 0))
                dx[self.window(i, j)] += np.tensordot(d, self.W, (1, 0))
        return dx
"""


def judged(folder: Path, text: str, *, in_process: bool = True) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=in_process).layers
    return layer


@pytest.mark.parametrize("in_process", [True, False])
def test_a_right_one_passes(tmp_path: Path, in_process: bool) -> None:
    layer = judged(tmp_path, CONVOLUTION, in_process=in_process)
    assert layer.verdict is Verdict.PASS
    assert any("dilation = 1 and 2" in note for note in layer.notes)


def test_as_it_is_made_with_another_default(tmp_path: Path) -> None:
    assert judged(tmp_path, CONVOLUTION.replace("dilation=1", "dilation=2")).verdict is Verdict.PASS


def test_what_backward_does_without_it_fails(tmp_path: Path) -> None:
    where = "dx[:, :, i * self.stride :, j * self.stride :][:, :, :3, :3] +="
    wrong = CONVOLUTION.replace("dx[self.window(i, j)] +=", where)
    layer = judged(tmp_path, wrong)
    assert layer.verdict is Verdict.FAIL
    assert "gradient of x" in {j.claim.name for j in layer.failures}


def test_one_that_is_ignored_is_told(tmp_path: Path) -> None:
    ignored = CONVOLUTION.replace("self.stride, self.dilation, self", "self.stride, 1, self")
    ignored = ignored.replace("reach = self.dilation *", "reach = 1 *")
    layer = judged(tmp_path, ignored)
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert "dilation" in str(layer.undecided)


PADDED = CONVOLUTION.replace("dilation=1", 'padding="valid"').replace(
    "self.dilation = W, b, stride, dilation", "self.padding = W, b, stride, padding"
)
PADDED = PADDED.replace("self.stride, self.dilation, self", "self.stride, 1, self")
PADDED = PADDED.replace("self.dilation * (", "(").replace(
    "        self.x = x\n",
    """        self.p = p = (self.W.shape[2] - 1) // 2 if self.padding == "same" else 0
        x = self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
""",
)
PADDED = PADDED.replace(
    "        return dx\n",
    "        h, w = dx.shape[2] - self.p, dx.shape[3] - self.p\n"
    "        return dx[:, :, self.p : h, self.p : w]\n",
)


@pytest.mark.parametrize("default", ["valid", "same"])
def test_a_padding_that_is_a_string(tmp_path: Path, default: str) -> None:
    """Its default is one of the modes that are judged."""
    path = tmp_path / "layers.py"
    path.write_text(PADDED.replace('"valid"', f'"{default}"'), "utf-8")
    layers = check(path, examples=3, in_process=True).layers
    assert [layer.verdict for layer in layers] == [Verdict.PASS] * len({default, "same"})
    assert all("stride = 1 and 2" in " ".join(layer.notes) for layer in layers)


def test_what_only_one_padding_has_wrong(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(PADDED.replace(", self.p : w]", ", : w - self.p]"), "utf-8")
    valid, same = check(path, examples=3, in_process=True).layers
    assert (valid.verdict, same.verdict) == (Verdict.PASS, Verdict.FAIL)
