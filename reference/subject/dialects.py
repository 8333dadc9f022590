"""Any spelling → one way to build and call it.

Spoken so far: the book's classes (weights given to the constructor in the contract's order,
`forward` and `backward`, weight gradients as attributes `dW`, `db`, or returned after dx), plain
functions, and the book's networks (`params`, `loss`, `gradient`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from reference.contract import Array, Contract, Kind
from reference.subject.face import Build
from reference.subject.signatures import (
    constructor_names,
    fits_operands,
    has_methods,
    positional,
    positional_of_method,
    takes_parameters,
)


class LayerDialect:
    """A class with forward and backward."""

    def __init__(self, contract: Contract, build: Callable[..., Any], cls: type | None) -> None:
        self._contract = contract
        self._build = build
        self._count = positional_of_method(cls, "backward")
        self.takes_dout = self._count[1] > 0
        own = constructor_names(build)
        names = [v.name for v in contract.parameters]
        self._spellings = {n: [n, *own[i : i + 1]] for i, n in enumerate(names)}
        self._layouts: dict[str, tuple[int, ...] | None] = {}
        self._shapes: dict[str, tuple[int, ...]] = {}

    def build(self, command: Build) -> Any:
        """The object, its weights given by position in the contract's order."""
        built = self._build(*command.parameters.values())
        self._layouts = {n: self._layout(built, n, a) for n, a in command.parameters.items()}
        self._shapes = {n: a.shape for n, a in command.parameters.items()}
        return built

    def _layout(self, built: Any, name: str, given: Array) -> tuple[int, ...] | None:
        """The shape in which the object keeps a parameter, where that is another than given."""
        for spelling in self._spellings[name]:
            own = getattr(built, spelling, None)
            if isinstance(own, np.ndarray) and own.shape != given.shape:
                same = own.size == given.size and np.array_equal(own.reshape(-1), given.reshape(-1))
                return own.shape if same else None
        return None

    def _in_layout(self, name: str, gradient: Array) -> Array:
        """A gradient of the object's own parameter, (1, M) for b say, in the contract's shape."""
        if gradient.shape != self._layouts.get(name):
            return gradient
        return gradient.reshape(self._shapes[name])

    def _stored(self, built: Any, name: str) -> Any:
        parameters = [v.name for v in self._contract.parameters]
        return _stored_gradient(built, name, self._spellings[name], parameters)

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The output of forward."""
        return built.forward(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """Gradients: what backward returns, and for the weights what it stores."""
        if dout is not None:
            returned = built.backward(dout)
        elif self._count[0] > 0:
            returned = built.backward(1.0)  # backward needs its dout: a loss is fed with 1
        else:
            returned = built.backward()
        names = self._contract.gradients
        operand_names = [v.name for v in self._contract.operands if v.name in names]
        values = returned if isinstance(returned, tuple | list) else (returned,)
        if len(values) not in (len(operand_names), len(names)):
            # One value where two were due, or a tuple where an array was: shown as it is.
            return dict.fromkeys(operand_names, returned)
        found = dict(zip(names, values, strict=False))
        for variable in self._contract.parameters:
            if variable.name not in found:
                stored = self._stored(built, variable.name)
                if stored is not None:
                    found[variable.name] = stored
        for variable in self._contract.parameters:
            if isinstance(found.get(variable.name), np.ndarray):
                found[variable.name] = self._in_layout(variable.name, found[variable.name])
        return found

    def has(self, method: str) -> bool:
        """No further method is known of it."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """A layer has no further methods."""
        raise AttributeError(name)


def _stored_gradient(built: Any, name: str, spellings: list[str], parameters: list[str]) -> Any:
    """The gradient that a layer keeps of one parameter; None if there is none.

    `dW` for W (`dweight` where the constructor says weight), `grad_W` or `W_grad`; then `dw`,
    whatever the case; else the `grads` of the book's second volume, a list beside `params` or a
    dict by name.
    """
    for own in spellings:
        for wanted in (f"d{own}", f"d_{own}", f"grad_{own}", f"{own}_grad"):
            if hasattr(built, wanted):
                return getattr(built, wanted)
    wanted = f"d{name}"
    other = [a for a in getattr(built, "__dict__", {}) if a.lower() == wanted.lower()]
    if other:
        return getattr(built, other[0])
    grads = getattr(built, "grads", None)
    if isinstance(grads, dict):
        keys = {str(key).lower(): key for key in grads}
        key = keys.get(name.lower(), keys.get(wanted.lower()))
        return None if key is None else grads[key]
    if isinstance(grads, list | tuple) and len(grads) == len(parameters):
        return grads[parameters.index(name)]
    return None


class FunctionDialect:
    """A function of arrays."""

    takes_dout = False

    def __init__(self, contract: Contract, function: Callable[..., Any]) -> None:
        self._contract = contract
        self._function = function

    def build(self, command: Build) -> Any:
        """A function needs no object."""
        return None

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The function's value."""
        if self._contract.arguments is not None:
            names = [v.name for v in self._contract.operands]
            return self._function(
                *self._contract.arguments(dict(zip(names, operands, strict=True)))
            )
        return self._function(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """A function has no backward."""
        raise AttributeError("backward")

    def has(self, method: str) -> bool:
        """No further method is known of it."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """A function has no further methods."""
        raise AttributeError(name)


class NetworkDialect:
    """The book's network: built from sizes, weights in `params`, `loss` and `gradient`."""

    takes_dout = False

    def __init__(self, contract: Contract, cls: Callable[..., Any]) -> None:
        self._contract = contract
        self._cls = cls
        self._shapes: dict[str, tuple[int, ...]] = {}

    def build(self, command: Build) -> Any:
        """The network with the case's weights written into its own arrays.

        In place, because its layers hold the very arrays of `params`, as in the book.
        """
        np.random.seed(0)  # the weights it draws are the same in every object
        network = self._cls(*(command.sizes[s] for s in self._contract.built_from))
        for name, array in command.parameters.items():
            own = network.params[name]
            if np.size(own) != array.size or np.ndim(own) < array.ndim:
                raise ValueError(
                    f"params[{name!r}] has shape {np.shape(own)}, should be {array.shape}"
                )
            own[...] = array.reshape(np.shape(own))  # (1, H) where the contract says (H,)
            self._shapes[name] = array.shape
        return network

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The loss."""
        return built.loss(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """The dict that gradient gives."""
        gradients = built.gradient(*operands)
        if not isinstance(gradients, dict):
            return dict.fromkeys(self._contract.gradients, gradients)
        found = {name: gradients[name] for name in self._contract.gradients if name in gradients}
        return {name: self._in_layout(built, name, value) for name, value in found.items()}

    def _in_layout(self, built: Any, name: str, gradient: Any) -> Any:
        """A gradient of the network's own parameter in the contract's shape."""
        own = np.shape(built.params[name])
        if isinstance(gradient, np.ndarray) and gradient.shape == own:
            return gradient.reshape(self._shapes[name])
        return gradient

    def has(self, method: str) -> bool:
        """Whether the class has a method of that name."""
        return callable(getattr(self._cls, method, None))

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """A further method, given as many of the operands as it takes."""
        bound = getattr(built, name)
        return bound(*list(operands.values())[: positional(bound)[1]])


def dialect_of(
    contract: Contract, value: Any, build: Callable[..., Any] | None = None
) -> LayerDialect | FunctionDialect | NetworkDialect:
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
        case Kind.LAYER:
            has_methods(value, ("forward", "backward"))
            takes = positional_of_method(value, "forward")
            fits_operands(contract, takes, len(contract.operands), "forward")
            if build is None:
                takes_parameters(contract, value)
            return LayerDialect(contract, build or value, value)
