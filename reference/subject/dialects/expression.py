"""An expression of a declaration: evaluated in the learner's own names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any


@dataclass(frozen=True)
class Expression:
    """Text such as `Conv(W, b, stride=1)`."""

    text: str
    field: str
    """The field of the declaration, for tracebacks."""

    @cached_property
    def _code(self) -> CodeType:
        return compile(self.text, f"<{self.field}: {self.text}>", "eval")

    @property
    def names(self) -> frozenset[str]:
        """The names that it uses."""
        return frozenset(self._code.co_names)

    def value(self, namespace: Mapping[str, Any], names: Mapping[str, Any]) -> Any:
        """Its value; `names` come before those of the learner's file."""
        return eval(self._code, {**namespace, **names})
