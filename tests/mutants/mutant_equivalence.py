"""Whether two definitions provably compute the same: such a mutant is none.

Beside the normal form of single statements, two things are seen through: a local or attribute that
is only another name for a value, and the order of neighbouring statements that have nothing to do
with each other.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterable, Iterator

from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.numpy_forms import of_numpy
from trigrad.subject.source.definitions import ClassOrFunction

_PURE_METHODS = frozenset(
    ("copy", "reshape", "flatten", "ravel", "sum", "mean", "max", "min", "astype", "dot", "argmax")
)
_PURE_NAMES = frozenset(
    (
        *("len", "float", "int", "range", "tuple", "list", "isinstance", "type", "OrderedDict"),
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
            function.body = _in_order(_fresh_late(_see_through(function.body)))
    return simplified(tree)


# --- what a loop goes through ---


def _gone_through_directly(function: ast.FunctionDef) -> None:
    """Lists that are made only to be gone through, forwards or in reverse, left out."""
    function.body = _without_idle_reversals(function)
    body: list[ast.stmt] = []
    for statement in function.body:
        if isinstance(statement, ast.For):
            _take_in(function, body, statement)
            statement.iter = _directly(statement)
        body.append(statement)
    function.body = body


def _without_idle_reversals(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements without `a.reverse()` where nothing behind it reads the local list a."""
    kept: list[ast.stmt] = []
    for number, statement in enumerate(function.body):
        name = ast.unparse(statement).removesuffix(".reverse()")
        made = f"{name} = list("
        local = any(ast.unparse(each).startswith(made) for each in function.body[:number])
        gone_through = [
            each.iter
            for each in function.body
            if isinstance(each, ast.For) and ast.unparse(_reversed(each.iter) or each.iter) == name
        ]
        ours = {id(at) for each in gone_through for at in ast.walk(each)}
        ours |= {id(at) for at in ast.walk(statement)}
        others = [
            at
            for at in ast.walk(function)
            if isinstance(at, ast.Name) and at.id == name and id(at) not in ours
        ]
        later = any(_loops(each, name) for each in function.body[number + 1 :])
        # Its making is the only other place that names it: nothing else knows the list.
        alone = name.isidentifier() and len(others) == 1 and not later
        if not (_is_reversal(statement, name) and local and alone):
            kept.append(statement)
    return kept


def _loops(statement: ast.stmt, name: str) -> bool:
    return isinstance(statement, ast.For) and name in ast.unparse(statement.iter)


def _take_in(function: ast.FunctionDef, before: list[ast.stmt], loop: ast.For) -> None:
    """The list of a loop, and its reversal, that stand in front of it and serve it alone."""
    turned = _reversed(loop.iter)
    name = turned or loop.iter
    if not isinstance(name, ast.Name):
        return
    uses = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == name.id]
    made = [
        at
        for at, each in enumerate(before)
        if isinstance(each, ast.Assign) and [*map(ast.unparse, each.targets)] == [name.id]
    ]
    if not made:
        return
    line, between = before[made[-1]], before[made[-1] + 1 :]
    assert isinstance(line, ast.Assign)
    turns = [each for each in between if _is_reversal(each, name.id)]
    others = [each for each in between if each not in turns]
    read = {key for key in _reads(line) if key}
    if others and not _is_view(line.value):
        return  # to make it may read what they set
    owners = {key.partition(".")[0] for key in read if "." in key}
    if len(uses) != 2 + len(turns) or len(turns) > 1:
        return
    if turns and not ast.unparse(line.value).startswith("list("):
        return  # a view of a dictionary cannot be reversed in place
    if not all(_knows_nothing(each, {name.id, *read} - owners, owners) for each in others):
        return
    before[made[-1] :] = others
    # `a.reverse()` is for lists; to go through a list backwards and a view of it is one.
    backwards = ast.Call(ast.Name("reversed", ast.Load()), [line.value], [])
    loop.iter = backwards if bool(turned) != bool(turns) else line.value


def _is_view(value: ast.expr) -> bool:
    """`list(self.layers.values())`, or without one of the two calls."""
    return re.fullmatch(r"(list\()?\w+(\.\w+)*(\.values\(\))?\)?", ast.unparse(value)) is not None


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


def _fresh_late(body: list[ast.stmt]) -> list[ast.stmt]:
    """What is empty or a number at first, directly in front of what has to do with it."""
    late: list[ast.stmt] = []
    inner = [
        each
        for statement in body
        for each in ast.walk(statement)
        if isinstance(each, ast.Lambda | ast.FunctionDef)
    ]
    known = {at.id for each in inner for at in ast.walk(each) if isinstance(at, ast.Name)}
    for statement in reversed(body):
        at = 0
        while at < len(late) and _is_apart(statement, late[at], known):
            at += 1
        late.insert(at, statement)
    return late


def _independent(one: ast.stmt, other: ast.stmt) -> bool:
    if not (_is_pure(one) and _is_pure(other)):
        return False
    written, also = set(_writes(one)), set(_writes(other))
    return not (written & (set(_reads(other)) | also) or also & set(_reads(one)))


def _is_apart(one: ast.stmt, other: ast.stmt, known: set[str]) -> bool:
    """Whether `one` sets up something empty or a number, of which `other` can know nothing.

    `known` are names that functions within the function say: whoever calls them may read those.
    """
    targets = list(_writes(one))
    if not (_is_pure(one) and targets and all(targets)) or not _is_fresh(one):
        return False
    if known & {part for target in targets for part in (target, target.partition(".")[0])}:
        return False
    return _knows_nothing(other, targets, {t.partition(".")[0] for t in targets if "." in t})


def _knows_nothing(statement: ast.stmt, names: Iterable[str], owners: Iterable[str]) -> bool:
    """Whether a simple statement neither says one of the names nor hands on one of the owners."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr):
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Name | ast.Attribute) and _key(node) in names:
            return False
        if isinstance(node, ast.Lambda):
            return False
        if isinstance(node, ast.Call):
            # A method of the object may read all its attributes, and so may who is handed it.
            method = _key(node.func).partition(".")[0] in owners
            parts = [*node.args, *(each.value for each in node.keywords)]
            handed = [at for part in parts for at in ast.walk(part) if _is_bare(at, part, owners)]
            if method or handed or _key(node.func) in ("super", "locals", "vars"):
                return False
    return True


def _is_bare(node: ast.AST, within: ast.expr, owners: Iterable[str]) -> bool:
    """Whether it is one of the owners itself, and not the owner of an attribute."""
    if not isinstance(node, ast.Name) or node.id not in owners:
        return False
    return not any(isinstance(at, ast.Attribute) and at.value is node for at in ast.walk(within))


def _is_fresh(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(value=value) | ast.AnnAssign(value=value):
            pass
        case _:
            return False
    match value:
        case ast.Constant() | ast.Dict(keys=[]) | ast.List(elts=[]):
            return True
        case ast.Call(func=ast.Name(id="OrderedDict" | "dict" | "list"), args=[], keywords=[]):
            return True
        case _:
            return False


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
