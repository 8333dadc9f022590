"""Layers judged by a user's own contracts, which are kept apart from them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trigrad import check, claims
from trigrad.commands.app import app
from trigrad.report.report import Report
from trigrad.verdict.results import Verdict

COURSE = """\
import torch
import torch.nn.functional as F

from trigrad.contracts import contract

USUAL = ()
contract("Swish", "x: N D", like=lambda x: x * torch.sigmoid(x), names=["SiLU"])
contract("Square", "x: N D", like=torch.square, usual=USUAL)
contract(
    "Scale",
    "x: N D; g: D; build: cls(np.ones(3), g)",
    like=lambda x, g: x * g,
)
"""

LAYERS = """\
import numpy as np


class SiLU_Layer:
    def forward(self, x):
        self.x, self.s = x, 1 / (1 + np.exp(-x))
        return {forward}

    def backward(self, dout):
        return dout * (self.s + self.x * self.s * (1 - self.s))


def square_forward(x):
    return x**2, x


def square_backward(dout, cache):
    return {backward}


class Rescale:
    def __init__(self, unused, g):
        self.g = g

    def forward(self, x):
        self.x = x
        return x * self.g

    def backward(self, dout):
        self.dg = np.sum(dout * self.x, axis=0)
        return dout * self.g
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    path = tmp_path / "course.py"
    path.write_text(COURSE.replace('"Scale",', '"Rescale",'))
    return path


def layers(folder: Path, forward: str = "x * self.s", backward: str = "2 * dout * cache") -> Path:
    path = folder / "layers.py"
    path.write_text(LAYERS.format(forward=forward, backward=backward))
    return path


def verdicts(report: Report) -> dict[str, str]:
    return {layer.layer: layer.verdict.value for layer in report.layers}


@pytest.mark.parametrize("in_process", [False, True])
def test_right_layers_pass_three_ways(tmp_path: Path, course: Path, in_process: bool) -> None:
    report = check(layers(tmp_path), contracts=course, examples=5, in_process=in_process)
    assert verdicts(report) == {"Swish": "pass", "Square": "pass", "Rescale": "pass"}
    assert report.exit_status == 0
    assert "forward is taken as you wrote it" not in str(report)


def test_another_function_than_the_course_s_fails(tmp_path: Path, course: Path) -> None:
    """Though backward is the derivative of its forward."""
    course.write_text(course.read_text().replace("torch.square", "torch.exp"))
    options = {"examples": 5, "in_process": True, "repair_seconds": 0, "layer": "Square"}
    report = check(layers(tmp_path), contracts=course, **options)
    assert verdicts(report) == {"Square": "fail"}
    assert "the output is wrong: PyTorch computes another one" in str(report)


def test_a_wrong_forward_fails(tmp_path: Path, course: Path) -> None:
    path = layers(tmp_path, forward="x + self.s")
    report = check(path, contracts=course, examples=5, in_process=True, repair_seconds=0)
    assert verdicts(report) == {"Swish": "fail", "Square": "pass", "Rescale": "pass"}


@pytest.mark.parametrize(("usual", "found"), [('["2 * cache * dout"]', True), ("()", False)])
def test_usual_expressions_are_tried_as_a_fix(
    tmp_path: Path, course: Path, usual: str, found: bool
) -> None:
    course.write_text(course.read_text().replace("USUAL = ()", f"USUAL = {usual}"))
    path = layers(tmp_path, backward="np.sin(cache) - np.exp(dout)")
    report = check(path, contracts=course, examples=5, in_process=True, layer="Square")
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL
    assert layer.repair is not None
    assert layer.repair.verified is found


def test_what_a_layer_declares_itself_does_not_count(tmp_path: Path, course: Path) -> None:
    path = layers(tmp_path)
    path.write_text(path.read_text().replace("class SiLU", "# trigrad: x: fixed N D\nclass SiLU"))
    report = check(path, contracts=course, examples=3, in_process=True, layer="Swish")
    assert report.layers[0].declaration == "x: N D"


def test_what_is_required_may_be_of_the_course(tmp_path: Path, course: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("class Swish:\n    def forward(self, x): pass\n    def backward(self, y): pass")
    report = check(path, contracts=course, require="silu,Square,Affine", in_process=True)
    missing = [layer.name for layer in report.layers if layer.verdict is Verdict.MISSING]
    assert missing == ["Square", "Affine"]


def test_on_the_command_line(tmp_path: Path, course: Path) -> None:
    path = layers(tmp_path, backward="-2 * dout * cache")
    run = CliRunner().invoke
    options = ["--contracts", str(course)]
    checked = run(app, ["check", str(path), *options, "--examples", "3"])
    assert checked.exit_code == 1
    assert f"--contracts {course}" in checked.output
    fixed = run(app, ["fix", str(path), *options, "--write"])
    assert "2 * dout * cache" in path.read_text(), fixed.output
    assert run(app, ["check", str(path), *options, "--examples", "3"]).exit_code == 0


@pytest.mark.parametrize("command", ["check", "fix"])
def test_a_file_that_cannot_be_used_is_said(tmp_path: Path, command: str) -> None:
    path = layers(tmp_path)
    ended = CliRunner().invoke(app, [command, str(path), "--contracts", str(tmp_path / "no.py")])
    assert ended.exit_code == 2
    assert "there is no file" in ended.stderr


def test_in_json_too(course: Path) -> None:
    course.write_text("1 / 0")
    arguments = ["check", "a.py", "--contracts", str(course), "--format", "json"]
    ended = CliRunner().invoke(app, arguments)
    assert "ZeroDivisionError" in json.loads(ended.stdout)["error"]


def test_claims_of_a_course(tmp_path: Path, course: Path) -> None:
    path = layers(tmp_path, backward="dout * cache")
    found = claims(path, contracts=course, examples=3)
    names = {str(claim).partition(":")[0] for claim in found}
    assert names == {"SiLU_Layer", "square_forward/square_backward", "Rescale"}
    (wrong,) = (c for c in found if "square" in str(c) and "differences: gradient" in str(c))
    with pytest.raises(AssertionError, match="gradient of x"):
        wrong.check()


def test_a_fix_of_what_a_line_declares(tmp_path: Path) -> None:
    path = layers(tmp_path, backward="-2 * dout * cache")
    arguments = ["fix", str(path), "--layer", "square", "--declare", "x: N D"]
    assert "+    return 2 * dout * cache" in CliRunner().invoke(app, arguments).output
