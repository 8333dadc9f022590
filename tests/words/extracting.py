"""The English templates of the catalogue, as gettext wants to have them."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

import typer
from babel.messages.catalog import Message

import trigrad
from trigrad.catalogue.catalogue import Template
from trigrad.catalogue.english import ENGLISH
from trigrad.commands.app import app
from trigrad.commands.help_texts import help_texts

PACKAGE = Path(trigrad.__file__).parent


def entry_of(key: str, template: Template, notes: list[str]) -> Message:
    """An entry without a translation: the key is its context, the English text the message."""
    texts = template if isinstance(template, str) else (template["one"], template["other"])
    entry = Message(texts, context=key, auto_comments=notes)
    entry.flags = set() if "{" not in str(texts) else {"python-brace-format"}
    return entry


def entries() -> Iterator[Message]:
    """Every template, in the order in which it stands in its module, with what helps to say it.

    After them comes the help of the commands, whose English is in the commands.
    """
    notes = dict(_notes())
    for key, template in ENGLISH.templates.items():
        yield entry_of(key, template, notes.get(key, []))
    for key, text in help_texts(typer.main.get_command(app)):
        yield entry_of(key, text, ["the help of the commands"])


def _notes() -> Iterator[tuple[str, list[str]]]:
    """For each key, what its module is about, and the comment that stands above it."""
    for path in sorted((PACKAGE / "catalogue" / "sentences").glob("*.py")):
        source = path.read_text("utf-8")
        tree = ast.parse(source)
        about = (ast.get_docstring(tree) or "").splitlines()[0].partition(": ")[2].rstrip(".")
        comments = list(_comments(source))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Dict):
                continue
            for key in node.keys:
                if isinstance(key, ast.Constant) and key.value in ENGLISH.templates:
                    above = [text for line, text in comments if line < key.lineno]
                    yield key.value, [text for text in (about, *above[-1:]) if text]


def _comments(source: str) -> Iterator[tuple[int, str]]:
    """The comments that have lines of their own; several lines that follow are one."""
    found: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip():
            text = token.string.lstrip("# ")
            if found and found[-1][0] == token.start[0] - 1:
                text = f"{found.pop()[1]} {text}"
            found.append((token.start[0], text))
    yield from found
