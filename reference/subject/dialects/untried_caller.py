"""A caller for a layer whose conventions were not looked for by trial calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from trigrad.contracts.schema import Contract
from trigrad.subject.dialects.adapters import Adapter
from trigrad.subject.dialects.conventions import Conventions
from trigrad.subject.dialects.instance import Instance
from trigrad.subject.dialects.layer_caller import LayerCaller
from trigrad.subject.dialects.returned_parts import parts_of, value_shape


class UntriedCaller(LayerCaller):
    """Asks for the conventions that a trial shows when a pass returns what is in doubt.

    That is more than one value from forward, or values from backward that are not a gradient of
    its operand's shape each, in the contract's order or by name.
    """

    def __init__(
        self,
        contract: Contract,
        adapter: Adapter,
        conventions: Conventions,
        tried: Callable[[], Conventions],
    ) -> None:
        """`tried` makes the trial; what it raises, the pass raises."""
        super().__init__(contract, adapter, conventions)
        self._tried = tried

    def _split(self, returned: Any) -> tuple[Any, tuple[Any, ...]]:
        if isinstance(returned, tuple | list) and len(returned) > 1:
            self.conventions = self._tried()
        return super()._split(returned)

    def _returned(self, instance: Instance, returned: Any) -> dict[str, Any]:
        if any(part.path.steps for part in parts_of(returned)):
            usual = super()._usual_paths(returned)
            gradients = {name: path.read(returned) for name, path in usual.items()}
            if any(
                value_shape(gradients.get(name)) != value_shape(instance.operands[name])
                for name in self._contract.gradients
            ):
                self.conventions = self._tried()
        return super()._returned(instance, returned)
