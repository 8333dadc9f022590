"""Layers with several outputs, as (h_next, c_next) of an LSTM: judged as one flat array.

The outputs stand one after the other in it, each row by row, and so do the upstream gradients in
`dout`: <dout, out> is <dout1, out1> + <dout2, out2>. Only the learner's backward sees them apart.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from trigrad.contracts.declaration import CACHE, OUT
from trigrad.messages import Message
from trigrad.subject.dialects.bytecode import returned_names

Shapes = tuple[tuple[int, ...], ...]


def are_several(output: Any) -> bool:
    """Whether an output is a tuple or list of arrays, of two at least."""
    return isinstance(output, tuple | list) and len(output) > 1 and all(map(_is_array, output))


def shapes_of(outputs: Sequence[Any]) -> Shapes:
    """Their shapes."""
    return tuple(tuple(map(int, each.shape)) for each in outputs)


def joined(outputs: Sequence[Any]) -> Any:
    """The numbers of all outputs, of shape (how many they are together,)."""
    return np.concatenate([np.ravel(each) for each in outputs])


def parted(flat: Any, shapes: Shapes) -> tuple[Any, ...]:
    """What a flat array has for each output: views, where that is possible."""
    found, start = [], 0
    for shape in shapes:
        end = start + int(np.prod(shape))
        found.append(flat[start:end].reshape(shape))
        start = end
    return tuple(found)


def _is_array(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "shape")


def names_of_outputs(returned: Any, outputs: Sequence[Any], forward: Any) -> tuple[str, ...]:
    """What the function `forward` calls its outputs, or numbers where its text does not show it."""
    names = _names(returned, forward)
    named = list(zip(names, returned, strict=True)) if names else []
    return tuple(
        next((name for name, value in named if value is each and name), "")
        or str(Message("outputs.place", place=place))
        for place, each in enumerate(outputs, 1)
    )


def places_by_name(gradients: Sequence[str], outputs: Sequence[str]) -> list[int] | None:
    """For each argument of backward the place of the output whose gradient it is, by their names.

    `dc_next, dh_next` of `h_next, c_next` gives [1, 0]; None where a name does not tell.
    """
    meant = [bare(name.removeprefix("grad").removeprefix("d")) for name in map(_plain, gradients)]
    own = [bare(_plain(name)) for name in outputs]
    if not all(own.count(name) == 1 for name in meant) or len(set(meant)) < len(meant):
        return None
    return [own.index(name) for name in meant]


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def bare(name: str) -> str:
    """A name without the word for the time: h of hnext."""
    return re.sub(r"next|new|cur(rent)?", "", name) or name


def unjudged_outputs(
    returned: Any, outputs: Sequence[Any], given: Sequence[Any], forward: Any
) -> Iterator[str]:
    """The names of further outputs: arrays that forward returns, with which backward is not called.

    `given` is what backward is given of what forward returned. Nothing is told where the outputs
    are computed from that.
    """
    if not isinstance(returned, tuple | list):
        return
    if not all(any(each is own for own in returned) for each in outputs):
        return
    names = _names(returned, forward) or [""] * len(returned)
    for place, (name, each) in enumerate(zip(names, returned, strict=True), 1):
        floats = isinstance(each, np.ndarray) and each.ndim and each.dtype.kind == "f"
        if floats and not any(each is other for other in (*outputs, *given)):
            yield name or str(Message("outputs.place", place=place))


def _names(returned: Any, forward: Any) -> Sequence[str]:
    names = returned_names(forward) if isinstance(returned, tuple | list) else None
    return names if names is not None and len(names) == len(returned) else ()


def given_in(text: str, out: Any, caches: Sequence[Any]) -> list[Any]:
    """The values of what forward returned that an expression for backward uses."""
    tree = ast.parse(text, mode="eval")
    indexed = {
        id(node.value): int(ast.unparse(node.slice))
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and re.fullmatch(r"-?\d+", ast.unparse(node.slice))
    }
    found: list[Any] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id not in (OUT, CACHE):
            continue
        held = caches if node.id == CACHE else out
        several = isinstance(held, tuple | list)
        whole = node.id == CACHE and len(caches) == 1
        index = indexed.get(id(node))
        if several and not whole and index is not None and -len(held) <= index < len(held):
            found.append(held[index])
        else:
            found += held if several else [held]
    return found
