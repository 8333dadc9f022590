"""The dialect of the book's networks: sizes in the constructor, `params`, `loss`, `gradient`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.signatures import UnknownDialectError, positional
from trigrad.subject.face import BatchAxis, Build


class NetworkDialect:
    """A network that is built from sizes and holds its weights in `params`."""

    takes_dout = False
    batch_axis = BatchAxis.ROWS
    turned: ClassVar[tuple[str, ...]] = ()
    calls: ClassVar = {"forward": "loss", "backward": "gradient"}
    notes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, contract: Contract, cls: Callable[..., Any]) -> None:
        self._contract = contract
        self._cls = cls
        self._shapes: dict[str, tuple[int, ...]] = {}

    def build(self, command: Build) -> Any:
        """The network, with the case's weights written into its own arrays.

        They are written in place, because its layers hold the same arrays, as in the book.
        """
        np.random.seed(0)  # the weights it draws are the same in every object
        network = self._cls(*(command.sizes[s] for s in self._contract.built_from))
        for name, array in command.parameters.items():
            if name not in network.params:
                raise LookupError(f"params has no {name!r}")
            own = network.params[name]
            if np.size(own) != array.size or np.ndim(own) < array.ndim:
                raise ValueError(
                    f"params[{name!r}] has shape {np.shape(own)}, should be {array.shape}"
                )
            own[...] = array.reshape(np.shape(own))  # (1, H) where the contract says (H,)
            self._shapes[name] = array.shape
        layers = [n for n in map(str, network.params) if re.fullmatch(r"[Wb]\d+", n)]
        more = [name for name in layers if name not in command.parameters]
        if more:
            raise UnknownDialectError(f"params has {' and '.join(more)} too: it is another network")
        return network

    def forward(self, built: Any, operands: list[Any]) -> Any:
        """The loss."""
        return built.loss(*operands)

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """The dict that gradient returns."""
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

    def weight(self, built: Any, name: str) -> Any:
        """The network's own array of a parameter, in the contract's shape."""
        own = built.params[name]
        view = own.view()
        view.shape = self._shapes[
            name
        ]  # a view, never a copy: writing must change the layers' arrays
        return view

    def overwritten(self, built: Any) -> tuple[str, ...]:
        """Not looked for in a network."""
        return ()

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:
        """Not looked for in a network."""
        return ()

    def has(self, method: str) -> bool:
        """Whether the class has a method of that name."""
        return callable(getattr(self._cls, method, None))

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:
        """The result of a further method, called with as many of the operands as it takes."""
        bound = getattr(built, name)
        return bound(*list(operands.values())[: positional(bound)[1]])
