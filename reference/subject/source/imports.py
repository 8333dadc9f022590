"""Which modules a text imports, and which folders it adds to `sys.path`. Only syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.text import Chunk, Source
from trigrad.subject.source.walking import walk


def imported(chunks: Iterable[Chunk]) -> tuple[dict[str, None], dict[str, None]]:
    """The dotted names that are imported, in order, and the folders added to `sys.path`.

    A name keeps its leading dots and comes after its prefixes (`a` before `a.b`).
    `from a import b` yields `a.b` too, since b may be a module.
    """
    names: dict[str, None] = {}
    folders: dict[str, None] = {}
    for chunk in chunks:
        tree = parsed(chunk.text)
        for node in walk(tree) if tree else ():
            names.update(dict.fromkeys(_names(node)))
            if isinstance(node, ast.Call) and (folder := _folder(node)):
                folders[folder] = None
    return names, folders


def wanted_of(source: Source) -> dict[str, frozenset[str]]:
    """For each module's key, the names that other modules may import from it.

    For a star import these are all names that any module reads, since star imports can be chained.
    """
    nodes = {
        module.key: [
            node for chunk in module.chunks if (tree := parsed(chunk.text)) for node in walk(tree)
        ]
        for module in source.modules
    }
    read = {n.id for found in nodes.values() for n in found if isinstance(n, ast.Name)}
    wanted: dict[str, set[str]] = {}
    for module in source.modules:
        own = nodes[module.key]
        attributes = {node.attr for node in own if isinstance(node, ast.Attribute)}
        for key in module.imports.values():
            wanted.setdefault(key, set()).update(attributes)
        for node in own:
            if isinstance(node, ast.ImportFrom):
                key = module.imports.get("." * node.level + (node.module or ""), "")
                names = {alias.name for alias in node.names}
                wanted.setdefault(key, set()).update(read if "*" in names else names)
    return {key: frozenset(names) for key, names in wanted.items()}


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=aliases):
            for alias in aliases:
                yield from _prefixes("", alias.name)
        case ast.ImportFrom(module=module, names=aliases, level=level):
            dots = "." * level
            yield from _prefixes(dots, module or "")
            for alias in aliases:
                if alias.name != "*":
                    yield dotted_name(dots + (module or ""), alias.name)


def _prefixes(dots: str, name: str) -> Iterator[str]:
    if not name:
        yield dots
        return
    parts = name.split(".")
    yield from (dots + ".".join(parts[:end]) for end in range(1, len(parts) + 1))


def dotted_name(package: str, name: str) -> str:
    """The dotted name of a module in a package; after `..` no further dot is needed."""
    return package + name if not package.strip(".") else f"{package}.{name}"


def _folder(call: ast.Call) -> str:
    """The folder in `sys.path.append("../ch04")`; "" for any other call."""
    match call:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Attribute(value=ast.Name(id="sys"), attr="path"),
                attr="append" | "insert",
            ),
            args=[*_, ast.Constant(value=str(folder))],
        ):
            return folder
        case _:
            return ""
