"""The learners' files, what each witness says of them, and how they are repaired.

`python tests/learners/learners_table.py` judges every file and prints, in Markdown, which witnesses
refute which mistake: it shows why there are three. Then it prints how many mistakes are repaired,
and how many at the line where a teacher would: apart for the half to which the costs of edits were
fitted and for the other (see tests/mutants/fit_costs.py). The tests read the same catalogue.
"""

from __future__ import annotations

import importlib
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from trigrad import check
from trigrad.claim.claim import Witness
from trigrad.verdict.results import LayerReport, Results, Verdict

LEARNERS = Path(__file__).parent


@dataclass(frozen=True)
class Learner:
    """One file with what is known of it; see tests/learners/README.md."""

    file: str
    layer: str
    kind: str
    verdict: str
    others: tuple[str, ...]
    mistake: str = ""
    refuted: frozenset[str] = frozenset()
    witnesses: frozenset[str] = frozenset()
    side: str = ""
    line: int = 0
    cell: int | None = None
    module: str = ""
    mended: int = 0
    """The line at which it is mended, where that is not the line of the mistake."""
    unmended: bool = False
    """Whether no edit of ours undoes it."""

    @property
    def path(self) -> Path:
        return LEARNERS / self.file


def load_catalogue() -> list[Learner]:
    tables = tomllib.loads((LEARNERS / "catalogue.toml").read_text("utf-8"))["learner"]
    return [
        Learner(
            file=t["file"],
            layer=t["layer"],
            kind=t.get("kind", ""),
            verdict=t["verdict"],
            others=tuple(t["others"]),
            mistake=t.get("mistake", ""),
            refuted=frozenset(t.get("refuted", ())),
            witnesses=frozenset(t.get("witnesses", ())),
            side=t.get("side", ""),
            line=t.get("line", 0),
            cell=t.get("cell"),
            module=t.get("module", ""),
            mended=t.get("mended", t.get("line", 0)),
            unmended=t.get("unmended", False),
        )
        for t in tables
    ]


def judged(report: Results, layer: str) -> list[LayerReport]:
    """The layers of a report that answer to a contract."""
    found = [r for r in report.layers if r.layer == layer]
    return [r for r in found if r.verdict is not Verdict.MISSING]


def refuting(layer: LayerReport) -> frozenset[str]:
    """The witnesses that refute at least one must-claim."""
    return frozenset(j.claim.witness.value for j in layer.failures)


def is_repaired(learner: Learner, layer: LayerReport) -> tuple[bool, bool]:
    """Whether a layer's repair is verified, and whether it changes the expected line."""
    repair = layer.repair
    if repair is None or not repair.verified:
        return False, False
    lines = {
        (change.where.cell, line)
        for change in repair.changes
        for line in change.lines
        if change.where.file.endswith(learner.module)
    }
    return True, (learner.cell, learner.mended) in lines


def half_of(name: str) -> str:
    """The half of the mistakes that a file belongs to; the halves are those of the mutants."""
    sys.path.append(str(LEARNERS.parent / "mutants"))
    return str(importlib.import_module("halves").half_of(name))


def main() -> None:
    """Print the table of mistakes and the witnesses that refute them."""
    marks = {w.value: w.value for w in Witness}
    print(f"| layer | mistake | {' | '.join(marks)} |")
    print("|---|---|" + ":-:|" * len(marks))
    alone: Counter[frozenset[str]] = Counter()
    right = 0
    repaired: Counter[tuple[str, str]] = Counter()
    for learner in load_catalogue():
        report = check(learner.path)
        if learner.verdict == Verdict.PASS:
            right += all(r.verdict is not Verdict.FAIL for r in report.layers)
            continue
        layers = judged(report, learner.layer)
        witnesses = frozenset().union(*map(refuting, layers))
        verified, expected = zip(*(is_repaired(learner, layer) for layer in layers), strict=True)
        half = half_of(learner.file)
        repaired[half, "mistakes"] += 1
        repaired[half, "repaired"] += int(all(verified))
        repaired[half, "at the expected line"] += int(all(expected))
        alone[witnesses] += 1
        row = " | ".join("✗" if name in witnesses else "" for name in marks)
        print(f"| {learner.layer} | {learner.mistake} | {row} |")
    total = sum(alone.values())
    print(f"\n{total} mistakes, {total - alone[frozenset()]} refuted:")
    for name in marks:
        by = sum(count for witnesses, count in alone.items() if name in witnesses)
        only = alone[frozenset({name})]
        print(f"- {name}: {by}, of which {only} by no other witness")
    print(f"{right} right files pass.\n")
    for (half, what), count in sorted(repaired.items()):
        print(f"{half} half: {count} {what}")


if __name__ == "__main__":
    main()
