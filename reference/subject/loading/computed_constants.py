"""Which computed constants a module's layers need: `eps = np.finfo(np.float64).eps`.

A top-level assignment that calls something is run only if a class or function reads its name, and
if it calls nothing but NumPy, `math` and builtins without side effects.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from trigrad.contracts.registry import CONTRACTS
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.definitions import Statement, defines

_PURE_BUILTINS = frozenset(
    (
        *("abs", "bool", "dict", "enumerate", "float", "int", "len", "list", "max", "min"),
        *("object", "property", "range", "round", "set", "str", "sum", "super", "tuple", "zip"),
    )
)

_PURE = frozenset(
    (
        *("collections", "enum", "fractions", "functools", "itertools", "math", "numpy"),
        *("operator", "typing"),
    )
)
"""Modules without side effects."""

_FILE_FUNCTIONS = ("load", "fromfile", "genfromtxt", "memmap", "save")
"""Prefixes of the names of NumPy's functions that read or write files."""

OPERANDS = frozenset(
    {v.name for c in CONTRACTS for v in c.variables} | {"dout", "dx", "dy", "dW", "db"}
)
"""Global names that a layer must not find: `y` instead of `self.y` is a mistake, which a global `y`
of the notebook would hide."""


def needed(statements: Sequence[Statement], wanted: frozenset[str] = frozenset()) -> set[ast.stmt]:
    """The statements that compute constants the definitions read, directly or not.

    `wanted` are names that other modules may import from this one.
    """
    computed: dict[str, list[ast.stmt]] = {}
    known = {*HELPERS, *vars(builtins), *OPERANDS}
    open_names = set(wanted)
    for _, statement in statements:
        if not defines(statement):
            for name in bound_by(statement):
                computed.setdefault(name, []).append(statement)
            continue
        known |= bound_by(statement) - set(computed)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            open_names |= _read_by(statement)
    modules = _modules(statements)
    computing = _with_pure_definitions(
        statements, _imported_functions(statements) | _PURE_BUILTINS, modules
    )
    chosen: set[ast.stmt] = set()
    while open_names := {name for name in open_names if name in computed} - known:
        known |= open_names
        every = [s for name in open_names for s in computed[name]]
        found = [s for s in every if _is_pure(s, computing, modules)]
        chosen.update(found)
        open_names = {name for statement in found for name in _read_by(statement)}
    if any(_mentions(statement, "random") for statement in chosen):
        chosen.update(s for _, s in statements if _is_seed(s))
    return chosen


def bound_by(statement: ast.stmt) -> set[str]:
    """The names that a definition, import or assignment binds."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).partition(".")[0] for alias in names}
        case ast.Assign(targets=targets):
            return {name for target in targets for name in _targets(target)}
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return set(_targets(target))
        case _:
            return set()


def operands_bound_by(statement: ast.stmt) -> set[str]:
    """The names of operands that an assignment binds, which no layer may find."""
    match statement:
        case ast.Assign(value=value) if not isinstance(value, ast.Lambda):
            return bound_by(statement) & OPERANDS
        case ast.AnnAssign() | ast.AugAssign():
            return bound_by(statement) & OPERANDS
        case _:
            return set()


def _targets(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Starred(value=inner):
            yield from _targets(inner)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _targets(element)


def _read_by(node: ast.AST) -> set[str]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    if isinstance(node, ast.AugAssign):
        return {name.id for name in names}  # it reads its target too
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _mentions(statement: ast.stmt, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in ast.walk(statement))


def _is_seed(statement: ast.stmt) -> bool:
    """Whether a statement is `np.random.seed(0)`, on which later random numbers depend."""
    match statement:
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(
                    value=ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"),
                    attr="seed",
                ),
                args=[ast.Constant()],
            )
        ):
            return True
        case _:
            return False


def _with_pure_definitions(
    statements: Sequence[Statement], functions: set[str], modules: frozenset[str]
) -> set[str]:
    """The given functions, and the file's own classes and functions that call only such."""
    pure = set(functions)
    own = {s.name: s for _, s in statements if isinstance(s, ast.ClassDef | ast.FunctionDef)}
    size = -1
    while size != len(pure):
        size = len(pure)
        pure |= {name for name, node in own.items() if _is_pure(node, pure, modules)}
    return pure


def _modules(statements: Sequence[Statement]) -> frozenset[str]:
    """The names under which a file imports modules without side effects."""
    names = {"np", *_PURE}
    for _, statement in statements:
        if isinstance(statement, ast.Import):
            names |= {
                alias.asname
                for alias in statement.names
                if alias.asname and _is_pure_module(alias.name)
            }
    return frozenset(names)


def _imported_functions(statements: Sequence[Statement]) -> set[str]:
    """The functions that a file imports from those modules: `from math import sqrt`."""
    return {
        alias.asname or alias.name
        for _, statement in statements
        if isinstance(statement, ast.ImportFrom) and _is_pure_module(statement.module or "")
        for alias in statement.names
        if not alias.name.startswith(_FILE_FUNCTIONS)
    }


def _is_pure_module(module: str) -> bool:
    return module.partition(".")[0] in _PURE


def _is_pure(statement: ast.stmt, functions: set[str], modules: frozenset[str]) -> bool:
    """Whether a statement calls nothing but functions without side effects."""
    calls = (n for n in ast.walk(statement) if isinstance(n, ast.Call))
    return all(_is_pure_call(call.func, functions, modules) for call in calls)


def _is_pure_call(function: ast.expr, functions: set[str], modules: frozenset[str]) -> bool:
    if isinstance(function, ast.Name):
        return function.id in functions
    if not isinstance(function, ast.Attribute) or function.attr.startswith(_FILE_FUNCTIONS):
        return False
    root: ast.expr = function
    while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
        root = root.func if isinstance(root, ast.Call) else root.value
    return isinstance(root, ast.Name) and root.id in modules
