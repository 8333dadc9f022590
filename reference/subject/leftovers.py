"""What looks like gradient code and was not judged: each is listed once, with what to do."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from trigrad.messages import Message
from trigrad.subject.candidate import Unjudged
from trigrad.subject.face import Where
from trigrad.subject.gradcheck_call import call_for
from trigrad.subject.loading.loaded import Definition, Loaded
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.gradient_code import (
    Beside,
    Form,
    GradientCode,
    base_names,
    gradient_code,
)
from trigrad.subject.source.gradient_statements import gradient_lines
from trigrad.subject.source.text import Chunk, lines_of
from trigrad.subject.source.walking import walk


@dataclass(frozen=True)
class _Text:
    """A class or function of the subject; `why` is set if it failed when it was defined."""

    node: ClassOrFunction
    chunk: Chunk
    why: str = ""


def with_todo(unjudged: Unjudged, definition: Definition, loaded: Loaded) -> Unjudged:
    """What was recognised and cannot be judged, with what checks it, if it is gradient code."""
    if unjudged.todo or definition.node is None or definition.chunk is None:
        return unjudged
    file = definition.chunk.file
    beside = {
        d.name: d.node for d in loaded.definitions if d.node and d.chunk and d.chunk.file == file
    }
    code = gradient_code(definition.node, beside)
    return replace(unjudged, todo=_todo(definition.node, code, beside)) if code else unjudged


def as_leftover(definition: Definition, loaded: Loaded) -> Unjudged | None:
    """What is said of gradient code that is not recognised; None if a class is none."""
    if definition.node is None or definition.chunk is None:
        return None
    file = definition.chunk.file
    beside = {
        d.name: d.node for d in loaded.definitions if d.node and d.chunk and d.chunk.file == file
    }
    node = definition.node
    code = gradient_code(node, beside)
    if code is None and isinstance(node, ast.FunctionDef):
        code = GradientCode(Form.BOTH, node.lineno, node.name, node.name)
    return _unjudged(_Text(node, definition.chunk), code, beside) if code is not None else None


def leftovers(loaded: Loaded, recognised: Sequence[Definition]) -> list[Unjudged]:
    """The gradient code of a subject that is not among the recognised definitions.

    A base class of what was recognised or is listed is left out, and a function that what was
    recognised calls: it is run with it.
    """
    texts = [_Text(d.node, d.chunk) for d in loaded.definitions if d.node and d.chunk]
    texts += [_Text(b.node, b.chunk, b.why) for b in loaded.broken if not b.like_a_layer]
    done = {id(d.node) for d in recognised}
    files: dict[str, dict[str, ClassOrFunction]] = {}
    for text in texts:
        files.setdefault(text.chunk.file, {})[text.node.name] = text.node
    found = {
        id(text.node): code
        for text in texts
        if id(text.node) not in done and (code := gradient_code(text.node, files[text.chunk.file]))
    }
    covered = {
        base for t in texts if id(t.node) in done | found.keys() for base in base_names(t.node)
    }
    covered |= _assigned_to_classes(loaded)
    covered |= _called({t.node.name: t.node for t in texts}, [d.node for d in recognised])
    listed = [
        _unjudged(text, found[id(text.node)], files[text.chunk.file])
        for text in texts
        if id(text.node) in found and text.node.name not in covered
    ]
    return listed + list(_scripts(loaded))


def _unjudged(text: _Text, code: GradientCode, beside: Beside) -> Unjudged:
    name = code.forward if code.form is Form.DERIVATIVE else code.backward
    named = {"name": name} if code.form in (Form.DERIVATIVE, Form.INLINE) else {}
    why = text.why or str(Message(code.form, **named))
    where = _where(text.chunk, text.node.lineno)
    return Unjudged(text.node.name, where, why, todo=_todo(text.node, code, beside))


def _todo(node: ClassOrFunction, code: GradientCode, beside: Beside) -> str:
    """What its writer can do; "" where no call is known that checks it."""
    if code.form is Form.INLINE:
        return str(Message("unjudged.todo.apart"))
    if code.form is Form.ENGINE:
        return str(Message("unjudged.todo.engine"))
    call = call_for(node, code, beside)
    if not call:
        return ""
    if code.form in (Form.DERIVATIVE, Form.FLAG):
        name = code.forward if code.form is Form.DERIVATIVE else node.name
        return str(Message("unjudged.todo.derivative", call=call, name=name))
    return str(Message("unjudged.todo", call=call))


def _where(chunk: Chunk, line: int) -> Where:
    return Where(chunk.file, chunk.cell, line, lines_of(chunk.text)[line - 1].strip())


def _assigned_to_classes(loaded: Loaded) -> set[str]:
    """The functions that `Relu.backward = f` or setattr makes methods: judged with the class."""
    found = set()
    for statement in (statement for _, statements in loaded.top for statement in statements):
        match statement:
            case ast.Assign(targets=[ast.Attribute()], value=ast.Name(id=name)):
                found.add(name)
            case ast.Expr(
                value=ast.Call(func=ast.Name(id="setattr"), args=[_, _, ast.Name(id=name)])
            ):
                found.add(name)
    return found


def _called(nodes: dict[str, ClassOrFunction], users: Sequence[ClassOrFunction | None]) -> set[str]:
    """The functions that these definitions call, directly or through others."""
    waiting: list[ast.AST] = [node for node in users if node is not None]
    found: set[str] = set()
    while waiting:
        for node in walk(waiting.pop()):
            name = node.id if isinstance(node, ast.Name) else ""
            if name not in found and isinstance(nodes.get(name), ast.FunctionDef):
                found.add(name)
                waiting.append(nodes[name])
    return found


def _scripts(loaded: Loaded) -> Iterator[Unjudged]:
    """Each file with gradients outside of its classes and functions, once."""
    seen: set[str] = set()
    for chunk, statements in loaded.top:
        lines = gradient_lines(statements) if chunk.file not in seen else []
        if lines:
            seen.add(chunk.file)
            yield Unjudged(
                str(Message("unjudged.script.name")),
                _where(chunk, lines[0]),
                str(Message("unjudged.script")),
                todo=str(Message("unjudged.todo.apart")),
            )
