"""What a verified repair adds to a diagnosis: a wrong gradient may come from forward's mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trigrad.diagnosis.diagnosis import Diagnosis, Side
from trigrad.messages import Message
from trigrad.repair.result import Repair
from trigrad.subject.face import Where

KEPT = Message("sides.kept_wrong")


def in_agreement(
    diagnosis: Diagnosis | None,
    repair: Repair | None,
    lines: Mapping[str, tuple[int, int]],
    where: Where | None,
) -> Diagnosis | None:
    """The diagnosis, corrected where only gradients are wrong but the repair is in forward.

    Args:
        diagnosis: what the witnesses say.
        repair: the repair that was found, if any.
        lines: the first and last line of each method.
        where: the layer's place; the repair may change a helper in another file or cell.
    """
    if diagnosis is None or repair is None or diagnosis.side is not Side.BACKWARD:
        return diagnosis
    forward = lines.get("forward")
    if not repair.verified or forward is None or where is None or not diagnosis.sentence:
        return diagnosis
    first, last = forward
    here = (where.file, where.cell)
    if all(
        (change.where.file, change.where.cell) == here and first <= change.where.line <= last
        for change in repair.changes
    ):
        return replace(diagnosis, sentence=KEPT)
    return diagnosis
