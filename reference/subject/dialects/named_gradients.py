"""Where an object keeps a gradient, told by names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import WORDS
from trigrad.subject.dialects.array_paths import Path

_CONTAINERS = ("grads", "grad", "gradients", "gradient", "dparams", "derivatives", "paramgrads")
_BEFORE = r"(d|dl?d|d[ejc]d|dlossd?|grads?|gradients?|g|dldw?)"
_AFTER = r"(grads?|gradients?)"


@dataclass(frozen=True)
class Stored:
    """What was found: whether there is a place of that name, and what is there."""

    declared: bool
    value: Any = None


NOWHERE = Stored(False)


def stored_gradient(
    subject: Any,
    name: str,
    spellings: Sequence[str],
    parameters: Sequence[str],
    places: Sequence[Path] = (),
) -> Stored:
    """The gradient that an object keeps of one parameter.

    `dW` for W (`dweight` where the constructor says weight), `grad_W` or `W_grad`; then `dw`,
    whatever the case, `dweights`, `dL_dW`; else in the `grads` of the book's second volume, a
    list beside `params` or a dict by name, or in the `grad` of an object that holds the weight.
    A `dW` that is there and stays None is not made good by a `dw` beside it.
    """
    for own in spellings:
        for wanted in (f"d{own}", f"d_{own}", f"grad_{own}", f"{own}_grad"):
            if hasattr(subject, wanted):
                value = getattr(subject, wanted)
                if value is not None:
                    return Stored(True, value)
                inside = _contained(subject, name, parameters, places)
                return inside if inside.value is not None else Stored(True)
    words = {*(s.lower().replace("_", "") for s in spellings), *WORDS.get(name, ())}
    attributes = list(getattr(subject, "__dict__", {}))
    exact = [a for a in attributes if a.lower() == f"d{name}".lower()]
    alike = [a for a in attributes if _means(a, words)]
    for attribute in (*exact, *alike):
        value = getattr(subject, attribute, None)
        if value is None or isinstance(value, np.ndarray | np.number | int | float):
            return Stored(True, value)
    return _contained(subject, name, parameters, places)


def _means(attribute: str, words: set[str]) -> bool:
    """Whether an attribute or key is called the gradient of one of these."""
    bare = attribute.lower().replace("_", "").replace("/", "")
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return bool(re.fullmatch(rf"{_BEFORE}({either})|({either}){_AFTER}", bare))


def looks_like_gradient(attribute: str, name: str) -> bool:
    """Whether something is called the gradient of a parameter: no place of its weight."""
    return _means(attribute, {name.lower(), *WORDS.get(name, ())})


def _contained(
    subject: Any, name: str, parameters: Sequence[str], places: Sequence[Path]
) -> Stored:
    for attribute in list(getattr(subject, "__dict__", {})):
        if attribute.lower().replace("_", "") not in _CONTAINERS:
            continue
        held = getattr(subject, attribute, None)
        if isinstance(held, dict):
            found = gradient_entry(held, name)
        elif isinstance(held, list | tuple) and len(held) == len(parameters):
            found = Stored(True, held[list(parameters).index(name)])
        else:
            continue
        if found.declared:
            return found
    for place in places:
        if len(place.steps) > 1 and place.steps[-1].attribute:
            holder = Path(place.steps[:-1]).read(subject)
            for attribute in ("grad", "gradient", "g", "diff"):
                if hasattr(holder, attribute):
                    return Stored(True, getattr(holder, attribute))
    return NOWHERE


def gradient_entry(held: dict[Any, Any], name: str) -> Stored:
    """The gradient of a parameter or operand in a dict of gradients."""
    words = {name.lower(), *WORDS.get(name, ())}
    for key, value in held.items():
        bare = str(key).lower().replace("_", "")
        if bare in words or _means(str(key), words):
            return Stored(True, value)
    return NOWHERE
