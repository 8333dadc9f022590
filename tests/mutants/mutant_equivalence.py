"""Whether two definitions provably compute the same: such a mutant is none.

Beside the normal form of single statements, two things are seen through: a local or attribute that
is only another name for a value, and the order of neighbouring statements that have nothing to do
with each other.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator

from reference.edits.numpy_forms import of_numpy
from reference.edits.simplify import simplified
from reference.subject.definitions import ClassOrFunction

_PURE_METHODS = frozenset(
    ("copy", "reshape", "flatten", "ravel", "sum", "mean", "max", "min", "astype", "dot", "argmax")
)
_PURE_NAMES = frozenset(
    (
        *("len", "float", "int", "range", "tuple", "list", "isinstance", "type"),
        # The chapter's own functions, and those that the right files here have.
        *("sigmoid", "softmax", "log_softmax", "cross_entropy_error", "relu"),
        *("as_float", "one_hot", "sum_to_shape"),
    )
)


def canonical(definition: ClassOrFunction) -> str:
    """A text that definitions which provably compute the same have in common."""
    tree = copy.deepcopy(definition)
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            _gone_through_directly(function)
            function.body = _in_order(_see_through(function.body))
    return simplified(tree)


# --- what a loop goes through ---


def _gone_through_directly(function: ast.FunctionDef) -> None:
    """Lists that are made only to be gone through, forwards or in reverse, left out."""
    body: list[ast.stmt] = []
    for statement in function.body:
        if isinstance(statement, ast.For):
            _take_in(function, body, statement)
            statement.iter = _directly(statement)
        body.append(statement)
    function.body = body


def _take_in(function: ast.FunctionDef, before: list[ast.stmt], loop: ast.For) -> None:
    """The list of a loop, and its reversal, that stand in front of it and serve it alone."""
    turned = _reversed(loop.iter)
    name = turned or loop.iter
    if not isinstance(name, ast.Name):
        return
    uses = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name.id]
    times = bool(turned)
    taken = 0
    if before and _is_reversal(before[-1], name.id):
        times = not times
        taken = 1
    match before[-1 - taken] if len(before) > taken else None:
        case ast.Assign(targets=[ast.Name(id=made)], value=value) if (
            made == name.id and len(uses) == 2 + taken
        ):
            # `a.reverse()` is for lists; to go through a list backwards and a view of it is one.
            del before[-1 - taken :]
            made_of = ast.Call(ast.Name("reversed", ast.Load()), [value], []) if times else value
            loop.iter = made_of
        case _:
            return


def _is_reversal(statement: ast.stmt, name: str) -> bool:
    """`a.reverse()` as a line of its own."""
    return ast.unparse(statement) == f"{name}.reverse()"


def _reversed(node: ast.expr) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[inner], keywords=[]):
            return inner
        case _:
            return None


def _directly(loop: ast.For) -> ast.expr:
    """What a loop goes through, not copied to a list before, where its body leaves it alone."""
    turned = _reversed(loop.iter)
    match turned or loop.iter:
        case ast.Call(func=ast.Name(id="list"), args=[inner], keywords=[]):
            pass
        case _:
            return loop.iter
    root = ast.unparse(inner).split("(")[0].rsplit(".", 1)[0]
    if root in "\n".join(map(ast.unparse, loop.body)):
        return loop.iter
    return ast.Call(ast.Name("reversed", ast.Load()), [inner], []) if turned else inner


# --- other names for one value ---


def _see_through(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements with every name that is only another one replaced, as far as that is sure."""
    names: dict[str, ast.expr] = {}
    seen: list[ast.stmt] = []
    for statement in body:
        if not _is_simple(statement):
            names.clear()
            seen.append(statement)
            continue
        statement = _Replaced(names).visit(statement)
        for written in _writes(statement):
            names.pop(written, None)
            names = {k: v for k, v in names.items() if ast.unparse(v) != written}
        match statement:
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
                # `dout * 1` is another name for `dout`, too.
                form = ast.parse(simplified(value), mode="eval").body if _plain(value) else value
                if _key(target) and _key(form):
                    names[_key(target)] = form
        seen.append(statement)
    return seen


def _plain(value: ast.expr) -> bool:
    """Whether an expression simplifies to a name or an attribute of one."""
    return re.fullmatch(r"[^\W\d]\w*(\.[^\W\d]\w*)?", simplified(value)) is not None


class _Replaced(ast.NodeTransformer):
    """Puts the first name of a value in the place of its others, where they are read."""

    def __init__(self, names: dict[str, ast.expr]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._of(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        found = self._of(node)
        if found is node:
            self.generic_visit(node)
        return found

    def _of(self, node: ast.Name | ast.Attribute) -> ast.expr:
        if isinstance(node.ctx, ast.Load):
            return self._names.get(_key(node), node)
        return node


def _key(node: ast.expr) -> str:
    """`x` or `self.x`; empty for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if name != "T":
            return f"{owner}.{name}"
        case _:
            return ""


# --- order ---


def _in_order(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements in one order of all those in which they compute the same."""
    body = list(body)
    for _ in body:
        for i in range(len(body) - 1):
            one, other = body[i], body[i + 1]
            if simplified(other) < simplified(one) and _independent(one, other):
                body[i], body[i + 1] = other, one
    return body


def _independent(one: ast.stmt, other: ast.stmt) -> bool:
    if not (_is_pure(one) and _is_pure(other)):
        return False
    written, also = set(_writes(one)), set(_writes(other))
    return not (written & (set(_reads(other)) | also) or also & set(_reads(one)))


def _is_simple(statement: ast.stmt) -> bool:
    """Whether no value changes in place by it, and nothing is called that could do anything."""
    return isinstance(statement, ast.Return) or _is_pure(statement)


def _is_pure(statement: ast.stmt) -> bool:
    """Whether it gives names to values, and does nothing else."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if not all(map(_key, targets)) or statement.value is None:
        return False
    return all(map(_calls_nothing_else, ast.walk(statement.value)))


def _calls_nothing_else(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return not isinstance(node, ast.NamedExpr | ast.Await | ast.Yield)
    function = node.func
    if isinstance(function, ast.Attribute):
        drawn = isinstance(function.value, ast.Attribute) and function.value.attr == "random"
        return not drawn and bool(of_numpy(function) or function.attr in _PURE_METHODS)
    return isinstance(function, ast.Name) and function.id in _PURE_NAMES


def _writes(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield _key(node)


def _reads(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield _key(node)
