"""The dialect of optimisers: make one, give it weights and gradients, and let it take steps."""

from __future__ import annotations

import ast
import dis
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from trigrad.contracts.naming import undecorated
from trigrad.contracts.optimisers import Optimiser
from trigrad.contracts.schema import Array
from trigrad.messages import Message
from trigrad.subject.dialects.optimiser_choice import Make, holders_for
from trigrad.subject.dialects.optimiser_form import Argument, Form, Part, codes_of, form_of
from trigrad.subject.dialects.optimiser_run import Run
from trigrad.subject.dialects.plain_dialect import PlainDialect
from trigrad.subject.dialects.setting_names import (
    BETAS,
    LR_DECAY,
    NAMES,
    RATES,
    Assignment,
    assignments,
)
from trigrad.subject.dialects.signatures import UnknownDialectError
from trigrad.subject.face import Build, Odd, Optimise, Returned
from trigrad.subject.returned_values import as_array
from trigrad.subject.source.definitions import ClassOrFunction, methods
from trigrad.subject.source.weight_loops import calls_one_of, weight_loops

NEUTRAL = (None, False, 0, 0.0, "", ())
"""Defaults of arguments that are switched off."""

OTHER = 0.5
"""By how much the weights and gradients of the optimiser beside are other ones."""


class OptimiserDialect(PlainDialect):
    """A class or function that moves weights by their gradients: it takes steps."""

    takes_dout = False
    refusal = Message("optimiser.no_layer")

    def __init__(self, row: Optimiser, value: Any, form: Form) -> None:
        self._row, self._value, self._form = row, value, form
        self._fitting: dict[int, Make] = {}
        self._notes: tuple[str, ...] = ()
        step = form.step or value.__name__
        self.calls: Mapping[str, str] = {"forward": step, "backward": step}

    @property
    def notes(self) -> tuple[str, ...]:
        """How its settings are passed, once that was found out."""
        return self._notes

    # --- what is known of it before it takes a step ---

    def build(self, command: Build) -> Any:  # noqa: ARG002
        """Find out how its settings are passed; the only note is that, in JSON."""
        known = {
            "assignments": [dict(each) for each in self._assignments],
            "constants": sorted(self._constants),
            "others": [a.name for a in self._others],
            "unread": sorted(self._unread & self._named),
            "call": self._call,
            "certain": bool(self._form.loops),
        }
        self._notes = (json.dumps(known),)
        return None

    @cached_property
    def _assignments(self) -> list[Assignment]:
        given = [a for a in self._form.settings if not isinstance(a.default, str)]
        names = [a.name for a in given if a.name not in self._unread]
        attributes = [n for n in self._attributes if n not in names]
        config = [n for n in self._configured if n not in names]
        return assignments([*names, *config, *attributes], self._row.settings_of)

    @cached_property
    def _unread(self) -> set[str]:
        """Arguments that nothing uses: the constructor keeps them under their names, or not."""
        makes = getattr(getattr(self._value, "__init__", None), "__code__", None)
        if not isinstance(self._value, type) or makes is None:
            return set()
        used = {n for code in codes_of(self._value) if code is not makes for n in code.co_names}
        read = {
            str(i.argval) for i in dis.get_instructions(makes) if i.opname.startswith("LOAD_FAST")
        }
        kept = {*makes.co_names}
        # What is needed and not used is a mistake: it is passed, so that this shows.
        needed = [n for s in self._row.rules[-1][1].must for n in NAMES[s]]
        names = {a.name for a in self._form.made_with if undecorated(a.name) not in needed}
        return {n for n in names if n not in used and (n in kept or n not in read)}

    @cached_property
    def _attributes(self) -> list[str]:
        """Numbers that its objects hold, and that no argument sets: they are set directly."""
        if not isinstance(self._value, type):
            return []
        given = {a.name for a in self._form.made_with}
        made = self._made_plainly()
        held = {n: v for cls in reversed(self._value.__mro__) for n, v in vars(cls).items()}
        held |= getattr(made, "__dict__", {})
        return [n for n, v in held.items() if n not in given and _is_number(v)]

    @cached_property
    def _configured(self) -> list[str]:
        """The keys of the dict in which a function keeps its settings."""
        if not self._form.has(Part.CONFIG):
            return []
        try:
            returned = self._value(np.ones(2), np.ones(2), None)
        except Exception:  # noqa: BLE001 - it needs the dict: then its keys are those of its text
            texts = (c for code in codes_of(self._value) for c in code.co_consts)
            return [text for text in texts if isinstance(text, str) and text.isidentifier()]
        found = next((v for v in returned if isinstance(v, dict)), {})
        return [name for name, value in found.items() if _is_number(value)]

    def _made_plainly(self) -> Any:
        """An object with the settings that it has by itself; None where it needs some."""
        try:
            return self._value()
        except Exception:  # noqa: BLE001 - it needs arguments: nothing is known of its attributes
            return None

    @cached_property
    def _constants(self) -> set[float]:
        """The numbers from 0 to 1 in its text, or that its objects hold, but for its settings."""
        passed = {name for each in self._assignments for name in each.values()}
        found = {
            float(c) for code in codes_of(self._value) for c in code.co_consts if _is_number(c)
        }
        others = (a.default for a in self._form.settings if a.name not in passed)
        found |= {float(default) for default in others if _is_number(default)}
        held = getattr(self._made_plainly(), "__dict__", {}) if not self._form.made_with else {}
        found |= {float(v) for n, v in held.items() if _is_number(v) and n not in passed}
        return {float(f"{c:.12g}") for c in found if 0 < c < 1}

    @property
    def _named(self) -> set[str]:
        """The arguments whose names are those of settings."""
        every = [n for s in self._row.settings_of for n in NAMES.get(s, ())]
        return {a.name for a in self._form.settings if undecorated(a.name) in every}

    @property
    def _others(self) -> Iterator[Argument]:
        """Arguments that are no settings, and that are not switched off."""
        known = {name for each in self._assignments for name in each.values()}
        for argument in self._form.settings:
            off = any(argument.default is n or argument.default == n for n in NEUTRAL)
            unread = argument.name in self._unread
            if argument.name not in known and not argument.needed and not off and not unread:
                yield argument

    @property
    def _call(self) -> str:
        """How a step is called, in words."""
        names = ", ".join(a.name for a in self._form.stepped_with if a.part is not Part.SETTING)
        return f"{self._form.step or self._value.__name__}({names})"

    # --- steps ---

    def optimise(self, command: Optimise, tick: Callable[[], None]) -> Returned:
        """The weights after each step.

        Of several ways to hold the weights that in which they move is taken.

        Raises:
            Exception: what the learner's code raises where weights are held as its text shows.
        """
        known = self._fitting.get(command.choice)
        first: Exception | None = None
        still: tuple[Make, Returned] | None = None
        for make in [known] if known is not None else holders_for(self._form, self._value):
            try:
                result = self._walked(command, make, tick)
            except Exception as error:  # noqa: BLE001 - the first one is raised below
                first = first or error
                continue
            if _moves(command, result):
                self._fitting[command.choice] = make
                return result
            still = still or (make, result)
        direct = self._form.has(Part.GRADS) or bool(self._form.pairs)
        if still is not None and direct:
            self._fitting[command.choice] = still[0]
            return still[1]
        if first is None:
            raise UnknownDialectError(str(Message("optimiser.held")))
        raise first

    def _walked(self, command: Optimise, make: Make, tick: Callable[[], None]) -> Returned:
        run = Run(self._value, self._form, self._given(command), make(command.parameters))
        beside = None
        if command.beside:
            others = {name: array + OTHER for name, array in command.parameters.items()}
            beside = Run(self._value, self._form, self._given(command), make(others))
        after: dict[str, list[Array | Odd]] = {name: [] for name in command.parameters}
        changed: dict[str, None] = {}
        for number in range(len(next(iter(command.gradients.values())))):
            here = {name: stack[number] for name, stack in command.gradients.items()}
            if beside is not None:
                beside.step(number + 1, {name: OTHER - array for name, array in here.items()})
            run.step(number + 1, here)
            for name, weight in run.holder.weights().items():
                after[name].append(as_array(weight, {}))
            given = run.holder.gradients()
            changed |= dict.fromkeys(n for n in here if _is_changed(given[n], here[n]))
            tick()
        values = {name: _stacked(arrays) for name, arrays in after.items()}
        return Returned(values, overwritten=tuple(changed))

    def _given(self, command: Optimise) -> dict[str, Any]:
        """From the learner's names to the values of the settings."""
        chosen = self._assignments[command.choice]
        settings = command.settings
        given: dict[str, Any] = {}
        for setting, name in chosen.items():
            if setting == BETAS:
                given[name] = settings["beta1"], settings["beta2"]
            elif setting == "nesterov":
                given[name] = bool(settings[setting])
            elif setting in settings:
                given[name] = settings[setting]
        if LR_DECAY in chosen and self._is_off(chosen[LR_DECAY]):
            del given[chosen[LR_DECAY]]
        return given

    def _is_off(self, name: str) -> bool:
        """Whether an argument is switched off where it is not given."""
        return any(
            a.name == name and not a.needed and any(a.default is n for n in (None, False))
            for a in self._form.settings
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _stacked(arrays: Sequence[Array | Odd]) -> Array | Odd:
    """What a weight is after each step; the first that is no array, or of another shape."""
    for array in arrays:
        if isinstance(array, Odd):
            return array
        if array.shape != arrays[0].shape:  # type: ignore[union-attr]
            return Odd(str(Message("shape.array", shape=str(array.shape))))
    return np.stack([a for a in arrays if isinstance(a, np.ndarray)])


def _is_changed(now: Any, before: Array) -> bool:
    """Whether a gradient is another one than was given; to clear it is no change."""
    return not np.array_equal(now, before) and bool(np.any(np.asarray(now)))


def _moves(command: Optimise, result: Returned) -> bool:
    """Whether a weight is another one after the steps."""
    for name, start in command.parameters.items():
        found = result.values[name]
        if isinstance(found, Odd) or found.shape[1:] != start.shape:
            return True
        if not np.array_equal(found[-1], start, equal_nan=True):
            return True
    return False


def dialect_of_optimiser(
    row: Optimiser, value: Any, node: ClassOrFunction | None = None
) -> OptimiserDialect | None:
    """How to call an optimiser; None if it takes no steps, or has nothing like a learning rate.

    `node` is its text, if that is known.

    Raises:
        UnknownDialectError: it does, and an argument that it needs is not known.
    """
    if not _has_rate(value):
        return None
    form = form_of(row, value)
    if form is None:
        return None
    step = methods(node).get(form.step) if isinstance(node, ast.ClassDef) else node
    if step is not None:
        names = form.named(Part.PARAMS), form.named(Part.GRADS)
        if calls_one_of(step, names):
            return None  # a search that is given a function, and its gradient as another
        form = replace(form, loops=weight_loops(step, *names))
    return OptimiserDialect(row, value, form)


def _has_rate(value: Any) -> bool:
    """Whether its text has the name of a learning rate."""
    texts = {
        text
        for code in codes_of(value)
        for text in (*code.co_names, *code.co_varnames, *code.co_consts)
        if isinstance(text, str)
    }
    return any(undecorated(text) in RATES for text in texts)
