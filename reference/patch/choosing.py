"""Which changes a report's layers ask for, file by file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from trigrad.messages import Message
from trigrad.repair.result import Change
from trigrad.verdict.results import LayerReport, Results, Verdict


@dataclass
class Chosen:
    """The changes by file, the layers that they fix, and those that are left, with the reason."""

    changes: dict[Path, list[Change]] = field(default_factory=dict)
    left: list[tuple[LayerReport, str]] = field(default_factory=list)
    fixed: list[LayerReport] = field(default_factory=list)


def chosen(report: Results, target: Path, most: int | None = None) -> Chosen:
    """The verified changes of the layers that fail; no two layers' changes touch the same lines.

    Only files of the target are changed: what they import may be used by others, too. With `most`,
    at most that many layers are fixed, and the others are left.
    """
    found = Chosen()
    for layer in report.layers:
        if layer.verdict is not Verdict.FAIL:
            continue
        why = _why_not(layer, found.changes, target.resolve())
        if not why and most is not None and len(found.fixed) == most:
            why = str(Message("left.conflict"))
        if why:
            found.left.append((layer, why))
            continue
        found.fixed.append(layer)
        assert layer.repair is not None, "there is a reason otherwise"
        for change in layer.repair.changes:
            there = found.changes.setdefault(Path(change.path), [])
            if change not in there:  # two layers that use one function may ask for the same
                there.append(change)
    return found


def _why_not(layer: LayerReport, others: dict[Path, list[Change]], target: Path) -> str:
    if layer.repair is None:
        return str(Message("left.not_searched"))
    if not layer.repair.verified:
        return str(Message("left.not_found"))
    if not all(change.path for change in layer.repair.changes):
        return str(Message("left.no_file"))
    for change in layer.repair.changes:
        if not Path(change.path).is_relative_to(target):
            name = Path(change.path).name
            return str(Message("left.elsewhere", name=name))
    for change in layer.repair.changes:
        if any(_touch(change, other) for other in others.get(Path(change.path), [])):
            return str(Message("left.same_lines"))
    return ""


def _touch(one: Change, other: Change) -> bool:
    """Whether two different changes replace a common line, or insert at the same place."""
    if one == other or (one.where.cell, one.block) != (other.where.cell, other.block):
        return False
    if _count(one) == _count(other) == 0:
        return one.where.line == other.where.line
    first, second = sorted((one, other), key=lambda change: (change.where.line, _count(change)))
    return second.where.line < first.where.line + _count(first)


def _count(change: Change) -> int:
    return len(change.before.split("\n")) if change.before else 0


def file_and_name(layer: LayerReport) -> tuple[str, str]:
    """What tells a layer from others of the same name, in other files."""
    return layer.where.file if layer.where else "", layer.name


def names_of(layers: Sequence[LayerReport]) -> str:
    """`MulLayer and Affine`; of several files, `Affine (a.py) and Affine (b.py)`."""
    several = len({file_and_name(layer)[0] for layer in layers}) > 1
    shown = [
        f"{name} ({file})" if several and file else name
        for file, name in map(file_and_name, layers)
    ]
    return str(Message("names", names=tuple(dict.fromkeys(shown))))
