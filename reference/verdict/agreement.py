"""What a verified repair adds to a diagnosis: what shows in backward may be forward's mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trigrad.diagnosis.diagnosis import Diagnosis, Side
from trigrad.repair.result import Repair
from trigrad.subject.face import Where

KEPT = "forward gives the right output, but what it keeps for backward is wrong"


def in_agreement(
    diagnosis: Diagnosis | None,
    repair: Repair | None,
    lines: Mapping[str, tuple[int, int]],
    where: Where | None,
) -> Diagnosis | None:
    """The diagnosis in other words where backward alone is wrong and the repair is in forward.

    lines: first and last line of each method. where: the layer's file and cell; a helper that is
    mended may stand in another one.
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
