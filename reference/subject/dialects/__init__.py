"""Any spelling → one way to build and call it.

`reading` and `speakers` say how a class, pair of functions or function is called, from signatures
alone; `probe` finds, once an object is made, how its weights lie and where gradients are kept;
`hand` does what the court asks in that reading. Functions and networks have dialects of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trigrad.contracts.schema import Contract, Kind
from trigrad.subject.dialects.adapters import speaker_of_class
from trigrad.subject.dialects.function_adapters import (
    are_functions,
    speaker_of_pair,
    speaker_of_single,
)
from trigrad.subject.dialects.function_dialect import FunctionDialect
from trigrad.subject.dialects.layer_dialect import LayerDialect
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.signatures import (
    UnknownDialectError,
    fits_operands,
    has_methods,
    methods_of,
    positional,
)
from trigrad.subject.source.passes import missing_passes, passes_among

Dialects = LayerDialect | FunctionDialect | NetworkDialect


def dialect_of(contract: Contract, value: Any, build: Callable[..., Any] | None = None) -> Dialects:
    """How to build and call a class or function that answers to a contract.

    Raises:
        UnknownDialectError: it is spelt in a way that none of the dialects covers.
    """
    match contract.kind:
        case Kind.FUNCTION:
            count = 2 if contract.arguments else len(contract.operands)
            fits_operands(contract, positional(value), count, "it")
            return FunctionDialect(contract, value)
        case Kind.NETWORK:
            has_methods(value, ("loss", "gradient"))
            return NetworkDialect(contract, value)
        case Kind.LAYER if not isinstance(value, type):
            return LayerDialect(contract, speaker_of_single(contract, value))
        case Kind.LAYER:
            names = methods_of(value)
            passes = passes_among(names)
            if passes is None:
                raise UnknownDialectError(f"it has no {' and no '.join(missing_passes(names))}")
            if build is None and are_functions(value, passes):
                functions = getattr(value, passes.forward), getattr(value, passes.backward)
                return dialect_of_pair(contract, *functions)
            return LayerDialect(contract, speaker_of_class(contract, value, passes, build))


def dialect_of_pair(
    contract: Contract, forward: Callable[..., Any], backward: Callable[..., Any]
) -> LayerDialect:
    """How to call two functions that are a layer's passes.

    Raises:
        UnknownDialectError: one of them takes something that is not known.
    """
    return LayerDialect(contract, speaker_of_pair(contract, forward, backward))


__all__ = ["Dialects", "UnknownDialectError", "dialect_of", "dialect_of_pair"]
