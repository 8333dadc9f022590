"""The sizes that a constructor takes, told by the names of its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract, Shape
from trigrad.messages import Message
from trigrad.subject.dialects.argument_roles import OPTIMISER, Argument, size_kind
from trigrad.subject.dialects.signatures import UnknownDialectError

SHAPE_OF = "shape:"
SIZE_OF = "size:"
WHOLE_SHAPE = "shape:W"


def is_size_role(role: str) -> bool:
    """Whether an argument of that role gets a size or a shape."""
    return role.startswith((SHAPE_OF, SIZE_OF))


def ends_of(contract: Contract) -> tuple[str, str]:
    """The symbols of the last axis of the input and of the output: D and M."""
    into = contract.operands[0].shape[-1]
    return into, (contract.output or (into,))[-1]


_ACTIVATIONS = ("activation", "act", "activationfunction", "nonlinearity", "afunc", "actfn")
_IDENTITIES = ("linear", "identity", "none", "")


def refuse_activation(contract: Contract, arguments: Sequence[Argument]) -> None:
    """Refuse a layer with weights that also applies an activation: it is another function.

    Raises:
        UnknownDialectError: an argument chooses the activation.
    """
    for argument in arguments if contract.parameters else ():
        default = argument.default
        name = default if isinstance(default, str) else getattr(default, "__name__", "")
        idle = default is None or default is False or str(name).lower() in _IDENTITIES
        if argument.key in _ACTIVATIONS and (argument.needed or (name and not idle)):
            raise UnknownDialectError(str(Message("unread.activation", name=argument.name)))


_SLOPES = ("alpha", "slope", "negativeslope", "leak", "leakiness", "leakyslope", "leakyalpha")


def refuse_slope(contract: Contract, arguments: Sequence[Argument]) -> None:
    """Refuse a layer with a kink whose other side has a slope of its own: it is another function.

    Raises:
        UnknownDialectError: an argument gives a slope that is not 0.
    """
    other = contract.promises.kink_at is not None and contract.readings.settings is None
    for argument in arguments if other else ():
        if argument.key in _SLOPES and isinstance(argument.default, float) and argument.default:
            raise UnknownDialectError(
                str(Message("unread.slope", name=argument.name, default=f"{argument.default:g}"))
            )


def is_size(contract: Contract, argument: Argument) -> bool:
    """Whether an argument is a size. In `Relu(inputs)` it is another node of a graph instead."""
    nodes = ("in", "input", "inputs", "out", "output", "outputs", "node", "nodes", "prev", "next")
    graph = not contract.parameters and argument.key in nodes
    return bool(size_kind(argument)) and not graph


def says_which_size(argument: Argument) -> bool:
    """Whether a size with a default has a name that tells which size it is."""
    return size_kind(argument) in ("in", "out") and not isinstance(argument.default, str)


def size_roles(contract: Contract, arguments: Sequence[Argument]) -> dict[str, str]:
    """The role of each size: told by its name, else the first is "in" and the second "out"."""
    into, out = ends_of(contract)
    kinds = [size_kind(a) for a in arguments]
    unnamed = [end for end in ("in", "out") if end not in kinds]
    if len(arguments) == 1 and kinds == ["some"]:  # Dense(units)
        if "shape" in arguments[0].key and contract.parameters:
            return {arguments[0].name: WHOLE_SHAPE}
        unnamed = ["out"]
    roles = {}
    for argument, kind in zip(arguments, kinds, strict=True):
        end = kind if kind != "some" else (unnamed.pop(0) if unnamed else "")
        if end:
            kind_of_role = SHAPE_OF if "shape" in argument.key else SIZE_OF
            roles[argument.name] = kind_of_role + (into if end == "in" else out)
    return roles


def size_values(contract: Contract, parameters: Arrays, sizes: Mapping[str, int]) -> dict[str, Any]:
    """The sizes by role. Those of the weights come from the weights, not from the operands."""
    known = dict(sizes)
    for variable in contract.parameters:
        if variable.name in parameters:
            known.update(zip(variable.shape, parameters[variable.name].shape, strict=True))
    ends = ends_of(contract)
    values: dict[str, Any] = {SIZE_OF + s: n for s, n in known.items()}
    values |= {SHAPE_OF + s: (n,) for s, n in known.items()}
    if all(end in known for end in ends):
        values[WHOLE_SHAPE] = tuple(known[end] for end in ends)
    return values


def plain_operand(shape: Shape, values: Mapping[str, Any]) -> Array:
    """An operand of these sizes, for a first forward that only creates the weights."""
    sizes = tuple(values.get(SIZE_OF + symbol, 1) for symbol in shape)
    return np.linspace(-1.0, 1.0, int(np.prod(sizes))).reshape(sizes)


def setup_argument(contract: Contract, key: str, values: Mapping[str, Any]) -> Any:
    """The value of an argument of a method that creates the weights."""
    into, out = ends_of(contract)
    if key.startswith("opt"):
        return values[OPTIMISER]
    return values[(SHAPE_OF if "shape" in key else SIZE_OF) + (out if "out" in key else into)]
