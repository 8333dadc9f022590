"""Paths to the arrays that an object holds, through attributes, dicts and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array

DEPTH = 4
"""How deep lists, dicts and objects within the object are searched."""

WIDTH = 64
"""How many entries of a list or dict are looked at."""


@dataclass(frozen=True)
class PathStep:
    """One step of a path: an attribute (`attribute`), or else an entry of a dict or list."""

    attribute: bool
    key: Any


@dataclass(frozen=True)
class ArrayPath:
    """The way from an object to one of its arrays."""

    steps: tuple[PathStep, ...]

    @property
    def name(self) -> str:
        """The last name on the way ("W" in params['W'], "grads" in grads[0])."""
        names = [str(s.key) for s in self.steps if isinstance(s.key, str)]
        return names[-1] if names else ""

    def __str__(self) -> str:
        parts = [f".{s.key}" if s.attribute else f"[{s.key!r}]" for s in self.steps]
        return f"self{''.join(parts)}"

    def read(self, subject: Any) -> Any:
        """The value at this path; None if there is none."""
        for step in self.steps:
            try:
                subject = getattr(subject, step.key) if step.attribute else subject[step.key]
            except (AttributeError, LookupError, TypeError):  # the object has changed since
                return None
        return subject

    def write(self, subject: Any, value: Array) -> None:
        """Write values into the array at this path, so that views of it change too.

        An array of another shape is replaced. So is one of another precision, unless the object
        holds a view of it: otherwise the weights would not have the precision of the case.
        """
        own = self.read(subject)
        fits = (
            isinstance(own, np.ndarray)
            and own.shape == value.shape
            and own.dtype.kind == value.dtype.kind
            and own.flags.writeable
        )
        if fits and (own.dtype == value.dtype or _is_viewed(subject, own)):
            own[...] = value
        else:
            self.put(subject, value)

    def put(self, subject: Any, value: Any) -> None:
        """Replace the value at this path; if it can't be replaced, write into it."""
        *before, last = self.steps
        holder = ArrayPath(tuple(before)).read(subject) if before else subject
        try:
            if last.attribute:
                setattr(holder, last.key, value)
            else:
                holder[last.key] = value
        except (AttributeError, TypeError):  # a property without setter, or a tuple
            self.read(subject)[...] = value


def arrays_in(
    subject: Any, *, numbers: bool = False, depth: int = DEPTH
) -> Iterator[tuple[ArrayPath, Array]]:
    """Every array of numbers that an object holds, with its path; the shortest paths first.

    With `numbers`, floats too, as arrays without axes. `depth` is the most steps of a path.
    """
    seen: set[int] = {id(subject)}
    level: list[tuple[ArrayPath, Any]] = [(ArrayPath(()), subject)]
    for _ in range(depth):
        inner: list[tuple[ArrayPath, Any]] = []
        for path, holder in level:
            for step, value in entries_of(holder):
                there = ArrayPath((*path.steps, step))
                if isinstance(value, np.ndarray):
                    if value.dtype.kind in "fiu":
                        yield there, value
                elif isinstance(value, float | np.floating):
                    if numbers:
                        yield there, np.asarray(value)
                elif _holds(value) and id(value) not in seen:
                    seen.add(id(value))
                    inner.append((there, value))
        level = inner


def _is_viewed(subject: Any, own: Array) -> bool:
    """Whether an object holds another array that shares memory with this one."""
    return any(a is not own and np.shares_memory(a, own) for _, a in arrays_in(subject))


def _holds(value: Any) -> bool:
    """Whether a value may hold arrays: a list, a tuple, a dict, or an object of the learner's."""
    if isinstance(value, list | tuple | dict):
        return True
    if isinstance(value, type) or (callable(value) and not hasattr(value, "forward")):
        return False  # functions and classes hold no arrays of one object
    return hasattr(value, "__dict__") and type(value).__module__ != "builtins"


def entries_of(holder: Any) -> Iterator[tuple[PathStep, Any]]:
    """What a dict, list, tuple or object holds."""
    if isinstance(holder, dict):
        for key, value in list(holder.items())[:WIDTH]:
            yield PathStep(False, key), value
    elif isinstance(holder, list | tuple):
        for index, value in enumerate(holder[:WIDTH]):
            yield PathStep(False, index), value
    else:
        names = dict.fromkeys([*getattr(holder, "__dict__", {}), *_slots(holder)])
        for name in names:
            try:
                yield PathStep(True, name), getattr(holder, name)
            except Exception:  # noqa: BLE001 - an empty slot, or a property that raises
                continue


def _slots(holder: Any) -> list[str]:
    found: list[str] = []
    for cls in type(holder).__mro__:
        slots = cls.__dict__.get("__slots__", ())
        found += [slots] if isinstance(slots, str) else list(slots)
    return [s for s in found if not s.startswith("__")]
