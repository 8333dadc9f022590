"""What the text of a function shows for a call: what it must be passed, and where gradients are."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from trigrad.subject.composing.function_text import FunctionText, Result
from trigrad.subject.composing.roles import Role, role_of
from trigrad.subject.dialects.named_gradients import means_gradient
from trigrad.subject.source.gradient_names import is_gradient_variable
from trigrad.subject.source.walking import walk

PREDICTION = re.compile(r"(y_?)?(hat|pred\w*|a\d?|output\w*|logits?|scores?|yhat|o)|AL|a2", re.I)
INDICES = re.compile(r"idx|ids?$|ind(ex|ices)|tokens?$|words?$", re.I)
RANDOM = re.compile(r"\brandom\b|\brandn?\(|\brng\b|\bbinomial\b")
JACOBIAN = re.compile(r"\bdiag(flat)?\(|\bouter\(|\beinsum\(|\beye\(")


def call_of_arrays(value: str, gradients: str, found: Mapping[str, str]) -> str:
    """The call for the arrays in `found`, with what stands behind the call for each gradient."""
    if not found or any(INDICES.search(name) for name in found):
        return ""
    each = ", ".join(f"{gradients}{behind}" for behind in found.values())
    return f"gradcheck(lambda: {value}, [{', '.join(found)}], [{each}])"


def results_of(node: ast.FunctionDef, *, method: bool = False) -> tuple[Result, ...] | None:
    """What a function returns; () if it returns nothing, None where another function says it."""
    returned = [n.value for n in walk(node) if isinstance(n, ast.Return) and n.value is not None]
    if all(isinstance(value, ast.Constant) and value.value is None for value in returned):
        return ()
    found = FunctionText(node.name, node, method=method).results
    handed = any(isinstance(v, ast.Call) and isinstance(v.func, ast.Name) for v in returned)
    return None if handed and len(found) == 1 else found


def gradient_of_another(results: Sequence[Result], given: Sequence[str], x: str) -> str:
    """The argument whose gradient the only result is by its name, be it `x` or another one."""
    if len(results) != 1:
        return x
    places = places_of_gradients(results, given)
    return x if x in places or len(places) != 1 else next(iter(places))


def behind_call(results: Sequence[Result], given: Sequence[str], x: str) -> str | None:
    """What takes the gradient of `x` from what backward returns; None where it is not known."""
    if len(results) == 1:
        keys = [key for key in results[0].keys if means_gradient(key, x)]
        if results[0].keys or results[0].parts or results[0].grows:
            return f'["{keys[0]}"]' if len(keys) == 1 else None
        return ""
    places = places_of_gradients(results, given)
    if x in places:
        return f"[{places[x]}]"
    first = results and x == given[0] and 0 not in places.values()
    return "[0]" if first else None


def places_of_gradients(
    results: Sequence[Result], given: Sequence[str], start: int = 0
) -> dict[str, int]:
    """Where the gradients of arguments are, as far as the names of results tell it."""
    found: dict[str, int] = {}
    for place, result in enumerate(results, start):
        meant = [n for n in given if result.name != n and means_gradient(result.name, n)]
        exact = [n for n in meant if _plain(result.name).endswith(_plain(n))]
        for name in exact[:1] or meant[:1]:
            found.setdefault(name, place)
    return found


def all_named(results: Sequence[Result], given: Sequence[str]) -> dict[str, str]:
    """What stands behind a call for each gradient, if the names of all results tell it."""
    places = places_of_gradients(results, given)
    if len(places) < len(results):
        return {}
    return {name: f"[{i}]" if len(results) > 1 else "" for name, i in places.items()}


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def is_gradient_result(result: Result) -> bool:
    """Whether a result is a gradient, by its name."""
    return is_gradient_variable(result.name)


def arguments_of_call(node: ast.FunctionDef) -> list[str]:
    """The names of what a call must pass, and of targets that may be left out.

    Without them a loss gives scores.
    """
    plain = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    needed = len(plain) - len(node.args.defaults)
    while needed < len(plain) and role_of(plain[needed]) is Role.TARGET:
        needed += 1
    return [name for name in plain[:needed] if name not in ("self", "cls")]


def differentiated(arguments: Sequence[str]) -> str:
    """The argument of which the gradient is: a prediction, else the first; "" if it is indices."""
    found = (name for name in arguments if PREDICTION.fullmatch(name))
    name = next(found, arguments[0] if arguments else "")
    return "" if INDICES.search(name) else name
