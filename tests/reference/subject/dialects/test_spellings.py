"""Every spelling is judged like the book's: right code passes, and a mistake in it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from trigrad import check
from trigrad.trial import layer_trial
from trigrad.verdict.results import Results, Verdict

SPELLINGS = Path(__file__).parents[3] / "learners" / "spellings"
FILES = sorted(SPELLINGS.glob("*.py"))
MARK = "  # WRONG: "

MISTAKES = [
    pytest.param(path, number, id=f"{path.stem}-{number + 1}")
    for path in FILES
    for number, line in enumerate(path.read_text("utf-8").splitlines())
    if MARK in line
]


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_trial, "SHRINK_CALLS", 3)


def judged(folder: Path, path: Path, mistake: int | None = None) -> Results:
    """The report on a file without its marks, and with one mistake put in."""
    lines = path.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        right, _, wrong = line.partition(MARK)
        indent = right[: len(right) - len(right.lstrip())]
        lines[number] = indent + wrong if number == mistake else right
    copy = folder / path.name
    copy.write_text("\n".join(lines) + "\n", "utf-8")
    # A mistake shows in few cases; what is right is tried on more.
    examples = 5 if mistake is None else 3
    return check(copy, examples=examples, in_process=True, repair_seconds=0)


def found(report: Results) -> dict[str, Verdict]:
    return {r.name: r.verdict for r in report.layers if r.verdict is not Verdict.MISSING}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_right_code_passes(path: Path, tmp_path: Path) -> None:
    report = judged(tmp_path, path)
    assert found(report)
    assert set(found(report).values()) == {Verdict.PASS}, str(report)
    assert [u for u in report.unjudged if u.layer] == []


@pytest.mark.parametrize(("path", "line"), MISTAKES)
def test_a_mistake_is_refused(path: Path, line: int, tmp_path: Path) -> None:
    verdicts = found(judged(tmp_path, path, line))
    refused = {Verdict.FAIL}
    if "+=" in path.read_text("utf-8").splitlines()[line].partition(MARK)[2]:
        refused.add(Verdict.INCONCLUSIVE)  # nothing here trains: it may be cleared elsewhere
    failing = [name for name, verdict in verdicts.items() if verdict in refused]
    assert len(failing) == 1, verdicts
