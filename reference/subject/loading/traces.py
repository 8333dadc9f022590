"""Find the learner's own line where an exception was raised, and hints in the variables there."""

from __future__ import annotations

import ast
import difflib
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from types import CodeType, FrameType, TracebackType

import numpy as np

from trigrad.messages import Message
from trigrad.subject.face import Raised, Where
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.loading.placeholders import FROM_COMMON, StubBase, UnavailableError
from trigrad.subject.loading.version_hints import removal_hint
from trigrad.subject.source.definitions import first_line, is_stub
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import SUBJECT, Chunk, lines_of, one_line
from trigrad.subject.source.walking import walk

_OUR_NAMES = re.compile(rf"{SUBJECT}\d+\.")
"""The prefix of a learner's module in `sys.modules`."""


_KEYWORD = re.compile(r"(\w+)\(\) got an unexpected keyword argument")


class Tracer:
    """Finds the place of an exception in the subject's text."""

    def __init__(
        self,
        chunks: Mapping[str, Chunk],
        stars: tuple[str, ...] = (),
        skipped: Mapping[str, str] | None = None,
        around: Sequence[Chunk] = (),
    ) -> None:
        self._chunks = chunks
        self._around = around
        self._stars = stars
        self._skipped = skipped or {}

    def beside(self, label: str) -> list[Chunk]:
        """The chunks of the file that a chunk is in."""
        chunk = self._chunks.get(label)
        return [c for c in self._chunks.values() if chunk is not None and c.file == chunk.file]

    def around(self, label: str) -> list[Chunk]:
        """The same, then what it is imported with, and the text of what uses it."""
        near = self.beside(label)
        return [*near, *(c for c in (*self._chunks.values(), *self._around) if c not in near)]

    def where(self, label: str, line: int) -> Where | None:
        """The place of a line of code; None if the code is not the subject's."""
        chunk = self._chunks.get(label)
        if chunk is None:
            return None
        lines = lines_of(chunk.text)
        text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        return Where(chunk.file, chunk.cell, line, text)

    def raised(self, call: str, error: BaseException) -> Raised:
        """What a call raised, with the innermost line that is the subject's."""
        where, frame = None, None
        for entry, line in _frames(error.__traceback__):
            place = self.where(entry.f_code.co_filename, line)
            if place is not None:
                where, frame = place, entry
        hints = [] if frame is None or where is None else self._hints(error, frame, where.line)
        if not hints and (words := removal_hint(error)):
            hints = [words]
        return Raised(
            call=call,
            error=type(error).__name__,
            message=_message(error, frame),
            where=where,
            hints=tuple(hints),
            absent=self._absent(error, frame),
        )

    def _absent(self, error: BaseException, frame: FrameType | None) -> str | None:
        """The missing module, base class or constant that is the reason of the error, if any."""
        if isinstance(error, TypeError) and frame is not None and (name := _other(error, frame)):
            return name
        if isinstance(error, UnavailableError):
            return error.module
        if isinstance(error, AttributeError) and isinstance(error.obj, StubBase):
            bases = (b for b in type(error.obj).__mro__ if StubBase in b.__bases__)
            return next((base.__name__ for base in bases), None)
        if isinstance(error, NameError) and error.name and error.name in self._skipped:
            return str(
                Message("loading.computed", name=error.name, place=self._skipped[error.name])
            )
        if isinstance(error, NameError) and self._stars:
            # A layer (capitalised) or a helper of the book, which the star import would have
            # brought. Any other undefined name is a mistake of the learner's.
            name = error.name or ""
            if name[:1].isupper() or name in FROM_COMMON:
                return ", ".join(dict.fromkeys(self._stars))
        return None

    def _hints(self, error: BaseException, frame: FrameType, line: int) -> list[str]:
        chunk = self._chunks[frame.f_code.co_filename]
        function = _function_of(chunk, frame.f_code)
        words = removal_hint(error, function)
        hints = [words] if words else []
        if function is not None:
            hints += _reassigned_arguments(function, frame, line)
        return hints


