"""What edits cost: of two edits that repair a layer, the one with the lower cost is shown.

There is one number for each kind of edit. `tests/mutants/fit_costs.py` fits them to known mistakes:
the more seldom an edit of a kind undoes one, the more it costs. All that ranks repairs is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trigrad.repair.edits.edit import Edit

COSTS: dict[str, float] = {
    "scaled": 2.0,
    "condition": 2.0,
    "set instead": 0.16,
    "method dropped": 0.52,
    "kept": 0.54,
    "return added": 0.54,
    "self added": 0.55,
    "sign dropped": 0.57,
    "key unset": 0.58,
    "axis argument": 0.58,
    "mask": 0.59,
    "put back": 0.65,
    "order restored": 0.66,
    "loop added": 0.77,
    "start added": 0.79,
    "shape": 0.82,
    "made": 0.9,
    "kept otherwise": 0.94,
    "layer removed": 1.01,
    "unread argument": 1.03,
    "unconditional": 1.04,
    "transpose dropped": 1.06,
    "operand dropped": 1.06,
    "undefined name": 1.09,
    "truth value": 1.11,
    "number": 1.18,
    "sibling": 1.18,
    "forward called": 1.19,
    "operator": 1.25,
    "comparison": 1.28,
    "missing target": 1.29,
    "key": 1.29,
    "gradient rewritten": 1.29,
    "product turned": 1.3,
    "name": 1.36,
    "call dropped": 1.42,
    "function": 1.44,
    "axis": 1.46,
    "order": 1.47,
    "operands swapped": 1.47,
    "other shape": 1.47,
    "copy": 1.5,
    "slip": 1.51,
    "usual": 1.51,
    "block removed": 1.52,
    "unusual number": 1.56,
    "transpose added": 1.56,
    "gradient added": 1.6,
    "target": 1.62,
    "layer added": 1.72,
    "arguments swapped": 1.76,
    "reshape for shape": 1.76,
    "results swapped": 1.76,
    "factor": 1.83,
    "step added": 1.88,
    "shape restored": 1.9,
    "local set": 1.92,
    "statement moved": 1.93,
    "entry added": 1.94,
    "stabiliser": 1.95,
    "result dropped": 1.97,
    "compared with 0": 2.0,
    "product added": 2.02,
    "sum added": 2.02,
    "sign added": 2.02,
    "divisor": 2.06,
    "result transposed": 2.11,
    "inner factor": 2.12,
    "expression reused": 2.13,
    "comparison dropped": 2.27,
    "brackets": 2.3,
    "function added": 2.3,
    "method called": 2.51,
    "inner operand dropped": 2.53,
    "term": 2.56,
    "self dropped": 2.56,
    "statement removed": 2.76,
    "one minus": 2.76,
    "inner divisor": 2.77,
    "key overwritten": 2.82,
    "assignment": 3.0,
}
"""By the kind of edit."""

PER_CHARACTER = 0.01
"""The cost of each character that changes: of edits of one kind, the shorter one comes first."""

MOST_CHARACTERS = 40
"""Characters beyond these cost nothing: a whole line that is moved is one change."""

UNREAD = 1.0
"""What an edit costs more that leaves an argument or local which nothing reads any more."""

HELPER = 0.7
"""What an edit of a helper costs more than one of the layer itself."""

MORE = 0.4
"""What each further edit of one repair costs in addition."""

OTHER_SIDE = 1.0
"""What an edit costs more in the pass whose results are right, where the other's are wrong."""

WORSE = 0.5
"""A repair that makes something else worse is shown only if none without that costs at most
so much more."""

INCOMPLETE = 0.75
"""The same for a repair that does not handle every kind of input."""


def cost_of(kind: str, changed: int, table: Mapping[str, float] = COSTS) -> float:
    """The cost of an edit of a kind that changes so many characters."""
    return table[kind] + PER_CHARACTER * min(changed, MOST_CHARACTERS)


def priced(edit: Edit, text: str) -> Edit:
    """The edit of a text with its cost."""
    changed = characters_changed(text[edit.start : edit.end], edit.replacement)
    return replace(edit, cost=cost_of(edit.kind, changed))


def characters_changed(old: str, new: str) -> int:
    """The length of what differs, between what two texts begin and end with alike."""
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - first
    last = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return max(len(old), len(new)) - first - last
