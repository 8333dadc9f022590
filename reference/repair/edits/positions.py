"""Where the nodes of a definition stand in its text, and what is bracketed there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeAlias

from trigrad.subject.source.walking import walk

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef

COMPOUND = (
    ast.If,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
    ast.FunctionDef,
    ast.ClassDef,
    ast.AsyncFunctionDef,
    ast.AsyncFor,
    ast.AsyncWith,
)


class Positions:
    """The nodes of one definition and their characters in the whole text."""

    def __init__(self, text: str, definition: Definition) -> None:
        self.text = text
        self.definition = definition
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._parents: dict[ast.AST, ast.AST] = {}
        for node in walk(definition):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node

    def offset(self, line: int, column: int) -> int:
        """The character at a line (from 1) and a column in bytes of UTF-8, as `ast` counts."""
        content = self._lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """From which character to which a node goes, brackets around it left out."""
        start = self.offset(node.lineno, node.col_offset)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return start, self.offset(node.end_lineno, node.end_col_offset)

    def source(self, node: ast.expr | ast.stmt | ast.keyword) -> str:
        """A node's text, brackets around it left out."""
        start, end = self.span(node)
        return self.text[start:end]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node that a node is part of; None for the definition."""
        return self._parents.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes that a node is part of, the nearest first."""
        at = self._parents.get(node)
        while at is not None:
            yield at
            at = self._parents.get(at)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The statement that a node is, or is part of."""
        for at in (node, *self.ancestors(node)):
            if isinstance(at, ast.stmt):
                return at
        raise ValueError("a node of another definition")

    def brackets(self, node: ast.expr) -> int:
        """How many pairs of brackets stand around an expression, those of a call not counted."""
        return len(self._pairs(node))

    def outer(self, node: ast.expr) -> tuple[int, int]:
        """From which character to which an expression goes with its brackets."""
        pairs = self._pairs(node)
        return pairs[-1] if pairs else self.span(node)

    def whole(self, node: ast.expr) -> str:
        """An expression's text with its brackets."""
        start, end = self.outer(node)
        return self.text[start:end]

    def _pairs(self, node: ast.expr) -> list[tuple[int, int]]:
        start, end = self.span(node)
        low, high = self._bounds(node)
        pairs: list[tuple[int, int]] = []
        while True:
            left, right = start - 1, end
            while left >= low and self.text[left].isspace():
                left -= 1
            while right < high and self.text[right].isspace():
                right += 1
            if left < low or right >= high or self.text[left] + self.text[right] != "()":
                break
            start, end = left, right + 1
            pairs.append((start, end))
        owner = self.parent(node)
        of_call = isinstance(owner, ast.Call) and owner.func is not node
        if pairs and of_call and isinstance(owner, ast.Call) and end == self.span(owner)[1]:
            pairs.pop()
        return pairs

    def _bounds(self, node: ast.expr) -> tuple[int, int]:
        for at in self.ancestors(node):
            if isinstance(at, ast.expr | ast.stmt):
                return self.span(at)
        return self.span(node)

    def indentation(self, statement: ast.stmt) -> str | None:
        """The white space before a statement; None where something else stands there."""
        start = self.span(statement)[0]
        before = self.text[self._starts[first_line(statement) - 1] : start]
        return before if not before.strip() else None

    def lines(self, first: ast.stmt, last: ast.stmt) -> tuple[int, int]:
        """The whole lines from one statement to another, with the end of the last line."""
        assert last.end_lineno is not None
        end = min(self._starts[last.end_lineno], len(self.text))
        return self._starts[first_line(first) - 1], end

    def owns_lines(self, statement: ast.stmt) -> bool:
        """Whether nothing but a comment shares a statement's lines with it."""
        if self.indentation(statement) is None or statement.end_lineno is None:
            return False
        rest = self.text[self.span(statement)[1] : self._starts[statement.end_lineno] - 1].strip()
        return not rest or rest.startswith("#")


def first_line(statement: ast.stmt) -> int:
    """The line at which a statement starts, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])