def _message(error: BaseException, frame: FrameType | None) -> str:
    """The error's message in one line; for an undefined name, with a similar one that exists."""
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) and error.name:
        similar = _similar_name(error.name, frame) if frame is not None else ""
        return str(Message("loading.undefined", name=f"{error.name}{similar}"))
    try:
        text = str(error)
    except Exception as second:  # noqa: BLE001 - __str__ may be the learner's
        return str(Message("loading.str_raises", kind=type(second).__name__))
    return one_line(_OUR_NAMES.sub("", lines_of(text)[0]))


def _frames(trace: TracebackType | None) -> list[tuple[FrameType, int]]:
    return list(traceback.walk_tb(trace))


def _similar_name(name: str, frame: FrameType) -> str:
    """How the message goes on if a similar name exists; empty if there is none."""
    me = frame.f_locals.get("self")
    if me is not None and hasattr(me, "__dict__") and name in vars(me):
        return str(Message("fix.meant", name=f"self.{name}"))
    known = {known: known for known in frame.f_locals}
    if hasattr(me, "__dict__"):
        known |= {attribute: f"self.{attribute}" for attribute in vars(me)}
    close = difflib.get_close_matches(name, known, n=1)
    return str(Message("fix.meant", name=known[close[0]])) if close else ""


def _function_of(chunk: Chunk, code: CodeType) -> ast.FunctionDef | None:
    """The syntax tree of a code object's function, with its own line numbers."""
    # Only its lines are parsed: parsing a whole file takes longer than running a layer.
    first, last = code.co_firstlineno, max(_lines_of_code(code))
    lines = lines_of(chunk.text)[first - 1 : last]
    block = ["if 1:"] if lines and lines[0][:1].isspace() else []
    above = "\n" * (first - 1 - len(block))
    # Code that the compiler drops at the end (`if False: …`) may cut a block in two: then the
    # whole file is parsed.
    tree = parsed(above + "\n".join([*block, *lines])) or parsed(chunk.text)
    for node in walk(tree) if tree else ():
        if not isinstance(node, ast.FunctionDef) or node.name != code.co_name:
            continue
        if first_line(node) == first and not is_stub(node):
            return node
    return None


def _lines_of_code(code: CodeType) -> Iterator[int]:
    """The lines of a code object and of the code objects in it."""
    yield code.co_firstlineno
    for first, last, *_ in code.co_positions():
        yield last or first or 0
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _lines_of_code(inner)


def _reassigned_arguments(function: ast.FunctionDef, frame: FrameType, line: int) -> list[str]:
    """Hints on arguments that were arrays and are not any more, with the line that changed them."""
    hints = []
    for argument in function.args.args:
        value = frame.f_locals.get(argument.arg)
        if argument.arg == "self" or value is None or isinstance(value, np.ndarray | np.number):
            continue
        if isinstance(value, int | float):
            continue
        assigned = [
            node.lineno
            for node in walk(function)
            if isinstance(node, ast.Assign)
            and node.lineno < line
            and any(isinstance(t, ast.Name) and t.id == argument.arg for t in node.targets)
        ]
        if assigned:
            text = ast.unparse(_statement_at(function, assigned[-1]))
            shown, kind, since = _shown(value), type(value).__name__, assigned[-1]
            name = argument.arg
            said = Message("loading.reassigned", name=name, kind=kind, line=since, text=text)
            if shown:
                key = "loading.reassigned_to"
                said = Message(key, name=name, kind=kind, shown=shown, line=since, text=text)
            hints.append(str(said))
    return hints


def _shown(value: object) -> str:
    """A value's repr; "" if it is long or cannot be shown."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - __repr__ may be the learner's
        return ""
    return text if len(text) < 40 else ""


def _statement_at(function: ast.FunctionDef, line: int) -> ast.stmt:
    return next(n for n in walk(function) if isinstance(n, ast.stmt) and n.lineno == line)


def _other(error: TypeError, frame: FrameType) -> str:
    """The name of a supplied helper that is called with an argument which it does not have.

    Then the file means another function of that name; "" if it is not that.
    """
    found = _KEYWORD.match(str(error))
    helper = HELPERS.get(found[1]) if found else None
    if found is None or helper is None:
        return ""
    meant = (n for n, value in frame.f_globals.items() if value is helper)
    return next(meant, "" if found[1] in frame.f_globals else found[1])
