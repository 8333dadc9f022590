"""Which computed constants a module's layers need: `eps = np.finfo(np.float64).eps`.

What a statement computes at the top of a file is not run, unless a class or function reads the
name and the computation is one that only computes: calls of NumPy, `math` and plain builtins.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from reference.contracts import CONTRACTS
from reference.subject.definitions import Statement, defines
from reference.subject.supplied import HELPERS

_COMPUTING = frozenset(
    (
        *("abs", "bool", "dict", "float", "int", "len", "list", "max"),
        *("min", "range", "round", "set", "str", "sum", "tuple"),
    )
)

_READING = ("load", "fromfile", "genfromtxt", "memmap", "save")
"""Beginnings of the names of NumPy's functions that touch files."""

OPERANDS = frozenset(
    {v.name for c in CONTRACTS for v in c.variables} | {"dout", "dx", "dy", "dW", "db"}
)
"""Names that a layer must not find at the top of its file: `y` for `self.y` is a mistake, and a
notebook that happens to hold a `y` only hides it."""


def needed(statements: Sequence[Statement]) -> set[ast.stmt]:
    """The assignments that the definitions need; what those read in their turn is needed too."""
    computed: dict[str, list[ast.stmt]] = {}
    known = {*HELPERS, *vars(builtins), *OPERANDS}
    open_names: set[str] = set()
    for _, statement in statements:
        if not defines(statement):
            computed.setdefault(name_of(statement), []).append(statement)
            continue
        known |= bound_by(statement)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            open_names |= _read_by(statement)
    chosen: set[ast.stmt] = set()
    while open_names := {name for name in open_names if name in computed} - known:
        known |= open_names
        found = [s for name in open_names for s in computed[name] if _computes(s)]
        chosen.update(found)
        open_names = {name for statement in found for name in _read_by(statement)}
    return chosen


def bound_by(statement: ast.stmt) -> set[str]:
    """The names that a definition, import or assignment binds."""
    match statement:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).partition(".")[0] for alias in names}
        case _:
            return {name_of(statement)}


def name_of(statement: ast.stmt) -> str:
    """The name that an assignment binds; empty for any other statement."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def _read_by(node: ast.AST) -> set[str]:
    names = (n for n in ast.walk(node) if isinstance(n, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _computes(statement: ast.stmt) -> bool:
    """Whether all that a statement calls is NumPy, math or a plain builtin."""
    calls = (n for n in ast.walk(statement) if isinstance(n, ast.Call))
    return all(_is_computation(call.func) for call in calls)


def _is_computation(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _COMPUTING
    if not isinstance(function, ast.Attribute) or function.attr.startswith(_READING):
        return False
    root: ast.expr = function
    while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
        root = root.func if isinstance(root, ast.Call) else root.value
    return isinstance(root, ast.Name) and root.id in ("np", "numpy", "math")
