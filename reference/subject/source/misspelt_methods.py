"""Methods whose names are misspelled: `__int__` for `__init__`, `backword` for `backward`."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from trigrad.contracts.schema import Kind
from trigrad.subject.source.definitions import methods
from trigrad.subject.source.passes import rightly_spelled, side_of
from trigrad.subject.source.spelling_distance import spelling_distance
from trigrad.subject.source.walking import walk

_OF_NETWORKS = ("gradient", "predict", "accuracy")
_KNOWN = frozenset(dir(int)) | frozenset(dir(list)) | frozenset(dir(dict))
"""Special methods that Python has, `__int__` among them."""


def misspelt_methods(node: ast.ClassDef, kind: Kind) -> dict[str, str]:
    """The methods of a layer or network that are misspelled, with what they should be called.

    A name is no mistake if the class has the right one too, or if its own text uses it.
    """
    own = methods(node)
    used = {n.attr for n in walk(node) if isinstance(n, ast.Attribute)}
    unused = [name for name in own if name not in used]
    found: dict[str, str] = {}
    if "__init__" not in own:
        based = any(not (isinstance(b, ast.Name) and b.id == "object") for b in node.bases)
        inits = [name for name in unused if _means_init(own[name], based=based)]
        found |= dict.fromkeys(inits[:1], "__init__")
    if kind is Kind.NETWORK:
        for right in _OF_NETWORKS:
            found |= _nearest(right, unused, own, 1)
    elif kind is Kind.LAYER and not rightly_spelled(own, "forward", "backward"):
        for side in ("forward", "backward"):
            if not rightly_spelled(own, side):
                found |= _nearest(side, unused, own, 2)
    return found


def _means_init(node: ast.FunctionDef, *, based: bool) -> bool:
    name = node.name
    if name == "__int__":
        return len(node.args.args) > 1  # it takes self only
    special = name.startswith("__") and name.endswith("__")
    if name in _KNOWN or not (special or (not based and ("_" in (name[0], name[-1])))):
        return False
    return spelling_distance(name, "__init__") <= 2


def _nearest(
    right: str, names: Iterable[str], there: Collection[str], errors: int
) -> dict[str, str]:
    """The name that is nearest to the right one, if it is a misspelling of it."""
    if right in there:
        return {}
    near = {
        name: distance
        for name in names
        if name[:1] == right[:1] or side_of(name) == right
        if 0 < (distance := spelling_distance(name.lower(), right)) <= errors
    }
    return {min(near, key=lambda name: near[name]): right} if near else {}
