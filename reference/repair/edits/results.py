"""What the code around an edit computes with it: equal edits are tried once, useless ones never."""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from dataclasses import dataclass

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.costs import SAME_FORM
from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.implausible import oddities
from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.positions import COMPOUND
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk


@dataclass(frozen=True)
class Result:
    """What the smallest unit of code around an edit is with it."""

    start: int
    form: str
    """The normal form: the same for edits that compute the same."""
    unread: bool
    """Whether an argument or local is read nowhere any more."""


class Results:
    """The results of edits of one definition.

    A unit is a simple statement, a function, or the whole definition: that part of the text alone
    is parsed again for an edit.
    """

    def __init__(self, context: Context, *, plausible: bool) -> None:
        self._context = context
        self._plausible = plausible
        units: list[tuple[int, int, ast.stmt]] = []
        for scope in context.scopes:
            units.append((*context.lines(scope.function, scope.function), scope.function))
            units += [(*context.span(each), each) for each in context.statements(scope)]
        units += [(*context.span(each), each) for each in context.class_statements]
        definition = context.definition
        units.append((*context.lines(definition, definition), definition))
        nested = [unit for unit in units if _is_unit(unit[2], context)]
        self._units = sorted(nested, key=lambda unit: unit[1] - unit[0])
        self._before: dict[int, tuple[str, int, Counter[str]]] = {}
        self._reads: dict[ast.FunctionDef, Counter[str]] = {}

    def of(self, edit: Edit) -> Result | None:
        """The result of an edit; None if it gives no Python, or nothing new."""
        start, end, unit = self._unit(edit)
        text = self._context.text
        tree = _tree(text[start : edit.start] + edit.replacement + text[edit.end : end])
        if tree is None:
            return None
        if id(unit) not in self._before:
            before = _tree(text[start:end]) or ast.Module([], [])
            self._before[id(unit)] = _form(before), oddities(before), _reads(before)
        form, odd, read = self._before[id(unit)]
        after = _form(tree)
        same = after == form and edit.kind not in SAME_FORM
        if same or (self._plausible and oddities(tree) > odd):
            return None
        return Result(start, after, self._leaves_unread(unit, read, tree))

    def _leaves_unread(self, unit: ast.stmt, read: Counter[str], tree: ast.Module) -> bool:
        """Whether a name that a unit read is read neither there nor elsewhere in its function."""
        dropped = set(read) - set(_reads(tree))
        around = {unit, *self._context.ancestors(unit)}
        scope = next((each for each in self._context.scopes if each.function in around), None)
        if scope is None or not dropped:
            return False
        if scope.function not in self._reads:
            self._reads[scope.function] = _reads(scope.function)
        total = self._reads[scope.function]
        is_set = _stores(tree) if unit is scope.function else {*scope.locals}
        return any(total[name] <= read[name] for name in dropped & {*scope.arguments, *is_set})

    def _unit(self, edit: Edit) -> tuple[int, int, ast.stmt]:
        for start, end, unit in self._units:
            # What is inserted behind a statement's end is no part of it.
            behind = edit.start == edit.end == end
            whole = (start, end) == (edit.start, edit.end)
            if start <= edit.start and edit.end <= end and not (behind or whole):
                return start, end, unit
        return self._units[-1]


def _is_unit(node: ast.stmt, context: Context) -> bool:
    functions = [scope.function for scope in context.scopes]
    return not isinstance(node, COMPOUND) or node in (*functions, context.definition)


def _reads(tree: ast.AST) -> Counter[str]:
    """How often each name is read; an entry of an array that is set reads nothing of it."""
    nodes = list(walk(tree))
    set_in = [
        n.value for n in nodes if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store)
    ]
    names = [n for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
    return Counter(name.id for name in names if name not in set_in)


def _stores(tree: ast.AST) -> set[str]:
    names = [node for node in walk(tree) if isinstance(node, ast.Name)]
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _tree(text: str) -> ast.Module | None:
    """The tree of some lines of a file, whatever they are indented by."""
    return parsed(textwrap.dedent(text)) or parsed("if 1:\n" + text)


def _form(tree: ast.Module) -> str:
    body = tree.body
    match body:
        case [ast.If(test=ast.Constant(value=1), body=inner)]:
            body = inner
    return "\n".join(map(simplified, body))
