from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trigrad.subject.source.walking import walk

TEXTS = sorted((Path(__file__).parents[3] / "learners" / "right").glob("*.py"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_the_same_nodes_in_the_same_order_as_pythons(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(map(id, walk(tree))) == list(map(id, ast.walk(tree)))
    for node in tree.body:
        assert list(map(id, walk(node))) == list(map(id, ast.walk(node)))


@pytest.mark.parametrize("walked", [walk, ast.walk], ids=["ours", "python's"])
def test_the_parts_of_a_node_are_known_when_it_is_given(
    walked: Callable[[ast.AST], Iterator[ast.AST]],
) -> None:
    """Whoever changes the node then changes nothing of what follows."""
    tree = ast.parse("a\nb")
    names = []
    for node in walked(tree):
        if isinstance(node, ast.Module):
            node.body = []
        names += [node.id] if isinstance(node, ast.Name) else []
    assert names == ["a", "b"]
