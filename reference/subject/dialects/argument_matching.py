"""Match the arguments of a learner's callables with the operands and parameters of a contract.

Only signatures are read: nothing of the subject is run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import (
    OPERAND_LIST,
    OPERAND_TUPLE,
    VARARGS,
    Argument,
    AssignedArgument,
    CallPlan,
    auxiliary_role,
    parameter_named,
    setting_role,
    size_kind,
    unsupported,
)
from trigrad.subject.dialects.signatures import UnknownDialectError, fits_operands
from trigrad.subject.dialects.sizes import (
    is_size,
    refuse_activation,
    refuse_slope,
    says_which_size,
    size_roles,
)


class WeightDelivery(StrEnum):
    """How an object gets the weights of a case."""

    TO_CONSTRUCTOR = "passed to the constructor"
    TO_FORWARD = "passed to forward"
    WRITTEN = "written into the object"


@dataclass(frozen=True)
class ConstructorCall:
    """How an object is made, and how it gets its weights."""

    call: CallPlan
    weights: WeightDelivery


def _names(contract: Contract) -> list[str]:
    return [v.name for v in contract.parameters]


def match_constructor(
    contract: Contract, arguments: Sequence[Argument], cls: str
) -> ConstructorCall:
    """How the constructor of a class is called.

    Raises:
        UnknownDialectError: the role of an argument without a default is unknown.
    """
    names = _names(contract)
    auxiliary = _auxiliary(contract, arguments)
    refuse_activation(contract, arguments)
    refuse_slope(contract, arguments)
    # A weight is never a flag or a number: Linear(n_in, n_out, bias=True).
    weights = {
        a.name: role
        for a in arguments
        if not isinstance(a.default, bool | int | float | str) or a.needed
        if (role := parameter_named(a.key, names))
    }
    free = [a for a in arguments if a.needed and not auxiliary[a.name]]
    supported = str(Message("unread.only", name=cls, arguments=", ".join(names)))
    if names and set(weights.values()) == set(names):
        rest = [a for a in free if a.name not in weights]
        if all(size_kind(a) for a in rest):
            roles = {**auxiliary, **size_roles(contract, rest), **weights}
            return ConstructorCall(_call(arguments, roles), WeightDelivery.TO_CONSTRUCTOR)
    by_position = [a for a in arguments if not a.keyword and not auxiliary[a.name]][: len(names)]
    if names and not any(size_kind(a) for a in by_position):
        if by_position[-1:] and by_position[-1].key == VARARGS.key:  # *params
            by_position += [by_position[-1]] * (len(names) - len(by_position))
        if len(by_position) == len(names) and {a.name for a in free} <= {
            a.name for a in by_position
        }:
            given = tuple(a.with_role(n) for a, n in zip(by_position, names, strict=True))
            return ConstructorCall(
                CallPlan(given + _rest(arguments, by_position, auxiliary)),
                WeightDelivery.TO_CONSTRUCTOR,
            )
    sizes = [a for a in arguments if is_size(contract, a) and (a.needed or says_which_size(a))]
    if any(a not in sizes for a in free):
        raise unsupported(str(Message("unread.constructor")), list(arguments), supported)
    roles = {**auxiliary, **size_roles(contract, sizes)}
    if any(a.name not in roles for a in free):
        raise unsupported(str(Message("unread.constructor")), list(arguments), supported)
    return ConstructorCall(_call(arguments, roles), WeightDelivery.WRITTEN)


def _auxiliary(contract: Contract, arguments: Sequence[Argument]) -> dict[str, str]:
    """The roles of what is neither operand nor parameter; "" for any other argument."""
    return {a.name: setting_role(contract, a) or auxiliary_role(a) for a in arguments}


def _call(arguments: Sequence[Argument], roles: dict[str, str]) -> CallPlan:
    """The call in which every argument has its role, and one without a role keeps its default."""
    return CallPlan(tuple(a.with_role(roles.get(a.name) or f"default:{a.name}") for a in arguments))


def _rest(
    arguments: Sequence[Argument], given: Sequence[Argument], auxiliary: dict[str, str]
) -> tuple[AssignedArgument, ...]:
    done = {a.name for a in given}
    rest = [a for a in arguments if a.name not in done and auxiliary[a.name]]
    return tuple(
        AssignedArgument(a.name, auxiliary[a.name], needed=a.needed, keyword=True) for a in rest
    )


def match_forward(contract: Contract, arguments: Sequence[Argument], what: str) -> CallPlan:
    """How forward is called: with the operands, and with the parameters if it takes them.

    Raises:
        UnknownDialectError: it takes anything else.
    """
    operands = [v.name for v in contract.operands]
    auxiliary = _auxiliary(contract, arguments)
    free = [a for a in arguments if not auxiliary[a.name] and not a.keyword]
    lacking = [a for a in arguments if a.keyword and a.needed and not auxiliary[a.name]]
    if lacking:
        free = [a for a in free if a.needed] + lacking
        if len(free) != len(operands):
            words = str(Message("unread.meaning", name=lacking[0].name))
            raise unsupported(what, list(arguments), words)
        free.sort(key=lambda a: operands.index(a.key) if a.key in operands else len(operands))
    needed = len([a for a in free if a.needed])
    taken = 99 if any(a.key == VARARGS.key for a in free) else len(free)
    every = [*operands, *_names(contract)]
    wanted = operands
    if contract.parameters and not needed <= len(operands) <= taken:
        wanted = every
    fits = needed <= len(wanted) <= taken
    if not fits:
        fits_operands(contract, (needed, taken), len(operands), what)
    if taken == 99:
        free += [VARARGS] * len(wanted)
    order = _in_order(contract, free[: len(wanted)]) if wanted is every else wanted
    roles = {**auxiliary, **dict(zip((a.name for a in free), order, strict=False))}
    if taken == 99:
        return CallPlan(tuple(AssignedArgument("", role, positional=True) for role in wanted))
    return _call(arguments, roles)


def forward_plans(
    contract: Contract, arguments: Sequence[Argument], what: str
) -> tuple[CallPlan, ...]:
    """The ways in which forward may be called, the most likely first.

    Where it needs one argument and the contract has several operands, this may be a list of them.

    Raises:
        UnknownDialectError: there is none.
    """
    free = [a for a in arguments if not auxiliary_role(a) and a.key != VARARGS.key]
    needed = [a for a in free if a.needed]
    if len(contract.operands) < 2 or len(needed) != 1:
        return (match_forward(contract, arguments, what),)
    plans, doubt = [], ""
    try:
        plans.append(match_forward(contract, arguments, what))
    except UnknownDialectError as error:
        doubt = str(error)
    for role in (OPERAND_LIST, OPERAND_TUPLE):
        plans.append(replace(_call(arguments, {needed[0].name: role}), doubt=doubt))
    return tuple(plans)


def _in_order(contract: Contract, arguments: Sequence[Argument]) -> list[str]:
    """Operands and parameters in the order in which forward takes them, as in forward(x, W, b)."""
    names = _names(contract)
    operands = [v.name for v in contract.operands]
    found = [parameter_named(a.key, names) for a in arguments]
    if sorted(filter(None, found)) != sorted(names):
        return [*operands, *names]
    rest = iter(operands)
    return [role or next(rest) for role in found]
