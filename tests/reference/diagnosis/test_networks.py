"""Networks in the styles of different people: right they pass, and with one mistake it is named.

The files of tests/learners/networks have marks such as `# WRONG layer 2: return dout`: the line
with that text instead is a mistake, of which the mark says what has to be named.
"""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest

from tests.reference.report.test_as_json import SCHEMA
from trigrad import check
from trigrad.report.report import Report
from trigrad.subject.met import unpacked
from trigrad.trial import layer_trial
from trigrad.verdict.results import Verdict

FOLDER = Path(__file__).parents[2] / "learners" / "networks"

MARK = re.compile(r"( *)(.*?)  # WRONG (\w+) ?([^:]*): (.*)")

FILES = sorted(FOLDER.glob("*.py"))

NAMES = {
    path.stem: re.findall(r"^class (\w+)", path.read_text("utf-8"), re.M)[-1] for path in FILES
}

SAID = {
    "layer": ("apart.layer", "apart.also"),
    "own": ("apart.own", "apart.also"),
    "raises": ("apart.layer_raises",),
    "joint": ("apart.joint",),
    "end": ("apart.end",),
    "left": ("apart.left_out",),
    "stale": ("apart.stale",),
    "collected": ("apart.collected",),
    "key": ("apart.key",),
    "copy": ("apart.copy",),
    "code": ("apart.code_at",),
}
"""What a mark means, as the keys of the sentences."""


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


def judged(folder: Path, name: str, lines: list[str]) -> Report:
    path = folder / f"{name}.py"
    path.write_text("\n".join(lines), encoding="utf-8")
    # Without guesses: a layer that is wrong by itself would be judged before the network.
    guess = False if name == "two_layer" else None
    return check(
        path, layer=NAMES[name], in_process=True, examples=3, repair_seconds=0, guess=guess
    )


def right_lines(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [m[1] + m[2] if (m := MARK.fullmatch(line)) else line for line in lines]


MISTAKES = [
    pytest.param(path, number, match, id=f"{path.stem}-{match[3]}-{match[4] or number}")
    for path in FILES
    for number, line in enumerate(path.read_text("utf-8").splitlines())
    if (match := MARK.fullmatch(line))
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_right_network_passes(path: Path, tmp_path: Path) -> None:
    report = judged(tmp_path, path.stem, right_lines(path))
    assert report.exit_status == 0, str(report)
    (layer,) = report.layers
    assert layer.verdict is Verdict.PASS
    assert layer.diagnosis is None


@pytest.mark.parametrize(("path", "number", "mark"), MISTAKES)
def test_the_mistake_is_named(path: Path, number: int, mark: re.Match[str], tmp_path: Path) -> None:
    lines = right_lines(path)
    lines[number] = mark[1] + mark[5]
    report = judged(tmp_path, path.stem, lines)
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL
    assert layer.diagnosis is not None
    assert layer.diagnosis.apart is not None, str(report)
    fault, *others = layer.diagnosis.apart.faults
    words = str(fault.sentence)
    assert {each.sentence.key for each in (fault, *others)} <= set(SAID[mark[3]]), words
    assert not others or mark[3] == "copy"  # of each weight
    if mark[4].isdigit():
        assert re.match(rf"layer {mark[4]} of \d+, ", words), words
    else:
        assert mark[4] in words
    if mark[3] == "layer":
        wrong = {each.cls for each in layer.diagnosis.apart.layers if each.state == "wrong"}
        assert len(wrong) == 1  # all others are right


def test_what_is_no_call_is_refused() -> None:
    for note in ("", "{}", "[]", '{"number": "1"}'):
        with pytest.raises(ValueError, match=r"not a|Expecting"):
            unpacked(note)


def wrong_report(tmp_path: Path, name: str, mark: str, hints: str = "fix") -> Report:
    """The report on a network with the first of its mistakes, in the sandbox."""
    path = FOLDER / f"{name}.py"
    lines = right_lines(path)
    marked = path.read_text("utf-8").splitlines()
    number, match = next(
        (i, m) for i, line in enumerate(marked) if (m := MARK.fullmatch(line)) and m[3] == mark
    )
    lines[number] = match[1] + match[5]
    written = tmp_path / f"{name}.py"
    written.write_text("\n".join(lines), encoding="utf-8")
    # Without guesses: a layer that is wrong by itself would be judged before the network.
    return check(written, layer=NAMES[name], examples=3, repair_seconds=0, hints=hints, guess=False)


def test_the_screen_and_the_json_have_it(tmp_path: Path) -> None:
    report = wrong_report(tmp_path, "two_layer", "layer")
    assert "in the network: layer 3 of 4, lin2 (Lin, line 12): its gradient of b" in str(report)
    assert "in the network: everything else is right" in str(report)
    data = report.to_dict()
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    (layer,) = data["layers"]
    inside = layer["network"]["layers"]
    assert [each["state"] for each in inside] == ["wrong", "right", "wrong", "right"]
    assert [each["class"] for each in inside] == ["Lin", "Act", "Lin", "Loss"]
    assert inside[0]["wrong"] == ["b"]
    (fault,) = layer["network"]["faults"]
    assert fault["evidence"]["is"] != fault["evidence"]["should_be"]


def test_hints_of_the_law_name_no_layer_of_a_network(tmp_path: Path) -> None:
    report = wrong_report(tmp_path, "two_layer", "layer", hints="law")
    assert "in the network" not in str(report)
    assert "line 12" not in str(report)
    (layer,) = report.to_dict()["layers"]
    assert layer["network"] is None


def test_hints_of_lines_name_it(tmp_path: Path) -> None:
    report = wrong_report(tmp_path, "two_layer", "layer", hints="line")
    assert "in the network: layer 3 of 4" in str(report)


def test_an_operand_without_effect_is_no_weight_of_a_layer(tmp_path: Path) -> None:
    """The softmax of one number is 1 whatever it is, and no layer here has a weight."""
    path = tmp_path / "passes.py"
    path.write_text(
        "import numpy as np\n\n\n"
        "class Softmax:\n"
        "    def forward(self, x):\n"
        "        e = np.exp(x - x.max(axis=1, keepdims=True))\n"
        "        self.y = e / e.sum(axis=1, keepdims=True)\n"
        "        return self.y\n\n"
        "    def backward(self, dout):\n"
        "        dx = self.y * dout\n"
        "        return dx - self.y * dx.sum(axis=1, keepdims=True)\n\n\n"
        "class Twice:\n"
        "    def forward(self, x):\n        return 2 * x\n\n"
        "    def backward(self, dout):\n        return 2 * dout\n\n\n"
        "# trigrad: x: N 1\n"
        "class Passes:\n"
        "    def __init__(self):\n"
        "        self.softmax, self.twice = Softmax(), Twice()\n\n"
        "    def forward(self, x):\n"
        "        return self.twice.forward(self.softmax.forward(x))\n\n"
        "    def backward(self, dout):\n"
        "        return self.twice.backward(dout)\n",
        encoding="utf-8",
    )
    report = check(path, layer="Passes", in_process=True, examples=3, repair_seconds=0)
    (layer,) = report.layers
    assert layer.verdict is Verdict.FAIL
    assert "layer 1 (softmax)" in str(report)
