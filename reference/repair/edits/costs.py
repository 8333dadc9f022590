"""What edits cost: of two edits that repair a layer, the one with the lower cost is shown.

There is one number for each kind of edit. `tests/mutants/fit_costs.py` fits them to known mistakes:
the more seldom an edit of a kind undoes one, the more it costs. A new fit moves costs by a few
tenths, as the mutants are made by the same families; the tests of repair decide whether it is kept.
The few numbers behind the table are set by hand. All that ranks repairs is here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from trigrad.repair.edits.edit import Edit

COSTS: dict[str, float] = {
    "kept state": 0.3,
    "counted once": 0.3,
    "in place": 0.4,
    "names swapped": 0.8,
    "root": 1.0,
    "eps": 1.0,
    "set instead": 0.25,
    "added up": 0.25,
    "constant moved": 0.25,
    "repeat removed": 0.1,
    "self added": 0.44,
    "kept": 0.46,
    "method dropped": 0.47,
    "steps last": 0.5,
    "order restored": 0.58,
    "sign dropped": 0.59,
    "unconditional": 0.62,
    "return added": 0.63,
    "step removed": 0.67,
    "start added": 0.67,
    "shape": 0.71,
    "put back": 0.71,
    "loop added": 0.76,
    "added in loop": 0.7,
    "carried": 0.7,
    "border cut": 0.75,
    "key unset": 0.79,
    "stride": 0.8,
    "axis argument": 0.8,
    "forward called": 0.81,
    "truth value": 0.84,
    "mask": 0.88,
    "unread argument": 0.88,
    "undefined name": 0.93,
    "gradient rewritten": 0.99,
    "derivative": 1.0,
    "square": 1.0,
    "activation inserted": 0.9,
    "kept otherwise": 1.0,
    "transpose dropped": 1.01,
    "operand dropped": 1.02,
    "call dropped": 1.03,
    "entry added": 1.04,
    "order": 1.04,
    "gradient added": 1.05,
    "axis kept": 1.1,
    "key": 1.11,
    "layer removed": 1.16,
    "axes moved": 1.15,
    "parts swapped": 1.2,
    "mixture": 1.2,
    "number": 1.2,
    "setting": 0.9,
    "operand of forward": 1.0,
    "gradient lost": 0.9,
    "path added": 1.15,
    "added": 1.3,
    "centred": 1.0,
    "projected": 1.1,
    "scaled as forward": 1.35,
    "transpose added": 1.21,
    "operator": 1.27,
    "layer added": 1.33,
    "operands swapped": 1.36,
    "function": 1.37,
    "sibling": 1.38,
    "condition": 1.44,
    "axis": 1.44,
    "axes together": 1.4,
    "name": 1.45,
    "made": 1.47,
    "target": 1.5,
    "other shape": 1.5,
    "product turned": 1.52,
    "copy": 1.56,
    "brackets": 1.57,
    "arguments swapped": 1.62,
    "reshape for shape": 1.68,
    "derivative added": 1.3,
    "divisor": 1.72,
    "comparison": 1.76,
    "axes exchanged": 1.75,
    "factor": 1.77,
    "expression reused": 1.78,
    "statement moved": 1.79,
    "slip": 1.81,
    "unusual number": 1.91,
    "shape restored": 1.92,
    "term": 1.93,
    "results swapped": 1.96,
    "sum added": 2.01,
    "result dropped": 2.03,
    "compared with 0": 2.05,
    "result transposed": 2.14,
    "sign added": 2.17,
    "missing target": 2.2,
    "block removed": 2.21,
    "statement removed": 2.22,
    "comparison dropped": 2.23,
    "assignment": 2.26,
    "inner operand dropped": 2.52,
    "self dropped": 2.57,
    "step added": 2.61,
    "key overwritten": 2.77,
    "usual": 2.82,
    "scaled": 2.89,
    "one minus": 2.94,
    "function added": 3.0,
}
"""By the kind of edit."""

PER_CHARACTER = 0.003
"""The cost of each character that changes: of edits of one kind, the shorter one comes first."""

MOST_CHARACTERS = 40
"""Characters beyond these cost nothing: a whole line that is moved is one change."""

UNREAD = 1.0
"""What an edit costs more that leaves an argument or local which nothing reads any more."""

KEPT_ARGUMENT = 1.0
"""What an edit costs more that changes `self.x = x`: its name says that this is to be kept."""

MEANT = frozenset(("step removed",))
"""Kinds of edit that may leave something unread: the learning rate of a step that goes."""

SAME_FORM = frozenset(("in place",))
"""Kinds of edit that change how something is computed, not what: `p -= x` for `p = p - x`."""

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


def priced(edit: Edit, text: str, more: float = 0.0) -> Edit:
    """The edit of a text with its cost, and what it costs `more` where it is."""
    changed = characters_changed(text[edit.start : edit.end], edit.replacement)
    return replace(edit, cost=cost_of(edit.kind, changed) + more)


def characters_changed(old: str, new: str) -> int:
    """The length of what differs, between what two texts begin and end with alike."""
    shorter = min(len(old), len(new))
    first = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - first
    last = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return max(len(old), len(new)) - first - last
