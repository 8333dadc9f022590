"""An expression of a declaration: evaluated in the learner's own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Expression:
    """Text such as `Conv(W, b, stride=1)`."""

    text: str
    field: str
    """The field of the declaration, for tracebacks."""

    @property
    def names(self) -> frozenset[str]:
        """The names that it uses."""
        return frozenset(_compiled(self.text, self.field).co_names)

    def value(self, namespace: Mapping[str, Any], names: Mapping[str, Any]) -> Any:
        """Its value; `names` come before those of the learner's file."""
        return eval(_compiled(self.text, self.field), {**namespace, **names})


@lru_cache(maxsize=256)  # evaluated for each object that is made and each call
def _compiled(text: str, field: str) -> CodeType:
    return compile(text, f"<{field}: {text}>", "eval")
