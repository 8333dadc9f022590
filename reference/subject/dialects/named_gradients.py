"""Gradients that an object stores under names that tell so: `dW`, `grads[0]`, `params.W.grad`."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from trigrad.subject.dialects.argument_roles import PARAMETER_NAMES
from trigrad.subject.dialects.array_paths import ArrayPath

_CONTAINERS = ("grads", "grad", "gradients", "gradient", "dparams", "derivatives", "paramgrads")
_BEFORE = r"(d|dl?d|d[ejc]d|dlossd?|grads?|gradients?|g|dldw?)"
_AFTER = r"(grads?|gradients?)"


_OPERAND_NAMES = {"x": ("input", "inputs", "inp", "in", "a", "aprev", "prev")}
"""Other names of an operand, as in `dinput` or `dA_prev`."""


@dataclass(frozen=True)
class NamedGradient:
    """A gradient looked up by name: whether the name exists, and its value."""

    declared: bool
    value: Any = None


NOT_DECLARED = NamedGradient(False)


def named_gradient(
    subject: Any,
    name: str,
    spellings: Sequence[str],
    parameters: Sequence[str],
    weight_paths: Sequence[ArrayPath] = (),
) -> NamedGradient:
    """The gradient of one parameter that an object stores.

    The names are tried in this order: `dW` for W (`dweight` if the constructor's argument is
    `weight`), `grad_W`, `W_grad`; the same in any case, `dweights`, `dL_dW`; then `grads`, a list
    in the order of `params` (else of the contract) or a dict by name; last the `grad` of an object
    that holds the weight. If `dW` exists and is None, a `dw` beside it does not count.
    """
    for own in spellings:
        for wanted in (f"d{own}", f"d_{own}", f"grad_{own}", f"{own}_grad"):
            if hasattr(subject, wanted):
                value = getattr(subject, wanted)
                if value is not None:
                    return NamedGradient(True, value)
                inside = _contained(subject, name, parameters, weight_paths)
                return inside if inside.value is not None else NamedGradient(True)
    words = {*map(_bare, spellings), *PARAMETER_NAMES.get(name, ())}
    attributes = list(getattr(subject, "__dict__", {}))
    exact = [a for a in attributes if a.lower() == f"d{name}".lower()]
    alike = [a for a in attributes if _means(a, words)]
    for attribute in (*exact, *alike):
        value = getattr(subject, attribute, None)
        if value is None or isinstance(value, np.ndarray | np.number | int | float):
            return NamedGradient(True, value)
    return _contained(subject, name, parameters, weight_paths)


def _means(attribute: str, words: set[str]) -> bool:
    """Whether an attribute or key is a name for the gradient of one of these."""
    bare = _bare(attribute).replace("/", "")
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return bool(re.fullmatch(rf"{_BEFORE}({either})|({either}){_AFTER}", bare))


def is_gradient_name(attribute: str, name: str) -> bool:
    """Whether an attribute is named for the gradient of a parameter: `dalpha`, `alpha_grad`."""
    return _means(attribute, {_bare(name), *PARAMETER_NAMES.get(name, ())})


def looks_like_gradient(path: ArrayPath, name: str) -> bool:
    """Whether a path is named for a parameter's gradient, so that it does not hold the weight."""
    inside = any(holds_gradients(str(step.key)) for step in path.steps)
    return inside or is_gradient_name(path.name, name)


def holds_gradients(name: str) -> bool:
    """Whether a name is that of a list or dict of gradients: `grads`, `d_params`."""
    return _bare(name) in _CONTAINERS


def _contained(
    subject: Any, name: str, parameters: Sequence[str], weight_paths: Sequence[ArrayPath]
) -> NamedGradient:
    for attribute in list(getattr(subject, "__dict__", {})):
        if not holds_gradients(attribute):
            continue
        held = getattr(subject, attribute, None)
        beside = _at_the_same_place(held, weight_paths)
        if beside is not None:
            return beside
        if isinstance(held, dict):
            found = gradient_entry(held, name)
        elif isinstance(held, list | tuple) and len(held) == len(parameters):
            found = NamedGradient(True, held[list(parameters).index(name)])
        else:
            continue
        if found.declared:
            return found
    for path in weight_paths:
        if len(path.steps) > 1 and path.steps[-1].attribute:
            holder = ArrayPath(path.steps[:-1]).read(subject)
            for attribute in ("grad", "gradient", "g", "diff"):
                if hasattr(holder, attribute):
                    return NamedGradient(True, getattr(holder, attribute))
    return NOT_DECLARED


def _at_the_same_place(held: Any, weight_paths: Sequence[ArrayPath]) -> NamedGradient | None:
    """The entry of `grads` for a weight in `params`, if both are lists: by its place there."""
    for path in weight_paths:
        place = list(itertools.takewhile(lambda step: not step.attribute, reversed(path.steps)))
        if not place or not isinstance(held, list | tuple) or not isinstance(place[-1].key, int):
            continue
        value = ArrayPath(tuple(reversed(place))).read(held)
        if not isinstance(value, list | tuple | dict):
            return NamedGradient(True, value)
    return None


def gradient_entry(held: dict[Any, Any], name: str) -> NamedGradient:
    """The gradient of a parameter or operand in a dict of gradients."""
    for key, value in held.items():
        if means_gradient(str(key), name):
            return NamedGradient(True, value)
    return NOT_DECLARED


def means_gradient(key: str, name: str) -> bool:
    """Whether a key of a dict of gradients is that of a parameter or operand."""
    words = {_bare(name), *PARAMETER_NAMES.get(name, ()), *_OPERAND_NAMES.get(name, ())}
    return _bare(key) in words or _means(key, words)


def _bare(name: str) -> str:
    """A name without what spellings differ in: `lstm_Wx`, `lstmWx`."""
    return name.lower().replace("_", "")
