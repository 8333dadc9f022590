"""What is forgotten in an optimiser: a root, a square, eps, where steps are counted, what is kept.

Layers have none of these edits: what they are offered stays as it is.
"""

from __future__ import annotations

import ast
import itertools
import re
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import Fragment, binary
from trigrad.repair.edits.scope import Scope
from trigrad.repair.edits.statements import blocks
from trigrad.repair.reach import steps_weights
from trigrad.subject.source.walking import walk

_STEP = "class Adam:\n    def update(self, params, grads):\n"
_BOOK = (
    "class Momentum:\n    def __init__(self):\n        self.v = None\n\n"
    "    def update(self, params, grads):\n"
)
_ARRAYS = ast.Name | ast.Attribute | ast.Subscript
_GRADIENT = re.compile(r"grad|^d[A-Za-z]$|^g$|^d_?(w|b|x)", re.IGNORECASE)
"""Names of gradients."""


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    return (
        (
            f"{_STEP}        params -= self.lr * grads / (self.h + 1e-7)",
            f"{_STEP}        params -= self.lr * grads / (np.sqrt(self.h) + 1e-7)",
        ),
        (
            f"{_STEP}        self.h += grads",
            f"{_STEP}        self.h += grads**2",
        ),
        (
            f"{_STEP}        params -= grads / np.sqrt(self.h)",
            f"{_STEP}        params -= grads / (np.sqrt(self.h) + 1e-7)",
        ),
        (
            f"{_STEP}        for k in params:\n            self.t += 1\n            f(k)",
            f"{_STEP}        self.t += 1\n        for k in params:\n            f(k)",
        ),
        (
            f"{_STEP}        for p, g in zip(params, grads):\n            p = p - self.lr * g",
            f"{_STEP}        for p, g in zip(params, grads):\n            p -= self.lr * g",
        ),
        (
            f"{_BOOK}        self.v = {{}}\n        for k in params:\n            self.v[k] = 0",
            f"{_BOOK}        if self.v is None:\n            self.v = {{}}\n"
            "            for k in params:\n                self.v[k] = 0",
        ),
        (
            f"{_STEP}        self.m = self.b2 * self.m\n        self.v = self.b1 * self.v",
            f"{_STEP}        self.m = self.b1 * self.m\n        self.v = self.b2 * self.v",
        ),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits of an optimiser; none of anything else."""
    if not steps_weights(context.definition):
        return
    for place in context.places:
        node = place.node
        if isinstance(node, _ARRAYS) and _in_divisor(context, node):
            yield context.replaced(node, _rooted(context, node), "root")
        elif isinstance(node, _ARRAYS) and _is_gradient(context, node):
            squared = binary(context.fragment(node), "**", Fragment("2"), spaced=False)
            yield context.replaced(node, squared, "square")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            yield from _with_eps(context, node.right)
    for scope in context.scopes:
        yield from _counted_once(context, scope)
        yield from _in_place(context, scope)
        yield from _kept(context, scope)
        yield from _names_swapped(context, scope)


def _is_gradient(context: Context, node: ast.expr) -> bool:
    """Whether it is a whole gradient: not `grads` of `grads[key]`, and not what is called."""
    part = isinstance(context.parent(node), _ARRAYS) or context.is_called(node)
    return not part and bool(_GRADIENT.search(_last_name(node)))


def _last_name(node: ast.expr) -> str:
    """`grads` of `grads[key]`, `dweights` of `layer.dweights`, `dW` of `grads["dW1"]`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value):
            return _last_name(value)
    return ""


def _in_divisor(context: Context, node: ast.expr) -> bool:
    """Whether an array is what is divided by, perhaps with eps added."""
    at: ast.AST = node
    for above in context.ancestors(node):
        if isinstance(above, ast.BinOp) and isinstance(above.op, ast.Div):
            return above.right is at
        if not (isinstance(above, ast.BinOp) and isinstance(above.op, ast.Add)):
            return False
        at = above
    return False


def _rooted(context: Context, node: ast.expr) -> Fragment:
    return Fragment(f"{context.prefix}sqrt({context.source(node)})")


