"""The dialect of the book's networks: sizes in the constructor, `params`, `loss`, `gradient`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from trigrad.contracts.schema import Array, Arrays, Contract
from trigrad.messages import Message
from trigrad.subject.dialects.array_layout import can_be_subtracted
from trigrad.subject.dialects.network_layout import NetworkLayout, layout_of_network
from trigrad.subject.dialects.signatures import UnknownDialectError, positional
from trigrad.subject.face import BatchAxis, Build, Sizes

FEWEST_SIZES = 2
"""A network with a number of outputs of its own takes two sizes."""


@dataclass
class _Built:
    """A network, and what its last call changed in its params."""

    network: Any
    starting: dict[str, Array]
    """Copies of the weights with which it starts by itself."""
    overwritten: tuple[str, ...] = ()
    misfits: dict[str, tuple[Sizes, Sizes]] = field(default_factory=dict)
    """Gradients of the last call that no step can subtract: their shape, and the weight's."""

    def keeping_weights(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """The result of a call, after which the weights are as before, and the same arrays."""
        params = self.network.params
        before = {name: (params[name], np.array(params[name])) for name in self.starting}
        result = call(*arguments)
        changed = [n for n, (_, kept) in before.items() if not np.array_equal(params[n], kept)]
        for name in changed:
            params[name], kept = before[name]
            params[name][...] = kept
        self.overwritten = tuple(changed)
        return result


class NetworkDialect:
    """A network that is built from sizes and holds its weights in `params`."""

    takes_dout = False
    repeats_forward = True
    calls: ClassVar = {"forward": "loss", "backward": "gradient"}

    def __init__(self, contract: Contract, cls: Callable[..., Any]) -> None:
        self._contract = contract
        self._cls = cls
        needed, taken = positional(cls)
        names = contract.built_from
        if taken < FEWEST_SIZES or needed > len(names):
            sizes = ", ".join(names)
            raise UnknownDialectError(str(Message("unread.sizes", sizes=sizes)))
        self._sizes = names[:taken]
        """The sizes that its constructor takes; without the last one, that is its own."""
        self._may_be_fixed = needed < len(names)
        """Whether the last one need not be passed, so that another argument may be there."""
        self._shapes: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _layout(self) -> NetworkLayout:
        return layout_of_network(self._contract, self._new)

    uncleared = False

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
            return (str(Message("note.columns")),)
        return (
            (str(Message("note.transposed", names=self.turned, count=len(self.turned))),)
            if self.turned
            else ()
        )

    def _new(self, sizes: Mapping[str, int]) -> Any:
        np.random.seed(0)  # the weights it draws are the same in every object
        # A reading with one output has no size for it.
        return self._cls(*(sizes.get(s, 1) for s in self._sizes))

    def build(self, command: Build) -> _Built:
        """The network, with the case's weights written into its own arrays.

        They are written in place, because its layers hold the same arrays, as in the book.
        """
        layout = self._layout
        network = self._new(command.sizes)
        starting: dict[str, Array] = {}
        for name, given in command.parameters.items():
            array = layout.weight(given)
            if name not in network.params:
                raise LookupError(str(Message("unread.no_weight", name=repr(name))))
            own = network.params[name]
            starting[name] = np.array(own)
            if np.size(own) != array.size or np.ndim(own) < array.ndim:
                of_outputs = self._contract.built_from[-1] in self._contract.variable(name).shape
                if self._may_be_fixed and of_outputs:
                    raise UnknownDialectError(
                        str(Message("unread.outputs", name=name, shape=str(np.shape(own))))
                    )
                found, due = str(np.shape(own)), str(array.shape)
                raise ValueError(
                    str(Message("unread.weight", name=repr(name), found=found, should_be=due))
                )
            own[...] = array.reshape(np.shape(own))  # (1, H) where the contract says (H,)
            self._shapes[name] = array.shape
        layers = [n for n in map(str, network.params) if re.fullmatch(r"[Wb]\d+", n)]
        more = [name for name in layers if name not in command.parameters]
        if more:
            raise UnknownDialectError(str(Message("unread.more_params", names=tuple(more))))
        return _Built(network, starting)

    @property
    def defined(self) -> Callable[..., Any]:
        """What makes a network: its class."""
        return self._cls

    def root(self, built: _Built) -> Any:
        """The network itself."""
        return built.network

    def own_weights(self, built: _Built) -> dict[str, Array]:
        """Its own arrays, by the names of the contract."""
        return {name: built.network.params[name] for name in built.starting}

    def starting(self, built: _Built) -> dict[str, Array]:
        """The weights with which the network starts by itself."""
        return built.starting

    def forward(self, built: _Built, operands: list[Any]) -> Any:
        """The loss."""
        return built.network.loss(*map(self._layout.operand, operands))

    def own_output(
        self, parameters: Mapping[str, Any], sizes: Mapping[str, int], operands: list[Any]
    ) -> Any:
        """The loss of a new network, for arrays of whatever kind."""
        return self.forward(self.build(Build(dict(parameters), sizes)), operands)

    def backward(self, built: _Built, dout: Any, operands: list[Any]) -> dict[str, Any]:
        """The dict that gradient returns."""
        gradients = built.keeping_weights(
            built.network.gradient, *map(self._layout.operand, operands)
        )
        return self._by_name(built, gradients)

    def _by_name(self, built: _Built, gradients: Any) -> dict[str, Any]:
        if not isinstance(gradients, dict):
            return dict.fromkeys(self._contract.gradients, gradients)
        found = {
            name: gradients[key]
            for name in self._contract.gradients
            for key in (f"d{name}", name)  # the exact name counts where both are there
            if key in gradients
        }
        own = {name: np.shape(built.network.params[name]) for name in found}
        built.misfits = {
            name: (value.shape, own[name])
            for name, value in found.items()
            if isinstance(value, np.ndarray)
            and value.shape == self._shapes[name]
            and not can_be_subtracted(value.shape, own[name])
        }
        return {name: self._in_layout(built, name, value) for name, value in found.items()}

    def _in_layout(self, built: _Built, name: str, gradient: Any) -> Any:
        """A gradient of the network's own parameter in the contract's shape."""
        own = np.shape(built.network.params[name])
        if isinstance(gradient, np.ndarray) and gradient.shape == own:
            return self._layout.weight(gradient.reshape(self._shapes[name]))
        return gradient

    def weight(self, built: _Built, name: str) -> Any:
        """The network's own array of a parameter, in the contract's shape."""
        own = built.network.params[name]
        view = own.view()
        # A view, never a copy: writing must change the layers' arrays.
        view.shape = self._shapes[name]
        return self._layout.weight(view)

    def stored(self, built: _Built) -> dict[str, Any]:
        """Gradients are not read from the object."""
        return {}

    def rewrite(self, built: _Built, parameters: Arrays, choice: int) -> None:
        """Write other values into the network's own weights, in place."""
        if choice:
            raise UnknownDialectError("params has each weight once")
        for name, array in parameters.items():
            own = built.network.params[name]
            own[...] = self._layout.weight(array).reshape(own.shape)

    def overwritten(self, built: _Built | None) -> tuple[str, ...]:
        """The weights that the last call changed, and that were restored."""
        return built.overwritten if built is not None else ()

    def shared(self, built: Any) -> tuple[tuple[str, str], ...]:
        """Not looked for in a network."""
        return ()

    def misfits(self, built: _Built | None) -> dict[str, tuple[Sizes, Sizes]]:
        """Gradients of the last call that cannot be subtracted from their parameters."""
        return built.misfits if built is not None else {}

    def has(self, method: str) -> bool:
        """Whether the class has a method of that name."""
        return callable(getattr(self._cls, method, None))

    def method(self, built: _Built, name: str, operands: dict[str, Any]) -> Any:
        """The result of a further method, called with as many of the operands as it takes."""
        bound = getattr(built.network, name)
        given = list(map(self._layout.operand, operands.values()))[: positional(bound)[1]]
        returned = built.keeping_weights(bound, *given)
        if name == self._contract.numerical_method:
            return self._by_name(built, returned)
        return self._layout.operand(returned) if isinstance(returned, np.ndarray) else returned
