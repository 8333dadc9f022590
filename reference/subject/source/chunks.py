"""Split a file into its chunks of Python: a module, a notebook's cells, a page's code blocks."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

from trigrad.messages import Message
from trigrad.subject.source.decoding import decode, decode_python, valid
from trigrad.subject.source.magics import without_magics
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.reading_limits import refuse_if_full, refuse_if_long
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
        UnreadableError: it cannot be decoded, it is too long, or it is not a notebook.
    """
    match suffix.lower():
        case ".ipynb":
            return _notebook(data, shown)
        case ".md" | ".markdown":
            return _markdown(decode(data, shown), shown)
        case _:
            text = decode_python(data, shown)
            refuse_if_long([text], shown)
            return (Chunk(text, shown),)


def _notebook(data: bytes, shown: str) -> tuple[Chunk, ...]:
    text = decode(data, shown)
    refuse_if_full(data, shown)
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(
            str(Message("notebook.no_json", file=str(shown), error=str(error)))
        ) from error
    if not isinstance(parsed, dict) or "nbformat" not in parsed:
        raise UnreadableError(str(Message("notebook.no_format", file=str(shown))))
    import nbformat  # takes a tenth of a second: only for notebooks

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a cell without an id, say
            read: Any = nbformat.reads  # has no types
            notebook = read(json.dumps(_without_outputs(parsed)), as_version=4)
        cells = [c for c in notebook.cells if c.cell_type == "code"]
        sources = [valid(str(cell.source)) for cell in cells]
    except Exception as error:  # nbformat may raise anything
        raise UnreadableError(
            str(Message("notebook.damaged", file=str(shown), error=repr(error)))
        ) from error
    language = _language(notebook.metadata)
    if "python" not in language.lower():
        raise UnreadableError(str(Message("notebook.language", file=str(shown), language=language)))
    refuse_if_long(sources, shown)
    return tuple(
        Chunk(without_magics(source), shown, number) for number, source in enumerate(sources, 1)
    )


def _without_outputs(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook without what its cells have printed, which takes seconds to be validated.

    Before version 4 the cells were in worksheets.
    """
    sheets = notebook.get("worksheets")
    for sheet in [notebook, *(sheets if isinstance(sheets, list) else ())]:
        cells = sheet.get("cells") if isinstance(sheet, dict) else None
        for cell in cells if isinstance(cells, list) else ():
            if isinstance(cell, dict) and "outputs" in cell:
                cell["outputs"] = []
    return notebook


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
    tokens = MarkdownIt("commonmark").disable(["inline", "text_join"]).parse(text)
    fences = [token for token in tokens if token.type == "fence" and token.map is not None]
    refuse_if_long([token.content for token in fences], shown)
    for token in fences:
        if token.map is None or not _is_python(token.info, token.content):
            continue
        content = token.content.replace("\N{NO-BREAK SPACE}", " ")  # copied from web pages
        before = token.map[0] + 1  # the fence's own line is not code
        python = "\n" * before + without_magics(_without_prompts(content))
        if (size := size + len(python)) > _LARGEST:
            raise UnreadableError(str(Message("markdown.many", file=str(shown), count=len(chunks))))
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
