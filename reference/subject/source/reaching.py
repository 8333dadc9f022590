"""What the text of a definition reaches: the statements of its file that it names, and theirs.

Names are compared as words, wherever they stand: in code, in a string, in a comment such as a
declaration. So more is reached than can matter, and nothing that can is left out.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from trigrad.subject.source.definitions import ClassOrFunction, first_line
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, Module, lines_of
from trigrad.subject.source.walking import walk

_WORD = re.compile(r"[^\W\d]\w*")

_ANYWHERE = frozenset({"setattr", "exec", "eval", "globals", "vars", "__dict__", "__builtins__"})
"""What may change or read names that the text does not have as words."""


@dataclass(frozen=True)
class Piece:
    """A statement that is reached: where it is, without its text."""

    file: str
    cell: int | None
    first: int
    last: int


@dataclass(frozen=True)
class Reach:
    """A digest of all that is reached, which knows no line numbers, and where it is."""

    digest: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class _Statement:
    piece: Piece
    text: str
    words: frozenset[str]
    binds: frozenset[str]
    always: bool


def reach_of(
    modules: Sequence[Module], label: str, places: Sequence[tuple[str, int]]
) -> Reach | None:
    """What the definitions at these places reach; None if one of them is not found.

    `label` is that of their chunk. Of the modules that its module imports, all is reached.
    """
    home = next((m for m in modules if any(c.label == label for c in m.chunks)), None)
    if home is None or not places:
        return None
    statements: list[_Statement] = []
    begun: list[int] = []
    for chunk in home.chunks:
        lines = [line for place, line in places if place == chunk.label]
        for statement in _statements(chunk):
            piece = statement.piece
            if any(piece.first <= line <= piece.last for line in lines):
                begun.append(len(statements))
            statements.append(statement)
    if not begun:
        return None
    digest = hashlib.sha256()
    for module in modules:
        if module is not home:
            for chunk in module.chunks:
                digest.update(f"{module.key}\0{chunk.text}\0".encode(errors="replace"))
    reached = sorted(_closed(statements, begun))
    for number in reached:
        # Which of them are the definitions themselves is a part of what is asked.
        own = number in begun
        digest.update(f"{home.key}\0{own}\0{statements[number].text}\0".encode(errors="replace"))
    return Reach(digest.hexdigest(), tuple(statements[number].piece for number in reached))


def _closed(statements: Sequence[_Statement], begun: Sequence[int]) -> set[int]:
    """The numbers of these statements, and of all that bind what they name."""
    reached = {*begun, *(n for n, each in enumerate(statements) if each.always)}
    names = {word for number in begun for word in statements[number].words}
    grows = True
    while grows:
        grows = False
        for number, each in enumerate(statements):
            if number not in reached and not names.isdisjoint(each.binds):
                reached.add(number)
                names |= each.words
                grows = True
    return reached


@lru_cache(maxsize=256)
def _statements(chunk: Chunk) -> tuple[_Statement, ...]:
    return tuple(_statements_of(chunk))


def _statements_of(chunk: Chunk) -> Iterator[_Statement]:
    tree = parsed(chunk.text)
    lines = lines_of(chunk.text)
    if tree is None:
        words = frozenset(_WORD.findall(chunk.text))
        piece = Piece(chunk.file, chunk.cell, 1, len(lines))
        yield _Statement(piece, chunk.text, words, frozenset(), always=True)
        return
    after = 0
    for node in tree.body:
        begin = first_line(node) if isinstance(node, ClassOrFunction) else node.lineno
        last = node.end_lineno or node.lineno
        imports = isinstance(node, ast.Import | ast.ImportFrom)
        first = begin if imports else _with_comments(lines, after, begin)
        text = "\n".join(lines[first - 1 : last])
        words = frozenset(_WORD.findall(text))
        hidden = not isinstance(node, ClassOrFunction) and not words.isdisjoint(_ANYWHERE)
        piece = Piece(chunk.file, chunk.cell, first, last)
        yield _Statement(piece, text, words, frozenset(_bound(node)), always=imports or hidden)
        after = last


def _with_comments(lines: Sequence[str], after: int, begin: int) -> int:
    """The first line of the comments above a statement, which may declare something."""
    above = range(after + 1, begin)
    comments = (number for number in above if lines[number - 1].strip().startswith("#"))
    return next(comments, begin)


def _bound(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement binds, and those of what it stores into."""
    if isinstance(statement, ClassOrFunction):
        yield statement.name
        return
    for node in walk(statement):
        if isinstance(node, ClassOrFunction):
            yield node.name
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).split(".")[0]
        elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not isinstance(
            node.ctx, ast.Load
        ):
            root: ast.expr = node
            while isinstance(root, ast.Attribute | ast.Subscript):
                root = root.value
            if isinstance(root, ast.Name):
                yield root.id
