"""Match the arguments of backward with dout, and with what else it may take.

Only signatures are read: nothing of the subject is run here. Where the names leave a doubt, there
is more than one plan, and `discovery` tries them.
"""

from __future__ import annotations

from collections.abc import Sequence

from trigrad.contracts.schema import Contract
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import (
    CACHE,
    DOUT,
    OUTPUT,
    VARARGS,
    Argument,
    AssignedArgument,
    CallPlan,
    auxiliary_role,
    is_upstream,
    parameter_named,
    setting_role,
    unsupported,
)

CACHE_WORDS = (
    *("cache", "caches", "ctx", "context", "memory", "saved", "state", "stash"),
    *("res", "residual", "residuals"),
)
"""Names of the argument by which values are passed from forward to backward."""

_OPERAND_WORDS = (
    *("x", "input", "inputs", "inp", "data", "a", "aprev", "z", "layerinput", "inputdata"),
    *("y", "t", "target", "targets", "labels", "ytrue", "inputdata"),
)
_OUTPUT_WORDS = ("y", "out", "output", "outputs", "a", "s", "act")


def backward_plans(
    contract: Contract, arguments: Sequence[Argument], what: str, *, pair: bool = False
) -> tuple[CallPlan, ...]:
    """The ways in which backward may be called, the most likely first.

    `pair`: whether it is one of two functions, so that it takes what forward returned.

    An argument that is called like an upstream gradient is one. Where there is none, each of the
    arguments may be: one that is called like nothing else first, one like a learning rate last.

    Raises:
        UnknownDialectError: the role of one of its arguments is unknown.
    """
    if any(a.key == VARARGS.key for a in arguments):
        return (CallPlan((AssignedArgument("", DOUT, needed=False, positional=True),)),)
    auxiliary = {a.name: setting_role(contract, a) or auxiliary_role(a) for a in arguments}
    free = [a for a in arguments if not auxiliary[a.name]]
    asked = [a for a in arguments if a.needed]
    if not asked:
        asked = free[:1] or list(arguments) * (len(arguments) == 1)
    if not any(not auxiliary[a.name] for a in asked) and not contract.scalar and free:
        asked += free[:1]
    upstream = [a for a in asked if is_upstream(a) and not auxiliary[a.name]]
    operands = [v.name for v in contract.operands]
    if contract.scalar and not upstream and len(asked) > 1:
        if len(asked) == len(operands) and not pair:
            # A loss that stores nothing, and takes its operands again: backward(y_pred, y_true).
            roles = dict(zip((a.name for a in asked), operands, strict=True))
            return (_plan(arguments, auxiliary | roles),)
        chosen: list[Argument | None] = [None]
    else:
        likely = [a for a in asked if not (pair and a.key in CACHE_WORDS)]
        likely.sort(key=lambda a: _rank(contract, a, auxiliary[a.name]))
        chosen = [*(upstream or likely)] or [None]
    plans, refused = [], ""
    for dout in chosen:
        roles = {
            a.name: DOUT
            if a is dout
            else auxiliary[a.name] or _role_beside_dout(contract, a, pair=pair)
            for a in asked
        }
        unknown = [a.name for a in asked if not roles[a.name]]
        # What forward returns beside its output may be it, which only a call can show.
        roles |= dict.fromkeys(unknown, CACHE)
        words = str(Message("unread.meaning", name=unknown[0])) if unknown else ""
        doubt = str(unsupported(what, list(arguments), words)) if unknown else ""
        plans.append(_plan(arguments, auxiliary | roles, doubt))
        refused = refused or doubt
    return tuple(plans)


def _plan(arguments: Sequence[Argument], roles: dict[str, str], doubt: str = "") -> CallPlan:
    given = (a.with_role(roles.get(a.name) or f"default:{a.name}") for a in arguments)
    return CallPlan(tuple(given), doubt)


def _rank(contract: Contract, argument: Argument, auxiliary: str) -> int:
    """How likely an argument is the upstream gradient, if none is called like one; 0 the most."""
    if auxiliary:
        return 3
    if argument.key in CACHE_WORDS:
        return 2
    return 1 if argument.key in (v.name.lower() for v in contract.variables) else 0


def _role_beside_dout(contract: Contract, argument: Argument, *, pair: bool) -> str:
    """The role of an argument of backward other than dout; "" if it is unknown."""
    names = [v.name for v in contract.operands]
    if argument.key in (n.lower() for n in names):
        return next(n for n in names if n.lower() == argument.key)
    parameter = parameter_named(argument.key, [v.name for v in contract.parameters])
    if parameter:
        return parameter
    if len(names) == 1:
        if argument.key in _OUTPUT_WORDS and argument.name not in ("A", "a"):
            return OUTPUT
        if argument.key in _OPERAND_WORDS:
            return names[0]
    return CACHE if pair else ""
