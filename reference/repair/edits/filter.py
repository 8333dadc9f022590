"""Which edits are worth a trial, and how natural the code is that each of them gives."""

from __future__ import annotations

import ast
import math
import textwrap
from dataclasses import replace

from trigrad.repair.edits.context import Context
from trigrad.repair.edits.edit import MOVED, Edit
from trigrad.repair.edits.naturalness import Oddness
from trigrad.repair.edits.normal_form import simplified
from trigrad.repair.edits.positions import COMPOUND
from trigrad.subject.source.parsing import parsed

DEAREST = 3.2
"""What costs more, nobody means."""
_LOW = 0.3


class Sieve:
    """Compares what edits give with what was there, one statement or function at a time."""

    def __init__(self, context: Context, dearest: float = DEAREST) -> None:
        """`dearest` is what an edit may cost, the oddness of what it gives included."""
        self._ground = context
        self._dearest = dearest
        self._oddness = Oddness(context)
        self._units = self._all_units()
        self._forms: dict[ast.stmt, str] = {}

    def at_least(self, edit: Edit) -> float:
        """A bound on the cost that an edit will have: it takes away all oddness at most."""
        moved = edit.kind == MOVED
        return _positive(edit.cost - self._oddness.at_most(self._unit(edit)[0], moved=moved))

    def judged(self, edit: Edit) -> tuple[str, Edit] | None:
        """What the code after an edit computes (a key), and the edit with its final cost.

        None where that is no Python, or nothing new.
        """
        unit, start, end = self._unit(edit)
        text = self._ground.text
        after = text[start : edit.start] + edit.replacement + text[edit.end : end]
        tree = _tree(after)
        if tree is None:
            return None
        if unit not in self._forms:
            before = _tree(text[start:end])
            self._forms[unit] = _form(before) if before else ""
        form = _form(tree)
        if form == self._forms[unit]:
            return None
        cost = edit.cost + self._oddness.of(tree, unit)
        if cost > self._dearest:
            return None
        return f"{start} {form}", replace(edit, cost=round(_positive(cost), 4))

    def _all_units(self) -> list[tuple[int, int, ast.stmt]]:
        """Simple statements and functions, with the characters they have, the smallest first."""
        layout = self._ground.layout
        found: list[tuple[int, int, ast.stmt]] = []
        for scope in self._ground.shared.scopes:
            for statement in self._ground.statements(scope):
                if not isinstance(statement, COMPOUND):
                    found.append((*layout.span(statement), statement))
            found.append((*layout.lines(scope.function, scope.function), scope.function))
        for each in self._ground.class_statements:
            found.append((*layout.span(each), each))
        definition = self._ground.definition
        found.append((*layout.lines(definition, definition), definition))
        return sorted(found, key=lambda unit: unit[1] - unit[0])

    def _unit(self, edit: Edit) -> tuple[ast.stmt, int, int]:
        for start, end, statement in self._units:
            # What is put in behind a statement's end is no part of it.
            behind = edit.start == edit.end == end
            whole = (start, end) == (edit.start, edit.end)
            if start <= edit.start and edit.end <= end and not (behind or whole):
                return statement, start, end
        start, end, statement = self._units[-1]
        return statement, start, end


def _positive(cost: float) -> float:
    """A cost above zero, in the same order: odd code makes the way out of it cheap."""
    return cost if cost >= _LOW else _LOW * math.exp(cost / _LOW - 1)


def _tree(text: str) -> ast.Module | None:
    return parsed(textwrap.dedent(text)) or parsed("if 1:\n" + text)


def _form(tree: ast.Module) -> str:
    body = tree.body
    if len(body) == 1 and isinstance(body[0], ast.If) and _is_one(body[0].test):
        body = body[0].body
    return "\n".join(map(simplified, body))


def _is_one(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and test.value == 1
