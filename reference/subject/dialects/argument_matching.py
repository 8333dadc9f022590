"""A contract and the signatures of a learner's callables → what each is called with.

Signatures only: nothing of the subject's is run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.argument_roles import (
    ANY_NUMBER,
    CACHE,
    DOUT,
    OUTPUT,
    Argument,
    Call,
    Given,
    is_upstream,
    parameter_named,
    refused,
    size_of_argument,
    usual_role,
)
from trigrad.subject.dialects.signatures import fits_operands
from trigrad.subject.dialects.sizes import is_size, is_told, refuse_activation, size_roles

CACHE_WORDS = ("cache", "caches", "ctx", "context", "memory", "saved", "state", "stash")
"""What a pair of functions calls that which forward hands over to backward."""


class Weights(StrEnum):
    """How the weights of a case come into an object."""

    GIVEN = "given to the constructor"
    PASSED = "passed to forward"
    PLACED = "written into the object"


@dataclass(frozen=True)
class Making:
    """How an object is made."""

    call: Call
    weights: Weights


def _names(contract: Contract) -> list[str]:
    return [v.name for v in contract.parameters]


def read_constructor(contract: Contract, arguments: Sequence[Argument], cls: str) -> Making:
    """How a class is called to make an object.

    Raises:
        UnknownDialectError: it wants something that nothing is known to give.
    """
    names = _names(contract)
    usual = {a.name: usual_role(a) for a in arguments}
    refuse_activation(contract, arguments)
    # A weight is never a flag or a number: Linear(n_in, n_out, bias=True).
    weights = {
        a.name: role
        for a in arguments
        if not isinstance(a.default, bool | int | float | str) or a.needed
        if (role := parameter_named(a.bare, names))
    }
    free = [a for a in arguments if a.needed and not usual[a.name]]
    tried = f"and {cls}({', '.join(names)}) is all that is tried so far"
    if names and set(weights.values()) == set(names):
        rest = [a for a in free if a.name not in weights]
        if all(size_of_argument(a) for a in rest):
            roles = {**usual, **size_roles(contract, rest), **weights}
            return Making(_call(arguments, roles), Weights.GIVEN)
    by_place = [a for a in arguments if not a.keyword and not usual[a.name]][: len(names)]
    if names and not any(size_of_argument(a) for a in by_place):
        if by_place[-1:] and by_place[-1].bare == ANY_NUMBER.bare:  # *params
            by_place += [by_place[-1]] * (len(names) - len(by_place))
        if len(by_place) == len(names) and {a.name for a in free} <= {a.name for a in by_place}:
            given = tuple(a.given(n) for a, n in zip(by_place, names, strict=True))
            return Making(Call(given + _rest(arguments, by_place, usual)), Weights.GIVEN)
    sizes = [a for a in arguments if is_size(contract, a) and (a.needed or is_told(a))]
    if any(a not in sizes for a in free):
        raise refused("its constructor", list(arguments), tried)
    roles = {**usual, **size_roles(contract, sizes)}
    if any(a.name not in roles for a in free):
        raise refused("its constructor", list(arguments), tried)
    return Making(_call(arguments, roles), Weights.PLACED)


def _call(arguments: Sequence[Argument], roles: dict[str, str]) -> Call:
    """What has a role is given; what has none has a default."""
    return Call(tuple(a.given(roles.get(a.name) or f"default of {a.name}") for a in arguments))


def _rest(
    arguments: Sequence[Argument], given: Sequence[Argument], usual: dict[str, str]
) -> tuple[Given, ...]:
    done = {a.name for a in given}
    rest = [a for a in arguments if a.name not in done and usual[a.name]]
    return tuple(Given(a.name, usual[a.name], needed=a.needed, keyword=True) for a in rest)


def read_forward(contract: Contract, arguments: Sequence[Argument], what: str) -> Call:
    """How forward is called: with the operands, and with the parameters if it asks for them.

    Raises:
        UnknownDialectError: it takes something else.
    """
    operands = [v.name for v in contract.operands]
    usual = {a.name: usual_role(a) for a in arguments}
    free = [a for a in arguments if not usual[a.name] and not a.keyword]
    lacking = [a for a in arguments if a.keyword and a.needed and not usual[a.name]]
    if lacking:
        raise refused(what, list(arguments), f"and nothing is known to give as {lacking[0].name}")
    needed = sum(a.needed for a in free)
    taken = 99 if any(a.bare == ANY_NUMBER.bare for a in free) else len(free)
    every = [*operands, *_names(contract)]
    wanted = operands
    if contract.parameters and not needed <= len(operands) <= taken:
        wanted = every
    fits = needed <= len(wanted) <= taken
    if not fits:
        fits_operands(contract, (needed, taken), len(operands), what)
    if taken == 99:
        free += [ANY_NUMBER] * len(wanted)
    order = _in_order(contract, free[: len(wanted)]) if wanted is every else wanted
    roles = {**usual, **dict(zip((a.name for a in free), order, strict=False))}
    if taken == 99:
        return Call(tuple(Given("", role, positional=True) for role in wanted))
    return _call(arguments, roles)


def _in_order(contract: Contract, arguments: Sequence[Argument]) -> list[str]:
    """Operands and parameters in the order in which forward(x, W, b) has them."""
    names = _names(contract)
    operands = [v.name for v in contract.operands]
    found = [parameter_named(a.bare, names) for a in arguments]
    if sorted(filter(None, found)) != sorted(names):
        return [*operands, *names]
    rest = iter(operands)
    return [role or next(rest) for role in found]


_OPERAND_WORDS = (
    *("x", "input", "inputs", "inp", "data", "a", "aprev", "z", "layerinput", "inputdata"),
    *("y", "t", "target", "targets", "labels", "ytrue", "inputdata"),
)
_OUTPUT_WORDS = ("y", "out", "output", "outputs", "a", "s", "act")


def read_backward(
    contract: Contract, arguments: Sequence[Argument], what: str, *, caches: bool = False
) -> Call:
    """How backward is called: dout, and what else it asks for.

    `caches` where forward returns what backward must be given, as in a pair of functions.

    Raises:
        UnknownDialectError: it asks for something that is not known.
    """
    usual = {a.name: usual_role(a) for a in arguments}
    free = [a for a in arguments if not usual[a.name]]
    if any(a.bare == ANY_NUMBER.bare for a in free):
        return Call((Given("", DOUT, needed=False, positional=True),))
    asked = [a for a in free if a.needed] or free[:1]
    upstream = [a for a in asked if is_upstream(a)]
    others = [a for a in asked if not (caches and a.bare in CACHE_WORDS)]
    dout = upstream[0] if upstream else others[0] if others else None
    roles = dict(usual)
    operands = [v.name for v in contract.operands]
    if contract.scalar and not upstream and len(asked) == len(operands) > 1 and not caches:
        # A loss that is not given back what it was given: backward(y_pred, y_true).
        roles |= {a.name: name for a, name in zip(asked, operands, strict=True)}
        return _call(arguments, roles)
    for argument in asked:
        if argument is dout and (upstream or len(asked) == 1 or not contract.scalar):
            roles[argument.name] = DOUT
        else:
            roles[argument.name] = _further(contract, argument, caches=caches)
        if not roles[argument.name]:
            raise refused(what, list(arguments), f"and nothing is known to give as {argument.name}")
    return _call(arguments, roles)


def _further(contract: Contract, argument: Argument, *, caches: bool) -> str:
    """The role of what backward asks for beside dout; "" if it is not known."""
    names = [v.name for v in contract.operands]
    if argument.bare in (n.lower() for n in names):
        return next(n for n in names if n.lower() == argument.bare)
    parameter = parameter_named(argument.bare, _names(contract))
    if parameter:
        return parameter
    if len(names) == 1:
        if argument.bare in _OUTPUT_WORDS and argument.name not in ("A", "a"):
            return OUTPUT
        if argument.bare in _OPERAND_WORDS:
            return names[0]
    return CACHE if caches else ""
