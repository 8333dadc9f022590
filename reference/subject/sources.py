"""A file, notebook, Markdown page or folder → Python chunks that know where they came from.

Nothing is run here. A chunk keeps its lines where they were, so that a line number in it is a
line number in the learner's own cell or file.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import re
import tokenize
import warnings
from dataclasses import dataclass, field
from pathlib import Path

CODE_SUFFIXES = (".py", ".ipynb", ".md", ".markdown")

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "dist"}

# Cell magics whose cell is still Python; any other makes the cell something else's.
_PYTHON_CELL_MAGICS = {"time", "timeit", "capture", "prun", "debug", "python3", "python"}


class UnreadableError(Exception):
    """Nothing can be judged; the message says why and what to do, in one line."""


@dataclass(frozen=True)
class Chunk:
    """Python text that stands together: a file, a cell, a fenced block.

    `text` has its line 1 at line 1 of the cell or file (a fenced block is preceded by as many
    empty lines as the page has before it). `label` names it in tracebacks.
    """

    text: str
    file: str
    cell: int | None = None
    block: int = 0
    """Which of the file's fenced blocks it is, where it is one."""

    @property
    def label(self) -> str:
        """A file name that no other chunk has."""
        return f"<{self.place}, block {self.block}>" if self.block else f"<{self.place}>"

    @property
    def place(self) -> str:
        """Where it is, in words."""
        return self.file if self.cell is None else f"{self.file}, cell {self.cell}"


@dataclass(frozen=True)
class Module:
    """Chunks that share one namespace; `folder` is where its imports are looked for."""

    name: str
    folder: Path
    file: Path
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True)
class Source:
    """A subject's text: its modules, its fingerprint and what there is to say about it."""

    path: str
    sha256: str
    modules: tuple[Module, ...]
    root: Path
    notes: list[str] = field(default_factory=list)


def read(path: Path) -> Source:
    """Read a `.py`, `.ipynb` or `.md` file, or a folder of modules.

    Raises:
        UnreadableError: there is no such path, no Python in it, or it cannot be decoded.
    """
    if there(path) and path.is_dir():
        return _read_folder(path)
    if not there(path):
        raise UnreadableError(f"there is no file or folder {path}: check the spelling")
    if path.suffix.lower() not in CODE_SUFFIXES:
        kinds = ", ".join(CODE_SUFFIXES)
        raise UnreadableError(f"{path} is none of what can be read ({kinds}, or a folder)")
    if not path.is_file():
        raise UnreadableError(f"{path} is no ordinary file: nothing can be read from it")
    data = _bytes_of(path)
    if not data.strip():
        raise UnreadableError(f"{path} is empty: there is nothing to judge")
    file = path.resolve()
    module = Module(path.stem, file.parent, file, read_chunks(path, path.name, data))
    return Source(str(path), hashlib.sha256(data).hexdigest(), (module,), file.parent)


def there(path: Path) -> bool:
    """Whether a path exists; False also for one that cannot."""
    try:
        return path.exists()
    except OSError:
        return False


def lines_of(text: str) -> list[str]:
    """The lines of a text as Python counts them: a form feed does not end one."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"{path} cannot be read: {error.strerror or error}") from error


def _read_folder(folder: Path) -> Source:
    files = sorted(
        p
        for p in folder.rglob("*.py")
        if p.is_file() and not _skipped(p.relative_to(folder).parent.parts)
    )
    if not files:
        notes = sorted(p.name for p in folder.glob("*") if p.suffix in CODE_SUFFIXES)
        hint = f"; check one of its files instead: {', '.join(notes[:3])}" if notes else ""
        raise UnreadableError(f"there is no Python file (.py) in the folder {folder}{hint}")
    digest = hashlib.sha256()
    said: list[str] = []
    modules = []
    root = folder.resolve()
    for file in files:
        relative = file.relative_to(folder)
        try:
            data = _bytes_of(file)
            digest.update(str(relative).encode() + b"\0" + data + b"\0")
            chunks = read_chunks(file, str(relative), data)
        except UnreadableError as error:
            said.append(str(error))  # one bad file leaves the others their verdicts
            continue
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        modules.append(Module(name, file.resolve().parent, file.resolve(), chunks))
    return Source(str(folder), digest.hexdigest(), tuple(modules), root, said)


def _skipped(parts: tuple[str, ...]) -> bool:
    return any(part in _SKIPPED_FOLDERS or part.startswith(".") for part in parts)


def read_chunks(path: Path, shown: str, data: bytes | None = None) -> tuple[Chunk, ...]:
    """The Python of one file, whatever its kind; `shown` is its name in messages."""
    data = _bytes_of(path) if data is None else data
    match path.suffix.lower():
        case ".ipynb":
            return _notebook(data, shown)
        case ".md" | ".markdown":
            return _markdown(_decode(data, shown), shown)
        case _:
            return (Chunk(_decode_python(data, shown), shown),)


def _decode(data: bytes, shown: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{shown} is not text in UTF-8 (byte {error.start})") from error


def _decode_python(data: bytes, shown: str) -> str:
    """Decoded as Python does (PEP 263: a coding line, a byte order mark, else UTF-8)."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(f"{shown} cannot be decoded: {error}") from error


def _notebook(data: bytes, shown: str) -> tuple[Chunk, ...]:
    text = _decode(data, shown)
    try:
        parsed = json.loads(text)
    except ValueError as error:
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
        sources = [str(cell.source) for cell in cells]
    except Exception as error:  # nbformat raises whatever it stumbles on
        raise UnreadableError(f"{shown} is a damaged notebook: {error!r}") from error
    return tuple(
        Chunk(without_magics(source), shown, number) for number, source in enumerate(sources, 1)
    )


def without_magics(source: str) -> str:
    """The cell with magics, shell lines and help (`x?`) blanked; every line stays in its place."""
    lines = source.splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith("%%"):
        name = re.match(r"%%(\w*)", first)
        to_python = re.match(r"%%(writefile|file)\s.*\.py$", first)
        if to_python is None and (name is None or name[1] not in _PYTHON_CELL_MAGICS):
            return ""
    if _parses(source):
        return source  # a % or ? in here is Python's own, in a string perhaps
    kept: list[str] = []
    for line in lines:
        kept.append("" if _is_magic(line) and not _within("\n".join(kept)) else line)
    return "\n".join(kept)


def _within(text: str) -> bool:
    """Whether a text ends inside of brackets or of a string of several lines."""
    try:
        list(tokenize.generate_tokens(io.StringIO(text).readline))
    except tokenize.TokenError:
        return True
    except SyntaxError:
        return False
    return False


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_magic(line: str) -> bool:
    bare = line.strip()
    return bare.startswith(("%", "!", "?")) or (bare.endswith("?") and not bare.startswith("#"))


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
