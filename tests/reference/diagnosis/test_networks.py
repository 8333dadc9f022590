"""Networks in the styles of different people: right they pass, and with one mistake it is named.

The files of tests/learners/networks have marks such as `# WRONG layer 2: return dout`: the line
with that text instead is a mistake, of which the mark says what has to be named.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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
    return check(path, layer=NAMES[name], in_process=True, examples=3, repair_seconds=0)


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
