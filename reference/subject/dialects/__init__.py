"""However a layer is spelled, one way to build and call it.

- `argument_roles`, `argument_matching`: which value each argument of a learner's callable gets,
  decided from signatures alone; nothing of the subject is run.
- `adapters`, `function_adapters`: make an object and call its passes, for a class, a pair of
  functions, or one function that returns a loss and its gradient.
- `discovery`: makes an object and finds out the conventions that only an object shows: the layout
  of its weights, and the attributes that hold weights and gradients.
- `layer_caller`: runs one object in these conventions, with arrays in the contract's layout.

Functions without a backward and networks have dialects of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from trigrad.contracts.schema import Contract, Kind
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import adapter_of_class
from trigrad.subject.dialects.argument_roles import arguments_of, setting_role, setting_values
from trigrad.subject.dialects.discovery import NOTHING_BESIDE, Beside
from trigrad.subject.dialects.function_adapters import (
    adapter_of_pair,
    adapter_of_single_function,
    are_functions,
)
from trigrad.subject.dialects.function_dialect import FunctionDialect
from trigrad.subject.dialects.layer_dialect import LayerDialect
from trigrad.subject.dialects.network_dialect import NetworkDialect
from trigrad.subject.dialects.signatures import (
    UnknownDialectError,
    fits_operands,
    has_methods,
    methods_of,
    no_methods,
    positional,
)
from trigrad.subject.source.passes import missing_passes, passes_among

Dialects = LayerDialect | FunctionDialect | NetworkDialect


def dialect_of(
    contract: Contract,
    value: Any,
    build: Callable[..., Any] | None = None,
    beside: Beside = NOTHING_BESIDE,
) -> Dialects:
    """How to build and call a class or function that answers to a contract.

    `beside` tells what the text beside it shows of how it is used.

    Raises:
        UnknownDialectError: no dialect covers the way it is spelled.
    """
    match contract.kind:
        case Kind.FUNCTION:
            value = _with_settings(contract, value)
            count = 2 if contract.arguments else len(contract.operands)
            fits_operands(contract, positional(value), count, str(Message("pass.function")))
            return FunctionDialect(contract, value)
        case Kind.NETWORK:
            has_methods(value, ("loss", "gradient"))
            return NetworkDialect(contract, value)
        case Kind.ENGINE | Kind.OPTIMISER:
            raise UnknownDialectError("it has a dialect of its own")
        case Kind.LAYER if not isinstance(value, type):
            return LayerDialect(contract, adapter_of_single_function(contract, value))
        case Kind.LAYER:
            names = methods_of(value)
            passes = passes_among(names)
            if passes is None:
                raise UnknownDialectError(str(no_methods(missing_passes(names))))
            if build is None and are_functions(value, passes):
                functions = getattr(value, passes.forward), getattr(value, passes.backward)
                return dialect_of_pair(contract, *functions)
            adapter = adapter_of_class(contract, value, passes, build)
            return LayerDialect(contract, adapter, beside)


def _with_settings(contract: Contract, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with the numbers that its writer leaves to the caller."""
    values = setting_values(contract)
    roles = {a.name: setting_role(contract, a) for a in arguments_of(function)[1:]}
    given = {name: values[role] for name, role in roles.items() if role in values}
    return partial(function, **given) if given else function


def dialect_of_pair(
    contract: Contract, forward: Callable[..., Any], backward: Callable[..., Any]
) -> LayerDialect:
    """How to call two functions that are a layer's passes.

    Raises:
        UnknownDialectError: the role of one of their arguments is unknown.
    """
    return LayerDialect(contract, adapter_of_pair(contract, forward, backward))


__all__ = ["Dialects", "UnknownDialectError", "dialect_of", "dialect_of_pair"]
