"""Which changes a report's layers ask for, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trigrad.repair.result import Change
from trigrad.verdict.results import LayerReport, Results, Verdict


@dataclass
class Chosen:
    """The changes by file, and the layers that are left unmended, with the reason."""

    changes: dict[Path, list[Change]] = field(default_factory=dict)
    left: list[tuple[LayerReport, str]] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)


def chosen(report: Results, target: Path, most: int | None = None) -> Chosen:
    """The verified changes of the layers that fail; none of two layers touch the same lines.

    Only files of the target are changed: what they import may be used by others, too. With `most`
    so many layers are mended, and the others are left.
    """
    found = Chosen()
    for layer in report.layers:
        if layer.verdict is not Verdict.FAIL:
            continue
        why = _why_not(layer, found.changes, target.resolve())
        if not why and most is not None and len(found.mended) == most:
            why = "its fix and the others do not go together; mend those, then run this again"
        if why:
            found.left.append((layer, why))
            continue
        found.mended.append(layer.name)
        assert layer.repair is not None, "there is a reason otherwise"
        for change in layer.repair.changes:
            there = found.changes.setdefault(Path(change.path), [])
            if change not in there:  # two layers that use one function may ask for the same
                there.append(change)
    return found


def _why_not(layer: LayerReport, others: dict[Path, list[Change]], target: Path) -> str:
    if layer.repair is None:
        return "no fix was looked for"
    if not layer.repair.verified:
        return "no fix was found"
    if not all(change.path for change in layer.repair.changes):
        return "it has a fix, but it was not read from a file that could be written"
    for change in layer.repair.changes:
        if not Path(change.path).is_relative_to(target):
            name = Path(change.path).name
            return f"its fix is in {name}, which others may use: trigrad fix its folder to mend it"
    for change in layer.repair.changes:
        if any(_touch(change, other) for other in others.get(Path(change.path), [])):
            return "its fix touches the same lines as another one; mend that, then run this again"
    return ""


def _touch(one: Change, other: Change) -> bool:
    """Whether two different changes replace a common line, or put in at the same place."""
    if one == other or (one.where.cell, one.block) != (other.where.cell, other.block):
        return False
    if _count(one) == _count(other) == 0:
        return one.where.line == other.where.line
    first, second = sorted((one, other), key=lambda change: (change.where.line, _count(change)))
    return second.where.line < first.where.line + _count(first)


def _count(change: Change) -> int:
    return len(change.before.split("\n")) if change.before else 0


def names_of(chosen_layers: Sequence[str]) -> str:
    """`MulLayer and Affine`."""
    names = list(dict.fromkeys(chosen_layers))
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
