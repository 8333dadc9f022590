"""Whether the training step in a text divides gradients by the batch size."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trigrad.subject.source.gradient_names import is_gradient_variable
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk

_RATE = re.compile(r"lr|eta|alpha|rate|learning_?rate|step_?size|epsilon", re.I)
_BATCH = re.compile(
    r"(mini_?)?batch(_?size)?|bs|n|m|n_?samples|num_?(samples|train|examples)", re.I
)


def step_divides(text: str) -> bool:
    """Whether it has `W -= lr * dW / len(x)`, `grads[key] /= batch_size`, or the like."""
    tree = parsed(text)
    return tree is not None and any(map(_divides, walk(tree)))


def _divides(node: ast.AST) -> bool:
    match node:
        # A local variable that is divided belongs to the pass in which it is computed.
        case ast.AugAssign(
            target=ast.Attribute() | ast.Subscript() as target, op=ast.Div(), value=by
        ):
            return _is_batch(by) and any(map(is_gradient_variable, _names(target)))
        case ast.AugAssign(op=ast.Sub() | ast.Add(), value=step):
            return _is_divided_step(step)
        case ast.Assign(
            targets=[target], value=ast.BinOp(left=left, op=ast.Sub() | ast.Add(), right=step)
        ):
            return ast.unparse(left) == ast.unparse(target) and _is_divided_step(step)
        case _:
            return False


def _is_divided_step(step: ast.expr) -> bool:
    """Whether it is a product of a learning rate and more, divided by a batch size."""
    rated = any(_RATE.fullmatch(name) for name in _names(step))
    return rated and any(
        _is_batch(node.right)
        for node in walk(step)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
    )


def _is_batch(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="len" | "float")):
            return True
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return True
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(_BATCH.fullmatch(name))
        case _:
            return False


def _names(node: ast.AST) -> Iterator[str]:
    for inner in walk(node):
        match inner:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
