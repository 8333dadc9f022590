"""The dialect of the book's networks: sizes in the constructor, `params`, `loss`, `gradient`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from trigrad.contracts.schema import Contract, shape_of
from trigrad.subject.dialects.experiments import ERRORS, SIZES
from trigrad.subject.dialects.signatures import UnknownDialectError, positional
from trigrad.subject.face import BatchAxis, Build


@dataclass(frozen=True)
class NetworkLayout:
    """How a network holds its weights, and which axis of its operands has the samples."""

    transposed: bool = False
    """Whether W1 is (H, I) and W2 is (O, H)."""
    columns: bool = False

    def operand(self, array: Any) -> Any:
        """An operand in the network's layout; class labels stay as they are."""
        return array.T if self.columns and np.ndim(array) == 2 else array


class NetworkDialect:
    """A network that is built from sizes and holds its weights in `params`."""

    takes_dout = False
    calls: ClassVar = {"forward": "loss", "backward": "gradient"}

    def __init__(self, contract: Contract, cls: Callable[..., Any]) -> None:
        self._contract = contract
        self._cls = cls
        self._shapes: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _layout(self) -> NetworkLayout:
        """Found on a network whose sizes are all different, before the first one is built."""
        sizes = dict(zip(self._contract.symbols, SIZES, strict=False))
        arrays = {v.name: np.ones(shape_of(v.shape, sizes)) for v in self._contract.operands}
        weight = next(v for v in self._contract.parameters if len(v.shape) == 2)
        try:
            network = self._new(sizes)
            own = np.shape(network.params[weight.name])
        except ERRORS:
            return NetworkLayout()
        if own != shape_of(weight.shape, sizes)[::-1]:
            return NetworkLayout()
        for layout in (
            NetworkLayout(transposed=True),
            NetworkLayout(transposed=True, columns=True),
        ):
            try:
                network.loss(*map(layout.operand, arrays.values()))
            except ERRORS:
                continue
            return layout
        return NetworkLayout()

    @property
    def batch_axis(self) -> BatchAxis:
        """Which axis of the operands has the samples."""
        return BatchAxis.COLUMNS if self._layout.columns else BatchAxis.ROWS

    @property
    def turned(self) -> tuple[str, ...]:
        """The weights that are stored transposed."""
        if not self._layout.transposed:
            return ()
        return tuple(v.name for v in self._contract.parameters if len(v.shape) == 2)

    @property
    def notes(self) -> tuple[str, ...]:
        """The conventions that are not the book's."""
        if self._layout.columns:
            return ("read with samples as columns (below, samples are rows)",)
        return ("W1 and W2 are stored transposed",) if self._layout.transposed else ()

    def _new(self, sizes: Mapping[str, int]) -> Any:
        np.random.seed(0)  # the weights it draws are the same in every object
        return self._cls(*(sizes[s] for s in self._contract.built_from))

    def build(self, command: Build) -> Any:
        """The network, with the case's weights written into its own arrays.

        They are written in place, because its layers hold the same arrays, as in the book.
        """
        layout = self._layout
        network = self._new(command.sizes)
        for name, given in command.parameters.items():
            if name not in network.params:
                raise LookupError(f"params has no {name!r}")
            array = given.T if layout.transposed and given.ndim == 2 else given
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
        return built.loss(*map(self._layout.operand, operands))

    def backward(self, built: Any, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """The dict that gradient returns."""
        gradients = built.gradient(*map(self._layout.operand, operands))
        if not isinstance(gradients, dict):
            return dict.fromkeys(self._contract.gradients, gradients)
        found = {name: gradients[name] for name in self._contract.gradients if name in gradients}
        return {name: self._in_layout(built, name, value) for name, value in found.items()}

    def _in_layout(self, built: Any, name: str, gradient: Any) -> Any:
        """A gradient of the network's own parameter in the contract's shape."""
        own = np.shape(built.params[name])
        if isinstance(gradient, np.ndarray) and gradient.shape == own:
            return self._in_contract(gradient.reshape(self._shapes[name]))
        return gradient

    def _in_contract(self, array: Any) -> Any:
        return array.T if self._layout.transposed and array.ndim == 2 else array

    def weight(self, built: Any, name: str) -> Any:
        """The network's own array of a parameter, in the contract's shape."""
        own = built.params[name]
        view = own.view()
        view.shape = self._shapes[
            name
        ]  # a view, never a copy: writing must change the layers' arrays
        return self._in_contract(view)

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
        passed = list(map(self._layout.operand, operands.values()))
        returned = bound(*passed[: positional(bound)[1]])
        return self._layout.operand(returned) if isinstance(returned, np.ndarray) else returned
