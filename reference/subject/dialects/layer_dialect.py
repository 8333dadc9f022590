"""The dialect of layers: built and called with arrays in the contract's layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from trigrad.contracts.schema import Arrays, Contract
from trigrad.messages import Message
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.discovery import (
    NOTHING_BESIDE,
    Beside,
    discover_conventions,
    needs_trial,
    usual_conventions,
)
from trigrad.subject.dialects.layer_caller import LayerCaller
from trigrad.subject.dialects.sample_caller import SampleCaller
from trigrad.subject.dialects.untried_caller import UntriedCaller
from trigrad.subject.face import BatchAxis, Build, Sizes


class Caller(Protocol):
    """Makes an object and calls its passes: a LayerCaller, or a SampleCaller."""

    def make(self, parameters: Arrays, sizes: Mapping[str, int]) -> Any:
        """A new object with these weights."""

    def forward(self, instance: Any, operands: list[Any]) -> Any:
        """The output in the contract's layout."""

    def output(self, instance: Any, operands: list[Any]) -> Any:
        """The same, for arrays of whatever kind."""

    def backward(self, instance: Any, dout: Any) -> dict[str, Any]:
        """The gradients by the contract's names."""

    def stored(self, instance: Any) -> dict[str, Any]:
        """The gradients that the last backward left in what was made."""

    def rewrite(self, instance: Any, parameters: Arrays, choice: int) -> None:
        """Write other values into its weights, in place."""


Built = tuple[Caller, Any]
"""A caller, and what it has made."""


class LayerDialect:
    """A class with two passes, a pair of functions, or one function that returns both results.

    The conventions that only an object shows are found out when the first object is built, or when
    one returns what is in doubt. Before that, nothing of the subject is run.
    """

    def __init__(
        self,
        contract: Contract,
        adapter: Adapter,
        beside: Beside = NOTHING_BESIDE,
    ) -> None:
        self._contract = contract
        self._adapter = adapter
        self._beside = beside
        self._conventions: Conventions | None = None
        self._tried = needs_trial(contract, adapter)
        """Whether the conventions are those that trial calls show."""
        self.takes_dout = adapter.takes_dout
        self.calls = adapter.calls

    @property
    def defined(self) -> Any:
        """The class or function in whose module it is written."""
        return self._adapter.defined

    @property
    def notes(self) -> tuple[str, ...]:
        """What a learner should know of the conventions that were found."""
        stored = (str(Message("note.from_object")),) if self._adapter.stores_results else ()
        return stored + (self._conventions.notes if self._conventions is not None else ())

    @property
    def batch_axis(self) -> BatchAxis:
        """Which axis of the operands is the batch; rows until an object has been built."""
        return self._conventions.batch_axis if self._conventions else BatchAxis.ROWS

    @property
    def uncleared(self) -> bool:
        """Whether the gradients add up from call to call, for all that is known."""
        return self._conventions is not None and self._conventions.uncleared

    @property
    def turned(self) -> tuple[str, ...]:
        """The parameters that an object stores transposed; none until one has been built."""
        return tuple(sorted(self._conventions.transposed)) if self._conventions else ()

    def build(self, command: Build) -> Built:
        """The object with the weights of the case.

        Raises:
            UnknownDialectError: the attributes with weights or gradients are not found.
        """
        if self._conventions is None:
            self._conventions = (
                self._discovered()
                if self._tried
                else usual_conventions(self._contract, self._adapter)
            )
        caller = self._caller(self._conventions)
        return caller, caller.make(command.parameters, command.sizes)

    def _caller(self, conventions: Conventions) -> Caller:
        if not self._tried:
            return UntriedCaller(self._contract, self._adapter, conventions, self._after_trial)
        make: Callable[[Contract, Adapter, Conventions], Caller]
        make = LayerCaller if conventions.one_sample is None else SampleCaller
        return make(self._contract, self._adapter, conventions)

    def _discovered(self) -> Conventions:
        self._adapter, conventions = discover_conventions(
            self._contract, self._adapter, self._beside
        )
        return conventions

    def _after_trial(self) -> Conventions:
        """The conventions that trial calls show, which are made once."""
        if not self._tried or self._conventions is None:
            self._conventions = self._discovered()
            self._tried = True
        return self._conventions

    def forward(self, built: Built, operands: list[Any]) -> Any:
        """The output of forward."""
        caller, instance = built
        return caller.forward(instance, operands)

    def own_output(
        self, parameters: Mapping[str, Any], sizes: Mapping[str, int], operands: list[Any]
    ) -> Any:
        """The output of a new object, for arrays of whatever kind."""
        caller, instance = self.build(Build(dict(parameters), sizes))
        return caller.output(instance, operands)

    def backward(
        self,
        built: Built,
        dout: Any,
        operands: list[Any],  # noqa: ARG002 - a layer stores its own
    ) -> dict[str, Any]:
        """The gradients that backward returns, and those that it stores for the weights."""
        caller, instance = built
        return caller.backward(instance, dout)

    def stored(self, built: Built) -> dict[str, Any]:
        """The gradients that the last backward left in the object, read once more."""
        caller, instance = built
        return caller.stored(instance)

    def rewrite(self, built: Built, parameters: Arrays, choice: int) -> None:
        """Write other values into the object's own weights, in place."""
        caller, instance = built
        caller.rewrite(instance, parameters, choice)

    def overwritten(self, built: Built) -> tuple[str, ...]:
        """The weights that the last call changed."""
        return tuple(built[1].overwritten) if built is not None else ()

    def shared(self, built: Built) -> tuple[tuple[str, str], ...]:
        """Gradients of the last backward that share memory with a weight, each with that weight."""
        return tuple(built[1].shared) if built is not None else ()

    def misfits(self, built: Built) -> dict[str, tuple[Sizes, Sizes]]:
        """Gradients of the last backward that cannot be subtracted from the object's weights."""
        return dict(built[1].misfits) if built is not None else {}

    def has(self, method: str) -> bool:  # noqa: ARG002 - none
        """A layer has no further methods."""
        return False

    def method(self, built: Any, name: str, operands: dict[str, Any]) -> Any:  # noqa: ARG002
        """A layer has no further methods."""
        raise AttributeError(name)
