"""A class whose name may be that of a version, with the output of its contract or another."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.verdict.results import Verdict

RELU = """
class {name}:
    def forward(self, x):
        self.mask = (x > 0) & (x < {top})
        return x.clip(0, {top})

    def backward(self, dout):
        return dout * {factor} * self.mask
"""


UNLIKE = """
class Relu_v2:
    def forward(self, x):
        if x.shape != (70, 70, 70):
            raise ValueError("another shape")
        self.mask = x > 0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
"""


def written(folder: Path, name: str, top: float = 1e9, factor: int = 1) -> Path:
    """A file with such a class."""
    path = folder / "layers.py"
    path.write_text(RELU.format(name=name, top=top, factor=factor), "utf-8")
    return path


@pytest.mark.parametrize(("factor", "verdict"), [(1, Verdict.PASS), (2, Verdict.FAIL)])
def test_its_backward_is_judged_where_its_forward_is_right(
    tmp_path: Path, factor: int, verdict: Verdict
) -> None:
    (layer,) = check(written(tmp_path, "Relu_v2", factor=factor), repair_seconds=0).layers
    assert (layer.layer, layer.verdict) == ("Relu", verdict)


def test_another_function_is_judged_as_it_is_written(tmp_path: Path) -> None:
    (layer,) = check(written(tmp_path, "ReLU5", top=0.5), repair_seconds=0).layers
    assert (layer.name, layer.verdict) == ("ReLU5", Verdict.PASS)


def test_another_function_with_a_wrong_gradient_is_undecided(tmp_path: Path) -> None:
    (layer,) = check(written(tmp_path, "ReLU5", top=0.5, factor=2), repair_seconds=0).layers
    assert layer.verdict is Verdict.INCONCLUSIVE  # what it takes was guessed


def test_what_fits_no_guess_is_not_judged(tmp_path: Path) -> None:
    path = tmp_path / "layers.py"
    path.write_text(UNLIKE, "utf-8")
    report = check(path, repair_seconds=0)
    assert report.layers == ()
    assert report.exit_status == 3
    (unjudged,) = report.unjudged
    assert unjudged.why == (
        "by its name it may be another version of Relu, but its output is not that of Relu: "
        "either forward is wrong, or it is another function"
    )
    assert "gradcheck(" in unjudged.todo


def test_under_the_plain_name_it_fails(tmp_path: Path) -> None:
    (layer,) = check(written(tmp_path, "ReLU", top=0.5), repair_seconds=0).layers
    assert layer.verdict is Verdict.FAIL
