"""The signs of operations, as the book writes them."""

from __future__ import annotations

from collections.abc import Mapping

_SIGNS: Mapping[str, str] = {
    "add": "+",
    "sub": "−",
    "mul": "×",
    "div": "/",
    "neg": "−",
    "pow": "^",
    "subtract": "−",
    "multiply": "×",
    "divide": "/",
    "power": "^",
    "square": "^2",
    "negative": "−",
    "matmul": "dot",
    "maximum": "max",
    "minimum": "min",
    "absolute": "abs",
    "transpose": "T",
    "concatenate": "join",
    "__getitem__": "[ ]",
    "__setitem__": "[ ]=",
}


def sign(name: str) -> str:
    """The sign of a function of NumPy's; its own name where there is none."""
    return _SIGNS.get(name, name.removeprefix("linalg.").removeprefix("random."))
