"""Learners' published notes, as they stand on the web: what is said of each of them.

They are not part of this repository. TRIGRAD_SEEDS names their folder; otherwise they are looked
for in `shared/seeds` beside the checkout.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

from trigrad import Report, check
from trigrad.verdict.results import LayerReport, Verdict

BESIDE = Path(__file__).parents[2].parent / "shared" / "seeds"
SEEDS = Path(os.environ.get("TRIGRAD_SEEDS", BESIDE))

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(),
    reason="the learners' notes are not here: set TRIGRAD_SEEDS to the folder that has them",
)

FILES = (
    "seed0_ja_notebook.ipynb",
    "seed1_ja_notebook.ipynb",
    "seed2_ja_notebook.ipynb",
    "seed3_zh_memo.md",
    "seed4_en_memo",
)

OVERWRITES = (
    "backward changes its argument dout in place: work on a copy, because other code "
    "may still use it"
)
IGNORES = (
    "backward ignores dout, which is harmless while the loss is the last layer: "
    "multiply the result by dout to be safe"
)


@cache
def report(number: int) -> Report:
    """The report on one learner's notes, drawn up once."""
    # Time enough for a busy machine to find the same lines.
    return check(SEEDS / FILES[number], examples=8, repair_seconds=30.0)


def layers(number: int) -> dict[str, LayerReport]:
    """The layers that are there, by the contract's name."""
    return {r.layer: r for r in report(number).layers if r.verdict is not Verdict.MISSING}


def verdicts(number: int) -> dict[str, str]:
    """The verdict on each layer that is there."""
    return {name: found.verdict.value for name, found in layers(number).items()}


def part(number: int, name: str) -> list[str]:
    """The lines of the screen that are about one layer, its title first."""
    lines = str(report(number)).splitlines()
    first = next(
        i for i, line in enumerate(lines) if line[:1] in "✓✗?…" and line[2:].startswith(name)
    )
    rest = next(i for i, line in enumerate(lines[first + 1 :]) if not line.startswith("    "))
    return lines[first : first + 1 + rest]


def advice(number: int, name: str) -> list[str]:
    """The advice on one layer."""
    return [j.finding.message for j in layers(number)[name].advice]


class TestSeed0:
    """`Affine.forward` says `x = x.shape` where a reshape was meant."""

    def test_verdicts(self) -> None:
        assert verdicts(0) == {
            "MulLayer": "pass",
            "AddLayer": "pass",
            "Relu": "pass",
            "Sigmoid": "pass",
            "Affine": "fail",
            "SoftmaxWithLoss": "pass",
            "softmax": "pass",
            "sigmoid": "pass",
            "cross_entropy_error": "pass",
            "numerical_gradient": "pass",
            "TwoLayerNet": "inconclusive",
        }
        assert report(0).exit_status == 1

    def test_the_line_is_named(self) -> None:
        told = part(0, "Affine")
        assert told[0].split() == ["✗", "Affine", "cell", "14,", "line", "17"]
        assert told[1].startswith("    forward raises ValueError: shapes ")
        assert told[2] == "      at         cell 14, line 19:  out = np.dot(x, self.W) + self.b"
        assert told[3].startswith("      hint       x is a tuple there, (")
        assert told[3].endswith("), since line 17: x = x.shape")

    def test_the_mistake_is_forward_s_alone(self) -> None:
        failing = {j.claim.name for j in layers(0)["Affine"].failures}
        assert failing == {"output shape"}

    def test_the_network_waits_for_its_layer(self) -> None:
        told = part(0, "TwoLayerNet")
        assert "    not judged yet: it is built from Affine, which is wrong; fix that first" in told

    def test_what_is_not_here_is_said(self) -> None:
        (note,) = (n for n in report(0).notes if n.startswith("not found: "))
        for module in ("layer_naive", "dataset.mnist", "matplotlib.pyplot"):
            assert module in note


class TestSeed1:
    """`MulLayaer` adds where it must multiply, in both lines of `backward`."""

    def test_verdicts(self) -> None:
        assert verdicts(1) == {
            "MulLayer": "fail",
            "Relu": "pass",
            "Affine": "pass",
            "SoftmaxWithLoss": "pass",
        }
        assert report(1).exit_status == 1

    def test_the_name_is_read(self) -> None:
        found = layers(1)["MulLayer"]
        assert found.name == "MulLayaer"
        assert str(found.reading) == "read as MulLayer"

    def test_both_gradients_fail_at_cell_2(self) -> None:
        told = part(1, "MulLayaer")
        assert told[0].split(maxsplit=5)[-1].endswith("cell 2, lines 14-15")
        for name, first in (("x", 1), ("y", 5)):
            title, case, is_, due = told[first : first + 4]
            assert title == f"    the gradient of {name} is not the derivative of forward"
            x, y, dout = (float(n) for n in re.findall(r"\[\[(.*?)\]\]", case))
            other = {"x": y, "y": x}[name]
            number = r"\[\[(\S+)\]\]"
            wrong = re.fullmatch(rf"      is         {number}", is_)
            right = re.fullmatch(
                rf"      should be  {number}         finite differences and PyTorch agree", due
            )
            assert wrong is not None
            assert right is not None
            assert (float(wrong[1]), float(right[1])) == (dout + other, dout * other)
        assert "    so: forward is right; the mistake is in backward" in told

    def test_the_network_needs_what_is_not_here(self) -> None:
        (unjudged,) = report(1).unjudged
        assert unjudged.name == "TwoLayerNet"
        assert unjudged.where is not None
        assert unjudged.where.cell == 7
        assert unjudged.why == (
            "it needs what was not found: common.functions, common.layers (undefined name Relu)"
        )

    def test_the_chapter_s_helpers_are_used(self) -> None:
        note = "softmax and cross_entropy_error are not in this file: the chapter's are used"
        assert note in layers(1)["SoftmaxWithLoss"].notes


