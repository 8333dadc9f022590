"""What a text says of a loss: softmax cross-entropy, a sum, or a mean over everything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from trigrad.contracts.schema import Sign
from trigrad.subject.source.definitions import ClassOrFunction
from trigrad.subject.source.parsing import parsed
from trigrad.subject.source.walking import walk

_SOFTMAX = re.compile(r"soft_?max|log_?sum_?exp|multi_?class|categorical", re.I)
_CROSS_ENTROPY = re.compile(r"cross_?ent|nll|neg\w*_log_likelihood", re.I)
_ANOTHER = re.compile(r"sigmoid|logistic|binary|bce|mse|squared?_?err|mean_?squared", re.I)
"""Names beside which cross-entropy is not that of a softmax, or only another term."""

_SUM = re.compile(
    r"\bsum(med)?\b.{0,20}\b(batch|samples?|examples?|rows)\b|\bnot (averaged|divided)\b"
    r"|\bsum,? not\b|\binstead of (the )?(mean|average)\b|reduction\W{1,3}sum",
    re.I | re.S,
)
_SUM_NAME = re.compile(r"sum(med)?($|[A-Z_])|(^|_)sum", re.I)
_ALL = re.compile(
    r"\b(mean|averaged?)\b.{0,20}\b(all|every)\b.{0,12}\b(entr(y|ies)|elements?|numbers?)\b"
    r"|\bN ?[*x×] ?C\b",
    re.I | re.S,
)


def said_of_sum(texts: Iterable[str], name: str) -> Iterator[Sign]:
    """Whether the name or a docstring of a definition says what its loss is added up over."""
    trees = [tree for text in texts if (tree := parsed(text)) is not None]
    if _SUM_NAME.search(name):
        yield Sign.SAYS_SUM
    for node in (n for tree in trees for n in ast.walk(tree)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name:
            inner = (n for n in ast.walk(node) if isinstance(n, ast.ClassDef | ast.FunctionDef))
            said = " ".join(ast.get_docstring(n) or "" for n in inner)
            if _SUM.search(said):
                yield Sign.SAYS_SUM
            if _ALL.search(said):
                yield Sign.SAYS_ALL


def means_softmax(texts: Iterable[str], name: str) -> bool:
    """Whether a class, or what it uses in these texts, names softmax, or cross-entropy alone.

    A softmax without a name is exponentials along an axis that are divided by their sum.
    """
    trees = [tree for text in texts if (tree := parsed(text)) is not None]
    nodes = list(_used_by(trees, name))
    names = {n for node in nodes for n in _names(node)}
    if any(_SOFTMAX.search(n) for n in names):
        return True
    if "exp" in names and any(map(_sums_along_axis, nodes)):
        return True
    crossed = any(_CROSS_ENTROPY.search(n) for n in names)
    return crossed and not any(_ANOTHER.search(n) for n in names)


def _used_by(trees: list[ast.Module], name: str) -> Iterator[ast.AST]:
    """The definitions of that name, and those that they use, in the same texts."""
    defined: dict[str, list[ClassOrFunction]] = {}
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                defined.setdefault(node.name, []).append(node)
    waiting, seen = [name], {name}
    while waiting:
        for node in defined.get(waiting.pop(), ()):
            yield node
            used = set(_names(node)) & defined.keys() - seen
            seen |= used
            waiting += sorted(used)


def _names(node: ast.AST) -> Iterator[str]:
    for inner in walk(node):
        match inner:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name


def _sums_along_axis(node: ast.AST) -> bool:
    """Whether something is divided by a sum along an axis, at once or by the sum's name."""
    sums = set()
    for inner in walk(node):
        match inner:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_sum(value):
                sums.add(name)
    return any(
        _is_sum(inner.right) or (isinstance(inner.right, ast.Name) and inner.right.id in sums)
        for inner in walk(node)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div)
    )


def _is_sum(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="sum") | ast.Name(id="sum")):
            return True
        case _:
            return False
