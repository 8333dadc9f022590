"""Networks of which nobody has said anything: judged on guessed inputs, and as they are declared.

`python tests/learners/guessed_table.py` judges each file of tests/learners/guessed as it is, which
is right, and with each of its mistakes, which are marked with `# WRONG: …`. It prints, in Markdown,
how many pass, fail and are left undecided: first on inputs that trigrad guesses, then with the
declaration that it has found for the right file. The tests read the same files.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trigrad import check
from trigrad.verdict.results import Results, Verdict

FOLDER = Path(__file__).parent / "guessed"
FILES = sorted(FOLDER.glob("*.py"))
MARK = "  # WRONG: "

PASSES, FAILS, UNDECIDED = "passes", "fails", "undecided or not judged"


@dataclass(frozen=True)
class Mistake:
    """One line of a file that is replaced by a wrong one."""

    path: Path
    number: int

    @property
    def name(self) -> str:
        """For tests and lists."""
        return f"{self.path.stem}-{self.number + 1}"


MISTAKES = [
    Mistake(path, number)
    for path in FILES
    for number, line in enumerate(path.read_text("utf-8").splitlines())
    if MARK in line
]


def text_of(path: Path, mistake: int | None, declared: Mapping[int, str]) -> str:
    """A file without its marks, with one mistake put in, and with declarations above lines."""
    lines = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()):
        right, _, wrong = line.partition(MARK)
        indent = right[: len(right) - len(right.lstrip())]
        if number + 1 in declared:
            lines.append(f"{indent}# trigrad: {declared[number + 1]}")
        lines.append(indent + wrong if number == mistake else right)
    return "\n".join(lines) + "\n"


def judged(
    path: Path, mistake: int | None = None, declared: Mapping[int, str] | None = None
) -> Results:
    """The report on a file, or on one of its mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_text(text_of(path, mistake, declared or {}), "utf-8")
        return check(copy, examples=4, in_process=True, repair_seconds=0)


def outcome(report: Results) -> str:
    """The worst of what is said of a file."""
    verdicts = {layer.verdict for layer in report.layers}
    if Verdict.FAIL in verdicts:
        return FAILS
    return PASSES if verdicts == {Verdict.PASS} and not report.unjudged else UNDECIDED


def declarations_found(report: Results) -> dict[int, str]:
    """The declarations with which a file was judged, by the lines that they stand above."""
    return {
        layer.where.line: layer.declaration
        for layer in report.layers
        if layer.where is not None and layer.declaration
    }


def main() -> None:
    """Judge all and print the table."""
    counts: dict[str, Counter[str]] = {}
    listed: list[str] = []
    for path in FILES:
        guessed = judged(path)
        declared = declarations_found(guessed)
        outcomes = {
            "right, guessed": outcome(guessed),
            "right, declared": outcome(judged(path, declared=declared)),
        }
        for column, what in outcomes.items():
            counts.setdefault(column, Counter())[what] += 1
            if what != PASSES:
                listed.append(f"{path.stem} ({column}): {what}")
        for mistake in (m for m in MISTAKES if m.path == path):
            wrong = {
                "wrong, guessed": outcome(judged(path, mistake.number)),
                "wrong, declared": outcome(judged(path, mistake.number, declared)),
            }
            for column, what in wrong.items():
                counts.setdefault(column, Counter())[what] += 1
                if what == PASSES or (what == UNDECIDED and "declared" in column):
                    listed.append(f"{mistake.name} ({column}): {what}")
    print(f"| | {PASSES} | {FAILS} | {UNDECIDED} |\n|---|--:|--:|--:|")
    for column in ("right, guessed", "wrong, guessed", "right, declared", "wrong, declared"):
        row = counts[column]
        print(f"| {column} | {row[PASSES]} | {row[FAILS]} | {row[UNDECIDED]} |")
    print("\nOther than hoped:", *(f"- {each}" for each in listed), sep="\n")


if __name__ == "__main__":
    main()
