"""Complete a declaration: with the weights that the object holds, and without a gradient of x that
a network does not give.

So a network is declared by what it takes and how it is made: its weights are found where it holds
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np

from trigrad.cases.ladder import size_ladder
from trigrad.contracts.declaration import (
    DOUT,
    Declaration,
    Field,
    contract_of,
    declared,
    fields_in,
)
from trigrad.contracts.schema import Contract, Kind, shape_of
from trigrad.messages import Message
from trigrad.subject.dialects.array_paths import entries_of
from trigrad.subject.dialects.declared_calls import (
    Passes,
    parameters_of,
    takes_dout,
)
from trigrad.subject.dialects.declared_dialect import DeclaredDialect, drawn
from trigrad.subject.dialects.experiments import ERRORS
from trigrad.subject.dialects.held_weights import (
    LEARNED,
    axes_of,
    groups_in,
    names_of,
    that_matter,
)
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import Build
from trigrad.subject.recording import is_layer

WAYS = 3
"""For how many sizes an object is made, to see which axis is which."""


def completed(
    contract: Contract, declaration: Declaration, passes: Passes, defined: Any
) -> tuple[str, ...]:
    """The completed declaration; "dout" if backward takes it, else ""; the names of the weights.

    Raises:
        UnknownDialectError: there is nothing to complete.
    """
    text = declaration.text
    if not contract.parameters:
        text = "; ".join([text, *_held(contract, declaration, passes, defined)])
    text = _without_lacking(text, passes, defined, declaration.names)
    if text == declaration.text:
        raise UnknownDialectError(str(Message("guess.none")))
    found = declared(text)
    weights = parameters_of(found, defined, passes)
    takes = DOUT if takes_dout(found, passes) else ""
    return (text, takes, *(n for n in found.names if n in weights))


def _held(contract: Contract, declaration: Declaration, passes: Passes, defined: Any) -> list[str]:
    """The weights that the object holds, each as a declaration says it."""
    dialect = DeclaredDialect(contract, declaration, passes, defined)
    made: list[tuple[Mapping[str, int], dict[str, tuple[int, ...]]]] = []
    names: list[str] = []
    for sizes in size_ladder(contract.symbols):
        try:
            found = _weights(dialect, contract, sizes)
        except ERRORS:
            continue
        if not made:
            names = list(found)
        if list(found) == names:
            made.append((sizes, found))
        if len(made) == (WAYS if contract.symbols else 1):
            break
    parts = []
    for name in names:
        axes = axes_of([shapes[name] for _, shapes in made], [sizes for sizes, _ in made])
        if axes is None or not name:
            return []  # a part of the weights is not enough: a case needs all
        parts.append(f"{name}: {' '.join(axes)}".strip())
    return parts


def _weights(
    dialect: DeclaredDialect, contract: Contract, sizes: Mapping[str, int]
) -> dict[str, tuple[int, ...]]:
    """The shapes of the arrays on which the output of an object of these sizes depends."""
    random = np.random.RandomState(20)
    operands = [drawn(v, sizes, random) for v in contract.operands]
    built = dialect.build(Build({}, sizes))

    def make() -> Any:
        return dialect.build(Build({}, sizes)).layer

    def output(layer: Any) -> Any:
        built.layer = layer
        return dialect.forward(built, [a.copy() for a in operands])

    groups = groups_in(make())
    used = that_matter(make, output, [paths for _, paths in groups])
    kept = [(array, paths) for array, paths in groups if paths in used]
    names = names_of(kept, contract.symbols + tuple(v.name for v in contract.operands))
    return {n: array.shape for n, (array, _) in zip(names, kept, strict=True)}


def _without_lacking(text: str, passes: Passes, defined: Any, text_of_user: tuple[str, ...]) -> str:
    """The declaration in which what a network gives no gradient of is fixed.

    That is an input of a network, and an array that is not called like a weight.
    """
    declaration = declared(text)
    weights = parameters_of(declaration, defined, passes)
    contract = contract_of(declaration, getattr(defined, "__name__", ""), Kind.LAYER, weights)
    dialect = DeclaredDialect(contract, declaration, passes, defined)
    fit = dialect.fit(few=True) or dialect.fit()
    if fit is None:
        return text
    network = passes.of_loss or _holds_layers(dialect, contract)
    fixed = {n for n in fit.lacking if n in weights and not LEARNED.search(n)}
    if network:
        given = {n for n, s in fit.sources.items() if n in fit.right or s.returned}
        fixed |= {v.name for v in contract.operands} - given
    parts = []
    for _, part in fields_in(declaration.text):
        names, _, rest = part.partition(":")
        rest = rest.strip()
        for name in names.split(",") if rest and names.strip() not in list(Field) else [names]:
            if name.strip() in fixed & weights and name.strip() not in text_of_user:
                continue  # a constant that the object holds
            again = name.strip() in fixed - declaration.fixed
            parts.append(f"{name.strip()}: {'fixed ' if again else ''}{rest}")
    return "; ".join(parts)


def _holds_layers(dialect: DeclaredDialect, contract: Contract) -> bool:
    for sizes in islice(size_ladder(contract.symbols), None):
        try:
            parameters = {v.name: np.ones(shape_of(v.shape, sizes)) for v in contract.parameters}
            root = dialect.build(Build(parameters, sizes)).layer
        except ERRORS:
            continue
        inner = [value for _, value in entries_of(root)]
        for value in list(inner):
            if isinstance(value, list | tuple | dict):
                inner += list(value.values()) if isinstance(value, dict) else list(value)
        return any(is_layer(type(value)) for value in inner)
    return False