class TestSeed2:
    """Two `cross_entropy_error`; the one for class labels gives 6.2146 for a one-hot target."""

    def test_verdicts(self) -> None:
        found = verdicts(2)
        assert found["Relu"] == "pass"
        assert found["cross_entropy_error"] == "fail"
        assert report(2).exit_status == 1

    def test_the_figure_is_explained(self) -> None:
        told = " ".join(line.strip() for line in part(2, "cross_entropy_error"))
        assert "6.2146" in told
        assert "the classes 0, 0 and 1 were read" in told
        assert "instead of -log 0.7 = 0.3567" in told

    def test_it_is_said_which_definition_is_judged(self) -> None:
        told = part(2, "cross_entropy_error")
        assert told[0].split() == ["✗", "cross_entropy_error", "cell", "5,", "line", "11"]
        assert "    the last complete definition is judged, not the one at cell 2, line 1" in told


class TestSeed3:
    """A whole chapter in Markdown, all of it right."""

    def test_verdicts(self) -> None:
        assert verdicts(3) == dict.fromkeys(
            [
                *("MulLayer", "AddLayer", "Relu", "Sigmoid", "Affine", "SoftmaxWithLoss"),
                "TwoLayerNet",
            ],
            "pass",
        )
        assert report(3).exit_status == 0
        assert report(3).unjudged == ()

    def test_places_are_lines_of_the_page(self) -> None:
        page = (SEEDS / FILES[3]).read_text("utf-8").splitlines()
        for found in layers(3).values():
            assert found.where is not None
            assert found.where.cell is None
            assert page[found.where.line - 1].strip() == found.where.text
            assert found.where.text.startswith(f"class {found.name}")


class TestSeed4:
    """Modules that import each other, all of them right."""

    def test_verdicts(self) -> None:
        found = verdicts(4)
        for name in ("Relu", "Affine", "SoftmaxWithLoss", "TwoLayerNet"):
            assert found[name] == "pass"
        assert "fail" not in found.values()
        assert report(4).exit_status == 0
        assert report(4).unjudged == ()

    def test_nothing_is_missing(self) -> None:
        assert report(4).notes == ()

    def test_relu_by_its_own_name(self) -> None:
        found = layers(4)["Relu"]
        assert (found.name, found.where and found.where.file) == ("ReLU", "relu.py")


@pytest.mark.parametrize("number", range(5))
def test_relu_overwrites_dout(number: int) -> None:
    assert OVERWRITES in advice(number, "Relu")


@pytest.mark.parametrize(("number", "ignores"), [(0, True), (1, True), (3, True), (4, False)])
def test_a_loss_that_ignores_dout(number: int, ignores: bool) -> None:
    assert (IGNORES in advice(number, "SoftmaxWithLoss")) is ignores


@pytest.mark.parametrize("number", range(5))
def test_the_notes_are_left_as_they_were(number: int) -> None:
    """Nothing is written beside them: no caches, no downloads, no pictures."""
    before = sorted(p.name for p in SEEDS.rglob("*"))
    check(SEEDS / FILES[number], layer="Relu", examples=1)
    assert sorted(p.name for p in SEEDS.rglob("*")) == before


@pytest.mark.parametrize("number", range(5))
def test_no_seed_changes_a_verdict(number: int) -> None:
    other = check(SEEDS / FILES[number], seed=20_000 + number, examples=4)
    found = {r.layer: r.verdict.value for r in other.layers if r.verdict is not Verdict.MISSING}
    assert found == verdicts(number)


class TestRepairs:
    """What is offered to the authors."""

    def changes(self, number: int, name: str) -> list[tuple[int, str, str]]:
        repair = layers(number)[name].repair
        assert repair is not None
        return [(c.where.line, c.before.strip(), c.after.strip()) for c in repair.changes]

    def test_the_shape_slip(self) -> None:
        ((line, before, after),) = self.changes(0, "Affine")
        assert line == 17
        assert before.startswith("x=x.shape ")
        assert after == before.replace("x=x.shape", "x=x.reshape(x.shape[0], -1)")

    def test_both_lines_that_add(self) -> None:
        assert self.changes(1, "MulLayer") == [
            (14, "dx = dout + self.y", "dx = dout * self.y"),
            (15, "dy = dout + self.x", "dy = dout * self.x"),
        ]

    def test_right_notes_are_offered_nothing(self) -> None:
        for number in (3, 4):
            assert all(layer.repair is None for layer in layers(number).values())