def _with_eps(context: Context, divisor: ast.expr) -> Iterator[Edit]:
    """`np.sqrt(h) + 1e-7` for `np.sqrt(h)`, with the name of eps where there is one."""
    if not (isinstance(divisor, ast.Call) and ast.unparse(divisor.func).endswith("sqrt")):
        return
    names = sorted(context.attributes.keys() & {"eps", "epsilon"})
    for small in [f"self.{name}" for name in names] or ["1e-7"]:
        more = binary(context.fragment(divisor), "+", Fragment(small))
        yield context.replaced(divisor, more, "eps")


def _counted_once(context: Context, scope: Scope) -> Iterator[Edit]:
    """`self.t += 1` moved from a loop to the line before it."""
    for loop in context.statements(scope):
        if not isinstance(loop, ast.For) or len(loop.body) < 2:
            continue
        for statement in loop.body:
            match statement:
                case ast.AugAssign(op=ast.Add(), value=ast.Constant(value=1)):
                    pass
                case _:
                    continue
            if not (context.owns_lines(statement) and context.indentation(loop) is not None):
                continue
            start, _ = context.lines(loop, loop)
            first, last = context.lines(statement, statement)
            line = f"{context.indentation(loop)}{context.source(statement)}\n"
            yield Edit(start, last, line + context.text[start:first], "counted once")


def _in_place(context: Context, scope: Scope) -> Iterator[Edit]:
    """`p -= …` for `p = p - …`, where p is a name that a loop gives to a weight."""
    for statement in context.statements(scope):
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.BinOp(left=ast.Name(id=same), op=ast.Add() | ast.Sub() as op, right=rest),
            ) if name == same:
                sign = "+" if isinstance(op, ast.Add) else "-"
                text = f"{name} {sign}= {context.whole(rest)}"
                yield Edit(*context.span(statement), text, "in place")


def _kept(context: Context, scope: Scope) -> Iterator[Edit]:
    """`if self.v is None:` before what makes an empty `self.v` in every step."""
    me = scope.me
    for body in blocks(scope.function) if me and not scope.constructs else ():
        for number, statement in enumerate(body):
            match statement:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=owner), attr=name)]):
                    if owner != me or not _starts_as_none(context, name):
                        continue
                case _:
                    continue
            after = body[number + 1 : number + 2]
            last = [statement, *(each for each in after if _fills(each, name))][-1]
            start, end = context.lines(statement, last)
            indent = context.indentation(statement)
            if indent is None or not context.owns_lines(last):
                continue
            inner = textwrap.indent(context.text[start:end], "    ")
            yield Edit(start, end, f"{indent}if {me}.{name} is None:\n{inner}", "kept state")


def _fills(statement: ast.stmt, name: str) -> bool:
    """Whether it is a loop that only sets entries of an attribute, and reads none."""
    entries = [
        node
        for node in walk(statement)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == name
    ]
    read = any(isinstance(node.ctx, ast.Load) for node in entries)
    adds = any(isinstance(node, ast.AugAssign) for node in walk(statement))
    return isinstance(statement, ast.For) and bool(entries) and not read and not adds


def _starts_as_none(context: Context, name: str) -> bool:
    """Whether the constructor sets an attribute to None."""
    return any(
        isinstance(each, ast.Assign)
        and isinstance(each.value, ast.Constant)
        and each.value.value is None
        and any(isinstance(t, ast.Attribute) and t.attr == name for t in each.targets)
        for scope in context.scopes
        if scope.constructs
        for each in context.statements(scope)
    )


_PAIR = re.compile(r"\b(\w*?)([12])\b")


def _names_swapped(context: Context, scope: Scope) -> Iterator[Edit]:
    """`beta1` and `beta2` exchanged in two lines, each of which has one of them."""
    for body in blocks(scope.function):
        for one, other in itertools.pairwise(body):
            if not (isinstance(one, ast.Assign | ast.AugAssign) and isinstance(other, type(one))):
                continue
            first, second = context.source(one), context.source(other)
            here = {m[0] for m in _PAIR.finditer(first) if m[1]}
            there = {m[0] for m in _PAIR.finditer(second) if m[1]}
            for name, instead in itertools.product(sorted(here), sorted(there)):
                if name[:-1] != instead[:-1] or name == instead:
                    continue
                start, end = context.span(one)[0], context.span(other)[1]
                between = context.text[context.span(one)[1] : context.span(other)[0]]
                swapped = (
                    re.sub(rf"\b{name}\b", instead, first)
                    + between
                    + re.sub(rf"\b{instead}\b", name, second)
                )
                yield Edit(start, end, swapped, "names swapped")
