"""Whether a text trains with gradients that nothing in it sets to zero.

What holds a gradient is followed by its name: `grads["W1"] = layer.dW` makes `grads` such a name,
and a function that returns one makes its own name one. Names are not objects, so the answer errs
on the side of what may clear: only where there is a step and nothing like a clearing, it is yes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from trigrad.subject.source.cleared_attributes import (
    mentioned,
    set_to_zero,
    statements_outside_passes,
)
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.gradient_names import is_gradient_variable, means_clearing
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.passes import is_pass
from trigrad.subject.source.text import Chunk

_STEPS = ("step", "update", "apply_gradients", "apply_grads", "update_params", "optimize")
"""Methods of an optimiser that take gradients."""

_FOLLOWED = 8
"""How many names a gradient is handed on by, at most."""


def concerns_training(chunk: Chunk) -> bool:
    """Whether a text may set a gradient to zero, or train with one; cheap, and rather yes."""
    return bool(re.search(r"\b0\b|None|zero|clear|reset|[-+]=|\.(step|update)\(", chunk.text))


def trains_without_clearing(
    chunks: Sequence[Chunk], names: Collection[str], classes: Collection[str]
) -> bool:
    """Whether a step uses attributes of these names, and nothing may set any of them to zero.

    `classes` are those of the layer and its bases: their own methods have been tried before.
    """
    found = (parsed(chunk.text, chunk.label) for chunk in chunks)
    trees = [tree for tree in found if tree is not None]
    followed = _handed_on(trees, set(names))
    if not any(_is_step(node, followed) for tree in trees for node in _outside_passes(tree)):
        return False
    own = {
        method
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name in classes
        for method in methods(node)
    }
    like = {name for tree in trees for name in mentioned(tree) if is_gradient_variable(name)}
    gradients = _handed_on(trees, {*names, *like})
    return not any(
        _may_clear(tree, gradients, set(names), own) or _is_made_anew(tree, classes)
        for tree in trees
    )


def _handed_on(trees: Sequence[ast.Module], names: set[str]) -> set[str]:
    """These names, and those to which what they name is assigned or returned."""
    followed = set(names)
    for _ in range(_FOLLOWED):
        before = len(followed)
        for tree in trees:
            for node in _outside_passes(tree):
                followed |= _targets_of(node, followed)
        if len(followed) == before:
            break
    return followed


def _targets_of(node: ast.AST, followed: set[str]) -> set[str]:
    match node:
        case ast.Assign(targets=targets, value=value) if mentioned(value) & followed:
            return {name for target in targets for name in _bound(target)}
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
            | ast.For(target=target, iter=value)
            | ast.comprehension(target=target, iter=value)
        ) if mentioned(value) & followed:
            return set(_bound(target))
        case ast.FunctionDef(name=name):
            returns = (inner for inner in ast.walk(node) if isinstance(inner, ast.Return))
            if any(r.value is not None and mentioned(r.value) & followed for r in returns):
                return {name}
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=holder, attr="append"), args=args)):
            if any(mentioned(arg) & followed for arg in args):
                return set(_bound(holder))
    return set()


def _bound(target: ast.expr) -> Iterator[str]:
    """The names that a target binds: of `self.grads["W"]` it is `grads`."""
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case ast.Subscript(value=value) | ast.Starred(value=value):
            yield from _bound(value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _bound(element)


def _is_step(node: ast.AST, followed: set[str]) -> bool:
    """Whether something is changed by a gradient: `p -= lr * p.grad`, `opt.update(p, grads)`."""
    match node:
        case ast.AugAssign(op=ast.Sub(), value=value):
            return bool(mentioned(value) & followed)
        case ast.Assign(targets=[target], value=ast.BinOp(left=left, op=ast.Sub(), right=value)):
            same = ast.unparse(left) == ast.unparse(target)
            return same and bool(mentioned(value) & followed)
        case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _STEPS:
            return any(mentioned(arg) & followed for arg in args)
    return False


def _may_clear(tree: ast.Module, gradients: set[str], names: set[str], own: set[str]) -> bool:
    """Whether anything may set a gradient to zero, other than only some of the layer's by name."""
    for statement in statements_outside_passes(tree, ()):
        for target in set_to_zero(statement):
            seen = mentioned(target)
            if seen & gradients and not seen & names:
                return True
    called = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for name in _bound(node.func)
        if isinstance(node.func, ast.Name | ast.Attribute)
    }
    return any(map(means_clearing, called - own))


def _is_made_anew(tree: ast.Module, classes: Collection[str]) -> bool:
    """Whether a loop that calls backward makes a new object of the class in every round."""
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For | ast.While):
            called = {
                name
                for node in ast.walk(loop)
                if isinstance(node, ast.Call)
                for name in _bound(node.func)
            }
            if called & set(classes) and any(map(is_pass, called)):
                return True
    return False


def _outside_passes(node: ast.AST) -> Iterator[ast.AST]:
    """What is not in a pass of a layer, whose own arithmetic is no training."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef) and is_pass(inner.name):
            continue
        yield inner
        yield from _outside_passes(inner)
