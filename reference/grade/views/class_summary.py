"""What a whole class did: the mistakes counted, the hard layers, the files that are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from trigrad.grade.record import Mistake, Outcome, Run
from trigrad.grade.views.marks import Mark, Marked


@dataclass(frozen=True)
class Made:
    """One mistake, with all who made it."""

    layer: str
    what: str
    by: tuple[tuple[Marked, Mistake], ...]
    """Each student once, with the first place where it stands."""


@dataclass(frozen=True)
class Hardness:
    """How a class did with one item."""

    name: str
    counts: dict[Mark, int]
    share: float
    """The mean share of its points, over all that were graded."""


@dataclass(frozen=True)
class Alike:
    """Files of several students that have one structure."""

    nodes: int
    files: tuple[tuple[Marked, str], ...]
    """The student and the path, in the order of the class."""


def graded(records: Iterable[Marked]) -> list[Marked]:
    """Those that were graded."""
    return [each for each in records if each.record.outcome is Outcome.GRADED]


def mistakes(records: Sequence[Marked]) -> list[Made]:
    """Every mistake with all who made it, the commonest first."""
    found: dict[tuple[str, str], dict[str, tuple[Marked, Mistake]]] = {}
    for each in records:
        for mistake in each.record.mistakes:
            by = found.setdefault((mistake.layer, mistake.what), {})
            by.setdefault(each.record.id, (each, mistake))
    made = [Made(layer, what, tuple(by.values())) for (layer, what), by in found.items()]
    return sorted(made, key=lambda each: (-len(each.by), each.layer, each.what))


def hardness(run: Run, records: Iterable[Marked]) -> list[Hardness]:
    """How the class did with each item, the hardest first."""
    there = graded(records)
    found = []
    for item in run.items:
        counts = dict.fromkeys(Mark, 0)
        points = 0.0
        for each in there:
            counts[each.marks.get(item.name, Mark.ABSENT)] += 1
            own = each.item(item.name)
            points += own.points if own is not None else 0.0
        most = item.of * len(there)
        found.append(Hardness(item.name, counts, points / most if most else 0.0))
    return sorted(found, key=lambda each: (each.share, each.name))


def alike(records: Iterable[Marked]) -> list[Alike]:
    """Files of different students with one structure, the largest first."""
    nodes: dict[str, int] = {}
    files: dict[str, list[tuple[Marked, str]]] = {}
    for each in records:
        for structure in each.record.structure:
            nodes[structure.sha256] = structure.nodes
            files.setdefault(structure.sha256, []).append((each, structure.path))
    several = [
        Alike(nodes[sha], tuple(found))
        for sha, found in files.items()
        if len({each.record.id for each, _ in found}) > 1
    ]
    return sorted(several, key=lambda each: (-each.nodes, -len(each.files)))


def median_points(records: Iterable[Marked]) -> float | None:
    """The median of the points; None where nothing was graded."""
    points = [p for each in graded(records) if (p := each.record.grade.points) is not None]
    return median(points) if points else None
