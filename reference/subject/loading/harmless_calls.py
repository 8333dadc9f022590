"""Which calls have no side effects: those of NumPy, of parts of the standard library, of builtins.

Only syntax is looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trigrad.subject.source.definitions import Statement
from trigrad.subject.source.walking import walk

_BUILTINS = frozenset(
    (
        *("abs", "all", "any", "bool", "bytes", "callable", "complex", "dict", "divmod"),
        *("enumerate", "filter", "float", "frozenset", "getattr", "hasattr", "int", "isinstance"),
        *("len", "list", "map", "max", "min", "object", "pow", "print", "property", "range"),
        *("repr", "reversed", "round", "set", "slice", "sorted", "str", "sum", "super", "tuple"),
        *("type", "zip"),
    )
)

_WHOLE = frozenset(
    (
        *("abc", "argparse", "cmath", "collections", "contextlib", "copy", "dataclasses"),
        *("datetime", "decimal", "enum", "fractions", "functools", "itertools", "math", "numbers"),
        *("numpy", "operator", "platform", "random", "re", "statistics", "string", "types"),
        *("typing", "typing_extensions"),
    )
)
"""Modules of which everything may be called, but for `_FILES`."""

_PARTS = {
    "json": ("loads", "dumps"),
    "logging": ("getLogger",),
    "os": ("cpu_count", "environ", "getcwd", "getenv", "path"),
    "pathlib": ("Path", "PurePath"),
    "sys": ("float_info", "flags", "getrecursionlimit", "version_info"),
    "time": ("monotonic", "perf_counter", "process_time", "strftime", "time", "time_ns"),
}
"""Modules of which these may be called, and their methods."""

_FILES = ("load", "fromfile", "genfromtxt", "memmap", "save", "read_", "write_", "open")
"""Prefixes of the names of functions and methods that read or write files."""

_CHANGES = frozenset(
    (
        *("addHandler", "chmod", "mkdir", "rename", "rmdir", "symlink_to", "touch", "unlink"),
        *("hardlink_to", "parse_intermixed_args", "print_help", "exit", "error"),
    )
)
"""Methods that change files, or end the process."""


class HarmlessCalls:
    """The calls of one module's text that have no side effects."""

    def __init__(self, statements: Sequence[Statement], computed: frozenset[str]) -> None:
        """`computed` are names that the text binds to values: their methods may be called."""
        self._computed = computed
        self._known: dict[str, tuple[str, ...]] = {"np": ("numpy",)}
        self._known |= {name: (name,) for name in (*_WHOLE, *_PARTS)}
        for _, statement in statements:
            self._known |= dict(_imported(statement))
        self._own: set[str] = set()
        own = {s.name: s for _, s in statements if isinstance(s, ast.ClassDef | ast.FunctionDef)}
        size = -1
        while size != len(self._own):  # the text's own functions that call only such
            size = len(self._own)
            self._own |= {name for name, node in own.items() if self.only(node)}

    def only(self, node: ast.AST) -> bool:
        """Whether it calls nothing else."""
        return all(self._is_one(n.func) for n in walk(node) if isinstance(n, ast.Call))

    def _is_one(self, function: ast.expr) -> bool:
        names: list[str] = []
        root = function
        while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
            if isinstance(root, ast.Attribute):
                names.insert(0, root.attr)
            root = root.func if isinstance(root, ast.Call) else root.value
        if isinstance(root, ast.Constant):  # a method of a text
            return True
        if not isinstance(root, ast.Name):
            return False
        if not names and root.id in self._own | _BUILTINS:
            return True
        if root.id not in self._known:
            return bool(names) and root.id in self._computed and not any(map(_is_bad, names))
        module, *path = (*self._known[root.id], *names)
        if module == "json":
            return path[:1] in ([name] for name in _PARTS[module])
        allowed = module in _WHOLE or path[:1] in ([name] for name in _PARTS.get(module, ()))
        return allowed and not any(map(_is_bad, path))


def root_of(node: ast.expr) -> str:
    """The name that a chain of attributes, calls and subscripts begins with; "" for any other."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_bad(name: str) -> bool:
    return name.startswith(_FILES) or name in _CHANGES


def _imported(statement: ast.stmt) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The names that an import binds, each with the path of what it means."""
    match statement:
        case ast.Import(names=aliases):
            for alias in aliases:
                path = tuple(alias.name.split("."))
                yield (alias.asname, path) if alias.asname else (path[0], path[:1])
        case ast.ImportFrom(module=str(module), names=aliases, level=0):
            for alias in aliases:
                yield alias.asname or alias.name, (*module.split("."), alias.name)
