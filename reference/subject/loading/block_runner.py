"""Run the definitions in top-level `if`, `with` and `try` blocks."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from trigrad.subject.loading.computed_constants import bound_by
from trigrad.subject.loading.placeholders import while_loading
from trigrad.subject.loading.silence import silent
from trigrad.subject.source.blocks import calls_nothing, is_main_guard, leaves
from trigrad.subject.source.text import Chunk

RunLeaf = Callable[[Chunk, ast.stmt, bool], None]
"""Runs a statement that is no block; its last argument tells whether errors are raised."""

NoteError = Callable[[Chunk, ast.stmt, BaseException], None]
"""Notes what a block raised."""


@dataclass
class BlockRunner:
    """Chooses the branches of a module's blocks as Python does, where `may_evaluate` allows it.

    Where a condition cannot be evaluated, both branches are run, and the first definition of a
    name counts.
    """

    live: ModuleType
    run_leaf: RunLeaf
    note_error: NoteError
    may_evaluate: Callable[[ast.expr], bool] = calls_nothing

    def run(self, chunk: Chunk, body: Iterable[ast.stmt], *, strict: bool = False) -> None:
        """Run the statements of a block; if `strict`, what they raise is raised."""
        for statement in body:
            match statement:
                case ast.If():
                    self._if(chunk, statement, strict)
                case ast.With(body=inner) | ast.AsyncWith(body=inner):
                    # The context manager itself is not run.
                    self.run(chunk, inner, strict=strict)
                case ast.Try() | ast.TryStar():
                    self._try(chunk, statement, strict)
                case _:
                    self.run_leaf(chunk, statement, strict)

    def _if(self, chunk: Chunk, statement: ast.If, strict: bool) -> None:
        if is_main_guard(statement):
            self.run(chunk, statement.orelse, strict=strict)
            return
        try:
            holds = bool(self._value(chunk, statement.test))
        except Exception:  # noqa: BLE001 - it calls something, or a name in it is not defined
            self._both_branches(chunk, statement, strict)
        else:
            self.run(chunk, statement.body if holds else statement.orelse, strict=strict)

    def _both_branches(self, chunk: Chunk, statement: ast.If, strict: bool) -> None:
        """Run the first branch, and of the other one what binds further names."""
        if not statement.orelse:
            self.run(chunk, statement.body, strict=strict)
            return
        try:
            self.run(chunk, statement.body, strict=True)
        except ImportError:
            pass  # the other branch may have another import
        except Exception as error:  # noqa: BLE001 - the learner's code may raise anything
            self.note_error(chunk, statement, error)
        there = set(vars(self.live))
        for other in statement.orelse:
            if any(not bound_by(leaf) <= there for leaf in leaves([other])):
                self.run(chunk, [other], strict=strict)

    def _try(self, chunk: Chunk, statement: ast.Try | ast.TryStar, strict: bool) -> None:
        """Run a `try` statement, with the handler that catches what its body raises."""
        try:
            self.run(chunk, statement.body, strict=True)
        except Exception as error:
            handler = next((h for h in statement.handlers if self._catches(chunk, h, error)), None)
            if handler is not None:
                self.run(chunk, handler.body, strict=strict)
            elif strict:
                raise
            else:
                self.note_error(chunk, statement, error)
        else:
            self.run(chunk, statement.orelse, strict=strict)
        self.run(chunk, statement.finalbody, strict=strict)

    def _value(self, chunk: Chunk, expression: ast.expr) -> Any:
        """The value of a condition that has no side effects.

        Raises:
            ValueError: it may have some; or whatever it raises.
        """
        if not self.may_evaluate(expression):
            raise ValueError("the condition may have side effects")
        with silent(), while_loading(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = compile(ast.Expression(expression), chunk.label, "eval", dont_inherit=True)
            return eval(code, vars(self.live))

    def _catches(self, chunk: Chunk, handler: ast.ExceptHandler, error: Exception) -> bool:
        if handler.type is None:
            return True
        try:
            return isinstance(error, self._value(chunk, handler.type))
        except Exception:  # noqa: BLE001 - the exception's class is not defined
            return False
