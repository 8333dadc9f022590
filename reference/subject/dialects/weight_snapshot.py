"""The weights of one object as they were before a call, to compare with and to put back."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_paths import Path


@dataclass(frozen=True)
class _Kept:
    """One array, what was in it, and where the object keeps it; no path for the given one."""

    name: str
    path: Path | None
    array: Array
    copy: Array

    def now(self, subject: Any) -> Any:
        """What is there now."""
        return self.array if self.path is None else self.path.read(subject)

    def changed(self, subject: Any) -> bool:
        """Whether other values are there, or the same turned round."""
        now = self.now(subject)
        if not isinstance(now, np.ndarray):
            return False  # taken away, as a cache may be
        if now.size != self.copy.size or now.dtype.kind not in "fiu":
            return True
        one, other = np.asarray(now), np.asarray(self.copy)  # neither a np.matrix
        return not np.array_equal(one.reshape(-1), other.reshape(-1), equal_nan=True)

    def restore(self, subject: Any) -> None:
        """The very array, with what was in it."""
        with suppress(ValueError):  # made read-only: then nothing has been written
            self.array[...] = self.copy
        now = self.now(subject)
        if self.path is not None and isinstance(now, np.ndarray) and now is not self.array:
            with suppress(ValueError):  # a tuple, with something of another shape at its place
                self.path.put(subject, self.array)


class Kept:
    """The arrays that were given, and those that the object holds, each remembered as it lies."""

    def __init__(
        self, subject: Any, given: Mapping[str, Array], places: Mapping[str, tuple[Path, ...]]
    ) -> None:
        self._subject = subject
        self._kept: list[_Kept] = []
        for name, array in given.items():
            for path in places.get(name, ()):
                own = path.read(subject)
                if isinstance(own, np.ndarray):
                    self._kept.append(_Kept(name, path, own, own.copy()))
            self._kept.append(_Kept(name, None, array, array.copy()))

    def changed(self) -> tuple[str, ...]:
        """The weights that are not what they were, in the object or in the array it was given."""
        return tuple(dict.fromkeys(k.name for k in self._kept if k.changed(self._subject)))

    def restore(self) -> None:
        """Undo what was done to the weights that have changed."""
        changed = self.changed()
        for kept in self._kept:
            if kept.name in changed:
                kept.restore(self._subject)

    def taken(self, name: str) -> Array | None:
        """What was subtracted from a weight, where it is kept first; None if it is gone."""
        kept = next(k for k in self._kept if k.name == name)
        now = kept.now(self._subject)
        same = isinstance(now, np.ndarray) and now.shape == kept.copy.shape
        return np.asarray(kept.copy - now) if same and now.dtype.kind in "fiu" else None

    def sharing(self, gradient: Array) -> tuple[str, ...]:
        """The weights in whose memory, as it was before the call, a gradient lies."""
        sharing = (k.name for k in self._kept if np.shares_memory(gradient, k.array))
        return tuple(dict.fromkeys(sharing))

    def untied(self, gradient: Any) -> Any:
        """A gradient that stays what it is when the weights are put back."""
        if not isinstance(gradient, np.ndarray):
            return gradient
        arrays = [a for k in self._kept for a in (k.array, k.now(self._subject))]
        tied = any(isinstance(a, np.ndarray) and np.shares_memory(gradient, a) for a in arrays)
        return gradient.copy() if tied else gradient
