"""One file of any kind → its chunks: the Python in a module, a notebook, a Markdown page."""

from __future__ import annotations

import json
import warnings

from reference.subject.decoding import decode, decode_python, valid
from reference.subject.magics import without_magics
from reference.subject.text import Chunk, UnreadableError

CODE_SUFFIXES = (".py", ".ipynb", ".md", ".markdown")


def chunks_of(data: bytes, suffix: str, shown: str) -> tuple[Chunk, ...]:
    """The Python of one file, whatever its kind; `shown` is its name in messages.

    Raises:
        UnreadableError: it cannot be decoded, or is no notebook.
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
            f"{shown} is no notebook: it is not JSON ({error}); save it again from Jupyter"
        ) from error
    if not isinstance(parsed, dict) or "nbformat" not in parsed:
        raise UnreadableError(f"{shown} is JSON, but no notebook: it has no nbformat")
    import nbformat  # takes a tenth of a second: only for notebooks

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a cell without an id, say
            notebook = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]  # theirs
        cells = [c for c in notebook.cells if c.cell_type == "code"]
        sources = [valid(str(cell.source)) for cell in cells]
    except Exception as error:  # nbformat raises whatever it stumbles on
        raise UnreadableError(f"{shown} is a damaged notebook: {error!r}") from error
    return tuple(
        Chunk(without_magics(source), shown, number) for number, source in enumerate(sources, 1)
    )


def _markdown(text: str, shown: str) -> tuple[Chunk, ...]:
    from markdown_it import MarkdownIt

    chunks: list[Chunk] = []
    for token in MarkdownIt("commonmark").parse(text):
        language = token.info.split()[0].lower().strip("{}.") if token.info.split() else ""
        language = language.split(":")[0].split(",")[0]
        if token.type == "fence" and language in {"python", "py", "python3", "ipython"}:
            assert token.map is not None, "a fence has a place"
            before = token.map[0] + 1  # the fence's own line is not code
            text = "\n" * before + without_magics(token.content)
            chunks.append(Chunk(text, shown, block=len(chunks) + 1))
    return tuple(chunks)
