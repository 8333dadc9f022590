"""Which edits of right code are mistakes that people make, and not only ways to repair one."""

from __future__ import annotations

from trigrad.repair.edits.edit import Edit

ADDITIONS = frozenset(
    (
        *("factor", "unread argument", "one minus", "scaled", "term", "mask", "compared with 0"),
        *("step added", "start added", "sum added", "function added", "copy", "result transposed"),
        *("expression reused", "gradient rewritten", "kept otherwise", "put back", "loop added"),
        *("usual", "derivative", "derivative added", "step removed", "steps last"),
        *("gradient lost", "path added", "operand of forward", "carried", "added", "added in loop"),
        *("centred", "projected", "mixture", "scaled as forward", "root", "stride", "border cut"),
        "axes moved",
    )
)
"""Kinds of edit that add what is missing."""


def is_slip(edit: Edit) -> bool:
    """Whether it leaves something out, or takes one thing for another.

    That people add a factor which does not belong there is rare, and the neighbourhood has
    thousands of those.
    """
    return edit.kind not in ADDITIONS
