"""The table of a run over mutants, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import median

from mutant_outcome import Outcome

COLUMNS = (
    *("", "mutants", "refuted", "by one witness alone", "advice only", "like the original"),
    *("undecided", "not judged"),
    *("repaired", "original first", "line among the repaired", "line named"),
    *("harm", "seconds, median", "largest"),
)


def table(outcomes: Sequence[Outcome]) -> str:
    """One row for each contract, and one for all; then which witness refutes alone."""
    rows = ["| " + " | ".join(COLUMNS) + " |", "|---" + "|--:" * (len(COLUMNS) - 1) + "|"]
    contracts = dict.fromkeys(outcome.contract for outcome in outcomes)
    for contract in sorted(contracts):
        rows.append(row(contract, [o for o in outcomes if o.contract == contract]))
    rows.append(row("**all**", outcomes))
    alone = Counter(o.refuted_by[0] for o in outcomes if len(o.refuted_by) == 1)
    words = ", ".join(f"{name} {count:,}" for name, count in alone.most_common())
    told = [f"Refuted by one witness alone: {words or 'none'}."]
    return "\n".join([*rows, "", *told, *harms(outcomes)])


def harms(outcomes: Sequence[Outcome]) -> list[str]:
    """How many verified repairs change a value that was right, and each of them."""
    repaired = [o for o in outcomes if o.repaired]
    harmful = [o for o in repaired if o.harm]
    words = f"Verified repairs that change a value which was right: {len(harmful):,}"
    return [
        f"{words} of {len(repaired):,}.",
        *(f"{o.file}: {o.layer}: {o.after!r} → {o.offered!r}: {o.harm}" for o in harmful),
    ]


def row(name: str, outcomes: Sequence[Outcome]) -> str:
    """One row of the table."""
    refuted = [o for o in outcomes if o.refuted_by and not o.not_judged]
    repaired = [o for o in refuted if o.repaired]
    times = [o.seconds for o in refuted]
    cells = [
        name,
        f"{len(outcomes):,}",
        f"{len(refuted):,}",
        f"{sum(len(o.refuted_by) == 1 for o in refuted):,}",
        f"{sum(o.seen for o in outcomes):,}",
        f"{sum(o.survives for o in outcomes):,}",
        f"{sum(o.undecided for o in outcomes):,}",
        f"{sum(o.not_judged for o in outcomes):,}",
        share(len(repaired), len(refuted)),
        share(sum(o.first for o in repaired), len(refuted)),
        share(sum(o.line_named for o in repaired), len(refuted)),
        share(sum(o.line_suspected for o in refuted), len(refuted)),
        f"{sum(bool(o.harm) for o in repaired):,}",
        f"{median(times):.2f}" if times else "–",
        f"{max(times):.2f}" if times else "–",
    ]
    return "| " + " | ".join(cells) + " |"


def share(part: int, whole: int) -> str:
    """`95.1 % (97)`."""
    return f"{100 * part / whole:.1f} % ({part:,})" if whole else "–"
