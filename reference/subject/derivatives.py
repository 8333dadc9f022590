"""Recognise the derivative of a function: `sigmoid_prime` beside `sigmoid`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from trigrad.contracts.schema import Contract, Kind
from trigrad.messages import Message
from trigrad.subject.candidate import Candidate, Unjudged
from trigrad.subject.definition_facts import (
    label_of,
    lines_of_methods,
    names_used_by,
    places_of,
    where_of,
)
from trigrad.subject.dialects import UnknownDialectError
from trigrad.subject.dialects.derivative_dialect import dialect_of_derivative
from trigrad.subject.dialects.layer_dialect import LayerDialect
from trigrad.subject.inprocess import InProcessFace
from trigrad.subject.loading.helpers import HELPERS
from trigrad.subject.loading.loaded import Definition
from trigrad.subject.loading.traces import Tracer
from trigrad.subject.source.contract_names import ALL_SPELLINGS, match_name
from trigrad.subject.source.gradient_code import Form, gradient_code
from trigrad.subject.source.gradient_names import function_of_derivative

_BEFORE_THE_FUNCTION = re.compile(r"[zZ]\d*|net_?(input)?|logits?|pre\w*")
"""Names of what a function is given; `x` is none, as many write it for anything."""


@dataclass(frozen=True)
class Derivative:
    """A function's name, the function itself, and the argument that asks for its derivative."""

    contract: Contract
    name: str
    function: Callable[..., Any] | None
    """None: it is the definition itself, which has a flag."""
    flag: str = ""
    supplied: bool = False

    def dialect(self, value: Any) -> LayerDialect:
        """How to call a definition that is this derivative, as it stands or edited.

        Raises:
            UnknownDialectError: it does not take one array.
        """
        backward = f"{self.name}({self.flag}=True)" if self.flag else value.__name__
        derivative = partial(value, **{self.flag: True}) if self.flag else value
        names = value.__code__.co_varnames[:1]
        return dialect_of_derivative(
            self.contract,
            self.function or value,
            derivative,
            (self.name, backward),
            only_of_x=any(map(_BEFORE_THE_FUNCTION.fullmatch, names)),
        )


def derivative_in(definition: Definition, functions: Mapping[str, Definition]) -> Derivative | None:
    """Of what a function is the derivative, if that has a contract; None if it is none.

    `functions` are those of the same file; else it is a function of the chapter's.
    """
    node, code = definition.node, getattr(definition.value, "__code__", None)
    if not isinstance(node, ast.FunctionDef) or code is None:
        return None
    found = gradient_code(node, {name: d.node for name, d in functions.items() if d.node})
    if found is not None and found.form is Form.FLAG:
        row = _differentiable(definition.name)
        return Derivative(row, definition.name, None, found.backward) if row else None
    name = function_of_derivative(definition.name, (*ALL_SPELLINGS, *functions))
    row = _differentiable(name) if name else None
    if row is None:
        return None
    if name in functions:
        return Derivative(row, name, functions[name].value)
    if name in HELPERS:
        return Derivative(row, name, HELPERS[name], supplied=True)
    return None


def _differentiable(name: str) -> Contract | None:
    """The layer of that name, if it works entry by entry, or is a loss of two operands."""
    match = match_name(name, function=False, affixes=False)
    row = match.contract if match and not match.misspelled else None
    if row is None or row.kind is not Kind.LAYER or row.parameters:
        return None
    alone = len(row.operands) == 1 and row.output == row.operands[0].shape
    return row if alone or row.scalar else None


def recognise_derivative(
    derivative: Derivative,
    definition: Definition,
    tracer: Tracer,
    frameworks: Callable[[], tuple[str, ...]],
) -> Candidate | Unjudged:
    """The candidate of a derivative."""
    where = where_of(definition)
    name = f"{definition.name}({derivative.flag}=True)" if derivative.flag else definition.name
    try:
        dialect = derivative.dialect(definition.value)
    except UnknownDialectError as error:
        return Unjudged(name, where, str(error))
    supplied = Message("derivative.supplied", function=derivative.name)
    lines = lines_of_methods(definition.node)
    return Candidate(
        contract=derivative.contract,
        name=name,
        face=InProcessFace(derivative.contract, dialect, tracer, frameworks()),
        where=where,
        notes=(str(supplied),) if derivative.supplied else (),
        lines={**lines, "backward": lines[""]},
        uses=names_used_by(definition),
        derivative_of=derivative.name,
        label=label_of(definition),
        places=places_of(definition),
    )
