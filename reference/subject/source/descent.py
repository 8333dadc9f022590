"""What a text shows of signs: whether its steps add or subtract, and what it hands to backward.

Gradients are subtracted from the weights. Who hands on target - output instead, the opposite sign,
adds. Each is right with the other only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from trigrad.contracts.schema import Sign
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.gradient_names import is_gradient_variable, means_gradient
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.passes import side_of

_PARAMETER = re.compile(
    r"(w|wt|weights?|kernel|theta|b|bias|biases|params?|parameters?|p|syn|w_?[a-z]{1,3})_?\d*", re.I
)
"""Names of what a step changes: W1, self.weights, params["b1"], p in a loop over parameters."""

_RATE = re.compile(r"_?(lr|eta|alpha|learn\w*_?rate|l_?rate|step_?size)", re.I)

_TARGET = re.compile(r"t|y_?t|targets?|labels?|y_?true|truth|expected|actual|y_?real|y_?onehot|T|Y")
"""Names of the targets, whatever is subtracted from them or they from."""

_MAYBE_TARGET = re.compile(r"y(_?train)?|y_?batch")
"""Names of the targets beside a name of outputs."""

_OUTPUT = re.compile(r"out\w*|pred\w*|a_?\d*|A_?\d*|y_?hat|y_?pred\w*|l\d|layer_?\d|probs?|p|z\d*")
"""Names of outputs, beside which y is a target."""

_ERROR = re.compile(r"delta|err", re.I)
_DERIVATIVE = re.compile(r"dvalues|d[yxzah]|g[yx]|upstream", re.I)


def signs_of_descent(texts: Iterable[str], name: str) -> frozenset[Sign]:
    """ADDED, SUBTRACTED, DESCENT and ASCENT, and ADDED_WITHIN of the class of that name.

    What backward of that class is given is the gradient by its name alone, where nothing in the
    texts shows the opposite.
    """
    trees = [tree for text in texts if (tree := parsed(text)) is not None]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {sign for node in nodes if (sign := _step(node)) is not None}
    for function in (n for n in nodes if isinstance(n, ast.FunctionDef)):
        found |= {Sign.DESCENT if s > 0 else Sign.ASCENT for s in _handed_on(function)}
    found |= {
        Sign.DESCENT if s > 0 else Sign.ASCENT for tree in trees for s in _handed_to_backward(tree)
    }
    for backward in _backward_of(nodes, name):
        if any(_step(node) is Sign.ADDED for node in ast.walk(backward)):
            found.add(Sign.ADDED_WITHIN)
        arguments = [a.arg for a in backward.args.args if a.arg != "self"]
        if Sign.DESCENT not in found and any(map(_is_derivative, arguments[:1])):
            found.add(Sign.ASCENT)
    return frozenset(found)


def _backward_of(nodes: Iterable[ast.AST], name: str) -> Iterator[ast.FunctionDef]:
    for node in nodes:
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (m for n, m in methods(node).items() if side_of(n) == "backward")


def _is_derivative(name: str) -> bool:
    """Whether an argument says that it is the gradient, and not only some error."""
    if _ERROR.search(name):
        return False
    return is_gradient_variable(name) or bool(_DERIVATIVE.fullmatch(name) or "grad" in name.lower())


def _step(node: ast.AST) -> Sign | None:
    """Whether a statement adds a multiple of something to a parameter, or subtracts it."""
    match node:
        case ast.AugAssign(target=target, op=ast.Add() | ast.Sub() as operator, value=value):
            pass
        case ast.Assign(
            targets=[target],
            value=ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=value),
        ) if ast.unparse(left) == ast.unparse(target):
            pass
        case _:
            return None
    names = list(_names(value))
    rated = any(_RATE.fullmatch(n) for n in names) and isinstance(value, ast.BinOp)
    if not _is_parameter(target) or not (rated or any(map(is_gradient_variable, names))):
        return None
    adds = isinstance(operator, ast.Add) != _is_negative(value)
    return Sign.ADDED if adds else Sign.SUBTRACTED


def _is_parameter(target: ast.expr) -> bool:
    match target:
        case ast.Subscript(value=inner, slice=ast.Constant(value=str(key))):
            known = any(map(is_gradient_variable, _names(inner)))
            return not known and bool(_PARAMETER.fullmatch(key))
        case ast.Subscript(value=inner):
            return _is_parameter(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(_PARAMETER.fullmatch(name)) and not is_gradient_variable(name)
    return False


def _is_negative(node: ast.expr) -> bool:
    """Whether an odd number of the factors of a product has a minus."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return not _is_negative(inner)
        case ast.Constant(value=int() | float() as number):
            return number < 0
        case ast.BinOp(left=left, op=ast.Mult() | ast.MatMult() | ast.Div(), right=right):
            return _is_negative(left) != _is_negative(right)
    return False


def _names(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        match inner:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name


def _handed_on(function: ast.FunctionDef) -> Iterator[int]:
    """The signs of target - output in what a pass or a derivative returns."""
    if side_of(function.name) == "backward" or means_gradient(function.name):
        known = _differences(ast.walk(function))
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None:
                yield from _signs_of(node.value, known)


def _handed_to_backward(tree: ast.Module) -> Iterator[int]:
    """The signs of target - output in what is passed to a call of a backward pass."""
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    inside = {id(n) for f in functions for n in ast.walk(f)}
    places: list[Sequence[ast.AST]] = [list(ast.walk(f)) for f in functions]
    places.append([n for n in ast.walk(tree) if id(n) not in inside])
    for nodes in places:
        known = _differences(nodes)
        for node in nodes:
            match node:
                case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[*args]):
                    if side_of(name) == "backward":
                        for argument in args:
                            yield from _signs_of(argument, known)


def _differences(nodes: Iterable[ast.AST]) -> dict[str, int]:
    """The variables that are assigned target - output (1) or output - target (-1)."""
    known: dict[str, int] = {}
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
                for sign in _signs_of(value, {}):
                    known.setdefault(ast.unparse(target), sign)
    return known


def _signs_of(node: ast.expr, known: dict[str, int]) -> Iterator[int]:
    """1 for target - output, -1 for output - target; both also as a factor of a product."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            yield from (-sign for sign in _signs_of(inner, known))
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div(), right=right):
            lefts, rights = list(_signs_of(left, known)), list(_signs_of(right, known))
            if len(lefts) + len(rights) == 1:  # a product of two of them is a square
                (sign,), factor = (lefts, right) if lefts else (rights, left)
                yield -sign if _is_negative(factor) else sign
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            one, other = _is_target(left, right), _is_target(right, left)
            if one != other:
                yield 1 if one else -1
        case ast.Name() | ast.Attribute() if ast.unparse(node) in known:
            yield known[ast.unparse(node)]


def _is_target(node: ast.expr, other: ast.expr) -> bool:
    name, beside = _name(node), _name(other)
    if not name or not beside:
        return False
    sure = bool(_TARGET.fullmatch(name)) and not _OUTPUT.fullmatch(name)
    return sure or bool(_MAYBE_TARGET.fullmatch(name) and _OUTPUT.fullmatch(beside))


def _name(node: ast.expr) -> str:
    """The last part of a name: `t` of self.t and of t[i]; "" of anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=inner):
            return _name(inner)
    return ""
