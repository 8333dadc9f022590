"""One optimiser that takes steps: made with its settings, called once or for each weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from trigrad.contracts.schema import Arrays
from trigrad.messages import Message
from trigrad.subject.dialects.optimiser_form import Argument, Form, Part
from trigrad.subject.dialects.optimiser_holders import Holder
from trigrad.subject.dialects.signatures import UnknownDialectError


class Run:
    """One optimiser, or one for each weight, that takes steps."""

    def __init__(self, value: Any, form: Form, given: Mapping[str, Any], holder: Holder) -> None:
        self._value, self._form, self._given = value, form, dict(given)
        self.holder = holder
        self._made: dict[str, Any] = {}
        self._kept: dict[str, dict[str, Any]] = {}
        if isinstance(value, type) and not holder.apart:
            self._made[""] = self._new()

    def _new(self) -> Any:
        held = self.holder.held()
        values = _values(self._form.made_with, held, self._given, 0)
        if values is None:
            raise UnknownDialectError(str(Message("optimiser.held")))
        made = self._value(**values)
        taken = {a.name for a in self._form.settings}
        for name in self._given.keys() - taken:
            setattr(made, name, self._given[name])
        if self._form.sets_up and Part.HOLDERS in held:
            made.setup(held[Part.HOLDERS])
        return made

    def step(self, number: int, gradients: Arrays) -> None:
        """One step of all weights."""
        if not isinstance(self._value, type):
            for name, parts in self.holder.calls(gradients):
                self._call_function(name, number, parts)
            return
        if not self.holder.apart:
            self._around("pre", self._made[""])
        for name, parts in self.holder.calls(gradients):
            made = self._made.get(name if self.holder.apart else "")
            if made is None:
                made = self._made[name] = self._new()
            if self.holder.apart:
                self._around("pre", made)
            values = _values(self._form.stepped_with, parts, self._given, number)
            if values is None:
                raise UnknownDialectError(str(Message("optimiser.held")))
            self.holder.take(name, getattr(made, self._form.step)(**values))
            if self.holder.apart:
                self._around("post", made)
        if not self.holder.apart:
            self._around("post", self._made[""])

    def _around(self, when: str, made: Any) -> None:
        """What is called before and after the weights of all layers: `pre_update_params`."""
        for name in dir(type(made)):
            if name.startswith(f"{when}_update") and callable(getattr(made, name)):
                getattr(made, name)()

    def _call_function(self, name: str, number: int, parts: Mapping[Part, Any]) -> None:
        kept = self._kept.get(name)
        if kept is None:
            kept = self._kept[name] = self._first(name, parts)
        values = _values(self._form.stepped_with, parts, {**self._given, **kept}, number)
        if values is None:
            raise UnknownDialectError(str(Message("optimiser.held")))
        returned = self._value(**values)
        self.holder.take(name, returned)
        if isinstance(returned, tuple | list):
            rest = [v for v in returned[1:] if isinstance(v, dict | list | np.ndarray)]
            names = [a.name for a in self._remembering if a.name in kept]
            for each, new in zip(names, rest, strict=False):
                kept[each] = new

    @property
    def _remembering(self) -> list[Argument]:
        return [a for a in self._form.stepped_with if a.part in (Part.STATE, Part.CONFIG)]

    def _first(self, name: str, parts: Mapping[Part, Any]) -> dict[str, Any]:
        """What a function is given as remembered, before the first step."""
        arguments = self._remembering
        if not arguments:
            return {}
        if self._form.has(Part.CONFIG):
            taken = {a.name for a in self._form.settings}
            config = {n: v for n, v in self._given.items() if n not in taken}
            return {a.name: dict(config) for a in arguments if a.part is Part.CONFIG}
        made = self._from_initialiser(parts[Part.PARAMS], len(arguments))
        if made is None:
            made = [self.holder.zeros(name) for _ in arguments]
        return {a.name: value for a, value in zip(arguments, made, strict=True)}

    def _from_initialiser(self, weights: Any, count: int) -> Sequence[Any] | None:
        """What the file's own `initialize_velocity(parameters)` returns, if there is one."""
        namespace = getattr(self._value, "__globals__", {})
        named = [n for n in namespace if n.startswith("init") and _OF_STATE & {*n.split("_")}]
        own = {*self._value.__name__.lower().split("_")}
        for each in sorted(named, key=lambda n: (not own & {*n.split("_")}, n)):
            try:
                found = namespace[each](weights)
            except Exception:  # noqa: BLE001 - it is for something else
                continue
            several = tuple(found) if isinstance(found, tuple | list) else (found,)
            if len(several) == count and count:
                return several
        return None


_OF_STATE = frozenset(
    (
        *("velocity", "momentum", "adam", "rmsprop", "adagrad", "nesterov", "state", "cache"),
        *("optimizer", "optimiser", "v", "velocities", "moments", "rms"),
    )
)
"""Words in the names of functions that make what is remembered."""


def _values(
    arguments: Sequence[Argument],
    parts: Mapping[Any, Any],
    given: Mapping[str, Any],
    number: int,
) -> dict[str, Any] | None:
    """The arguments of a call; None where one is missing."""
    found: dict[str, Any] = {}
    for argument in arguments:
        if argument.name in given:
            found[argument.name] = given[argument.name]
        elif argument.part is Part.PAIRED:
            found[argument.name] = parts[argument.name]
        elif argument.part in parts:
            found[argument.name] = parts[argument.part]
        elif argument.part is Part.TIME and argument.needed:
            found[argument.name] = number
        elif argument.needed:
            return None
    return found
