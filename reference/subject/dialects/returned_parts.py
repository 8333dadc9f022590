"""What a pass returns, taken apart: which part is the output, and which the gradient of what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from trigrad.subject.dialects.array_paths import ArrayPath, PathStep
from trigrad.subject.dialects.named_gradients import means_gradient

Shape = tuple[int, ...]

PARTS = 40
"""More parts than this are no gradients: a nested list of numbers, for example."""

DEPTH = 3
"""How deep lists, dicts and objects are taken apart."""


@dataclass(frozen=True)
class Part:
    """One value of what a pass returns, and the way to it."""

    path: ArrayPath
    value: Any

    @property
    def key(self) -> str:
        """The key or the attribute that holds it; "" if it only has a position."""
        last = self.path.steps[-1].key if self.path.steps else ""
        return last if isinstance(last, str) else ""


def value_shape(value: Any) -> Shape | None:
    """The shape of an array or number; None for anything else."""
    if isinstance(value, np.ndarray):
        return tuple(map(int, value.shape))
    return () if isinstance(value, int | float | np.number) else None


def parts_of(returned: Any) -> list[Part]:
    """The values in tuples, lists, dicts and objects with fields; [] if there are too many."""
    found: list[Part] = []
    for path, value in _parts(returned, (), DEPTH):
        found.append(Part(ArrayPath(path), value))
        if len(found) > PARTS:
            return []
    return found


def _parts(
    value: Any, path: tuple[PathStep, ...], depth: int
) -> Iterator[tuple[tuple[PathStep, ...], Any]]:
    steps: list[PathStep]
    if isinstance(value, dict):
        steps = [PathStep(False, key) for key in value]
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        steps = [PathStep(True, name) for name in value._fields]
    elif isinstance(value, tuple | list):
        steps = [PathStep(False, index) for index in range(min(len(value), PARTS + 1))]
    elif is_dataclass(value) and not isinstance(value, type):
        steps = [PathStep(True, field.name) for field in fields(value)]
    elif isinstance(value, SimpleNamespace):
        steps = [PathStep(True, name) for name in vars(value)]
    else:
        yield path, value
        return
    for step in steps if depth else ():
        inner = getattr(value, step.key) if step.attribute else value[step.key]
        yield from _parts(inner, (*path, step), depth - 1)


def usual_paths(returned: Any, names: Sequence[str], operands: int) -> dict[str, ArrayPath]:
    """Where the gradients are in a dict by names, or in a tuple in the contract's order.

    The tuple has all of them, or only those of the operands, which are the first. {} for anything
    else.
    """
    if isinstance(returned, dict):
        keys = {n: k for n in names for k in reversed(returned) if means_gradient(str(k), n)}
        complete = len(keys) == len(names)
        return {n: ArrayPath((PathStep(False, keys[n]),)) for n in names} if complete else {}
    if isinstance(returned, tuple | list) and len(returned) in (operands, len(names)):
        steps = [PathStep(False, index) for index in range(len(returned))]
        return {n: ArrayPath((step,)) for n, step in zip(names, steps, strict=False)}
    return {}


@dataclass(frozen=True)
class Assignment:
    """Which part is the gradient of what."""

    paths: Mapping[str, ArrayPath]
    doubtful: Mapping[str, tuple[Part, ...]]
    """The parts of its shape for each name, where there are more of them than names."""


def assigned(parts: Sequence[Part], due: Mapping[str, Shape]) -> Assignment:
    """Which part is which gradient: told by its key, else by its shape, else by its position.

    `due` has the shape of each gradient, in the contract's order. Parts of one shape are taken in
    that order.
    """
    paths: dict[str, ArrayPath] = {}
    doubtful: dict[str, tuple[Part, ...]] = {}
    rest = [p for p in parts if value_shape(p.value) is not None and not _is_mask(p.value)]
    for name in due:
        named = next((p for p in parts if p.key and means_gradient(p.key, name)), None)
        if named is not None:
            paths[name] = named.path
            rest = [p for p in rest if p is not named]
    for shape in dict.fromkeys(due.values()):
        names = [n for n in due if n not in paths and due[n] == shape]
        fitting = [p for p in rest if value_shape(p.value) == shape]
        if len(fitting) > len(names):
            doubtful |= dict.fromkeys(names, tuple(fitting))
        else:
            paths |= {n: p.path for n, p in zip(names, fitting, strict=False)}
        rest = [p for p in rest if p not in fitting]
    lacking = [n for n in due if n not in paths and n not in doubtful]
    if len(lacking) == len(rest):  # of wrong shapes, which the claims will say
        paths |= {n: p.path for n, p in zip(lacking, rest, strict=True)}
    return Assignment({n: paths[n] for n in due if n in paths}, doubtful)


def _is_mask(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "b"


def output_index(returned: Any, due: Shape) -> int | None:
    """Which entry of what forward returns is the output: the first of its shape; None if none is.

    None also if forward returns one value alone.
    """
    if not isinstance(returned, tuple | list) or len(returned) < 2:
        return None
    shapes = [None if _is_mask(value) else value_shape(value) for value in returned]
    if due in shapes:
        return shapes.index(due)
    single = [i for i, value in enumerate(returned) if np.size(value) == 1 and shapes[i]]
    return single[0] if single and not due else None
