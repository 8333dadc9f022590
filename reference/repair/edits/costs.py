"""What edits cost: of two edits that repair a layer, the one with the lower cost is shown.

There is one number for each kind of edit. `tests/mutants/fit_costs.py` fits them to known mistakes:
the more seldom an edit of a kind undoes one, the more it costs. All that ranks repairs is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trigrad.repair.edits.edit import Edit

COSTS: dict[str, float] = {
    "set instead": 0.29,
    "method dropped": 0.56,
    "self added": 0.56,
    "shape": 0.56,
    "order restored": 0.58,
    "sign dropped": 0.6,
    "start added": 0.66,
    "kept": 0.67,
    "mask": 0.75,
    "loop added": 0.76,
    "key unset": 0.78,
    "axis argument": 0.79,
    "truth value": 0.81,
    "gradient rewritten": 0.87,
    "return added": 0.91,
    "gradient added": 0.94,
    "put back": 0.95,
    "call dropped": 0.96,
    "unconditional": 0.97,
    "operand dropped": 0.99,
    "entry added": 1.0,
    "undefined name": 1.02,
    "layer removed": 1.11,
    "forward called": 1.12,
    "sibling": 1.15,
    "unread argument": 1.2,
    "number": 1.21,
    "operator": 1.29,
    "operands swapped": 1.3,
    "kept otherwise": 1.32,
    "order": 1.34,
    "condition": 1.36,
    "transpose dropped": 1.37,
    "name": 1.37,
    "target": 1.42,
    "product turned": 1.44,
    "function": 1.44,
    "other shape": 1.44,
    "axis": 1.45,
    "made": 1.48,
    "copy": 1.49,
    "usual": 1.49,
    "arguments swapped": 1.51,
    "brackets": 1.51,
    "comparison": 1.68,
    "layer added": 1.69,
    "reshape for shape": 1.69,
    "statement moved": 1.71,
    "slip": 1.72,
    "unusual number": 1.82,
    "shape restored": 1.9,
    "result dropped": 1.93,
    "results swapped": 1.94,
    "compared with 0": 2.02,
    "divisor": 2.04,
    "result transposed": 2.06,
    "term": 2.06,
    "sign added": 2.07,
    "expression reused": 2.07,
    "factor": 2.08,
    "statement removed": 2.13,
    "missing target": 2.14,
    "block removed": 2.16,
    "assignment": 2.16,
    "comparison dropped": 2.17,
    "transpose added": 2.25,
    "sum added": 2.33,
    "key": 2.42,
    "inner operand dropped": 2.47,
    "self dropped": 2.49,
    "step added": 2.59,
    "key overwritten": 2.69,
    "scaled": 2.82,
    "one minus": 2.95,
    "function added": 3.0,
}
"""By the kind of edit."""

PER_CHARACTER = 0.003
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

WORSE = 1.0
"""A repair that makes something else worse is shown only if none without that costs at most
so much more."""

INCOMPLETE = 1.5
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
