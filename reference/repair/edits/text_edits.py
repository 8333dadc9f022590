"""Edits of a definition's text: an expression replaced, two exchanged, lines inserted."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from trigrad.repair.edits.edit import Edit
from trigrad.repair.edits.expression import ATOM, Fragment, demanded, rank_of
from trigrad.repair.edits.positions import Positions
from trigrad.subject.source.walking import walk


class TextEdits(Positions):
    """Makes edits of one definition, in the style of the text around them."""

    def spaced(self, node: ast.AST) -> bool:
        """Whether the statement around a node has blanks around its operators."""
        statement = self.statement(node)
        for at in walk(statement):
            if isinstance(at, ast.BinOp) and hasattr(at, "lineno"):
                return self.text[self.outer(at.left)[1] :][:1].isspace()
        if isinstance(statement, ast.Assign):
            return self.text[self.outer(statement.targets[-1])[1] :][:1].isspace()
        return True

    def fragment(self, node: ast.expr) -> Fragment:
        """An expression's own text, to be put elsewhere; its brackets stay with it."""
        if self.brackets(node) and rank_of(node) < ATOM:
            return Fragment(self.whole(node))
        if isinstance(node, ast.Tuple) and not self.source(node).startswith("("):
            return Fragment(self.source(node), 0)
        return Fragment(self.source(node), rank_of(node))

    def replaced(self, node: ast.expr, new: Fragment | str, kind: str) -> Edit:
        """The edit that puts a fragment in the place of an expression."""
        fragment = Fragment(new) if isinstance(new, str) else new
        start, end = self.span(node)
        text = fragment.text
        if not self.brackets(node):
            text = fragment.at_least(demanded(self.parent(node), node))
        elif fragment.rank >= ATOM:
            start, end = self.outer(node)
        return Edit(start, end, text, kind)

    def renamed(self, node: ast.expr, old: str, new: str, kind: str) -> Edit:
        """The edit that exchanges the name at the end of an expression."""
        end = self.span(node)[1]
        return Edit(end - len(old), end, new, kind)

    def swapped(self, one: ast.expr, other: ast.expr, kind: str) -> Edit:
        """The edit that exchanges two expressions, the first of which stands in front."""
        (start, middle), (after, end) = self.outer(one), self.outer(other)
        text = self.text
        return Edit(start, end, text[after:end] + text[middle:after] + text[start:middle], kind)

    def between(self, one: ast.expr, other: ast.expr, old: str, new: str, kind: str) -> Edit | None:
        """The edit that exchanges the sign between two expressions; None if it is not found."""
        start, end = self.outer(one)[1], self.outer(other)[0]
        there = self.text[start:end]
        if there.count(old) != 1 or "#" in there:
            return None
        at = start + there.index(old)
        return Edit(at, at + len(old), new, kind)

    def line_before(self, statement: ast.stmt, lines: str, kind: str) -> Iterator[Edit]:
        """The edit that inserts lines in front of a statement, if that begins a line."""
        yield from self._inserted(statement, self.lines(statement, statement)[0], lines, kind)

    def line_after(self, statement: ast.stmt, lines: str, kind: str) -> Iterator[Edit]:
        """The edit that inserts lines behind a statement; in front of it if it is a `return`."""
        start, end = self.lines(statement, statement)
        at = start if isinstance(statement, ast.Return) else end
        yield from self._inserted(statement, at, lines, kind)

    def _inserted(self, statement: ast.stmt, at: int, lines: str, kind: str) -> Iterator[Edit]:
        indent = self.indentation(statement)
        if indent is None or not self.owns_lines(statement):
            return
        text = textwrap.indent(lines, indent)
        ends = not at or self.text[:at].endswith("\n")
        yield Edit(at, at, f"{text}\n" if ends else f"\n{text}", kind)
