"""Weights that stand above the functions of a file: `Wxh = np.random.randn(H, V) * 0.01`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations

from trigrad.contracts.schema import symbols_in
from trigrad.subject.composing.function_text import FunctionText
from trigrad.subject.composing.roles import Role
from trigrad.subject.composing.weights import Weights

_MAKES = frozenset(["randn", "rand", "zeros", "ones", "normal", "uniform", "standard_normal"])
_STATE = re.compile(r"[hc]_?(prev|0|init)?|prev_?[hc]|a0|state", re.IGNORECASE)


def shapes_above(statements: Iterable[ast.stmt]) -> dict[str, str]:
    """The sizes of the arrays that a file makes outside of its functions, by their names.

    A number is written as a size of its own, such as n784, so that other numbers are tried too.
    """
    found: dict[str, str] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                sizes = _sizes_in(value)
                if sizes:
                    found[name] = sizes
    return found


def _sizes_in(value: ast.expr) -> str:
    for node in ast.walk(value):
        match node:
            case ast.Call(func=ast.Attribute(attr=made), args=args) if made in _MAKES:
                size = next((k.value for k in node.keywords if k.arg == "size"), None)
                given = [size] if size is not None else args
                match given:
                    case [ast.Tuple(elts=elts)]:
                        given = elts
                axes = [_size(each) for each in given]
                return " ".join(axes) if axes and all(axes) else ""
    return ""


def _size(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=int() as number) if number > 0:
            return "1" if number == 1 else f"n{number}"
    return ""


def taken_from_outside(function: FunctionText, above: Mapping[str, str]) -> dict[str, str]:
    """Those of the arrays above a function that it reads without taking them."""
    inside = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    own = {taken.name for taken in function.takes}
    stored = {
        node.id
        for node in ast.walk(function.node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return {n: sizes for n, sizes in above.items() if n in inside - own - stored}


def data_beside(weights: Mapping[str, str]) -> Iterator[Weights]:
    """Inputs and outputs that may go with them, with samples in rows or in columns."""
    shapes = tuple(weights.items())
    matrices = [axes.split() for axes in weights.values() if _is_matrix(axes)]
    if matrices:
        first, last = matrices[0], matrices[-1]
        yield Weights(shapes, f"N {first[0]}", f"N {last[1]}")
        yield Weights(shapes, f"{first[1]} N", f"{last[0]} N", columns=True)


def _is_matrix(axes: str) -> bool:
    return len(axes.split()) == 2 and "1" not in axes.split()


def sequence_fields(function: FunctionText, weights: Mapping[str, str]) -> Iterator[str]:
    """Declarations of the arguments of a function that reads a sequence of indices.

    It takes the indices, those that should follow, and the states from before.
    """
    symbols = dict.fromkeys(
        s for axes in weights.values() for s in symbols_in("+".join(axes.split()))
    )
    needed = [taken for taken in function.takes if taken.default is None]
    for classes, width in permutations(symbols, 2):
        fields = []
        for taken in needed:
            if taken.role in (Role.INPUT, Role.TARGET):
                fields.append(f"{taken.name}: labels<{classes} T")
            elif _STATE.fullmatch(taken.name):
                fields.append(f"{taken.name}: fixed {width} 1")
        if len(fields) == len(needed):
            given = "; ".join([*fields, *(f"{n}: {axes}" for n, axes in weights.items())])
            arguments = ", ".join(taken.name for taken in needed)
            yield f"{given}; forward: {function.name}({arguments})"
