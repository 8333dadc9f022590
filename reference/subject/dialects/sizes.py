"""The sizes that a constructor asks for, told by the names of its arguments."""

from __future__ import annotations

from collections.abc import Sequence

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.argument_roles import Argument, size_of_argument
from trigrad.subject.dialects.signatures import UnknownDialectError

SHAPE_OF = "shape of "
SIZE_OF = "size of "
WHOLE_SHAPE = "shape of W"


def is_size_role(role: str) -> bool:
    """Whether an argument of that role is given a size or a shape."""
    return role.startswith((SHAPE_OF, SIZE_OF))


def ends_of(contract: Contract) -> tuple[str, str]:
    """The symbols of the last axis of what goes in and of what comes out: D and M."""
    into = contract.operands[0].shape[-1]
    return into, (contract.output or (into,))[-1]


_ACTIVATIONS = ("activation", "act", "activationfunction", "nonlinearity", "afunc", "actfn")
_IDENTITIES = ("linear", "identity", "none", "")


def refuse_activation(contract: Contract, arguments: Sequence[Argument]) -> None:
    """A layer with weights that applies an activation too is another function."""
    for argument in arguments if contract.parameters else ():
        default = argument.default
        name = default if isinstance(default, str) else getattr(default, "__name__", "")
        idle = default is None or default is False or str(name).lower() in _IDENTITIES
        if argument.bare in _ACTIVATIONS and (argument.needed or (name and not idle)):
            raise UnknownDialectError(f"it applies an activation of its own ({argument.name})")


def is_size(contract: Contract, argument: Argument) -> bool:
    """Whether an argument is a size; `Relu(inputs)` is given another node of a graph."""
    nodes = ("in", "input", "inputs", "out", "output", "outputs", "node", "nodes", "prev", "next")
    graph = not contract.parameters and argument.bare in nodes
    return bool(size_of_argument(argument)) and not graph


def is_told(argument: Argument) -> bool:
    """Whether a size with a default says by its name which one it is."""
    return size_of_argument(argument) in ("in", "out") and not isinstance(argument.default, str)


def size_roles(contract: Contract, arguments: Sequence[Argument]) -> dict[str, str]:
    """The size that each argument asks for: by its name, else the first in, the second out."""
    into, out = ends_of(contract)
    kinds = [size_of_argument(a) for a in arguments]
    unsaid = [end for end in ("in", "out") if end not in kinds]
    if len(arguments) == 1 and kinds == ["some"]:  # Dense(units)
        if "shape" in arguments[0].bare and contract.parameters:
            return {arguments[0].name: WHOLE_SHAPE}
        unsaid = ["out"]
    roles = {}
    for argument, kind in zip(arguments, kinds, strict=True):
        end = kind if kind != "some" else (unsaid.pop(0) if unsaid else "")
        if end:
            kind_of_role = SHAPE_OF if "shape" in argument.bare else SIZE_OF
            roles[argument.name] = kind_of_role + (into if end == "in" else out)
    return roles
