"""Which names are there at a place of a definition, and what each of them stands for."""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeGuard

from trigrad.repair.edits.positions import Definition
from trigrad.subject.source.walking import walk

BUILTINS = frozenset(dir(builtins))


class NameKind(Enum):
    """What a name stands for, as far as the text tells."""

    VALUE = "value"
    SHAPE = "shape"
    COUNT = "count"
    THING = "thing"
    """A layer, a dictionary, a function, a text: nothing to calculate with."""


@dataclass
class Scope:
    """The names of one function or method."""

    function: ast.FunctionDef
    me: str = ""
    """What the method calls its object; empty in a plain function."""
    arguments: list[str] = field(default_factory=list)
    locals: dict[str, tuple[int, NameKind]] = field(default_factory=dict)
    """A local name → the first line at which it is set, and what it stands for."""
    loaded: set[str] = field(default_factory=set)
    stored: set[str] = field(default_factory=set)
    """Attributes of the object that the method reads, and that it sets."""
    called: set[str] = field(default_factory=set)
    """Names that stand for functions: they are called."""

    @property
    def constructs(self) -> bool:
        """Whether it is a constructor, where nothing is calculated."""
        return bool(self.me) and self.function.name == "__init__"

    @property
    def takes_gradient(self) -> bool:
        """Whether an argument is named as gradients are, `dout`."""
        return any(name[:1] == "d" and len(name) > 1 for name in self.arguments)

    def at(self, line: int) -> dict[str, NameKind]:
        """The arguments and the locals that are set before a line."""
        found = {
            name: NameKind.THING if name in self.called else NameKind.VALUE
            for name in self.arguments
        }
        found.update({name: kind for name, (first, kind) in self.locals.items() if first < line})
        return found


def scopes_of(definition: Definition) -> list[Scope]:
    """The functions of a definition, each with its names."""
    if isinstance(definition, ast.FunctionDef):
        return [_scope(definition, is_method=False)]
    functions = [each for each in definition.body if isinstance(each, ast.FunctionDef)]
    return [_scope(function, is_method=not _is_static(function)) for function in functions]


def attributes_of(
    definition: Definition, scopes: list[Scope], methods: set[str]
) -> tuple[set[str], dict[str, NameKind]]:
    """The names set in the body of a class, and all attributes with what they stand for.

    What each method reads and sets is noted in its scope.
    """
    class_names: set[str] = set()
    for each in definition.body if isinstance(definition, ast.ClassDef) else ():
        targets = each.targets if isinstance(each, ast.Assign) else []
        targets = [each.target] if isinstance(each, ast.AnnAssign) else targets
        class_names |= {target.id for target in targets if isinstance(target, ast.Name)}
    attributes = dict.fromkeys(sorted(class_names), NameKind.VALUE)
    for scope in scopes:
        for node in walk(scope.function):
            if is_attribute_of(node, scope.me) and node.attr not in methods:
                is_set = isinstance(node.ctx, ast.Store)
                (scope.stored if is_set else scope.loaded).add(node.attr)
                attributes.setdefault(node.attr, guessed(node.attr))
        for target, value in bindings(scope.function):
            if is_attribute_of(target, scope.me):
                kind = kind_of(value, target.attr)
                if kind is not NameKind.VALUE:
                    attributes[target.attr] = kind
    return class_names, attributes


def is_attribute_of(node: ast.AST, me: str) -> TypeGuard[ast.Attribute]:
    """Whether a node is `self.something`."""
    if not me or not isinstance(node, ast.Attribute):
        return False
    return isinstance(node.value, ast.Name) and node.value.id == me


def bindings(function: ast.FunctionDef) -> list[tuple[ast.expr, ast.expr | None]]:
    """The targets of a function's assignments and loops, each with what it is set to, if seen."""
    found: list[tuple[ast.expr, ast.expr | None]] = []
    for node in walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    found += paired(target, value)
            case (
                ast.AnnAssign(target=target, value=value)
                | ast.NamedExpr(target=target, value=value)
            ):
                found.append((target, value))
            case ast.AugAssign(target=target) | ast.For(target=target):
                found += paired(target, None)
            case ast.withitem(optional_vars=ast.expr() as target):
                found += paired(target, None)
    return found


def paired(target: ast.expr, value: ast.expr | None) -> list[tuple[ast.expr, ast.expr | None]]:
    """The targets of one assignment, each with what it is set to."""
    if not isinstance(target, ast.Tuple | ast.List):
        return [(target, value)]
    if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
        pairs = zip(target.elts, value.elts, strict=True)
        return [pair for one, other in pairs for pair in paired(one, other)]
    inner = (
        ast.Name("shape") if isinstance(value, ast.Attribute) and value.attr == "shape" else None
    )
    return [pair for one in target.elts for pair in paired(one, inner)]


def kind_of(value: ast.expr | None, name: str) -> NameKind:
    """What an expression that is given a name stands for."""
    match value:
        case ast.Name(id="shape"):
            return NameKind.COUNT
        case ast.Attribute(attr="shape") | ast.Call(func=ast.Attribute(attr="shape")):
            return NameKind.SHAPE
        case ast.Attribute(attr="size" | "ndim") | ast.Call(func=ast.Name(id="len")):
            return NameKind.COUNT
        case ast.Subscript(value=ast.Attribute(attr="shape")):
            return NameKind.COUNT
        case ast.Call(func=ast.Name(id=called)) if called[:1].isupper() or called in _MAKERS:
            return NameKind.THING
        case ast.Dict() | ast.DictComp() | ast.List() | ast.ListComp() | ast.Lambda():
            return NameKind.THING
        case ast.Constant(value=str()):
            return NameKind.THING
        case _:
            return guessed(name)


_MAKERS = {"dict", "list", "set", "str", "reversed", "iter"}


def guessed(name: str) -> NameKind:
    """What a name stands for, from how it is spelt."""
    plain = name.lower()
    if "shape" in plain:
        return NameKind.SHAPE
    if "size" in plain or plain in {"n", "batch"}:
        return NameKind.COUNT
    if "layer" in plain or plain in {"params", "grads", "it", "idx"}:
        return NameKind.THING
    return NameKind.VALUE


def _scope(function: ast.FunctionDef, *, is_method: bool) -> Scope:
    names = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    arguments = [each.arg for each in names]
    scope = Scope(function, arguments.pop(0) if is_method and arguments else "", arguments)
    for node in walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            scope.called.add(node.func.id)
    for target, value in bindings(function):
        if isinstance(target, ast.Name) and target.id not in arguments:
            before = scope.locals.get(target.id)
            if before is None or target.lineno < before[0]:
                scope.locals[target.id] = (target.lineno, kind_of(value, target.id))
    return scope


def _is_static(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == "staticmethod" for each in function.decorator_list
    )
