"""Which computed constants a module's layers need: `eps = np.finfo(np.float64).eps`.

A top-level assignment that calls something is run only if a class, a function or a condition reads
its name, and if it calls nothing that has side effects. So is a call of its methods.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from trigrad.contracts.registry import CONTRACTS
from trigrad.subject.loading.harmless_calls import HarmlessCalls, root_of
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.source.definitions import Statement, defines
from trigrad.subject.source.walking import walk

OPERANDS = frozenset(
    {v.name for c in CONTRACTS for v in c.variables} | {"dout", "dx", "dy", "dW", "db"}
)
"""Global names that a layer must not find: `y` instead of `self.y` is a mistake, which a global `y`
of the notebook would hide."""


def needed(
    statements: Sequence[Statement], wanted: frozenset[str] = frozenset()
) -> tuple[set[ast.stmt], HarmlessCalls]:
    """The statements that compute constants the definitions read, directly or not.

    `wanted` are names that conditions read, or that other modules may import from this one. The
    second result tells what else calls nothing that has side effects.
    """
    computed: dict[str, list[ast.stmt]] = {}
    known = {*HELPERS, *vars(builtins), *OPERANDS}
    open_names = set(wanted)
    for _, statement in statements:
        if not defines(statement):
            for name in bound_by(statement) | _changed_by(statement):
                computed.setdefault(name, []).append(statement)
            continue
        known |= bound_by(statement) - set(computed)
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            open_names |= _read_by(statement)
    harmless = HarmlessCalls(statements, frozenset(computed))
    chosen: set[ast.stmt] = set()
    while open_names := {name for name in open_names if name in computed} - known:
        known |= open_names
        every = [s for name in open_names for s in computed[name]]
        found = [s for s in every if harmless.only(s)]
        chosen.update(found)
        open_names = {name for statement in found for name in _read_by(statement)}
    if any(_mentions(statement, "random") for statement in chosen):
        chosen.update(s for _, s in statements if _is_seed(s))
    return chosen, harmless


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


def _changed_by(statement: ast.stmt) -> set[str]:
    """The name whose method a statement calls: `parser.add_argument("--eps")`."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute() as function)):
            return {root_of(function)} - {""}
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
    names = (n for n in walk(node) if isinstance(n, ast.Name))
    if isinstance(node, ast.AugAssign):
        return {name.id for name in names}  # it reads its target too
    return {name.id for name in names if isinstance(name.ctx, ast.Load)}


def _mentions(statement: ast.stmt, attribute: str) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr == attribute for n in walk(statement))


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
