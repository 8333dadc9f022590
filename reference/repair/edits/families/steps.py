"""Weights that a backward pass steps itself: behind all that reads them, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.scope import Scope, is_attribute_of
from trigrad.repair.edits.statements import blocks
from trigrad.repair.reach import is_step_name
from trigrad.subject.source.passes import side_of

_FRAME = (
    "class Dense:\n    def __init__(self, W, b):\n        self.W = W\n        self.b = b\n\n"
    "    def forward(self, x):\n        self.x = x\n        return x @ self.W + self.b\n\n"
    "    def backward(self, dout, lr):\n"
)


def examples() -> tuple[tuple[str, str], ...]:
    """Texts before and after an edit of this family."""
    step = "        self.W -= lr * self.x.T @ dout\n"
    update = "        self.optimizer.update(self.W, self.x.T @ dout)\n"
    dx = "        dx = dout @ self.W.T\n"
    return (
        (
            _FRAME + step + "        return dout @ self.W.T",
            _FRAME + dx + step + "        return dx",
        ),
        (_FRAME + step + dx + "        return dx", _FRAME + dx + step + "        return dx"),
        (_FRAME + step + dx + "        return dx", _FRAME + dx + "        return dx"),
        (_FRAME + update + dx + "        return dx", _FRAME + dx + update + "        return dx"),
    )


def edits(context: Context) -> Iterator[Edit]:
    """All edits that move steps, or remove them."""
    for scope in context.scopes:
        if not scope.me or scope.constructs:
            continue
        for body in blocks(scope.function):
            steps = [each for each in body if is_step(context, scope, each)]
            if steps and len(steps) < len(body) and all(map(context.owns_lines, body)):
                yield from _removed(context, body, steps)
                yield from _last(context, body, steps)


def is_step(context: Context, scope: Scope, statement: ast.stmt) -> bool:
    """Whether all that a statement does is to change weights, which the constructor sets."""
    match statement:
        case ast.For(body=inner, orelse=[]):
            return all(is_step(context, scope, each) for each in inner)
        case ast.AugAssign(op=ast.Sub(), target=target):
            return _is_weight(context, scope, target)
        case ast.Assign(targets=[target], value=ast.BinOp(op=ast.Sub(), left=left)) if ast.unparse(
            left
        ) == ast.unparse(target):
            return _is_weight(context, scope, target)
    return is_optimiser_step(context, scope, statement)


def is_optimiser_step(context: Context, scope: Scope, statement: ast.stmt) -> bool:
    """Whether an optimiser takes the step, by a name that says so.

    `self.optimizer.update(…)`, or `self.W = self.opt.update(self.W, dW)`.
    """
    match statement:
        case ast.Expr(value=ast.Call(func=function)):
            pass
        case ast.Assign(targets=[target], value=ast.Call(func=function, args=arguments)):
            given = {ast.unparse(each) for each in arguments}
            if ast.unparse(target) not in given or not _is_weight(context, scope, target):
                return False
        case _:
            return False
    name = function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)
    return is_step_name(name)


def _is_weight(context: Context, scope: Scope, target: ast.expr) -> bool:
    """Whether it is `self.W`, or an entry of a dict that the constructor sets."""
    while isinstance(target, ast.Subscript):
        target = target.value
    made = {name for each in context.scopes if each.constructs for name in each.stored}
    if isinstance(target, ast.Name):
        return any(
            isinstance(each, ast.Assign)
            and ast.unparse(each.targets[0]) == target.id
            and is_attribute_of(each.value, scope.me)
            and each.value.attr in made
            for each in context.statements(scope)
        )
    return is_attribute_of(target, scope.me) and target.attr in made


def _removed(context: Context, body: list[ast.stmt], steps: list[ast.stmt]) -> Iterator[Edit]:
    """Without steps: of those that an optimiser takes, none goes."""
    if any(is_optimiser_step(context, scope, s) for scope in context.scopes for s in steps):
        return
    for step in steps:
        yield Edit(*context.lines(step, step), "", "step removed")
    first, last = body.index(steps[0]), body.index(steps[-1])
    if len(steps) > 1 and last - first == len(steps) - 1:
        yield Edit(*context.lines(steps[0], steps[-1]), "", "step removed")


def _last(context: Context, body: list[ast.stmt], steps: list[ast.stmt]) -> Iterator[Edit]:
    """All steps behind the other statements, right in front of the `return`."""
    last = body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        return
    between = body[body.index(steps[0]) : -1]
    others = [each for each in between if each not in steps]
    indent = context.indentation(last) or ""
    lines = [context.text[slice(*context.lines(each, each))] for each in others]
    ending = context.text[slice(*context.lines(last, last))]
    if not isinstance(last.value, ast.Name | ast.Tuple):
        name = f"d{_operand(context)}"
        lines.append(f"{indent}{name} = {context.source(last.value)}\n")
        ending = f"{indent}return {name}" + "\n" * ending.endswith("\n")
    if lines:
        lines += [context.text[slice(*context.lines(each, each))] for each in steps]
        start, end = context.lines(steps[0], last)
        yield Edit(start, end, "".join(lines) + ending, "steps last")


def _operand(context: Context) -> str:
    """What forward is given, by its name."""
    for scope in context.scopes:
        if side_of(scope.function.name) == "forward" and scope.arguments:
            return scope.arguments[0]
    return "x"
