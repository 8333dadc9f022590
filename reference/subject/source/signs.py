"""What the text of a file shows of its conventions: samples as rows or columns, one-hot targets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from trigrad.contracts.schema import Array, Sign
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.passes import side_of
from trigrad.subject.source.walking import walk

_WEIGHT = re.compile(r"^(w|wt|weights?|kernel|theta)_?\d*$|^w_?[a-z]{1,3}$", re.I)
"""Names of a matrix of weights: W, W1, weights, Wxh."""

_ONE_HOT = re.compile(r"one_?hot|to_?categorical", re.I)
_BATCH = re.compile(r"batch", re.I)
_BINARY = re.compile(r"binary|bce|logistic|log_?loss", re.I)

_TARGET = re.compile(
    r"^(t|targets?|labels?|y_?true|true_?y|truth|ground_?truth|gt|expected|actual|y_?real|"
    r"y_?onehot|one_?hot|true_?labels?|y_?train|y_?test|Y)$"
)
"""Names of an argument that takes the targets of a loss, whatever the other's name."""

_PREDICTION = re.compile(r"^(y_?)?(pred\w*|hat|prob\w*)$|^(outputs?|logits?|scores?|AL)$")
"""Names of an argument that holds predictions, whatever the other's name."""

_SCORE = re.compile(r"^(logits?|scores?|z)$")
"""Names of an argument that holds scores, not probabilities."""


@lru_cache(maxsize=64)
def signs_of_text(text: str) -> frozenset[Sign]:
    """What a file shows, whatever it defines."""
    tree = parsed(text)
    return frozenset(_signs(tree)) if tree is not None else frozenset()


def _signs(tree: ast.AST) -> Iterator[Sign]:
    names = set()
    for node in walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(name=name):
                names.add(name)
        yield from _axis_of_product(node)
        if isinstance(node, ast.FunctionDef) and _takes_one_sample(node):
            yield Sign.SINGLE
    softmax = any("softmax" in name.lower() for name in names)
    for pattern, sign in ((_ONE_HOT, Sign.ONE_HOT), (_BATCH, Sign.BATCH), (_BINARY, Sign.BINARY)):
        if any(pattern.search(name) for name in names):
            yield sign
    if not softmax and any("sigmoid" in name.lower() for name in names):
        yield Sign.BINARY


def _takes_one_sample(function: ast.FunctionDef) -> bool:
    """Whether it is a softmax of one sample: a sum over everything, whatever the axes."""
    nodes = list(walk(function))
    along = any(isinstance(n, ast.keyword) and n.arg == "axis" for n in nodes)
    asks = any(isinstance(n, ast.Attribute) and n.attr in ("ndim", "shape") for n in nodes)
    sums = any(isinstance(n, ast.Attribute) and n.attr == "sum" for n in nodes)
    named = "softmax" in function.name.lower()
    return named and sums and not (along or asks)


def has_axes(text: str) -> bool:
    """Whether something in a text works along an axis."""
    tree = parsed(text)
    return tree is not None and any(
        isinstance(n, ast.keyword) and n.arg == "axis" for n in ast.walk(tree)
    )


def has_batches(text: str) -> bool:
    """Whether a text passes batches by its names, or has something along an axis."""
    tree = parsed(text)
    return has_axes(text) or (tree is not None and Sign.BATCH in set(_signs(tree)))


def _axis_of_product(node: ast.AST) -> Iterator[Sign]:
    """Samples are columns in W @ x, and rows in x @ W; a transposed W changes nothing of that."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            pass
        case ast.Call(func=ast.Attribute(attr="dot" | "matmul"), args=[left, right]):
            pass
        case ast.Call(func=ast.Attribute(value=left, attr="dot"), args=[right]):
            pass
        case _:
            return
    first, second = _is_weight(left), _is_weight(right)
    if first != second:
        yield Sign.COLUMNS if first else Sign.ROWS


def _is_weight(node: ast.expr) -> bool:
    match node:
        case ast.Attribute(value=inner, attr="T"):
            return _is_weight(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="transpose")):
            return _is_weight(inner)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return bool(_WEIGHT.match(key))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(_WEIGHT.match(name))
        case _:
            return False


def signs_of_calls(texts: Iterable[str], name: str) -> frozenset[Sign]:
    """What the calls of a function with arrays of literal numbers show: a batch, one-hot targets.

    An argument may also be the name of such an array, wherever in the texts that is assigned.
    """
    nodes = [n for text in texts if (tree := parsed(text)) is not None for n in walk(tree)]
    arrays: dict[str, Array] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=variable)], value=value):
                if (array := _literal(value)) is not None:
                    arrays[variable] = array
    found = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Name(id=called), args=arguments) if called == name:
                passed = [
                    arrays.get(a.id) if isinstance(a, ast.Name) else _literal(a) for a in arguments
                ]
                known = [array for array in passed if array is not None]
                found |= {Sign.BATCH for array in known if array.ndim > 1}
                if known and all(array.ndim == 1 for array in known):
                    found.add(Sign.SINGLE)
                if len(known) == 2 and known[0].shape == known[1].shape:
                    found |= {Sign.ONE_HOT for array in known if _is_one_hot(array)}
    return frozenset(found)


def signs_of_definition(text: str, name: str) -> frozenset[Sign]:
    """What a function, or the forward of a class, shows by itself.

    It is made for a batch if it names an axis or asks for ndim, for one-hot targets if it looks for
    the largest, and takes the targets first, or scores, if its arguments are named so.
    """
    tree = parsed(text)
    found: set[Sign] = set()
    for function in _functions_of(tree, name) if tree is not None else ():
        arguments = [a.arg for a in function.args.args if a.arg != "self"]
        if len(arguments) >= 2 and _TARGET.match(arguments[0]) and not _TARGET.match(arguments[1]):
            found.add(Sign.TARGETS_FIRST)
        match [_named_as(name) for name in arguments[:2]]:
            case ["targets", "predictions"]:
                found.add(Sign.NAMED_FIRST)
            case ["predictions", "targets"]:
                found.add(Sign.NAMED_LAST)
        if any(_SCORE.match(name) for name in arguments):
            found.add(Sign.SCORES)
        for inner in walk(function):
            match inner:
                case ast.keyword(arg="axis" | "keepdims") | ast.Attribute(attr="ndim"):
                    found.add(Sign.BATCH)
                case ast.Attribute(attr="argmax" | "nonzero" | "where"):
                    found.add(Sign.ONE_HOT)
    return frozenset(found)


def _named_as(name: str) -> str:
    """What an argument of a loss holds by its name; "" if that does not say it."""
    if _TARGET.match(name):
        return "targets"
    return "predictions" if _PREDICTION.match(name) else ""


def _functions_of(tree: ast.Module, name: str) -> Iterator[ast.FunctionDef]:
    """The functions of that name, and the forward passes of the classes of that name."""
    for node in walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            yield node
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (m for n, m in methods(node).items() if side_of(n) == "forward")


def _literal(node: ast.expr) -> Array | None:
    """The array that a literal list, or np.array of one, stands for; None for anything else."""
    match node:
        case ast.Call(func=ast.Attribute(attr="array" | "asarray"), args=[inner, *_]):
            node = inner
    if not isinstance(node, ast.List):
        return None
    try:
        array = np.asarray(ast.literal_eval(node), dtype=np.float64)
    except (ValueError, TypeError):  # names in it, or rows of different lengths
        return None
    return array


def _is_one_hot(array: Array) -> bool:
    return set(np.unique(array)) <= {0.0, 1.0} and bool((array.sum(axis=-1) == 1).all())
