"""A repair with a defect: kept while a better one is looked for, a while longer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from trigrad.repair.edits.costs import INCOMPLETE, WORSE
from trigrad.repair.protocol import Confirmed

AGAIN = 1.0
"""After a repair with a defect, this multiple of the edits tried so far is tried again."""

AT_LEAST = 150
"""The least number of edits tried for a better one."""


@dataclass
class Fallback:
    """The best of the repairs with a defect, and how far it lets the search go on."""

    best: Confirmed | None = None
    highest: float = math.inf
    """The most that a better one may cost."""
    last: float = math.inf
    """The number of edits after which the search ends."""

    def note(self, confirmed: Confirmed, cost: float, tried: int) -> None:
        """Remember a repair with a defect, found at that cost as so many edits were tried."""
        self.highest = min(self.highest, cost + (WORSE if confirmed.worse else INCOMPLETE))
        if self.best is None or confirmed.defects < self.best.defects:
            self.best = confirmed
            if not confirmed.worse:
                self.last = min(self.last, tried + max(AGAIN * tried, AT_LEAST))

    def ends(self, cost: float, tried: int) -> bool:
        """Whether there is such a repair, and what comes next is not worth a trial."""
        return cost > self.highest or tried >= self.last
