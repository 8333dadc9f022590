"""Notes on files in which samples are rows for some layers and columns for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trigrad.contracts.schema import Sign
from trigrad.messages import Message
from trigrad.verdict.results import LayerReport, Verdict


def mixed_axes(layers: Iterable[LayerReport]) -> tuple[str, ...]:
    """A note for each file whose right layers cannot work together."""
    by_file: dict[str, list[LayerReport]] = {}
    for layer in layers:
        if layer.verdict is Verdict.PASS:
            by_file.setdefault(layer.where.file if layer.where else "", []).append(layer)
    notes = []
    for beside in by_file.values():
        rows, columns = (_names(beside, sign) for sign in (Sign.ROWS, Sign.COLUMNS))
        if rows and columns:
            notes.append(str(Message("reading.both_axes", rows=rows, columns=columns)))
    return tuple(notes)


def _names(layers: Sequence[LayerReport], samples: Sign) -> tuple[str, ...]:
    return tuple(dict.fromkeys(layer.name for layer in layers if layer.samples is samples))
