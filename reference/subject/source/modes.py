"""Arguments that choose what a function does: those that its text compares with strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trigrad.subject.source.definitions import ClassOrFunction

MOST = 6
"""More strings than these are not tried."""

Mode = dict[str, str]
"""The string for an argument, by its name; {} where no argument chooses."""


def modes_of(node: ClassOrFunction | None) -> list[Mode]:
    """The modes of a function or of a constructor: one for each string; [{}] if there are none.

    Its default is one of them, also if the text compares it with others only. Only one argument is
    looked at: of several, the first in the signature.
    """
    made = _constructor(node) if isinstance(node, ast.ClassDef) else node
    if node is None or made is None:
        return [{}]
    arguments = [*made.args.posonlyargs, *made.args.args, *made.args.kwonlyargs]
    defaults = _defaults(made.args)
    for name in (argument.arg for argument in arguments):
        compared = list(dict.fromkeys(_compared(node, name)))
        if compared and not set(compared) & _TRAINING:
            strings = dict.fromkeys([*defaults.get(name, ()), *compared])
            return [{name: each} for each in strings][:MOST]
    return [{}]


def _defaults(arguments: ast.arguments) -> dict[str, list[str]]:
    """The strings that arguments have by default, each in a list."""
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [
        *zip(reversed(plain), reversed(arguments.defaults), strict=False),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return {a.arg: list(_strings([default])) for a, default in pairs if default is not None}


_TRAINING = {"train", "test", "eval", "training", "inference"}


def _constructor(node: ast.ClassDef) -> ast.FunctionDef | None:
    own = (n for n in node.body if isinstance(n, ast.FunctionDef))
    return next((n for n in own if n.name == "__init__"), None)


def _compared(node: ast.AST, name: str) -> Iterator[str]:
    """The strings with which an argument, or an attribute of that name, is compared."""
    for each in ast.walk(node):
        match each:
            case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
                for one, other in ((left, right), (right, left)):
                    if _is_named(one, name) and isinstance(other, ast.Constant):
                        yield from _strings([other])
            case ast.Compare(left=left, ops=[ast.In()], comparators=[right]):
                if _is_named(left, name) and isinstance(right, ast.Tuple | ast.List | ast.Set):
                    yield from _strings(right.elts)
            case ast.Match(subject=subject, cases=cases) if _is_named(subject, name):
                for case in cases:
                    if isinstance(case.pattern, ast.MatchValue):
                        yield from _strings([case.pattern.value])


def _is_named(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Name(id=own) | ast.Attribute(value=ast.Name(id="self"), attr=own):
            return own == name
        case ast.Call(func=ast.Attribute(value=inner, attr="lower")):
            return _is_named(inner, name)
    return False


def _strings(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
