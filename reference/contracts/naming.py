"""Names as learners write them, without what makes no difference."""

from __future__ import annotations

import re

_DECORATION = re.compile(r"(layer|node)$")


def undecorated(name: str) -> str:
    """A name in lower case, without underscores."""
    return name.lower().replace("_", "")


def bare(name: str) -> str:
    """The same without an added "Layer" or "Node": `ReLU_Layer` → `relu`."""
    lowered = undecorated(name)
    return _DECORATION.sub("", lowered) or lowered
