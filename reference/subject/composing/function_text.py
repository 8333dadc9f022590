"""What the text of one function shows: its arguments, what it returns, which keys it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from trigrad.subject.composing.roles import Role, plain, role_of


@dataclass(frozen=True)
class Result:
    """One of the values that a function returns: its name, and the keys if it is a dict."""

    name: str
    keys: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """The names in it, if it is a tuple or list."""
    grows: bool = False
    """Whether it is a dict that gets keys that are computed."""

    @property
    def role(self) -> Role:
        """What it is, by its name."""
        return role_of(self.name, result=True)


@dataclass(frozen=True)
class Taken:
    """One argument; `default` is its text, None where it has to be given."""

    name: str
    default: str | None

    @property
    def role(self) -> Role:
        """What it is, by its name."""
        return role_of(self.name)


@dataclass(frozen=True, eq=False)
class FunctionText:
    """One function or method."""

    name: str
    node: ast.FunctionDef
    method: bool = False

    @cached_property
    def takes(self) -> tuple[Taken, ...]:
        """Its arguments, without `self`."""
        given = self.node.args
        plain_ones = [*given.posonlyargs, *given.args]
        lacking = len(plain_ones) - len(given.defaults)
        defaults = [None] * lacking + [ast.unparse(each) for each in given.defaults]
        found = [Taken(a.arg, d) for a, d in zip(plain_ones, defaults, strict=True)]
        static = any(ast.unparse(d) == "staticmethod" for d in self.node.decorator_list)
        found = found[1:] if self.method and not static else found
        for argument, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            found.append(Taken(argument.arg, None if default is None else ast.unparse(default)))
        return tuple(found)

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What it returns: by the return with the most values, the last of these."""
        returns = [n.value for n in own_nodes(self.node) if isinstance(n, ast.Return) and n.value]
        if not returns:
            return ()
        values = [r.elts if isinstance(r, ast.Tuple | ast.List) else [r] for r in returns]
        longest = max(map(len, values))
        chosen = [each for each in values if len(each) == longest][-1]
        return tuple(self._result(each) for each in chosen)

    def _result(self, value: ast.expr) -> Result:
        if isinstance(value, ast.Dict):
            return Result("", _keys(value))
        if isinstance(value, ast.Tuple | ast.List):
            return Result("", parts=tuple(n.id for n in value.elts if isinstance(n, ast.Name)))
        if isinstance(value, ast.Attribute):
            return Result(value.attr)
        if not isinstance(value, ast.Name):
            return Result("")
        keys: list[str] = []
        grows = False
        for node in own_nodes(self.node):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as held):
                    keys += _keys(held) if name == value.id else ()
                case ast.Assign(targets=[ast.Subscript(ast.Name(id=name), ast.Constant(key))]):
                    keys += [key] if name == value.id and isinstance(key, str) else []
                case ast.Assign(
                    targets=[ast.Subscript(ast.Name(id=name), ast.BinOp() | ast.JoinedStr())]
                ):
                    grows = grows or name == value.id
        return Result(value.id, tuple(dict.fromkeys(keys)), grows=grows)

    def has(self, role: Role) -> bool:
        """Whether it takes something of that role."""
        return any(taken.role is role for taken in self.takes)

    @property
    def takes_one(self) -> bool:
        """Whether one argument is needed."""
        return sum(taken.default is None for taken in self.takes) == 1

    @cached_property
    def text(self) -> str:
        """Its text without comments."""
        return ast.unparse(self.node)

    def keys_read_of(self, name: str) -> tuple[str, ...]:
        """The keys that it reads of one argument, as in `parameters["W1"]`."""
        found = []
        for node in ast.walk(self.node):
            match node:
                case ast.Subscript(ast.Name(id=of), ast.Constant(str() as key)) if of == name:
                    found.append(key)
        return tuple(dict.fromkeys(found))

    def length_read_of(self, name: str) -> int:
        """How many entries it reads of an argument at constant indices; 0 if none or others."""
        found = [0]
        for node in ast.walk(self.node):
            match node:
                case ast.Subscript(ast.Name(id=of), ast.Constant(int() as index)) if of == name:
                    found.append(index + 1)
        return max(found)

    def unpacked_from(self, name: str) -> tuple[str, ...]:
        """The names to which an argument is unpacked, as in `W1, b1, W2, b2 = params`."""
        for node in ast.walk(self.node):
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=elts)], value=ast.Name(id=of)):
                    if of == name and all(isinstance(e, ast.Name) for e in elts):
                        return tuple(e.id for e in elts if isinstance(e, ast.Name))
        return ()


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from own_nodes(child)


def _keys(node: ast.Dict) -> tuple[str, ...]:
    keys = [k.value for k in node.keys if isinstance(k, ast.Constant)]
    return tuple(k for k in keys if isinstance(k, str))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case and underscores."""
    return plain(one) == plain(other)
