"""A stride or a padding that forward ignores is told, and so are axes that it puts together."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import LayerReport, Verdict

pytestmark = pytest.mark.usefixtures("no_repair")

POOLING = """
import numpy as np


class MeanPool:
    def __init__(self, size=2, stride=2, pad=0):
        self.size, self.stride, self.pad = size, stride, pad

    def forward(self, x):
        step, size, p = self.stride, self.size, self.pad
        self.x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        rows = (self.x.shape[2] - size) // step + 1
        columns = (self.x.shape[3] - size) // step + 1
        out = np.zeros((*x.shape[:2], rows, columns))
        for i in range(rows):
            for j in range(columns):
                window = self.x[:, :, i * step : i * step + size, j * step : j * step + size]
                out[:, :, i, j] = window.mean(axis=(2, 3))
        return out

    def backward(self, dout):
        step, size, p = self.stride, self.size, self.pad
        dx = np.zeros_like(self.x)
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                part = dout[:, :, i, j, None, None] / size**2
                dx[:, :, i * step : i * step + size, j * step : j * step + size] += part
        return dx[:, :, p : dx.shape[2] - p, p : dx.shape[3] - p]
"""


def judged(folder: Path, text: str) -> LayerReport:
    path = folder / "layers.py"
    path.write_text(text, "utf-8")
    (layer,) = check(path, examples=3, in_process=True).layers
    return layer


def test_what_follows_its_settings_passes(tmp_path: Path) -> None:
    layer = judged(tmp_path, POOLING)
    assert layer.verdict is Verdict.PASS
    assert any("stride = 1 and 2" in note and "pad = 0 and 1" in note for note in layer.notes)


@pytest.mark.parametrize(
    ("setting", "written", "instead"),
    [
        (
            "pad",
            "size, p = self.stride, self.size, self.pad",
            "size, p = self.stride, self.size, 0",
        ),
        ("stride", "step, size, p = self.stride", "step, size, p = 2"),
        ("pad", "(p, p), (p, p)))", "(p, p), (p, p)), constant_values=1.0)"),
    ],
)
def test_what_ignores_one_is_undecided(
    tmp_path: Path, setting: str, written: str, instead: str
) -> None:
    layer = judged(tmp_path, POOLING.replace(written, instead))
    assert layer.verdict is Verdict.INCONCLUSIVE
    assert f"with another {setting} forward does not compute" in str(layer.undecided)
    assert not any("forward is right" in note for note in layer.notes)


@pytest.mark.parametrize(
    ("out", "said"), [("x.reshape(-1)", "one sample at a time"), ("x.reshape(len(x), -1)", "")]
)
def test_how_flatten_is_read(tmp_path: Path, out: str, said: str) -> None:
    layer = judged(
        tmp_path,
        "class Flatten:\n    def forward(self, x):\n        self.shape = x.shape\n"
        f"        return {out}\n\n    def backward(self, dout):\n"
        "        return dout.reshape(self.shape)\n",
    )
    assert layer.verdict is Verdict.PASS
    assert any("one sample at a time" in note for note in layer.notes) is bool(said)


def test_an_output_in_one_row_is_not_the_function_itself(tmp_path: Path) -> None:
    """Only of several outputs the numbers are compared in one row."""
    layer = judged(
        tmp_path,
        "import numpy as np\n\n\nclass SinRow:\n    def forward(self, x):\n        self.x = x\n"
        "        return np.sin(x).ravel()\n\n    def backward(self, dout):\n"
        "        return dout.reshape(self.x.shape) * np.cos(self.x)\n",
    )
    assert layer.verdict is Verdict.PASS
    assert not any("computes" in note for note in layer.notes)
