"""From which libraries a layer takes gradients, read from its text alone.

A learner may import PyTorch to compare with it. What counts is that the layer uses a name of it,
directly or through other functions and classes of the file.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from trigrad.subject.loading.loaded import Definition
from trigrad.subject.source.text import Chunk
from trigrad.subject.source.walking import walk

FRAMEWORKS = {
    "torch": "PyTorch",
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "jax": "JAX",
    "autograd": "autograd",
    "mxnet": "MXNet",
    "paddle": "PaddlePaddle",
    "chainer": "Chainer",
    "theano": "Theano",
}
"""Autodiff libraries: from the name under which each is imported to its usual name."""

LIBRARIES = FRAMEWORKS | {"trigrad.impl": "trigrad's own layers"}
"""All libraries that bring gradients along."""

_IMPORTING = ("import_module", "__import__")
"""Functions that import the module whose name they are given."""

_WORDS = (*(name.partition(".")[0] for name in LIBRARIES), *_IMPORTING)
"""A text without one of these imports no library."""


def frameworks_loaded() -> list[str]:
    """The autodiff libraries that are imported by now."""
    return [words for name, words in FRAMEWORKS.items() if name in sys.modules]


def load_frameworks(wanted: Sequence[str]) -> None:
    """Import the wanted libraries, as far as they are installed."""
    for name, words in FRAMEWORKS.items():
        if words in wanted:
            with contextlib.suppress(ImportError):  # the layer's own import reports it
                importlib.import_module(name)


def frameworks_of(
    definitions: Sequence[Definition], chunks: Mapping[str, Chunk]
) -> tuple[str, ...]:
    """The libraries that definitions use, directly or through others in their file."""
    nodes = [definition.node for definition in definitions if definition.node is not None]
    chunk = definitions[0].chunk
    if not nodes or chunk is None:
        return ()
    file = chunk.file
    texts = tuple(c.text for c in chunks.values() if c.file == file)
    if not any(map(_may_import, texts)):
        return ()
    imported, defined = _names_in(texts)
    found: dict[str, None] = {}  # an ordered set
    seen: set[str] = set()
    waiting: list[ast.AST] = list(nodes)
    while waiting:
        node = waiting.pop()
        found |= dict.fromkeys(_imported_by([node]).values())
        names = {n.id for n in walk(node) if isinstance(n, ast.Name)} - seen
        seen |= names
        found |= dict.fromkeys(imported[name] for name in sorted(names) if name in imported)
        waiting += [defined[name] for name in names if name in defined]
    return tuple(found)


@cache
def _may_import(text: str) -> bool:
    """Whether a text can import a library at all: most do not, and need not be looked through."""
    plain = unicodedata.normalize("NFKC", text)  # as Python reads names
    return any(word in plain for word in _WORDS)


@cache
def _names_in(texts: tuple[str, ...]) -> tuple[dict[str, str], dict[str, ast.AST]]:
    """The names that a file imports from them, and the classes and functions it defines."""
    trees = [tree for text in texts if (tree := _parsed(text)) is not None]
    imported = _imported_by(trees)
    nodes = [n for tree in trees for n in tree.body]
    defined: dict[str, ast.AST] = {
        n.name: n for n in nodes if isinstance(n, ast.ClassDef | ast.FunctionDef)
    }
    return imported, defined


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # a cell with a syntax error defines nothing; the loader reports it


def _imported_by(trees: Iterable[ast.AST]) -> dict[str, str]:
    """Names that are bound to such a library or to something in one, and calls that import one."""
    bound = {}
    for node in (n for tree in trees for n in walk(tree)):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if found := _library(alias.name):
                        bound[alias.asname or alias.name.partition(".")[0]] = found
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    if found := _library(f"{module}.{alias.name}"):
                        bound[alias.asname or alias.name] = found
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if found := _library(_imported_name(value)):
                    bound[name] = found
            case ast.Call():
                if found := _library(_imported_name(node)):
                    bound[ast.unparse(node)] = found
    return bound


def _library(module: str) -> str:
    """The usual name of the library that a module belongs to; "" if it is none of them."""
    belongs = (words for name, words in LIBRARIES.items() if f"{module}.".startswith(f"{name}."))
    return next(belongs, "")


def _imported_name(node: ast.AST) -> str:
    """The module that `importlib.import_module("…")` or the like imports; "" for other nodes."""
    match node:
        case (
            ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(module)), *_])
            | ast.Call(func=ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_])
        ) if name in _IMPORTING:
            return module
    return ""
