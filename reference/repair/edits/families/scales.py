"""What forward divides or multiplies by, in backward too: the root of a size, a share kept."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary, rank_of
from trigrad.repair.edits.families.derivatives import goes_back
from trigrad.repair.edits.roles import Place
from trigrad.repair.edits.scope import BUILTINS, bindings, is_attribute_of
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk

_SCALE = re.compile(r"sqrt|\*\* ?-?0\.5|scale|keep|ratio|rate|\bp\b|\.size\b|\.shape\[|\blen\(")
"""What a factor has that is the same for all entries."""

_MOST = 6
"""So many of them are tried."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    scores = (
        "class A:\n    def forward(self, q, k):\n        self.q = q\n{}\n"
        "    def backward(self, dout):\n        dq = dout{}\n        return dq"
    )
    divided = "        return k / np.sqrt(q.shape[-1])\n"
    by_name = "        d = q.shape[-1]\n        return k / np.sqrt(d)\n"
    due = " / np.sqrt(self.q.shape[-1])"
    dropout = "def f(x, keep_prob):\n    return x / keep_prob\n\n\n"
    back = dropout + "def f_backward(dout, keep_prob):\n    dx = dout{}\n    return dx"
    return (
        (scores.format(divided, ""), scores.format(divided, due)),
        (scores.format(by_name, ""), scores.format(by_name, due)),
        (back.format(""), back.format(" / keep_prob")),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that scale a gradient as forward scales its output."""
    scales = list(dict.fromkeys(_scales(context)))[:_MOST]
    for place in context.places if scales else ():
        node = place.node
        if not goes_back(place.scope) or not context.is_main(place):
            continue
        if isinstance(node, ast.Constant | ast.Tuple | ast.List | ast.Dict | ast.Compare):
            continue
        for sign, text in scales:
            if _is_known(context, place, text):
                scale = Fragment(text, rank_of(ast.parse(text, mode="eval").body))
                scaled = binary(context.fragment(node), sign, scale, spaced=context.spaced(node))
                yield context.replaced(node, scaled, "scaled as forward")


def _scales(context: Context) -> Iterator[tuple[str, str]]:
    """The factors and divisors of every function of the text, with the operator in front."""
    tree = parsed(context.text)
    for function in walk(tree) if tree is not None else ():
        if not isinstance(function, ast.FunctionDef):
            continue
        stored = _stored(function)
        for node in walk(function):
            match node:
                case ast.BinOp(op=ast.Div(), right=divisor):
                    for text in _written(divisor, function, stored):
                        yield "/", text
                case ast.BinOp(left=left, op=ast.Mult(), right=right):
                    for factor in (left, right):
                        for text in _written(factor, function, stored):
                            yield "*", text


def _written(node: ast.expr, function: ast.FunctionDef, stored: dict[str, str]) -> Iterator[str]:
    """A scale as it is written, with locals by what they are set to, and as backward says it."""
    if isinstance(node, ast.Constant | ast.BinOp) and not _SCALE.search(ast.unparse(node)):
        return
    values = {
        target.id: value
        for target, value in bindings(function)
        if isinstance(target, ast.Name) and value is not None
    }
    inlined = _with(node, values)
    for each in (node, inlined):
        if _SCALE.search(ast.unparse(inlined)):
            yield ast.unparse(each)
            yield ast.unparse(
                _with(each, {n: ast.parse(v, mode="eval").body for n, v in stored.items()})
            )


def _stored(function: ast.FunctionDef) -> dict[str, str]:
    """The attributes that are set to names as they are, by these names."""
    me = function.args.args[0].arg if function.args.args else ""
    return {
        value.id: ast.unparse(target)
        for target, value in bindings(function)
        if is_attribute_of(target, me) and isinstance(value, ast.Name)
    }


class _Names(ast.NodeTransformer):
    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self._values.get(node.id, node))


def _with(node: ast.expr, values: dict[str, ast.expr]) -> ast.expr:
    """An expression with names replaced by what they stand for."""
    new = _Names(values).visit(copy.deepcopy(node))
    assert isinstance(new, ast.expr), "an expression stays one"
    return new


def _is_known(context: Context, place: Place, text: str) -> bool:
    """Whether all names of an expression are there."""
    tree = ast.parse(text, mode="eval")
    me = place.scope.me
    if any(
        is_attribute_of(node, me) and node.attr not in context.attributes for node in walk(tree)
    ):
        return False
    there = {*place.scope.at(place.statement.lineno), me, "np", "numpy"} | BUILTINS | context.known
    names = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    return names <= there
