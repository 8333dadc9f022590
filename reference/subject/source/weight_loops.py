"""How the text of an optimiser goes through weights and gradients: as dicts or as lists."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trigrad.subject.source.walking import walk

DICTS, LISTS = "dicts", "lists"


def weight_loops(function: ast.AST, weights: str, gradients: str) -> str:
    """DICTS or LISTS, where a loop shows it: `for key in params` with `grads[key]`, or

    `for i in range(len(params))` with `grads[i]`, or `for p, g in zip(params, grads)`; else "".
    """
    for loop in walk(function):
        if not isinstance(loop, ast.For):
            continue
        first = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
        if _zips(loop.iter, (weights, gradients)):
            return LISTS
        if not isinstance(first, ast.Name) or not _reads(loop, gradients, first.id):
            continue
        match loop.iter:
            case (
                ast.Name(id=name)
                | ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="keys" | "items"), args=[]
                )
            ) if name == weights:
                return DICTS
            case ast.Call(
                func=ast.Name(id="range"),
                args=[ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)])],
            ) if name == weights:
                return LISTS
    return ""


def calls_one_of(function: ast.AST, names: Sequence[str]) -> bool:
    """Whether one of these is called: then it is a function."""
    called = (node.func for node in walk(function) if isinstance(node, ast.Call))
    return any(isinstance(each, ast.Name) and each.id in names for each in called)


def _zips(iterated: ast.expr, names: Sequence[str]) -> bool:
    """Whether both are zipped together, perhaps with others and inside of `enumerate`."""
    match iterated:
        case ast.Call(func=ast.Name(id="enumerate"), args=[inner]):
            return _zips(inner, names)
        case ast.Call(func=ast.Name(id="zip"), args=arguments):
            there = [each.id for each in arguments if isinstance(each, ast.Name)]
            return {*names} <= {*there}
    return False


def _reads(loop: ast.For, array: str, index: str) -> bool:
    return any(
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == array
        and isinstance(node.slice, ast.Name)
        and node.slice.id == index
        for node in walk(loop)
    )
