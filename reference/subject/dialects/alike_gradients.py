"""Which gradient is whose among arrays of one declared shape: names say it, else places.

Values must not: of a product of x and y, `return dout * x, dout * y` gives both gradients, each in
the place of the other. Where neither a name nor a place says it, as in a list that was filled step
by step, the values still do.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from trigrad.contracts.declaration import LAYER, Declaration, Field
from trigrad.contracts.schema import Array, Contract
from trigrad.subject.dialects.argument_roles import arguments_of, parameter_named
from trigrad.subject.dialects.array_paths import ArrayPath, arrays_in
from trigrad.subject.dialects.bytecode import returned_names
from trigrad.subject.dialects.declared_calls import Passes
from trigrad.subject.dialects.held_weights import DEPTH, beside, way
from trigrad.subject.dialects.named_gradients import means_gradient
from trigrad.subject.dialects.returned_parts import Part, value_shape

Fits = Callable[[str, Part], bool]
"""Whether a part is the derivative with respect to the array of a name."""


@dataclass(frozen=True)
class Alike:
    """The arrays that have a declared shape in common with others."""

    groups: tuple[tuple[str, ...], ...] = ()
    """Their names, those of one shape together, as they are declared."""
    taken: tuple[str, ...] = ()
    """The names in the order in which forward and the constructor take them, as far as they do."""
    returned: tuple[str, ...] | None = None
    """What backward calls the values that it returns, each "" where it is no name; None where it
    returns no tuple or list that is written out."""

    def group_of(self, name: str) -> tuple[str, ...]:
        """The names that have the shape of this one; () if there are no others."""
        return next((group for group in self.groups if name in group), ())


NONE_ALIKE = Alike()
"""All may be told apart by their values."""


def alike_in(
    contract: Contract, declaration: Declaration, passes: Passes, namespace: Mapping[str, Any]
) -> Alike:
    """The arrays of a declared layer that have a shape in common."""
    shapes = {v.name: v.shape for v in contract.variables if v.name in contract.gradients}
    same = [tuple(n for n in shapes if shapes[n] == s) for s in dict.fromkeys(shapes.values())]
    groups = tuple(names for names in same if len(names) > 1)
    if not groups:
        return NONE_ALIKE
    taken = _taken(declaration, passes)
    return Alike(groups, taken, returned_names(backward_of(declaration, passes, namespace)))


def _taken(declaration: Declaration, passes: Passes) -> tuple[str, ...]:
    found: list[str] = []
    for which in (Field.FORWARD, Field.BUILD):
        text = declaration.expression(which)
        if text:
            nodes = [n for n in ast.walk(ast.parse(text, mode="eval")) if isinstance(n, ast.Name)]
            nodes.sort(key=lambda node: node.col_offset)
            found += [n.id for n in nodes if n.id in declaration.names]
            continue
        factory = passes.build or passes.made
        if which is Field.FORWARD:
            arguments = passes.arguments("forward")
        else:
            arguments = arguments_of(factory) if factory is not None else []
        found += [parameter_named(a.key, list(declaration.names)) for a in arguments]
    return tuple(filter(None, dict.fromkeys(found)))


def backward_of(declaration: Declaration, passes: Passes, namespace: Mapping[str, Any]) -> Any:
    """The function that returns the gradients; None if that cannot be told."""
    text = declaration.expression(Field.BACKWARD)
    if not text:
        if passes.functions is not None:
            return passes.functions[1]
        return getattr(passes.made, passes.backward, None) if passes.backward else None
    called = ast.parse(text, mode="eval").body
    function = called.func if isinstance(called, ast.Call) else None
    match function:
        case ast.Name(id=name):
            return namespace.get(name)
        case ast.Attribute(value=ast.Name(id=of), attr=name) if of == LAYER:
            return getattr(passes.made, name, None)
    return None


def belongs_to_another(part: Part, name: str, alike: Alike, held: Mapping[ArrayPath, str]) -> bool:
    """Whether the name or place of a part says that it is the gradient of another of that shape.

    `held` has the places where an object holds the arrays: `grads[0]` is that of `params[0]`.
    """
    owners = _owners(part, alike.group_of(name), held)
    return bool(owners) and name not in owners


def _owners(part: Part, group: Sequence[str], held: Mapping[ArrayPath, str]) -> list[str]:
    named = _meant(part.key, group) if part.key else []
    if named:
        return named
    here = way(part.path)
    return [n for path, n in held.items() if n in group and here and beside(way(path), here)]


def _meant(key: str, group: Sequence[str]) -> list[str]:
    """The arrays whose gradient has that name: those that it has in it, else as what is usual."""
    bare = key.lower().replace("_", "")
    meant = [n for n in group if means_gradient(key, n)]
    exact = [n for n in meant if n.lower().replace("_", "") in bare]
    return exact or meant


def places_held(layer: Any, arrays: Mapping[str, Array]) -> dict[ArrayPath, str]:
    """The places where an object holds these very arrays."""
    found = {}
    for path, array in arrays_in(layer, depth=DEPTH):
        for name, mine in arrays.items():
            if array is mine:
                found[path] = name
    return found


def in_their_places(
    due: Sequence[str], parts: Sequence[Part], returned: Any, alike: Alike, fits: Fits
) -> dict[str, Part]:
    """The parts for the arrays of one shape, by the places in what backward returns.

    That is the order of forward or of the declaration, or that of the names in the statement that
    returns them: the one with which most of them fit. {} where the places do not say it.
    """
    if len(parts) != len(due):
        return {}
    if len(due) == 1 and not parts[0].path.steps:  # one array alone: the others are elsewhere
        return {due[0]: parts[0]}
    if not all(_is_placed(p, returned, alike) for p in parts):
        return {}
    ways = [dict(zip(order, parts, strict=True)) for order in _orders(due, alike)]
    called = alike.returned
    if called is not None and isinstance(returned, tuple | list) and len(called) == len(returned):
        owners = [_meant(called[_place(p)], due) if called[_place(p)] else [] for p in parts]
        single = [each[0] for each in owners if len(each) == 1]
        if sorted(single) == sorted(due):
            ways.insert(0, dict(zip(single, parts, strict=True)))
    # Of several that fit alike, the first.
    return max(ways, key=lambda each: sum(fits(n, p) for n, p in each.items()))


def _orders(due: Sequence[str], alike: Alike) -> Iterator[list[str]]:
    if set(due) <= set(alike.taken):
        yield sorted(due, key=alike.taken.index)
    yield [name for group in alike.groups for name in group if name in due]


def order_returned(places: Mapping[str, int], alike: Alike) -> tuple[str, ...]:
    """Arrays of one shape whose gradients are returned in another order than they are taken in.

    `places` are those in what backward returns. () where all are in an order that is usual.
    """
    for group in alike.groups:
        due = sorted((name for name in group if name in places), key=lambda name: places[name])
        if len(set(map(places.get, due))) == len(due) and due not in map(list, _orders(due, alike)):
            return tuple(due)
    return ()


def _place(part: Part) -> int:
    return int(part.path.steps[0].key)


def _is_placed(part: Part, returned: Any, alike: Alike) -> bool:
    """Whether a place says what it is: in a tuple, or in a list that is written out.

    A list that is filled on the way back is often in the order of the way back.
    """
    if len(part.path.steps) != 1 or part.key:
        return False
    return isinstance(returned, tuple) or (
        isinstance(returned, list) and alike.returned is not None
    )


def of_shape(parts: Sequence[Part], shape: tuple[int, ...]) -> list[Part]:
    """The parts that have that very shape."""
    return [p for p in parts if value_shape(p.value) == shape]
