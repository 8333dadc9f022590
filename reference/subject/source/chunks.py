"""Split a file into its chunks of Python: a module, a notebook's cells, a page's code blocks."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

from trigrad.subject.source.decoding import decode, decode_python, valid
from trigrad.subject.source.magics import without_magics
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, UnreadableError, lines_of

CODE_SUFFIXES = (".py", ".ipynb", ".md", ".markdown")

# The language named by a fenced block: python, {python}, {.python .numberLines}, python:layers.py.
_PYTHON = re.compile(r"[{]?[.]?(i?python3?|py3?)(?![\w+#-])", re.I)

_DEFINES = re.compile(r"^(?:class|def)\s+\w", re.MULTILINE)

_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)(?: |$)(.*)")


_LARGEST = 10_000_000
"""Limit for the characters of all blocks of a page. Each block has as many empty lines before it as
the page has lines, so their total grows with the square of the page."""


def chunks_of(data: bytes, suffix: str, shown: str) -> tuple[Chunk, ...]:
    """The Python in one file; `shown` is its name in messages.

    Raises:
        UnreadableError: it cannot be decoded, or it is not a notebook.
    """
    match suffix.lower():
        case ".ipynb":
            return _notebook(data, shown)
        case ".md" | ".markdown":
            return _markdown(decode(data, shown), shown)
        case _:
            return (Chunk(decode_python(data, shown), shown),)


def _notebook(data: bytes, shown: str) -> tuple[Chunk, ...]:
    text = decode(data, shown)
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            f"{shown} is not a notebook: it is not JSON ({error}); save it again from Jupyter"
        ) from error
    if not isinstance(parsed, dict) or "nbformat" not in parsed:
        raise UnreadableError(f"{shown} is JSON, but not a notebook: it has no nbformat")
    import nbformat  # takes a tenth of a second: only for notebooks

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a cell without an id, say
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # theirs
        cells = [c for c in notebook.cells if c.cell_type == "code"]
        sources = [valid(str(cell.source)) for cell in cells]
    except Exception as error:  # nbformat may raise anything
        raise UnreadableError(f"{shown} is a damaged notebook: {error!r}") from error
    language = _language(notebook.metadata)
    if "python" not in language.lower():
        raise UnreadableError(f"{shown} is a notebook in {language}, not in Python")
    return tuple(
        Chunk(without_magics(source), shown, number) for number, source in enumerate(sources, 1)
    )


def _language(metadata: Any) -> str:
    """The language in a notebook's metadata; Python if there is none, as in most notebooks."""
    for section, field in (("language_info", "name"), ("kernelspec", "language")):
        inner = metadata.get(section) if isinstance(metadata, dict) else None
        said = inner.get(field) if isinstance(inner, dict) else None
        if isinstance(said, str) and said:
            return said
    return "Python"


def _markdown(text: str, shown: str) -> tuple[Chunk, ...]:
    from markdown_it import MarkdownIt

    chunks: list[Chunk] = []
    size = 0
    # Inline text is not parsed: unclosed brackets in it take quadratic time.
    for token in MarkdownIt("commonmark").disable(["inline", "text_join"]).parse(text):
        if token.type != "fence" or token.map is None or not _is_python(token.info, token.content):
            continue
        content = token.content.replace("\N{NO-BREAK SPACE}", " ")  # copied from web pages
        before = token.map[0] + 1  # the fence's own line is not code
        python = "\n" * before + without_magics(_without_prompts(content))
        if (size := size + len(python)) > _LARGEST:
            raise UnreadableError(f"{shown} has too many blocks of Python: {len(chunks)} so far")
        chunks.append(Chunk(python, shown, block=len(chunks) + 1))
    return tuple(chunks)


def _is_python(info: str, content: str) -> bool:
    """Whether a fenced block is Python: by its language, or by a definition that parses."""
    if info.strip():
        return _PYTHON.match(info.strip()) is not None
    return _DEFINES.search(content) is not None and parsed(without_magics(content)) is not None


def _without_prompts(text: str) -> str:
    """The input of an interactive session, without prompts and output; other text as it is."""
    lines = lines_of(text)
    if not next((line for line in lines if line.strip()), "").lstrip().startswith(">>>"):
        return text
    inputs = (_PROMPT.match(line) for line in lines)
    return "\n".join(found[1] if found else "" for found in inputs)
