"""A copy of an object's weights, made before a call, to compare with and to restore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.same_bytes import same_bytes
from trigrad.contracts.schema import Array
from trigrad.subject.dialects.array_paths import ArrayPath


@dataclass(frozen=True)
class _SavedArray:
    """An array, a copy of its values, and the attribute that held it.

    `path` is None for the array that was passed to the object.
    """

    name: str
    path: ArrayPath | None
    array: Array
    copy: Array

    def now(self, subject: Any) -> Any:
        """What the object holds there now."""
        return self.array if self.path is None else self.path.read(subject)

    def changed(self, subject: Any) -> bool:
        """Whether the values are different now, or the same in another order."""
        now = self.now(subject)
        if not isinstance(now, np.ndarray):
            return False  # deleted, as a cached value may be
        if same_bytes(now, self.copy):
            return False  # nearly always; the comparison below takes ten times as long
        if now.size != self.copy.size or now.dtype.kind not in "fiu":
            return True
        one, other = np.asarray(now), np.asarray(self.copy)  # no np.matrix
        return not np.array_equal(one.reshape(-1), other.reshape(-1), equal_nan=True)

    def restore(self, subject: Any) -> None:
        """Put the same array object back, with its old values."""
        with suppress(ValueError):  # the array is read-only, so nothing was written
            self.array[...] = self.copy
        now = self.now(subject)
        if self.path is not None and isinstance(now, np.ndarray) and now is not self.array:
            with suppress(ValueError):  # an entry of a tuple, which now has another shape
                self.path.put(subject, self.array)


def distinct_arrays(subject: Any, paths: Sequence[ArrayPath]) -> list[Array]:
    """The arrays at the paths that share no memory with each other, of the shape of the first one.

    One of another shape, as a transposed copy, is computed from the weight, and is not the weight.
    """
    found: list[Array] = []
    for path in paths:
        own = path.read(subject)
        if not isinstance(own, np.ndarray) or not own.flags.writeable:
            continue
        if found and own.shape != found[0].shape:
            continue
        if not any(np.shares_memory(own, other) for other in found):
            found.append(own)
    return found


class WeightSnapshot:
    """The weights that were passed to an object, and the arrays in which it holds them."""

    def __init__(
        self, subject: Any, given: Mapping[str, Array], paths: Mapping[str, tuple[ArrayPath, ...]]
    ) -> None:
        self._subject = subject
        self._saved: list[_SavedArray] = []
        for name, array in given.items():
            for path in paths.get(name, ()):
                own = path.read(subject)
                if isinstance(own, np.ndarray):
                    self._saved.append(_SavedArray(name, path, own, own.copy()))
            self._saved.append(_SavedArray(name, None, array, array.copy()))

    def changed(self) -> tuple[str, ...]:
        """The weights whose values changed, in the object or in the array that it was given."""
        return tuple(dict.fromkeys(k.name for k in self._saved if k.changed(self._subject)))

    def restore(self) -> None:
        """Restore the weights that have changed."""
        changed = self.changed()
        for saved in self._saved:
            if saved.name in changed:
                saved.restore(self._subject)

    def subtracted(self, name: str) -> Array | None:
        """What was subtracted from the first array of a weight; None if that array is gone."""
        saved = next(k for k in self._saved if k.name == name)
        now = saved.now(self._subject)
        same = isinstance(now, np.ndarray) and now.shape == saved.copy.shape
        return np.asarray(saved.copy - now) if same and now.dtype.kind in "fiu" else None

    def weights_sharing_memory(self, gradient: Array) -> tuple[str, ...]:
        """The weights whose memory before the call a gradient shares."""
        sharing = (k.name for k in self._saved if np.shares_memory(gradient, k.array))
        return tuple(dict.fromkeys(sharing))

    def independent(self, gradient: Any) -> Any:
        """The gradient, copied if it shares memory with a weight that will be restored."""
        if not isinstance(gradient, np.ndarray):
            return gradient
        arrays = [a for k in self._saved for a in (k.array, k.now(self._subject))]
        shared = any(isinstance(a, np.ndarray) and np.shares_memory(gradient, a) for a in arrays)
        return gradient.copy() if shared else gradient
